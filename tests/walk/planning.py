"""Planning (6.1, 6.2): the survey of the year, what comes of it, the list of courses, the list on request.

`play(walk)` leaves the course of the walk in the list, entered from the answer of BelGIM: its creation has begun.
"""

import re

from tests.spreadsheets import read
from tests.walk.creation import chosen
from tests.walk.story import TITLE_EN, TITLE_RU, Walk, expect
from tests.walk.visitor import Filling, Page

FOR_A_BODY, FOR_AN_NMI = "Answer the survey about courses for the SB", "Answer the survey about courses for the NMI"
CHOSEN = {"tc-1.4": "chair-14", "tc-1.6": "chair-16", "nmi-by-belgim": "executor-by"}
TOPIC = "Digital calibration certificates"
NOTHING: Filling = {"contact": "By telephone", "has_materials": "no", "has_topics": "no"}


def play(walk: Walk) -> None:
    """From the survey to the released list. Raises at the first step that does not hold."""
    with walk.step("TC 4's secretariat begins the survey of the year: each recipient gets one letter (6.1)"):
        begin(walk)
    with walk.step("a second survey in the same year is refused in words, nothing typed is lost (A11)"):
        refuse_second(walk)
    with walk.step("a body proposes a topic for later, another has nothing, an NMI offers materials"):
        answer(walk)
    with walk.step("all have answered: the Secretariat enters the material in the list (6.2)"):
        enter(walk)
    with walk.step("the administrator keeps the topic beside the list, from which it can be promoted (A51)"):
        keep_topic(walk)
    with walk.step("the list of the year: on the page, as a workbook, and as it stood yesterday (6.2)"):
        look(walk)
    with walk.step("a participant asks for the list, the Secretariat releases it, the log says so (A55)"):
        release(walk)


def year(walk: Walk) -> str:
    return str(walk.today().year)


def begin(walk: Walk) -> None:
    visitor = walk.person("tc4")
    page = filled(walk, visitor.get("/procedures/planning"))
    visitor.submit(page, "/procedures/planning", {}, "_send")
    for key in CHOSEN.values():
        expect(walk.until(lambda who=key: len(surveyed(walk, who)) == 1), f"{key} got no letter of the survey")  # type: ignore[misc]
        expect("/tasks/" in surveyed(walk, key)[0].text, f"{key}'s letter has no link to the form")


def filled(walk: Walk, page: Page) -> Page:
    """The start form with its recipients, row by row."""
    visitor = walk.person("tc4")
    first: Filling = {"year": year(walk), "answer_by": walk.in_days(30), "audience": "chosen"}
    for number, organisation in enumerate(CHOSEN):
        page = visitor.submit(page, page.path, first if number == 0 else {}, "_add=chosen")
        page = visitor.submit(page, page.path, {f"chosen.{number}.organisation": organisation}, "_save")
    return page


def surveyed(walk: Walk, key: str) -> list[Page]:
    return [
        one for one in walk.letters(key) if "urvey about the COOMET courses" in one.text or "Опрос о курсах" in one.text
    ]


def refuse_second(walk: Walk) -> None:
    visitor = walk.person("secretariat")
    page = visitor.get("/procedures/planning")
    filling: Filling = {"year": year(walk), "answer_by": walk.in_days(40), "audience": "both", "message_en": "Again"}
    refused = visitor.submit(page, "/procedures/planning", filling, "_send", 422)
    expect(any("was begun already" in one for one in refused.errors()), "the second survey was not refused in words")
    expect("Again" in str(refused.document.text_content()), "what was typed is lost")


def answer(walk: Walk) -> None:
    page = walk.task("chair-14", FOR_A_BODY)
    visitor = walk.person("chair-14")
    wish: Filling = {"contact": "Sergei Timofeev", "has_materials": "no", "has_topics": "yes"}
    page = visitor.submit(page, page.path, wish, "_add=topics")
    visitor.submit(page, page.path, {"topics.0.title": TOPIC, "topics.0.reason": "Laboratories ask for it."}, "_send")
    walk.complete("chair-16", FOR_A_BODY, NOTHING)
    offer(walk)


def offer(walk: Walk) -> None:
    page = walk.task("executor-by", FOR_AN_NMI)
    visitor = walk.person("executor-by")
    first: Filling = {"contact": "Katsiaryna Moroz", "has_materials": "yes", "has_topics": "no"}
    page = visitor.submit(page, page.path, first, "_add=materials")
    material = {"language": "ru_en", "title_ru": TITLE_RU, "title_en": TITLE_EN, "format": "h5p", "field": "Mass",
                "procedural": "no", "access": "open"}  # fmt: skip
    visitor.submit(page, page.path, {f"materials.0.{name}": value for name, value in material.items()}, "_send")


def enter(walk: Walk) -> None:
    page = walk.task("secretariat", "Decide on the materials offered")
    expect(TITLE_EN in page.text, "the offer is not shown where it is decided on")
    executor = chosen(page, "Vitali Kazlovich", "materials.0.executor")
    filling = {"materials.0.decision": "enter", "materials.0.executor": executor}
    walk.person("secretariat").submit(page, page.path, filling, "_send")
    found = re.findall(r"/courses/([0-9a-z]{26})", " ".join(listed(walk).links("/courses/")))
    expect(len(found) == 1, f"{len(found)} courses are in the list")
    walk.course = found[0]
    begun = lambda: any("Request materials" in one.heading for one in walk.tasks("admin-by"))  # noqa: E731 - asked again and again
    expect(walk.until(begun), "the creation of the course has not begun")


def listed(walk: Walk, more: str = "") -> Page:
    return walk.person("secretariat").get(f"/register?year={year(walk)}{more}")


def keep_topic(walk: Walk) -> None:
    walk.complete("admin-by", "Decide on the topics proposed", {"topics.0.decision": "keep"})
    expect(TOPIC in walk.person("secretariat").get("/topics").text, "the topic is not in the backlog")
    expect(TOPIC not in listed(walk).text, "an idea for later is in this year's list (R6.1-b)")


def look(walk: Walk) -> None:
    expect("Registered" in listed(walk).text, "the list does not show the stage")
    book = read(walk.person("secretariat").download(f"/register/export.xlsx?year={year(walk)}&lang=en"))
    expect(book[year(walk)].rows[1][2] == TITLE_EN, "the workbook does not hold the course")
    past = listed(walk, f"&on={walk.in_days(-1)}")
    expect(TITLE_EN not in past.text, "yesterday's list holds what was entered today (R6.2-b)")


def release(walk: Walk) -> None:
    visitor = walk.person("ns-by")
    page = visitor.get("/register/requests")
    shown = visitor.submit(page, "/register/requests", {"year": year(walk), "purpose": "Training plan"})
    expect(TITLE_EN not in shown.text, "the list is shown before it was released (R6.2-c)")
    walk.complete("secretariat", "Decide on releasing the list", {"decision": "release"})
    expect(walk.until(lambda: TITLE_EN in visitor.get(shown.path).text), "the list was not released")
    walk.person("chair-16").get(shown.path, expect=404)
    expect("released" in walk.person("secretariat").get("/register/requests").text, "the log has no row")
