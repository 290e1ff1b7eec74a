"""Satisfaction of learners (section 11): anonymous answers, the quarter's analysis, what the archive keeps of it.

`answer` and `analyse` are acts of the whole life; both need a published course (`walk.course`).
"""

import csv
import io
from datetime import date, timedelta
from urllib.parse import urlsplit

from pypdf import PdfReader

from tests.walk.story import Walk, expect
from tests.walk.visitor import Page, Visitor

COORDINATOR, ADMINISTRATOR = "executor-by", "admin-kz"
ANALYSE, CONFIRM = "Analyse the satisfaction", "Confirm the analysis of satisfaction"
CRITERIA = ("practical", "theoretical", "quality", "design")
SUGGESTION = "More uncertainty budgets, please. <b>Bold</b>"
LEARNERS = 5
"""As many as there must be before suggestions are shown (A37)."""
QUICK = "faster than four questions"


def answer(walk: Walk) -> None:
    """Learners answer on the public page; two marks and a robot's answer count nothing (11.1, S58)."""
    with walk.step("the questionnaire has an address and a QR code (6.9)"):
        path = way(walk)
        opened = [open_page(walk, path, "ru" if number % 2 else "en") for number in range(LEARNERS + 2)]
    with walk.step("learners answer without signing in, in both languages; a bad date is refused (11.1)"):
        for number, (learner, page) in enumerate(opened[:LEARNERS]):
            one_answers(walk, learner, page, mistaken=number == 0)
    with walk.step("the same questionnaire sent again, and one that a robot fills in, count nothing (S58)"):
        twice(walk, *opened[LEARNERS])
        robot_answers(walk, *opened[LEARNERS + 1])
    with walk.step("the administrator sees the figures and the suggestion as text; the Secretariat does not"):
        expect(count(walk) == LEARNERS + 1, f"{count(walk)} answers are counted")
        seen = walk.person("admin-by").get(f"/courses/{walk.course}/satisfaction")
        expect(SUGGESTION in seen.text, "the suggestion is not shown as it was typed")
        walk.person("secretariat").get(f"/courses/{walk.course}/satisfaction", expect=404)


def way(walk: Walk) -> str:
    """The path of the questionnaire, as the sheet to print says it."""
    page = walk.person("admin-by").get(f"/courses/{walk.course}/questionnaire")
    address = str(page.document.xpath("string(//*[contains(@class, 'poster')]//*[@class='address'])"))
    expect(page.document.xpath("//*[local-name()='svg'][contains(@class, 'qr')]"), "there is no QR code")
    return urlsplit(address).path


def open_page(walk: Walk, path: str, language: str) -> tuple[Visitor, Page]:
    """A browser that was never here: no cookie, no account."""
    learner = Visitor(walk.base, "a learner", walk.counter)
    return learner, learner.get(f"{path}?lang={language}")


def filled(page: Page) -> dict[str, str]:
    offered = page.document.xpath("//input[@type='radio']/@value")
    expect(len(offered) == 4 * len(CRITERIA), f"the form offers {len(offered)} marks")
    return dict.fromkeys(CRITERIA, "good") | {"practical": "excellent"}


def one_answers(walk: Walk, learner: Visitor, page: Page, *, mistaken: bool = False) -> None:
    given = filled(page) | {"comments": SUGGESTION}
    today = walk.today()
    dates = {"participated_from": str(today - timedelta(days=9)), "participated_to": str(today - timedelta(days=1))}
    if mistaken:
        wrong = dates | {"participated_to": str(today - timedelta(days=20))}
        page = patiently(walk, learner, page, given | wrong, 422)
        expect(page.errors(), "an end before the beginning was not refused (RA3-g)")
        expect(SUGGESTION in str(page.document.xpath("string(//textarea)")), "what was typed is lost")
    thanks = patiently(walk, learner, page, given | dates, 200)
    expect(urlsplit(thanks.url).path.endswith("/thanks"), f"after sending: {thanks.url}")
    expect(not learner.web.cookies, f"a learner was given cookies: {learner.web.cookies}")


