"""Who gets a letter: roles of the recommendation, parts in a sheet, or a person by id."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.courses import people, rounds, sheets
from app.courses.models import Course, Sheet
from app.i18n import Locale, Text
from app.identity import appointments, organisations
from app.identity.models import Person
from app.identity.people import by_ids

TC4 = "tc-4"
"""Id of TC 4 "Information and Training"."""


@dataclass(frozen=True, slots=True)
class About:
    """What the letter is about, as far as it decides who gets it."""

    course: Course | None
    sheet: Sheet | None = None


@dataclass(frozen=True, slots=True)
class Addressee:
    """An address that is nobody's own, or another than the person's: an institute's, a corrected one."""

    id: str
    """Of the person or the organisation; with the cause it makes the letter one."""
    name: Text
    email: str
    locale: Locale


def find(session: Session, named: Sequence[str], about: About) -> list[Person]:
    """Active people, each once, in the order they were named. An id that names nobody reachable is left out."""
    found: dict[str, Person] = {}
    for one in named:
        chosen = _GROUPS[one](session, about) if one in _GROUPS else list(by_ids(session, [one]).values())
        found |= {person.id: person for person in chosen}
    return [person for person in found.values() if person.active and person.email]


def _reviewer(session: Session, about: About) -> list[Person]:
    """The appointed member, else the chair and whoever acts for the chair."""
    if about.sheet is None:
        return []
    opened = sheets.last_round(session, about.sheet.id)
    if opened is not None and opened.appointed_id:
        return rounds.member_in_office(session, about.sheet, opened.appointed_id)
    return _chair(session, about)


def _chair(session: Session, about: About) -> list[Person]:
    return people.chairs(session, about.sheet.body_id) if about.sheet else []


def _executor(session: Session, about: About) -> list[Person]:
    if about.course is None:
        return []
    organisation = about.sheet.body_id if about.sheet else about.course.initiator_id
    return appointments.holders(session, "executor", organisation, about.course.id)


def _creator(session: Session, about: About) -> list[Person]:
    return appointments.holders(session, "creator", None, about.course.id) if about.course else []


def _coordinators(session: Session, about: About) -> list[Person]:
    return people.coordinators(session, about.course) if about.course else []


def _administrators(session: Session, _about: About) -> list[Person]:
    return appointments.holders(session, "administrator")


def _secretariat(session: Session, _about: About) -> list[Person]:
    return appointments.holders(session, "secretariat")


def _tc4(session: Session, about: About) -> list[Person]:
    """TC 4: its chair (or acting chair) and its secretariat (8.4, A28)."""
    return [*people.chairs(session, TC4), *_tc4_secretariat(session, about)]


def _tc4_secretariat(session: Session, _about: About) -> list[Person]:
    return appointments.holders(session, "tc4_secretariat")


def _counterpart(session: Session, about: About) -> list[Person]:
    known = about.course.counterpart_id if about.course else None
    return list(by_ids(session, [known]).values()) if known else []


def _nmis(session: Session, _about: About) -> list[Person]:
    """Representatives of every active NMI; addresses of the institutes themselves belong to the invitations (12.1)."""
    found = organisations.search(session, kinds=["nmi"])
    return [person for one in found for person in appointments.holders(session, "representative", one.id)]


_GROUPS: dict[str, Callable[[Session, About], list[Person]]] = {
    "administrator": _administrators,
    "chair": _chair,
    "coordinators": _coordinators,
    "counterpart": _counterpart,
    "creator": _creator,
    "executor": _executor,
    "nmis": _nmis,
    "reviewer": _reviewer,
    "secretariat": _secretariat,
    "tc4": _tc4,
    "tc4_secretariat": _tc4_secretariat,
}
