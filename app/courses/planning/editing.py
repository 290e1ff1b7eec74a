"""The Secretariat corrects an entry of the list (6.2): each change and its reason in the evidence; past states stay."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.audit.kinds import Kind
from app.courses.models import Course
from app.courses.planning.listing import KEEPERS
from app.courses.record import record
from app.courses.register import get_course
from app.errors import N_, Denied, Invalid, Problem
from app.i18n import fold
from app.identity.actors import Actor
from app.workflow import subjects

FIELDS = ("title_ru", "title_en", "field", "year", "remarks")
"""What the form asks."""
LONGEST = {"title_ru": 300, "title_en": 300, "field": 200, "remarks": 500, "reason": 1000}
TITLES = {"ru": ("title_ru",), "en": ("title_en",), "ru_en": ("title_ru", "title_en")}
SETTLED = ("published", "withdrawn")


def get_for(session: Session, actor: Actor, course_id: str) -> Course:
    """The course of an entry, for the Secretariat. Raises NotFound, Denied."""
    if not actor.holds(*KEEPERS):
        raise Denied
    return get_course(session, course_id)


def values(course: Course) -> dict[str, str]:
    """The fields of an entry as they are."""
    return {
        "title_ru": course.title_ru,
        "title_en": course.title_en,
        "field": course.field,
        "year": str(course.year),
        "remarks": course.source_note,
    }


def change(session: Session, actor: Actor, course_id: str, typed: Mapping[str, str]) -> None:
    """Write what differs. Raises Invalid with the fields that are wrong, NotFound, Denied."""
    course = get_for(session, actor, course_id)
    session.refresh(course, with_for_update=True)
    tidy = {name: " ".join(typed[name].split()) for name in FIELDS}
    _check(course, tidy, typed["reason"])
    before = values(course)
    changes = {name: [before[name], tidy[name]] for name in FIELDS if tidy[name] != before[name]}
    if not changes:
        return
    course.title_ru, course.title_en, course.field = tidy["title_ru"], tidy["title_en"], tidy["field"]
    course.year, course.source_note = int(tidy["year"]), tidy["remarks"]
    course.search = fold(f"{course.number} {course.title_ru} {course.title_en}")
    session.flush()
    title = (course.title_ru or course.title_en, course.title_en or course.title_ru)
    subjects.put(session, course.id, *title)
    record(session, course.id, Kind.COURSE_CHANGED, actor.person_id, {"list": changes}, {"reason": typed["reason"]})


def _check(course: Course, tidy: Mapping[str, str], reason: str) -> None:
    problems: dict[str, Problem] = {}
    for name in TITLES[course.language]:
        if len(tidy[name]) < 3:
            problems[name] = Problem(N_("Give the title in the languages of the course (4.5)."))
    if not (tidy["year"].isdecimal() and 2020 <= int(tidy["year"]) <= 2100):
        problems["year"] = Problem(N_("The year is a number from 2020 to 2100."))
    if len(tidy["field"]) < 3:
        problems["field"] = Problem(N_("Name the field of measurement or activity."))
    if not reason.strip():
        problems["reason"] = Problem(N_("Give a reason: it is kept with the change."))
    problems |= _frozen(course, tidy) | _too_long({**tidy, "reason": reason})
    if problems:
        raise Invalid(N_("Some answers need another look."), problems)


def _frozen(course: Course, tidy: Mapping[str, str]) -> dict[str, Problem]:
    """A published course has its title on the platform and in its documents."""
    before = values(course)
    changed = [name for name in ("title_ru", "title_en") if tidy[name] != before[name]]
    message = N_("The course is published or withdrawn: its title is not changed here.")
    return {name: Problem(message) for name in changed} if course.stage in SETTLED else {}


def _too_long(texts: Mapping[str, str]) -> dict[str, Problem]:
    message = N_("This is too long: at most %(number)s characters.")
    return {name: Problem(message, number=longest) for name, longest in LONGEST.items() if len(texts[name]) > longest}
