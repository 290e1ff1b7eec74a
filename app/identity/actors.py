"""Who is asking, and what they may do today."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.config import Config
from app.errors import NotFound
from app.i18n import Locale, Text
from app.identity.models import SECRETARIAT, Appointment, Organisation, Person, Substitution
from app.identity.roles import OF_A_SUBJECT, WITHIN_ORGANISATION
from app.identity.validity import lends, meets, overlap


@dataclass(frozen=True, slots=True)
class Holding:
    """A role held today. `organisation_id` and `subject` None: not narrowed; `on_behalf_of`: the absent person's id."""

    role: str
    organisation_id: str | None = None
    subject: str | None = None
    on_behalf_of: str | None = None

    def covers(self, organisation: str | None, subject: str | None, *, named: bool) -> bool:
        """Whether a task of this role falls to the holder; `named` when the task names the holder as its person."""
        return self._covers_organisation(organisation, subject, named) and self._covers_subject(subject, named)

    def _covers_organisation(self, organisation: str | None, subject: str | None, named: bool) -> bool:
        if self.role not in WITHIN_ORGANISATION:
            return True
        if organisation is None:  # "any chair" is nobody: a forgotten organisation must not open a task to all bodies
            return named or (subject is not None and subject == self.subject)
        return self.organisation_id in (None, organisation)

    def _covers_subject(self, subject: str | None, named: bool) -> bool:
        if subject is None:
            return self.subject is None or named
        if self.subject is None:
            return self.role not in OF_A_SUBJECT or named
        return self.subject == subject


@dataclass(frozen=True, slots=True)
class Actor:
    """A person with what they hold today, computed once a request."""

    person_id: str
    name: Text
    locale: Locale
    zone: str
    organisation_id: str | None = None
    holdings: tuple[Holding, ...] = ()

    def may(
        self,
        role: str | None,
        organisation: str | None = None,
        subject: str | None = None,
        person: str | None = None,
        exclude: Collection[str] = (),
    ) -> bool:
        """Whether this person may act on a task of that role, organisation, subject and named person.

        Somebody in `exclude` never may (reading A14), not as a substitute either; their own substitute may. A task
        without a role falls only to the person it names.
        """
        if self.person_id in exclude:
            return False
        if not role:
            return person is not None and person == self.person_id
        for holding in self.holdings:
            holder = holding.on_behalf_of or self.person_id
            addressed = holding.role == role and person in (None, holder)
            if addressed and holding.covers(organisation, subject, named=person is not None):
                return True
        return False

    def holds(self, *roles: str) -> bool:
        """Whether one of the roles is held at all, as for a page that belongs to a role."""
        return any(holding.role in roles for holding in self.holdings)

    def organisations(self, *roles: str) -> frozenset[str]:
        """Where those roles are held."""
        return frozenset(h.organisation_id for h in self.holdings if h.role in roles and h.organisation_id)

    def subjects(self, *roles: str) -> frozenset[str]:
        """Subjects, such as courses, for which one of those roles is held."""
        return frozenset(h.subject for h in self.holdings if h.role in roles and h.subject)


def rights_of(actor: Actor) -> str:
    """The roles held, in short: a session is given a fresh secret when they change."""
    roles = " ".join(sorted({holding.role for holding in actor.holdings}))
    return sha256(roles.encode()).hexdigest()[:16]


# Every request reads these: the statements are built once, and of tables rather than models, since building them, and
# the way through the mapper, cost more than running them.
_PEOPLE: Any = Person.__table__
_HOMES: Any = Organisation.__table__
_FALLBACK = sa.select(_HOMES.c.zone).where(_HOMES.c.id == SECRETARIAT).scalar_subquery()
PEOPLE = _PEOPLE.outerjoin(_HOMES, _HOMES.c.id == _PEOPLE.c.organisation_id)
FACTS: tuple[Any, ...] = (
    *(_PEOPLE.c[name] for name in ("id", "name_ru", "name_en", "locale", "organisation_id")),
    _HOMES.c.zone,
    _FALLBACK,
)
"""Of PEOPLE: what `from_facts` makes an actor of."""
ACTIVE = _PEOPLE.c.active
_PERSON = sa.select(*FACTS).select_from(PEOPLE).where(_PEOPLE.c.id == sa.bindparam("person"), ACTIVE)


def _holdings_statement() -> sa.CompoundSelect[Any]:
    """Own appointments, and with a substitution's days and giver those that are lent."""
    held = (Appointment.role, Appointment.organisation_id, Appointment.subject, Organisation.zone)
    dates = (Appointment.valid_from, Appointment.valid_to)
    own = sa.select(*held, *dates, *(date.label(None) for date in dates), sa.null().label("absent_id"))
    own = own.where(Appointment.person_id == sa.bindparam("person"))
    lent = sa.select(*held, *dates, Substitution.valid_from, Substitution.valid_to, Substitution.absent_id)
    lent = lent.join(Substitution, lends()).where(Substitution.substitute_id == sa.bindparam("person"))
    at_home = Organisation.id == Appointment.organisation_id
    return sa.union_all(own.outerjoin(Organisation, at_home), lent.outerjoin(Organisation, at_home))


_HOLDINGS = _holdings_statement()


def actor_of(session: Session, person_id: str) -> Actor:
    """The person as an actor, in two statements. NotFound for somebody unknown or deactivated."""
    row = session.execute(_PERSON, {"person": person_id}).one_or_none()
    if row is None:
        raise NotFound
    return from_facts(session, row)


def from_facts(session: Session, facts: Sequence[Any]) -> Actor:
    """The person whose FACTS were read, with what they hold: one statement."""
    person_id, name_ru, name_en, locale, organisation_id, zone, fallback = facts
    fallback = fallback or Config().default_zone
    return Actor(
        person_id=person_id,
        name=Text(name_ru, name_en),
        locale=locale,
        zone=zone or fallback,
        organisation_id=organisation_id,
        holdings=_holdings(session, person_id, fallback),
    )


def formerly(session: Session, actor: Actor, since: date) -> Actor:
    """The same person with all that was held on any day from then until today, to tell who has just lost it."""
    return replace(actor, holdings=_holdings(session, actor.person_id, actor.zone, since))


class _Held(NamedTuple):
    """A row of the second statement: an appointment and, where it is lent, the substitution's days and giver."""

    role: str
    organisation_id: str | None
    subject: str | None
    zone: str | None
    first: date
    last: date | None
    lent_first: date
    lent_last: date | None
    absent_id: str | None


def _holdings(session: Session, person_id: str, default_zone: str, since: date | None = None) -> tuple[Holding, ...]:
    """Own appointments and those of people this one substitutes for, valid today where they are held, or `since`."""
    rows: Sequence[Any] = session.execute(_HOLDINGS, {"person": person_id}).all()
    found: dict[Holding, None] = {}
    for row in (_Held(*columns) for columns in rows):
        today = clock.today(row.zone or default_zone)
        days = overlap((row.first, row.last), (row.lent_first, row.lent_last))
        if meets(days, since or today, today):
            found[Holding(row.role, row.organisation_id, row.subject, row.absent_id)] = None
    return tuple(found)
