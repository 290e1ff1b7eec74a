"""The list on request (6.2): every participant of cooperation may ask, who got it is kept (A55)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit import evidence
from app.audit.kinds import Kind
from app.courses import settings
from app.courses.planning import listing
from app.courses.planning.models import RegisterRequest
from app.errors import N_, Conflict, Denied, Invalid, NotFound, Problem
from app.i18n import Text
from app.identity.actors import Actor
from app.identity.models import Organisation, OrganisationKind, Person
from app.workflow import events

EVENT = "register.requested"
STREAM = "register-requests"
TITLE = Text("Запрос перечня курсов {year} года", "Request for the list of courses of {year}")
PARTICIPANTS: tuple[OrganisationKind, ...] = ("nmi", "national_secretariat", "body", "secretariat")
LONGEST = 2000
LOG_READERS = ("secretariat", "administrator", "auditor")
STATES = {"asked": N_("awaits the Secretariat"), "released": N_("released"), "refused": N_("release refused")}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the log."""

    request: RegisterRequest
    person: Text
    organisation: Text
    decided_by: Text | None


def participants(session: Session, actor: Actor) -> list[Organisation]:
    """Members of the cooperation for which the person may ask: where they are at home or appointed (A55)."""
    ids = {actor.organisation_id} | {holding.organisation_id for holding in actor.holdings}
    query = sa.select(Organisation).where(
        Organisation.id.in_([one for one in ids if one]), Organisation.kind.in_(PARTICIPANTS), Organisation.active
    )
    return sorted(session.scalars(query), key=lambda one: (one.id != actor.organisation_id, one.id))


def is_participant(session: Session, actor: Actor) -> bool:
    return bool(participants(session, actor))


def ask(session: Session, actor: Actor, values: Mapping[str, Any]) -> RegisterRequest:
    """Ask for the list of a year. Raises Denied for an outsider, Invalid with the fields that are wrong."""
    homes = participants(session, actor)
    if not homes:
        raise Denied
    year, purpose = str(values.get("year") or ""), str(values.get("purpose") or "").strip()
    problems: dict[str, Problem] = {}
    if not (year.isdecimal() and int(year) in listing.years(session)):
        problems["year"] = Problem(N_("Choose a year for which there is a list."))
    if len(purpose) > LONGEST:
        problems["purpose"] = Problem(N_("This is too long: at most %(number)s characters."), number=LONGEST)
    if problems:
        raise Invalid(N_("Some answers need another look."), problems)
    waiting = sa.select(RegisterRequest).where(
        RegisterRequest.asked_by == actor.person_id,
        RegisterRequest.year == int(year),
        RegisterRequest.state == "asked",
    )
    known = session.scalar(waiting)
    if known is not None:
        raise Conflict(N_("You have asked for this list already; the Secretariat will answer."))
    made = RegisterRequest(year=int(year), purpose=purpose, organisation_id=homes[0].id, asked_by=actor.person_id)
    session.add(made)
    session.flush()
    body = {"request": made.id, "year": made.year, "organisation": made.organisation_id}
    _record(session, Kind.REGISTER_REQUESTED, actor.person_id, body, {"purpose": purpose} if purpose else None)
    events.announce(session, EVENT, made.id, by=actor.person_id)
    return made


def _record(
    session: Session, kind: Kind, by: str, body: Mapping[str, Any], personal: Mapping[str, Any] | None = None
) -> None:
    evidence.record(session, "register", STREAM, kind, by, body, personal, by if personal else None)


def title(asked: RegisterRequest) -> Text:
    return Text(*(TITLE.into(locale).format(year=asked.year) for locale in ("ru", "en")))


def get(session: Session, request_id: str) -> RegisterRequest:
    """Raises NotFound."""
    found = session.get(RegisterRequest, request_id)
    if found is None:
        raise NotFound
    return found


def is_automatic(session: Session) -> bool:
    """Whether the list is released without anybody's decision."""
    return settings.read(session, "register_release", settings.today(session)) == "automatic"


def release(session: Session, asked: RegisterRequest, by: str, *, automatic: bool) -> None:
    """The asker gets the list as it stands now; released twice, the first time counts."""
    if asked.state != "asked":
        return
    asked.state, asked.automatic = "released", automatic
    asked.decided_by, asked.decided_at = by, clock.now()
    session.flush()
    body = {"request": asked.id, "year": asked.year, "to": asked.asked_by, "automatic": automatic}
    _record(session, Kind.REGISTER_RELEASED, by, body)


def refuse(session: Session, asked: RegisterRequest, reason: str, by: str) -> None:
    if asked.state != "asked":
        return
    asked.state, asked.reason = "refused", reason
    asked.decided_by, asked.decided_at = by, clock.now()
    session.flush()
    _record(session, Kind.REGISTER_REFUSED, by, {"request": asked.id, "to": asked.asked_by}, {"reason": reason})


def get_for(session: Session, actor: Actor, request_id: str) -> RegisterRequest:
    """For whoever asked and for those who read the log. Raises NotFound, Denied."""
    found = get(session, request_id)
    if found.asked_by != actor.person_id and not actor.holds(*LOG_READERS):
        raise Denied
    return found


def released_for(session: Session, actor: Actor, request_id: str) -> RegisterRequest:
    """The same, once the list was released; nobody gets a list that was not."""
    found = get_for(session, actor, request_id)
    if found.state != "released":
        raise NotFound
    return found


def log(session: Session, actor: Actor, page: int, size: int) -> tuple[list[Line], bool]:
    """A page of requests, the newest first, and whether there are more: all of them for those who read the log."""
    query = (
        sa.select(RegisterRequest, Person, Organisation)
        .outerjoin(Person, Person.id == RegisterRequest.asked_by)
        .outerjoin(Organisation, Organisation.id == RegisterRequest.organisation_id)
        .order_by(RegisterRequest.asked_at.desc(), RegisterRequest.id.desc())
    )
    if not actor.holds(*LOG_READERS):
        query = query.where(RegisterRequest.asked_by == actor.person_id)
    rows = session.execute(query.offset((page - 1) * size).limit(size + 1)).all()
    return [_line(session, *row) for row in rows[:size]], len(rows) > size


def _line(session: Session, asked: RegisterRequest, person: Person | None, home: Organisation | None) -> Line:
    decided = session.get(Person, asked.decided_by) if asked.decided_by else None
    nobody = Text("", "")
    return Line(
        asked, person.name if person else nobody, home.name if home else nobody, decided.name if decided else None
    )
