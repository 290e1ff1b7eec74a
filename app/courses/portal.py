"""The list of COOMET courses for the web portal (12.2): made of the course record alone, published ones only (A41)."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.courses import people, settings
from app.courses.letters.publication import ACCESS, LANGUAGES
from app.courses.models import Coordinator as CoordinatorRow
from app.courses.models import Course
from app.courses.stages import ENDED
from app.i18n import LOCALES, Locale, Text, _, use_locale
from app.identity.models import Organisation, Person
from app.identity.places import default_place

SIZE = 100
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""First characters by which a spreadsheet takes a cell for a formula (S62)."""


@dataclass(frozen=True, slots=True)
class Coordinator:
    """As the course itself names its coordinators to everybody: the only personal data of the list."""

    name: Text
    organisation: Text
    contact: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A published course as the public sees it."""

    number: str
    title: Text
    description: Text
    field: str
    language: str
    access: str
    link: str
    published: date
    coordinators: tuple[Coordinator, ...]


@dataclass(frozen=True, slots=True)
class Page:
    courses: tuple[Listed, ...]
    total: int
    number: int

    @property
    def pages(self) -> int:
        return max(-(-self.total // SIZE), 1)


_PUBLISHED = (Course.published_at.is_not(None), Course.stage.not_in(ENDED))


def page(session: Session, number: int = 1) -> Page:
    """The newest courses first."""
    total = session.scalar(sa.select(sa.func.count()).select_from(Course).where(*_PUBLISHED)) or 0
    return Page(_listed(session, SIZE, (number - 1) * SIZE), total, number)


def everything(session: Session) -> tuple[Listed, ...]:
    """For the exports."""
    return _listed(session, None, 0)


def _listed(session: Session, limit: int | None, offset: int) -> tuple[Listed, ...]:
    query = sa.select(Course).where(*_PUBLISHED).order_by(Course.published_at.desc(), Course.number.desc())
    zone = ZoneInfo(default_place(session).zone)
    found = session.scalars(query.limit(limit).offset(offset)).all()
    named = _coordinators(session)
    return tuple(_one(course, zone, named.get(course.id, ())) for course in found)


def _coordinators(session: Session) -> dict[str, tuple[Coordinator, ...]]:
    """Of every published course, in one statement: anybody may ask for the whole list."""
    query = sa.select(CoordinatorRow.course_id, Person, Organisation)
    query = query.join(Person, Person.id == CoordinatorRow.person_id).join(
        Course, Course.id == CoordinatorRow.course_id
    )
    query = query.outerjoin(Organisation, Organisation.id == Person.organisation_id).where(*_PUBLISHED)
    found: dict[str, list[Coordinator]] = {}
    for course_id, person, home in session.execute(query.order_by(CoordinatorRow.position)):
        shown = Coordinator(person.name, home.name if home else people.NOBODY, people.contact(person))
        found.setdefault(course_id, []).append(shown)
    return {course_id: tuple(ones) for course_id, ones in found.items()}


def _one(course: Course, zone: ZoneInfo, coordinators: tuple[Coordinator, ...]) -> Listed:
    published = course.published_at or clock.now()
    return Listed(
        number=course.number,
        title=_either(course.title_ru, course.title_en),
        description=_either(course.description_ru, course.description_en),
        field=course.field,
        language=course.language,
        access=course.access,
        link=course.platform_url,
        published=published.astimezone(zone).date(),
        coordinators=coordinators,
    )


def _either(ru: str, en: str) -> Text:
    """A course in one language has its title in that one only."""
    return Text(ru or en, en or ru)


def as_json(found: Sequence[Listed]) -> list[dict[str, object]]:
    """Both languages side by side, codes for language and access."""
    return [
        {
            "number": one.number,
            "title": _both(one.title),
            "description": _both(one.description),
            "field": one.field,
            "language": one.language,
            "access": one.access,
            "link": one.link,
            "published": one.published.isoformat(),
            "coordinators": [
                {"name": _both(who.name), "organisation": _both(who.organisation), "contact": who.contact}
                for who in one.coordinators
            ],
        }
        for one in found
    ]


def _both(text: Text) -> dict[str, str]:
    return {locale: text.into(locale) for locale in LOCALES}


def as_csv(found: Sequence[Listed], locale: Locale) -> str:
    """A table in one language; no cell can be taken for a formula (S62)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    with use_locale(locale):
        heads = (_("Number"), _("Title"), _("Description"), _("Field"), _("Language"), _("Access"), _("Link"))
        writer.writerow([*heads, _("Publication date"), _("Coordinators")])
        for one in found:
            named = "; ".join(_coordinator(who) for who in one.coordinators)
            row = [one.number, str(one.title), str(one.description), one.field, _(LANGUAGES[one.language])]
            row += [_(ACCESS[one.access]), one.link, one.published.isoformat(), named]
            writer.writerow([harmless(cell) for cell in row])
    return out.getvalue()


def _coordinator(who: Coordinator) -> str:
    return ", ".join(part for part in (str(who.name), str(who.organisation), who.contact) if part)


def harmless(cell: str) -> str:
    """An apostrophe before what a spreadsheet would calculate."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_DANGEROUS) else cell


def frame_ancestors(session: Session) -> str:
    """Sites that may embed the fragment, as a policy names them."""
    return settings.read(session, "portal_frames", settings.today(session)) or "'none'"
