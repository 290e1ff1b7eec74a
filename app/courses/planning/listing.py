"""The List of COOMET courses being created (6.2): entries of a year, now or as they were at a past moment.

It is read from the versions alone, so that today's list and that of a past day cannot be made of different rules.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app import clock
from app.courses import people as course_people
from app.courses.planning.models import CourseVersion
from app.errors import Denied
from app.i18n import Text, fold
from app.identity.actors import Actor
from app.identity.calendars import end_of_day
from app.identity.models import Organisation, Person
from app.identity.people import by_ids
from app.identity.places import default_place

READERS = ("secretariat", "administrator", "tc4_secretariat", "auditor", "operator")
"""Who sees the list at any time; all other participants of cooperation ask for it (6.2)."""
KEEPERS = ("secretariat",)
MAX = 10_000


@dataclass(frozen=True, slots=True)
class Who:
    """A person as the list names them; the contact is empty where none is kept."""

    name: Text
    home: Text
    contact: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list."""

    course_id: str
    number: str
    title: Text
    initiator: Text
    bodies: tuple[Text, ...]
    year: int
    field: str
    language: str
    format: str
    contact: Who | None
    """Whom to turn to at the initiator: who is responsible for the content, else the executor."""
    creator: Who | None
    coordinators: tuple[Who, ...]
    stage: str
    source: str
    remarks: str


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the list and how many entries there are in all."""

    entries: tuple[Entry, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What narrows the list; `until`: the moment whose state is wanted."""

    year: int
    until: datetime
    search: str = ""
    stage: str = ""
    page: int = 1
    size: int = MAX


def moment_of(session: Session, day: date | None) -> datetime:
    """The end of that day at the Secretariat; now where no day is named or it is not over yet."""
    now = clock.now()
    return now if day is None else min(end_of_day(day, default_place(session).zone), now)


def years(session: Session) -> list[int]:
    """Years for which there has ever been an entry, the latest first; this year in any case."""
    found = set(session.scalars(sa.select(CourseVersion.year).distinct()))
    return sorted(found | {clock.now().year}, reverse=True)


def kept_since(session: Session) -> datetime | None:
    """When the first version was kept: nothing is known of the list before."""
    return session.scalar(sa.select(sa.func.min(CourseVersion.at)))


def has_changed(session: Session, since: datetime, until: datetime) -> bool:
    """Whether any entry has become another one after the first and up to the second moment."""
    between = (CourseVersion.at > since, CourseVersion.at <= until)
    return session.scalar(sa.select(CourseVersion.id).where(*between).limit(1)) is not None


def query_for(session: Session, actor: Actor, wanted: Wanted) -> Found:
    """The list for those who see it at any time. Raises Denied for all others."""
    if not actor.holds(*READERS):
        raise Denied
    return query(session, wanted)


def query(session: Session, wanted: Wanted) -> Found:
    """Whoever calls has made sure that the reader may have it."""
    conditions = [_newest(wanted.until), CourseVersion.year == wanted.year]
    conditions += [CourseVersion.search.contains(word, autoescape=True) for word in fold(wanted.search[:200]).split()]
    if wanted.stage:
        conditions.append(CourseVersion.stage == wanted.stage)
    total = session.scalar(sa.select(sa.func.count()).select_from(CourseVersion).where(*conditions)) or 0
    rows = sa.select(CourseVersion).where(*conditions).order_by(CourseVersion.search)
    rows = rows.limit(wanted.size).offset((wanted.page - 1) * wanted.size)
    return Found(tuple(_entries(session, session.scalars(rows).all())), total)


def _newest(until: datetime) -> sa.ColumnElement[bool]:
    """The version of its course that held at that moment: the index finds whether there is a later one."""
    later = aliased(CourseVersion)
    after = sa.or_(later.at > CourseVersion.at, sa.and_(later.at == CourseVersion.at, later.id > CourseVersion.id))
    same = (later.course_id == CourseVersion.course_id, later.at >= CourseVersion.at, later.at <= until)
    return sa.and_(CourseVersion.at <= until, ~sa.exists().where(*same, after))


def _entries(session: Session, rows: Sequence[CourseVersion]) -> list[Entry]:
    """Names are looked up once for the whole page."""
    named: set[str] = set()
    homes: set[str] = set()
    for row in rows:
        entry = row.entry
        named |= {entry[name] for name in ("creator_id", "executor_id", "counterpart_id", "representative_id")}
        named |= set(entry["coordinators"])
        homes |= {entry["initiator_id"], *entry["bodies"]}
    persons = by_ids(session, [one for one in named if one])
    homes |= {person.organisation_id for person in persons.values() if person.organisation_id}
    known = session.scalars(sa.select(Organisation).where(Organisation.id.in_(homes)))
    names = _Names(persons, {one.id: one for one in known})
    return [names.entry(row) for row in rows]


@dataclass(frozen=True, slots=True)
class _Names:
    """People and organisations of a page, by id."""

    people: dict[str, Person]
    organisations: dict[str, Organisation]

    def who(self, person_id: str | None) -> Who | None:
        person = self.people.get(person_id or "")
        if person is None:
            return None
        home = self.organisations.get(person.organisation_id or "")
        return Who(person.name, home.name if home else course_people.NOBODY, course_people.contact(person))

    def code(self, organisation_id: str) -> Text:
        found = self.organisations.get(organisation_id)
        return found.code if found else Text(organisation_id, organisation_id)

    def initiator(self, organisation_id: str) -> Text:
        """A body by its code, an institute by its name."""
        found = self.organisations.get(organisation_id)
        if found is None:
            return Text(organisation_id, organisation_id)
        return found.code if found.kind == "body" else found.name

    def entry(self, row: CourseVersion) -> Entry:
        kept = row.entry
        contact = self.who(kept["representative_id"]) or self.who(kept["executor_id"])
        return Entry(
            course_id=row.course_id,
            number=kept["number"],
            title=Text(kept["title_ru"], kept["title_en"]),
            initiator=self.initiator(kept["initiator_id"]),
            bodies=tuple(self.code(one) for one in kept["bodies"]),
            year=row.year,
            field=kept["field"],
            language=kept["language"],
            format=kept["format"],
            contact=contact,
            creator=self.who(kept["creator_id"]),
            coordinators=tuple(who for one in kept["coordinators"] if (who := self.who(one))),
            stage=row.stage,
            source=kept["source"],
            remarks=kept["source_note"],
        )
