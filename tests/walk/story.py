"""The walk: who takes part, their tasks, and the agreement of the course with three bodies in three countries."""

import io
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from tests.walk.visitor import Counter, Filling, Page, Surprise, Visitor

SAMPLES = Path(__file__).parents[1] / "samples"
TITLE_RU, TITLE_EN = "Калибровка гирь: от эталона до весов", "Calibration of weights: from the standard to the balance"
BODIES = {"tc-1.4": "TC 1.4", "tc-1.5": "TC 1.5", "tc-1.6": "TC 1.6"}
REMARKS = "Slide 4: state the accuracy class.\nAdd an uncertainty budget."
CONSIDER, APPOINTED = "Consider the course materials", "Consider the materials as appointed"


def expect(truth: object, what: str) -> None:
    if not truth:
        raise Surprise(what)


@dataclass(slots=True)
class Walk:
    """Who takes part, and what has been shown so far."""

    base: str
    tell: Callable[[str], None]
    counter: Counter = field(default_factory=Counter)
    people: dict[str, Visitor] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    course: str = ""
    before_invitations: int = 0
    """Letters in the mailbox when the course had not been announced yet."""
    steps: int = 0
    others: list[str] = field(default_factory=list)
    """Addresses of all web processes: people are spread over them."""

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """One line of the walk; what fails is said and ends it, since each step needs the one before."""
        self.steps += 1
        try:
            yield
        except Exception as failure:
            self.failed.append(f"{name}: {failure}")
            self.tell(f"FAILED  {name}: {failure}")
            self._explain()
            raise
        self.tell(f"ok      {name}")

    def _explain(self) -> None:
        """What stands still, and where the course is, for whoever looks for the reason."""
        with suppress(Surprise):
            for page in (self.person("operator").get("/incidents"), self.course_page() if self.course else None):
                self.tell(page.text[:1500] if page else "")

    def person(self, key: str) -> Visitor:
        """Signed in as the demo's person, reading English."""
        if key not in self.people:
            bases = self.others or [self.base]
            visitor = Visitor(bases[len(self.people) % len(bases)], key, self.counter)
            page = visitor.get("/demo")
            visitor.submit(page, "/demo/sign-in", {}, f"person={key}@demo.example")
            page = visitor.get("/")
            visitor.submit(page, "/language", {}, "language=en")
            self.people[key] = visitor
        return self.people[key]

    def tasks(self, key: str) -> list[Page]:
        """The pages of all tasks in the person's inbox."""
        visitor = self.person(key)
        found = [link for view in ("mine", "roles") for link in visitor.get(f"/?view={view}").links("/tasks/")]
        return [visitor.get(link) for link in dict.fromkeys(found)]

    def task(self, key: str, name: str, body: str = "") -> Page:
        """The person's task of that name (for that body), once the worker has come to it. Surprise if it does not."""
        pages: list[Page] = []

        def is_there() -> bool:
            pages[:] = self.tasks(key)
            return len(self._fitting(pages, name, body)) == 1

        if not self.until(is_there):
            there, found = [page.heading for page in pages], len(self._fitting(pages, name, body))
            raise Surprise(f"{key} has {found} tasks {name!r} {body}; there are {there}")
        return self._fitting(pages, name, body)[0]

    def _fitting(self, pages: list[Page], name: str, body: str) -> list[Page]:
        code = BODIES.get(body, "")
        return [one for one in pages if one.heading == name and code in one.form(one.path).text_content()]

    def complete(self, key: str, name: str, filling: Filling, body: str = "", expect: int = 200) -> Page:
        page = self.task(key, name, body)
        return self.person(key).submit(page, page.path, filling, "_send", expect)

    def move(self, amount: int, unit: str = "days") -> None:
        visitor = self.person("operator")
        visitor.submit(visitor.get("/demo/clock"), "/demo/clock", {"amount": str(amount), "unit": unit})

    def settle(self, seconds: float = 120) -> None:
        """Until the workers have done all that is due by the demo's clock, as its page counts it."""
        done = self.until(lambda: self._count_due() == "0", seconds)
        expect(done, f"{self._count_due()} things that are due are not done after {seconds} s")

    def _count_due(self) -> str:
        return str(self.person("operator").get("/demo/clock").document.xpath("string(//*[@data-due]/@data-due)"))

    def now(self) -> datetime:
        """The demo's moment, as its clock page says it in a machine's form."""
        stamps = self.person("operator").get("/demo/clock").document.xpath("//time/@datetime")
        return datetime.fromisoformat(str(stamps[0]))

    def today(self) -> date:
        return self.now().date()

    def in_days(self, days: int) -> str:
        return (self.today() + timedelta(days=days)).isoformat()

    def letters(self, to: str = "") -> list[Page]:
        """All letters in the demo's mailbox, to that person."""
        return [self.person("operator").get(link) for link in self.mailbox(to)]

    def mailbox(self, to: str = "") -> list[str]:
        """The same letters as links: enough to count them."""
        where = f"/demo/mailbox?to={to}%40demo.example" if to else "/demo/mailbox"
        return [link for page in self.leaves("operator", where) for link in page.links("/demo/mailbox/")]

    def leaves(self, key: str, path: str) -> Iterator[Page]:
        """All pages of a list that has too many rows for one."""
        following = [path]
        while following:
            page = self.person(key).get(following[0])
            yield page
            following = [str(link) for link in page.document.xpath("//a[.='Next page']/@href")]

    def until(self, true: Callable[[], bool], seconds: float = 30) -> bool:
        """Whether it becomes true while the worker works."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if true():
                return True
            time.sleep(0.2)
        return False

    def course_page(self, key: str = "admin-by") -> Page:
        return self.person(key).get(f"/courses/{self.course}")


def materials(folder: Path, version: int) -> list[Path]:
    """Real files of the three kinds, other ones in each version."""
    chosen = {
        1: ["cyrillic-times.pptx", "manual-russian-xetex.pdf"],
        2: ["google-slides-export.pptx", "many-fonts.pdf"],
        3: ["underline-and-styles.pptx", "image-only.pdf"],
    }[version]
    quiz = folder / f"Контрольный тест {version}.h5p"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        about = '{"title": "Quiz", "mainLibrary": "H5P.MultiChoice", "language": "ru"}'
        for name, text in (("h5p.json", about), ("content/content.json", f'{{"question": "{version}"}}')):
            package.writestr(zipfile.ZipInfo(name), text)  # of a fixed date, so that the bytes are always the same
    quiz.write_bytes(content.getvalue())
    return [*(SAMPLES / name for name in chosen), quiz]


def propose(walk: Walk) -> None:
    """Rows are added by the button, as without JavaScript."""
    visitor = walk.person("ns-by")
    page = walk.task("ns-by", "Propose the bodies to be asked")
    for number, body in enumerate(BODIES):
        page = visitor.submit(page, page.path, {}, "_add=bodies")
        page = visitor.submit(page, page.path, {f"bodies.{number}.body": body}, "_save")
    visitor.submit(page, page.path, {}, "_send")


def rework(walk: Walk, folder: Path, version: int) -> None:
    walk.complete(
        "ns-by",
        "Rework the materials and answer the remarks",
        {
            "answers.0.answer": f"Stated on slide 4 of version {version}.",
            "answers.1.answer": f"Added in version {version}.",
            "materials": materials(folder, version),
            "note": f"Version {version}",
            "answer_by": walk.in_days(14),
        },
        "tc-1.6",
    )


def member_of(page: Page, name: str) -> str:
    values = [o.get("value") for o in page.form(page.path).xpath(".//option") if name in o.text_content()]
    expect(len(values) == 1, f"{name} is offered {len(values)} times as a member")
    return str(values[0])


def appoint(walk: Walk) -> None:
    page = walk.task("chair-16", CONSIDER, "tc-1.6")
    member = member_of(page, "Yulia Koroleva")
    strangers = [o for o in page.form(page.path).xpath(".//option") if "Anna Belova" in o.text_content()]
    expect(not strangers, "a member of another body is offered (R7.3-b)")
    walk.person("chair-16").submit(page, page.path, {"act": "appoint", "member": member}, "_send")


def refuse_without_comments(walk: Walk) -> None:
    answer = {"act": "consider", "conforms": "no", "comments": ""}
    page = walk.complete("member-16b", APPOINTED, answer, "tc-1.6", expect=422)
    expect(page.errors(), "NO without comments was not refused in words")


@contextmanager
def uploads() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="coomet-walk-") as folder:
        yield Path(folder)
