"""The list of letters: to whom, about what, and what became of each.

What became of a letter is read from its own row and from the job that delivers it; it is stored nowhere else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.kinds import Kind
from app.courses.letters import delivery, trail
from app.courses.letters.models import Letter
from app.errors import N_, Conflict, NotFound
from app.i18n import Text, fold
from app.identity.actors import Actor
from app.identity.models import Person
from app.workflow import jobs
from app.workflow.models import Job, Subject

READERS = ("operator", "secretariat", "administrator")
SENDERS = ("operator", "secretariat")
State = Literal["waiting", "sent", "refused", "bounced", "dropped"]
STATES: tuple[State, ...] = get_args(State)
ON_ITS_WAY = N_("This letter is on its way already.")


@dataclass(frozen=True, slots=True)
class Line:
    """A letter as the list shows it. `reason`: why it waits, was refused or came back."""

    letter: Letter
    name: str
    address: str
    state: State
    reason: str
    about: Text | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What narrows the list."""

    search: str = ""
    state: State | None = None
    course: str = ""
    instance: str = ""


def listed(session: Session, actor: Actor, asked: Asked, page: int, size: int) -> tuple[list[Line], bool]:
    """A page of letters, the newest first, and whether there are more."""
    query = _query(actor).order_by(Letter.composed_at.desc(), Letter.id.desc())
    for word in fold(asked.search[:200]).split():
        query = query.where(
            sa.or_(
                Person.folded.contains(word, autoescape=True),
                Subject.folded.contains(word, autoescape=True),
                sa.func.lower(Letter.to_address).contains(word, autoescape=True),
            )
        )
    if asked.state:
        query = query.where(_STATE.in_([asked.state]))
    if asked.course:
        query = query.where(Letter.subject_id == asked.course)
    if asked.instance:
        query = query.where(Letter.instance_id == asked.instance)
    rows = session.execute(query.offset((page - 1) * size).limit(size + 1)).all()
    return [_line(*row) for row in rows[:size]], len(rows) > size


def get(session: Session, actor: Actor, letter_id: str) -> Line:
    row = session.execute(_query(actor).where(Letter.id == letter_id)).one_or_none()
    if row is None:
        raise NotFound
    return _line(*row)


def send_again(session: Session, actor: Actor, letter_id: str) -> None:
    """Deliver a letter that was refused or came back once more, under its Message-ID; to the address as it is now."""
    line = get(session, actor, letter_id)
    letter = session.get_one(Letter, letter_id, with_for_update=True)
    query = sa.select(Job).where(Job.key == delivery.job_key(letter_id)).with_for_update()
    job = session.scalars(query).one_or_none()
    if line.state not in ("refused", "bounced") or (job is not None and job.outcome is None):
        raise Conflict(ON_ITS_WAY)
    letter.sent_at, letter.bounced_at = None, None
    session.flush()
    trail.keep(session, letter, Kind.LETTER_SENT_AGAIN, actor.person_id)
    if job is not None:
        jobs.revive(session, job)
    else:  # done so long ago that its row was cleared away
        key = delivery.job_key(letter_id)
        jobs.enqueue(session, delivery.NAME, {"letter": letter_id}, key=key, instance_id=letter.instance_id)


_STATE: sa.Case[Any] = sa.case(
    (Letter.bounced_at.is_not(None), "bounced"),
    (Letter.sent_at.is_not(None), "sent"),
    (Job.outcome == "dead", "refused"),
    (Job.outcome.is_not(None), "dropped"),
    else_="waiting",
)


def _query(actor: Actor) -> sa.Select[Any]:
    """Letters about coming in are for those who invite; the rest for everybody who may read the list."""
    query = (
        sa.select(Letter, Person, Job.last_error, _STATE, Subject)
        .outerjoin(Person, Person.id == Letter.recipient_id)
        .outerjoin(Job, Job.key == sa.literal(f"{delivery.NAME}:") + Letter.id)
        .outerjoin(Subject, Subject.key == Letter.subject_id)
    )
    if not actor.holds(*SENDERS):
        query = query.where(Letter.link_id.is_(None))
    return query


def _line(letter: Letter, person: Person | None, error: str | None, state: State, subject: Subject | None) -> Line:
    name = letter.to_name or (str(person.name) if person else "")
    address = letter.to_address or (person.email or "" if person else "")
    about = Text(subject.title_ru, subject.title_en) if subject else None
    reason = letter.bounce if state == "bounced" else error if state in ("waiting", "refused") else None
    return Line(letter, name, address, state, reason or "", about)


def states(value: str) -> State | None:
    """The state named by a query, or None."""
    found: Sequence[State] = [one for one in STATES if one == value]
    return found[0] if found else None
