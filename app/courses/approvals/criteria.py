"""What the program finds out by itself about the three criteria of Appendix 2 (8.1), from the record and the platform.

A finding that is not met makes YES impossible for its criterion, whatever the administrator thinks: a line that is
missing on the platform, an open agreement sheet, somebody else's material under a licence that does not fit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.courses import agreements, descriptions, platform, sheets
from app.courses.creation.intake import LENGTH, waived
from app.courses.models import Agreement, Course, Sheet
from app.errors import N_
from app.i18n import _

CRITERIA = ("description", "content", "copyright")
_LINE = N_("Line “Course co-ordinators” with all names stands on the platform")


@dataclass(frozen=True, slots=True)
class Finding:
    """One item: whether it is met; `label` is an English msgid, `detail` in the reader's language."""

    name: str
    label: str
    met: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Findings:
    """Items of each criterion, in the order of clause 8.1."""

    description: tuple[Finding, ...]
    content: tuple[Finding, ...]
    copyright: tuple[Finding, ...]
    checked_at: datetime | None
    """When the platform was last looked at; None: nobody has looked yet."""
    by_hand: bool
    """A person has looked, not the program."""

    def of(self, criterion: str) -> tuple[Finding, ...]:
        return {"description": self.description, "content": self.content, "copyright": self.copyright}[criterion]

    def missing(self, criterion: str) -> tuple[Finding, ...]:
        return tuple(one for one in self.of(criterion) if not one.met)


def findings(session: Session, course: Course) -> Findings:
    """As of now: the course's record, its sheets and the latest look at the platform."""
    seen = platform.latest_check(session, course.id)
    known = seen if seen is not None and seen.checked else None
    return Findings(
        description=(*_record(session, course), *_platform(known)),
        content=(_agreement(session, course),),
        copyright=(_published(known), _third_party(course)),
        checked_at=known.at if known else None,
        by_hand=bool(known and known.by_hand),
    )


def _record(session: Session, course: Course) -> tuple[Finding, ...]:
    languages = descriptions.languages(course)
    titles = [course.title_ru if one == "ru" else course.title_en for one in languages]
    texts = [course.description_ru if one == "ru" else course.description_en for one in languages]
    counts = [descriptions.count_sentences(text) for text in texts]
    fitting = all(descriptions.FEWEST <= count <= descriptions.MOST for count in counts)
    allowed = all(texts) and waived(session, course.id, LENGTH)
    told = ", ".join(str(count) for count in counts)
    return (
        Finding("title", N_("Title in the language or languages of the course"), all(titles)),
        Finding(
            "sentences",
            N_("Short description of 3–5 sentences in them"),
            fitting or allowed,
            _("sentences: %(number)s", number=told) + (", " + _("allowed by the administrator") if allowed else ""),
        ),
        Finding("splash", N_("Image for the main page of the section"), course.splash_id is not None),
        Finding("representative", N_("Person responsible for the content is named"), bool(course.representative_id)),
        Finding("access", N_("Access is chosen: open or restricted"), bool(course.access)),
    )


def _platform(seen: platform.PlatformCheck | None) -> tuple[Finding, ...]:
    return (
        Finding("found", N_("The course is in the COOMET section of the platform"), _is(seen, "found", "in_category")),
        Finding("text", N_("The short description stands on the platform"), _is(seen, "description")),
        Finding("coordinators", _LINE, _is(seen, "coordinators")),
    )



def _is(seen: platform.PlatformCheck | None, *names: str) -> bool:
    if seen is None:
        return False
    found = {
        "found": seen.found,
        "in_category": seen.in_category,
        "description": seen.description,
        "coordinators": seen.coordinators,
        "copyright": seen.copyright,
    }
    return all(found[name] for name in names)


def _agreement(session: Session, course: Course) -> Finding:
    """Computed from the sheets; nobody can override it (R8.1-b). An initiating chair's confirmation counts (A24)."""
    label = N_("Agreement with the profile SB is present")
    passage = agreements.current(session, course.id)
    if passage is None:
        return Finding("agreement", label, met=False, detail=_("the agreement has not begun"))
    owned = sheets.of_agreement(session, passage.id)
    detail = ", ".join(f"{one.number}: {_(_STATES[one.state])}" for one in owned)
    if not owned and passage.chair_id is not None:
        detail = _("confirmed by the chair of the initiating body")
    return Finding("agreement", label, _agreed(session, passage, owned), detail)


_STATES = {"open": N_("not closed yet"), "agreed": N_("agreed"), "cancelled": N_("cancelled")}


def _agreed(session: Session, passage: Agreement, owned: Sequence[Sheet]) -> bool:
    closed = passage.state in ("agreed", "delivered")
    answered = all(one.state == "agreed" for one in owned) and not agreements.open_bodies(session, passage.course_id)
    return closed and answered and (bool(owned) or passage.chair_id is not None)


def _published(seen: platform.PlatformCheck | None) -> Finding:
    return Finding("published", N_("COPYRIGHT line stands on the platform, word for word"), _is(seen, "copyright"))


def _third_party(course: Course) -> Finding:
    """Somebody else's material under a licence that does not fit the course's own makes it NO (A22)."""
    wrong = [str(row.get("item", "")) for row in course.third_party if not fits(row)]
    detail = ", ".join(wrong) if wrong else _("items: %(number)s", number=len(course.third_party))
    return Finding("third_party", N_("Licences of third-party items allow the use"), not wrong, detail)


def fits(row: Mapping[str, object]) -> bool:
    """Whether the licence of somebody else's material allows the use; forms answer in words."""
    return row.get("compatible") in (True, "yes")