def patiently(walk: Walk, learner: Visitor, page: Page, given: dict[str, str], wanted: int) -> Page:
    """Send it; whoever is faster than anybody can read is asked to send once more."""
    found = [page]

    def sent() -> bool:
        form = found[0].document.forms[0]
        address, pairs = form.action, {**dict(form.fields), **given}
        answer = learner.web.post(address, data={name: value for name, value in pairs.items() if value}, timeout=30)
        found[0] = learner._read(answer, answer.status_code)
        return QUICK not in found[0].text and "быстрее" not in found[0].text

    expect(walk.until(sent), "the questionnaire was never taken")
    expect(found[0].status == wanted, f"the questionnaire answers {found[0].status}: {found[0].notices()}")
    return found[0]


def twice(walk: Walk, learner: Visitor, page: Page) -> None:
    for _ in range(2):
        patiently(walk, learner, page, filled(page), 200)


def robot_answers(walk: Walk, robot: Visitor, page: Page) -> None:
    """It fills in what no person sees, and is thanked like everybody."""
    patiently(walk, robot, page, filled(page) | {"_website": "http://spam.example"}, 200)


def count(walk: Walk) -> int:
    """All answers, as the table to be taken away has them."""
    table = walk.person("admin-by").download(f"/courses/{walk.course}/satisfaction.csv").decode("utf-8-sig")
    return sum(int(row["Answers"]) for row in csv.DictReader(io.StringIO(table)))


def analyse(walk: Walk) -> None:
    """The clock goes past the end of the quarter: one task, frozen figures, both confirm, the archive (11.2)."""
    with walk.step("the quarter ends: the coordinator has one task to analyse the satisfaction (11.2)"):
        walk.move((quarter_end(walk.today()) - walk.today()).days + 1)
        page = walk.task(COORDINATOR, ANALYSE)
        expect(f"{LEARNERS + 1} answers" in page.text, "the figures are not beside the form")
        expect(page.document.xpath("//*[local-name()='svg'][@class='chart']"), "there is no chart beside the form")
    with walk.step("the administrator returns the analysis, then confirms it"):
        walk.complete(COORDINATOR, ANALYSE, {"conclusions": "Good marks.", "measures": "None."})
        walk.complete(ADMINISTRATOR, CONFIRM, {"decision": "return", "remarks": "Who adds the examples?"})
        again = {"conclusions": "Good marks; examples are missed.", "measures": "The creator adds two by 1 March."}
        walk.complete(COORDINATOR, ANALYSE, again)
        walk.complete(ADMINISTRATOR, CONFIRM, {"decision": "confirm"})
    with walk.step("the books: the quarterly report is in the archive in both languages, without the suggestions"):
        expect(walk.until(lambda: len(reports(walk)) >= 2), "the quarterly report was not made")
        russian, english = sorted(reports(walk), key=lambda text: "Clause 11.2" in text)[:2]
        expect("Анализ удовлетворенности обучающихся" in russian, "no report in Russian")
        expect("The creator adds two by 1 March." in english, "no report in English")
        expect("uncertainty budgets" not in russian + english, "a suggestion is printed")


def quarter_end(day: date) -> date:
    month = (day.month - 1) // 3 * 3 + 4
    return date(day.year + month // 13, month % 12, 1) - timedelta(days=1)


def reports(walk: Walk) -> list[str]:
    """The words of the reports, from the course's own page."""
    visitor = walk.person("admin-by")
    page = visitor.get(f"/courses/{walk.course}/satisfaction")
    panel = page.document.xpath("//*[@aria-labelledby='analyses']//a[contains(@href, '/documents/')]/@href")
    found = []
    for link in panel:
        pages = PdfReader(io.BytesIO(visitor.download(str(link)))).pages
        found.append(" ".join(" ".join(one.extract_text() for one in pages).split()))
    return found
