"""Creating the course (section 6): entered in the list, materials asked for, creators polled, prepared, submitted."""

import re
from functools import partial
from pathlib import Path

from tests.walk.platform import Platform
from tests.walk.story import BODIES, SAMPLES, TITLE_EN, TITLE_RU, Walk, expect, materials
from tests.walk.visitor import Filling, Page

CREATORS = ("creator-by", "creator-kz", "creator-ru")
SENTENCES_RU = "Курс показывает, как калибруют гири. В нем три модуля. После каждого модуля есть тест."
SENTENCES_EN = "The course shows how weights are calibrated. It has three modules. Each module ends with a test."
CHECKS = ("topical", "clear", "quality", "one_style", "three_colours", "sans_serif", "three_fonts", "no_underlining")
SPLASH = SAMPLES / "splash-coffee.png"
SET_UP = "Set the image and enrolment"
SUBMIT = "Submit the course for approval"


def chosen(page: Page, name: str, field: str) -> str:
    """The value of the option whose label begins with that name, in the field."""
    options = page.form(page.path).xpath(f".//*[@name='{field}']//option")
    values = [str(one.get("value")) for one in options if str(one.text_content()).strip().startswith(name)]
    expect(len(values) == 1, f"{name} is offered {len(values)} times as {field} on {page.url}")
    return values[0]


def enter(walk: Walk) -> None:
    """Into the list of courses being created: no materials, no creator yet (6.2, A56)."""
    admin = walk.person("admin-by")
    page = admin.get("/procedures/creation")
    filling = {
        "language": "ru_en",
        "title_ru": TITLE_RU,
        "title_en": TITLE_EN,
        "initiator_kind": "nmi",
        "nmi": "nmi-by-belgim",
        "executor": chosen(page, "Vitali Kazlovich", "executor"),
        "field": "Mass",
    }
    admin.submit(page, "/procedures/creation", filling, "_send")
    found = re.findall(r"/courses/([0-9a-z]{26})", " ".join(admin.get("/courses").links("/courses/")))
    expect(found, "the course is not in the register")
    walk.course = found[0]


def ask(walk: Walk) -> None:
    """For materials, and all creators at once; each validly appointed one gets a letter (6.3)."""
    days = {"materials_by": walk.in_days(14), "poll_by": walk.in_days(7), "message": "Please send the slides."}
    walk.complete("admin-by", "Request materials and announce the poll", days)
    for creator in CREATORS:
        expect(walk.until(partial(asked_once, walk, creator)), f"{creator} was not asked by letter")
    expect(walk.until(lambda: bool(walk.mailbox("ns-by"))), "the executor got no request for materials")


def asked_once(walk: Walk, creator: str) -> bool:
    return len(walk.mailbox(creator)) == 1


def answer(walk: Walk) -> None:
    for creator, said in zip(CREATORS, ("yes", "no", "yes"), strict=True):
        walk.complete(creator, "Answer whether you can take the course", {"answer": said})


def provide(walk: Walk, folder: Path) -> None:
    """Two sentences are refused with everything else kept; three are taken (6.6)."""
    page = walk.task("ns-by", "Provide the course materials")
    filling: Filling = {
        "materials": materials(folder, 1),
        "note": "First edition",
        "description_ru": "Одно предложение. И второе.",
        "description_en": SENTENCES_EN,
        "splash": SPLASH,
        "representative": chosen(page, "Katsiaryna Moroz", "representative"),
        "access": "open",
        "theory": ["text", "illustrations"],
        "practice": ["tests"],
    }
    visitor = walk.person("ns-by")
    refused = visitor.submit(page, page.path, filling, "_send", 422)
    expect(refused.errors(), "two sentences were not refused in words (R6.6-a)")
    expect("Одно предложение. И второе." in str(refused.document.text_content()), "what was typed is lost")
    visitor.submit(refused, refused.path, {"description_ru": SENTENCES_RU}, "_send")


def appoint_creator(walk: Walk) -> None:
    page = walk.task("admin-by", "Appoint the course creator")
    offered = page.form(page.path).xpath("string(.//*[@name='volunteer'])")
    expect("Nurlanova" not in offered, "one who declined is offered")
    chosen_one = chosen(page, "Andrei Lukashevich", "volunteer")
    walk.person("admin-by").submit(page, page.path, {"decision": "agreed", "volunteer": chosen_one}, "_send")


