"""Monitoring (section 9): figures read, a log brought by the coordinator, the report to an annual meeting of TC 4.

Acts for the whole life of a course; each stands for itself once the course is published. `platform` is asked for the
course's number only, so that the log is one of this course.
"""

from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path

from tests.walk.platform import Platform
from tests.walk.story import TITLE_EN, TITLE_RU, Walk, expect

COORDINATOR = "executor-by"
MEETING = {"meeting_ru": "35-е заседание ТК 4, Минск", "meeting_en": "35th meeting of TC 4, Minsk"}
REPORT = "Look through the report and send it to TC 4"
BRING = "Import the log of the course"
HEADS = "Time,User full name,Affected user,Event context,Component,Event name,Description,Origin,IP address"
SECRET = "Name Of A Learner"


def read_figures(walk: Walk) -> None:
    """The administrator has the figures read now; the page tells when that was (R9.1-a)."""
    admin = walk.person("admin-by")
    where = f"/courses/{walk.course}/monitoring"
    admin.submit(admin.get(where), f"{where}/read", {})
    told = walk.until(lambda: "Learners and completion: read on" in admin.get(where).text)
    expect(told, "the figures were not read from the platform")


def write_log(walk: Walk, platform: Platform, path: Path, views: int = 12) -> None:
    """As the platform exports it: that many views of a module by three people, and one of the course's page."""
    number = platform.demand(TITLE_EN, TITLE_RU)["id"]
    sections = platform.call("core_course_get_contents", courseid=number)
    module = next((module["id"] for section in sections for module in section["modules"]), number)
    first = datetime.combine(walk.today() - timedelta(days=2), time(10))
    said = [f"the 'page' activity with course module id '{module}'"] * views + [f"the course with id '{number}'"]
    rows = [
        f'"{first + timedelta(minutes=index):%d/%m/%y, %H:%M:%S}","{SECRET}",-,"Page: 1",Page,"Viewed",'
        f"\"The user with id '{3 + index % 3}' viewed {what}.\",web,192.0.2.1"
        for index, what in enumerate(said)
    ]
    path.write_text("\n".join([HEADS, *rows]) + "\n", encoding="utf-8-sig")


def bring_log(walk: Walk, platform: Platform, folder: Path) -> None:
    """A file cut off is refused in words; the whole one is counted once, however often it comes (R9.2-a)."""
    visitor = walk.person(COORDINATOR)
    where = f"/courses/{walk.course}/monitoring/log"
    path, cut = folder / "log.csv", folder / "cut.csv"
    write_log(walk, platform, path)
    cut.write_bytes(path.read_bytes()[:-30])
    visitor.submit(visitor.get(where), where, {"file": cut, "zone": "UTC", "order": "day"})
    expect(walk.until(lambda: "breaks off" in visitor.get(where).text), "a file cut off was not refused in words")
    visitor.submit(visitor.get(where), where, {"file": path, "zone": "UTC", "order": "day"})
    report = f"/courses/{walk.course}/monitoring"
    expect(walk.until(lambda: "Views: log from" in visitor.get(report).text), "the log was not imported")
    again = visitor.submit(visitor.get(where), where, {"file": path, "zone": "UTC", "order": "day"}, None, 409)
    expect("was imported on" in again.text, "the same file was taken twice")
    table = visitor.download(f"{report}/files/activity.csv").decode("utf-8-sig").splitlines()
    expect([line for line in table if line.endswith(",12,3")], f"the activity report says {table}")
    expect(SECRET not in visitor.get(where).text, "a name out of the log is shown")


def refuse_others(walk: Walk) -> None:
    """Nobody but the administrator and the course's coordinators (R9.2-c, X-7)."""
    for who in ("secretariat", "creator-kz", "tc4", "guest"):
        for page in ("", "/completion", "/log"):
            walk.person(who).get(f"/courses/{walk.course}/monitoring{page}", expect=404)


def is_asked(walk: Walk) -> bool:
    return any(page.heading == BRING for page in walk.tasks(COORDINATOR))


def answer_task(walk: Walk) -> None:
    """A month on the coordinator is asked for the log; that it came is read from the imports, not from a word."""
    walk.complete(COORDINATOR, BRING, {"done": "none", "reason": "Brought last week already."})


def set_meeting(walk: Walk, days: int) -> None:
    """TC 4's secretariat sets the day of the annual meeting (R9.3-b)."""
    secretary = walk.person("tc4")
    start = "/procedures/annual_report"
    secretary.submit(secretary.get(start), start, {"meeting_on": walk.in_days(days), **MEETING}, "_send")


def report(walk: Walk) -> str:
    """The administrator adds the text and sends; TC 4 is told, the archive keeps four files. Returns the address."""
    page = walk.task("admin-by", REPORT)
    expect(TITLE_EN in walk.person("admin-by").get(_address(page.text)).text, "the course is not in the report")
    words = {"words_ru": "Участие растет.", "words_en": "Participation grows.", "decision": "send"}
    walk.person("admin-by").submit(page, page.path, words, "_send")
    where = _address(page.text)
    for who in ("chair-4", "tc4"):
        expect(walk.until(partial(_told, walk, who, where)), f"{who} got no report")
    secretary = walk.person("tc4")

    def files() -> list[str]:
        return secretary.get(where).links("/files/")

    expect(walk.until(lambda: len(files()) == 4, seconds=60), f"the report has the files {files()}")
    kinds = sorted(secretary.download(link)[:4] for link in files())
    expect(kinds == [b"%PDF", b"%PDF", b"PK\x03\x04", b"PK\x03\x04"], f"the files begin with {kinds}")
    return where


def _told(walk: Walk, who: str, where: str) -> bool:
    return any(where in one.text for one in walk.letters(who))


def _address(text: str) -> str:
    """Of the report, as the task's form shows it."""
    return "/reports/annual/" + text.partition("/reports/annual/")[2][:26]
