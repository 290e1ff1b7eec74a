"""Three years later (section 13): the check by its date, a new version agreed and reviewed anew, then the annulment.

`update` and `annul` follow the walk's acts: a course that is published and announced. Each moves the demo's clock.
"""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from tests.walk import publication
from tests.walk.platform import Platform
from tests.walk.story import BODIES, CONSIDER, TITLE_EN, TITLE_RU, Walk, expect, materials
from tests.walk.visitor import Filling, Page

ABOUT_A_MONTH = 30
CONCLUDE = {
    "secretariat": "Give the Secretariat's conclusion",
    "tc4": "Give TC 4's conclusion",
    "executor-by": "Give the coordinator's conclusion",
}
"""Who concludes: the Secretariat, TC 4, the coordinator whom the creator has named."""
CHAIRS = {"tc-1.4": "chair-14", "tc-1.5": "chair-15", "tc-1.6": "chair-16"}
MEETING = "25th meeting of TC 4, minutes No 2"
NEW_RU = "Новая редакция курса о гирях. В ней три модуля. После каждого модуля есть тест."
NEW_EN = "The new edition of the course on weights. It has three modules. Each module ends with a test."


def play(walk: Walk, platform: Platform, folder: Path) -> None:
    """Raises at the first step that does not hold."""
    update(walk, platform, folder)
    annul(walk, platform)


def update(walk: Walk, platform: Platform, folder: Path, meanwhile: Callable[[], None] | None = None) -> None:
    """`meanwhile`: what else the years have made due, done before anybody concludes."""
    with walk.step("nearly three years later the check begins by itself (13.1)"):
        expect(not course_tasks(walk, "secretariat"), "a check has begun before its time")
        come_to_the_check(walk)
    if meanwhile:
        meanwhile()
    with walk.step("one conclusion is missing: the check stays open (13.2)"):
        conclude(walk, {"secretariat": "topical", "tc4": "update"})
        expect("no conclusion yet" in walk.course_page().text, "the course's page does not say who is awaited")
    with walk.step("the coordinator concludes; a new version is to be made (13.3)"):
        conclude(walk, {"executor-by": "update"})
    old = platform.demand(TITLE_EN, TITLE_RU)
    with walk.step("the coordinator hands in the new version"):
        changes: Filling = {"changes": "The new edition of OIML R 111 is observed.", "materials": materials(folder, 3)}
        texts: Filling = {"new_description": "true", "description_ru": NEW_RU, "description_en": NEW_EN}
        walk.complete("executor-by", "Prepare the changes of the course", {**changes, **texts})
    with walk.step("every body agrees anew (13.4, 7)"):
        agree(walk)
    with walk.step("the creator prepares it out of the learners' sight and submits it"):
        prepared = {"done": "true", "note": "Sections “Edition 2” are hidden"}
        walk.complete("creator-by", "Prepare the new version on the platform", prepared)
        there = platform.demand(TITLE_EN, TITLE_RU)
        expect((there["visible"], there["summary"]) == (1, old["summary"]), "learners see something else already (A45)")
    with walk.step("the expert review approves the new version (13.4, 8)"):
        publication.approve(walk)
    with walk.step("the new version takes the old one's place on the platform and on the portal"):
        shown = {"replaced": "true", "note": "Edition 2 is shown"}
        walk.complete("creator-by", "Open the new version to learners", shown)
        there = platform.demand(TITLE_EN, TITLE_RU)
        expect("The new edition of the course on weights" in there["summary"], "the description has not been replaced")
        expect(platform.learner_sees(there["id"]), "learners do not see the course any more")
        walk.complete("secretariat", "Bring the portal's list up to date", {"placed": "true"})
        expect(walk.until(lambda: "updated" in history(walk).text), "the check is not closed")
    with walk.step("both sets of documents are on the course's pages (A44)"):
        sheets = walk.person("admin-by").get(f"/courses/{walk.course}/sheets").links("/sheets/")
        expect(len(sheets) == 2 * len(BODIES), f"{len(sheets)} agreement sheets")