def organise(walk: Walk) -> None:
    page = walk.task("admin-by", "Agree organisational questions")
    filling = {
        "format": "h5p",
        "access": "open",
        "counterpart": chosen(page, "Katsiaryna Moroz", "counterpart"),
        "ready_by": walk.in_days(40),
        "agreed_on": walk.today().isoformat(),
        "participants": "Lukashevich, Moroz, Sokolova",
        "note": "H5P, open, in autumn.",
    }
    walk.person("admin-by").submit(page, page.path, filling, "_send")


def coordinate(walk: Walk) -> None:
    """Another person than the creator needs the administrator's agreement (5.2, A15)."""
    page = walk.task("creator-by", "Name the coordinators")
    filling = {"coordinators.0.person": chosen(page, "Katsiaryna Moroz", "coordinators.0.person")}
    walk.person("creator-by").submit(page, page.path, filling, "_send")
    walk.complete("admin-by", "Agree to the coordinators", {"decision": "agree"})


def placed(walk: Walk, platform: Platform) -> None:
    """The hidden course at Moodle, seen through Moodle's own protocol (5.1, A9)."""
    expect(walk.until(lambda: platform.course(TITLE_EN, TITLE_RU) is not None), "no course at the platform")
    found = platform.demand(TITLE_EN, TITLE_RU)
    expect(found["visible"] == 0, "the course is visible before its approval")
    expect(not platform.learner_sees(found["id"]), "a learner sees the course before its approval")


def prepare(walk: Walk) -> None:
    """A "no" without a comment is refused; with one it is advice for the reviewer (6.5, 6.7)."""
    page = walk.task("creator-by", "Prepare the course")
    filling = dict.fromkeys([*CHECKS, "pictures_left", "copyrighted", "survey_link"], "yes")
    filling |= {"little_animation": "no", "guidance": "true"}
    visitor = walk.person("creator-by")
    refused = visitor.submit(page, page.path, filling, "_send", 422)
    expect(refused.errors(), "NO without a comment was not refused")
    visitor.submit(refused, refused.path, {"little_animation_comment": "One animation explains buoyancy."}, "_send")


def set_up(walk: Walk, platform: Platform) -> None:
    """The image and self-enrolment, which no web service sets: what is not there comes back as a task (6.6, 4.6)."""
    done = {"image_done": "true", "enrolment_done": "true", "note": "Set today."}
    first = walk.task("creator-by", SET_UP)
    walk.person("creator-by").submit(first, first.path, done, "_send")
    again = lambda: any(one.heading == SET_UP and one.path != first.path for one in walk.tasks("creator-by"))  # noqa: E731 - asked again and again
    expect(walk.until(again), "what was confirmed and is not on the platform was taken for done (R6.6-b)")
    if platform.real:  # nobody sets it there for a walk: a person's word with a picture is enough
        walk.complete("creator-by", SET_UP, {**done, "differs": "true", "picture": SPLASH})
        return
    found = platform.demand(TITLE_EN, TITLE_RU)
    at_work = walk.person("creator-by")
    page = at_work.get(f"/demo/platform/{found['id']}")
    at_work.submit(page, page.path, {"self": "1", "file": SPLASH})
    walk.complete("creator-by", SET_UP, done)
    sizes = [one["filesize"] for one in platform.demand(TITLE_EN, TITLE_RU)["overviewfiles"]]
    expect(sizes == [SPLASH.stat().st_size], "the splash is not the image of the course (R6.6-b)")


def wait_for_agreement(walk: Walk) -> None:
    """While sheets are open the course is not submitted: the refusal and the course page name them (7.9, A10)."""
    refused = walk.complete("creator-by", SUBMIT, {"decision": "submit"}, expect=422)
    _, said, listed = refused.text.partition("Not agreed yet:")
    expect(said, "the refusal does not say that sheets are open (R7.9-a)")
    expect(all(code in listed[:60] for code in BODIES.values()), f"the refusal lists {listed[:60]!r}")
    page = walk.course_page()
    expect("TC 1.5" in page.text, "the course page does not name the body that has not agreed")


def submit(walk: Walk) -> None:
    expect(walk.until(lambda: SUBMIT in [page.heading for page in walk.tasks("creator-by")]), "no task to submit")
    walk.complete("creator-by", SUBMIT, {"decision": "submit"})


def rework(walk: Walk) -> None:
    """After the expert review has sent the course back (8.2, A8)."""
    walk.complete("creator-by", "Rework the course", {"done": "The aim stands on the first slide now."})
