"""Expert review (section 8), publication, and the announcement (section 12)."""

from tests.walk.platform import Platform
from tests.walk.story import TITLE_EN, TITLE_RU, Walk, expect
from tests.walk.visitor import Filling, Page

EXAMINE = "Review the course"
YES = ("guidance", "description", "structure", "design", "style", "topicality", "content", "respected", "copyright")
SENTENCE = (
    "This course is protected by copyright, namely Creative Commons – Attribution-NonCommercial 4.0 International "
    "(CC BY-NC 4.0) - which allows use and sharing of this material for non-commercial purposes subject to the "
    "conditions defined in the license."
)


def examination(walk: Walk) -> Page:
    """One of the pool takes it (A13)."""
    seen = lambda: any(page.heading == EXAMINE for page in walk.tasks("admin-kz"))  # noqa: E731 - asked again and again
    expect(walk.until(seen), f"no expert review; there are {[page.heading for page in walk.tasks('admin-kz')]}")
    return walk.task("admin-kz", EXAMINE)


def verdict(*, place: bool) -> Filling:
    """Appendix 2: exactly one conclusion (A7)."""
    answers = dict.fromkeys(YES, "yes")
    if place:
        return answers | {"may_place": "yes", "needs_rework": "no"}
    missing = {"structure": "no", "content": "no", "may_place": "no", "needs_rework": "yes"}
    return answers | missing | {"remarks": "State the aim on the first slide.", "repeat_agreement": "no"}


def send_back(walk: Walk) -> None:
    """A contradiction is refused first: three YES are needed to place the course."""
    page, visitor = examination(walk), walk.person("admin-kz")
    both = {**verdict(place=False), "may_place": "yes", "needs_rework": "no"}
    refused = visitor.submit(page, page.path, both, "_send", 422)
    expect(refused.errors(), "a course with a NO may be placed (R8.2-d)")
    visitor.submit(refused, refused.path, verdict(place=False), "_send")
    told = walk.until(lambda: any("first slide" in one.text for one in walk.letters("creator-by")))
    expect(told, "the creator was not told the remarks")


def approve(walk: Walk) -> None:
    page = examination(walk)
    walk.person("admin-kz").submit(page, page.path, verdict(place=True), "_send")


def published(walk: Walk, platform: Platform) -> None:
    """Visible at Moodle, with the coordinators' line and the sentence on copyright word for word (6.8, 8.2)."""
    expect(walk.until(lambda: bool(platform.demand(TITLE_EN, TITLE_RU)["visible"])), "the course is not published")
    found = platform.demand(TITLE_EN, TITLE_RU)
    expect(platform.learner_sees(found["id"]), "a learner does not see the published course")
    expect(platform.learner_enrols(found["id"]), "an account cannot enrol itself in the open course (R4.6-a)")
    words = " ".join(str(found["summary"]).replace("&amp;", "&").split())
    expect(SENTENCE in words, "the sentence on copyright is not word for word in the description")
    expect("Course co-ordinators" in words, "the line of the coordinators is missing")
    for person in ("secretariat", "chair-4", "tc4"):
        told = lambda who=person: any(TITLE_RU in one.text or TITLE_EN in one.text for one in walk.letters(who))  # noqa: E731
        expect(walk.until(told), f"{person} was not informed (8.4)")


def announce(walk: Walk) -> None:
    """One action invites every institute; the list of the portal is public (12.1, 12.2)."""
    walk.before_invitations = before = len(walk.mailbox())
    name = "Send the invitations to training"
    expect(walk.until(lambda: any(page.heading == name for page in walk.tasks("secretariat"))), "no task to invite")
    walk.complete("secretariat", name, {"confirmed": "true"})
    expect(walk.until(lambda: len(walk.mailbox()) > before), "no invitations went out")
    walk.complete("secretariat", "Place the list of courses on the portal", {"placed": "true"})
    listed = walk.person("guest").get("/portal")
    expect(TITLE_EN in listed.text or TITLE_RU in listed.text, "the public list has not the course")


def invitations(walk: Walk) -> None:
    """To every institute once, with the link and how to sign up, never with a key (A40)."""
    form = walk.person("admin-by").get("/procedures/creation").form("/procedures/creation")
    institutes = len([one for one in form.xpath(".//*[@name='nmi']//option") if one.get("value")])
    before = walk.before_invitations
    walk.until(lambda: len(walk.mailbox()) >= before + institutes)
    letters = sent(walk)
    expect(len(letters) >= institutes, f"{len(letters)} invitations to {institutes} institutes")
    expect(all("/course/view.php" in one.text for one in letters), "an invitation has no link to the course")
    expect(all("Katsiaryna Moroz" in one.text or "Мороз" in one.text for one in letters), "no coordinator is named")


def sent(walk: Walk) -> list[Page]:
    return [one for one in walk.letters() if "/login/signup.php" in one.text]