def annul(walk: Walk, platform: Platform, meanwhile: Callable[[], None] | None = None) -> None:
    with walk.step("three years later again the check begins (13.1)"):
        come_to_the_check(walk)
    if meanwhile:
        meanwhile()
    with walk.step("one holds the course obsolete (13.2, A43)"):
        conclude(walk, {"secretariat": "topical", "tc4": "topical", "executor-by": "obsolete"})
    with walk.step("the administrator finds no way to annul it alone (13.5)"):
        page = walk.task("chair-4", "Record TC 4's decision on the course")
        walk.person("admin-by").get(page.path, expect=404)
        expect(platform.demand(TITLE_EN, TITLE_RU)["visible"] == 1, "the course is hidden without a decision")
    with walk.step("TC 4 decides to annul it: date, meeting, reason"):
        decided = {"act": "annul", "decided_on": walk.today().isoformat(), "meeting": MEETING, "reason": "Out of use."}
        walk.complete("chair-4", "Record TC 4's decision on the course", decided)
        listed = walk.person("guest").get("/portal")
        expect(TITLE_EN not in listed.text and TITLE_RU not in listed.text, "the public list still has the course")
    with walk.step("learners are told while they can still read it; then it is hidden, not deleted (A46)"):
        page = walk.task("admin-by", "Tell the learners on the platform")
        expect("Certificates that were issued for it stay valid" in page.text, "the notice is silent on certificates")
        walk.person("admin-by").submit(page, page.path, {"told": "true", "note": "Forum “Announcements”"}, "_send")
        gone = walk.until(lambda: platform.demand(TITLE_EN, TITLE_RU)["visible"] == 0)
        expect(gone, "the course is still visible on the platform")
        expect(not platform.learner_sees(platform.demand(TITLE_EN, TITLE_RU)["id"]), "a learner still sees the course")
    with walk.step("the Secretariat confirms the portal's list without it (13.5)"):
        walk.complete("secretariat", "Take the course from the portal's list", {"removed": "true"})
        expect(walk.until(lambda: "annulled" in history(walk).text), "the check is not closed")
    with walk.step("those concerned know; the decision is in the archive; one page tells the whole life"):
        told = walk.until(lambda: any(MEETING in one.text for one in walk.letters("executor-by")))
        expect(told, "those who take part were not told")
        archived = lambda: bool(decision_papers(walk))  # noqa: E731 - asked again and again
        expect(walk.until(archived), "the decision is not among the course's documents")
        text = history(walk).text
        for words in ("registered the course", "Check no 1", "Edition 2", "Check no 2", MEETING, "Annulled"):
            expect(words in text, f"the history does not tell of {words!r}")


def come_to_the_check(walk: Walk) -> None:
    """To the day on which the calendar has the check begin: the page of the course says by when it is due."""
    walk.move((due(walk) - timedelta(days=ABOUT_A_MONTH) - walk.today()).days)
    begun = lambda: any(page.heading == CONCLUDE["secretariat"] for page in walk.tasks("secretariat"))  # noqa: E731
    expect(walk.until(begun), "the check has not begun")


def due(walk: Walk) -> date:
    """The day of the next check, as the course's page gives it in a machine's form."""
    stamps = walk.course_page().document.xpath("//section[@aria-labelledby='topicality']//time/@datetime")
    expect(stamps, "the course's page does not say when the course is checked")
    return date.fromisoformat(str(stamps[0])[:10])


def course_tasks(walk: Walk, key: str) -> list[Page]:
    return [page for page in walk.tasks(key) if page.heading in CONCLUDE.values()]


def conclude(walk: Walk, outcomes: dict[str, str]) -> None:
    for key, outcome in outcomes.items():
        walk.complete(key, CONCLUDE[key], {"outcome": outcome, "grounds": "Compared with OIML R 111."})


def agree(walk: Walk) -> None:
    """The bodies of the former agreement are proposed again by themselves."""
    walk.complete("ns-by", "Propose the bodies to be asked", {})
    walk.complete("admin-by", "Confirm the list of bodies", {"decision": "confirm"})
    for body in BODIES:
        sending = {"answer_by": walk.in_days(10)}
        walk.complete("ns-by", "Send the materials with the agreement sheet", sending, body)
    for body, chair in CHAIRS.items():
        walk.complete(chair, CONSIDER, {"act": "consider", "conforms": "yes"}, body)
    walk.complete("ns-by", "Confirm the final materials", {"confirmed": "true"})
    walk.complete("admin-by", "Receive and pass on the package", {"received": "true"})


def history(walk: Walk) -> Page:
    return walk.person("admin-by").get(f"/courses/{walk.course}/history")


def decision_papers(walk: Walk) -> list[str]:
    """Files of the decision on the page of the course's documents; without Pango the page itself is on paper."""
    page = walk.person("admin-by").get(f"/courses/{walk.course}/documents")
    return page.links("/documents/") if "annul" in page.text else []
