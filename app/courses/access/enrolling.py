"""What became of a list on the platform: enrolled and read back, unknown there, or refused; who did it and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.connectors.moodle import BY_HAND, Client, Refused, learners
from app.connectors.moodle.learners import Learner
from app.courses.access import granting
from app.courses.access.models import AccessList
from app.courses.models import Course
from app.courses.platform import connection, looking
from app.courses.record import record
from app.engine import Json
from app.errors import N_, Invalid, Problem

OPEN = ("unknown", "failed")
SHOWN = 200
"""Rows of a form: a longer list of troubles is settled in several passes."""


@dataclass(frozen=True, slots=True)
class Wanted:
    accounts: tuple[str, ...]
    course: looking.Wanted


@dataclass(frozen=True, slots=True)
class Enrolled:
    """`known`: account as typed -> who it is there; `enrolled`: ids that the platform shows as enrolled."""

    known: Mapping[str, Learner]
    enrolled: frozenset[int]


def act(request: Wanted) -> Enrolled | str:
    """Look up and enrol; words where a person has to do it. Safe to repeat: who is enrolled is passed over."""
    client = connection.client()
    if client is None:
        return connection.NO_TOKEN
    if not request.accounts:
        return Enrolled({}, frozenset())
    try:
        return _enrol(client, request)
    except Refused as refusal:
        if refusal.code != BY_HAND:
            raise
        return str(refusal)


def _enrol(client: Client, request: Wanted) -> Enrolled | str:
    there = looking.look(client, request.course).course
    if there is None:
        return "the platform does not show the course to our account"
    known = learners.by_accounts(client, request.accounts)
    ids = [one.id for one in known.values()]
    return Enrolled(known, frozenset(learners.enrol(client, there.id, ids)) if ids else frozenset())


def keep(session: Session, made: AccessList, answer: Enrolled | str) -> Json:
    """Write it down; `open` counts those who want a decision."""
    if isinstance(answer, str):
        return {"by_hand": True, "open": 0}
    for entry in granting.entries(session, made.id, "waiting"):
        one = answer.known.get(entry.account)
        entry.platform_id = one.id if one else None
        entry.name = entry.name or (one.name if one else "")
        entry.state = "unknown" if one is None else "enrolled" if one.id in answer.enrolled else "failed"
        entry.settled_by, entry.settled_at = made.made_by, clock.now()
    session.flush()
    counted = granting.counted(session, made.id)
    _tell(session, made, "system:moodle", counted)
    return {"by_hand": False, "open": sum(counted.get(state, 0) for state in OPEN)}


def _tell(session: Session, made: AccessList, by: str, counted: Mapping[str, int]) -> None:
    body = {"list": made.id, "counted": dict(counted)}
    record(session, made.course_id, Kind.LEARNERS_ENROLLED, by, body)


def settle(session: Session, made: AccessList, rows: Sequence[Mapping[str, Any]], by: str) -> Json:
    """What the coordinator decided on each account that is unknown or was refused. Raises Invalid."""
    opened = granting.entries(session, made.id, *OPEN)[:SHOWN]
    if len(rows) < len(opened):
        message = N_("Say what becomes of each account.")
        raise Invalid(message, {"accounts": Problem(message)})
    for entry, row in zip(opened, rows, strict=False):
        act_ = str(row.get("act"))
        if act_ == "correct":
            entry.note, entry.account = entry.account, str(row.get("corrected") or "").strip()
        elif act_ == "drop":
            entry.note = str(row.get("note") or "").strip()
        entry.state = "dropped" if act_ == "drop" else "waiting"
        entry.settled_by, entry.settled_at = by, clock.now()
    session.flush()
    body = {"list": made.id, "counted": granting.counted(session, made.id)}
    record(session, made.course_id, Kind.LEARNERS_SETTLED, by, body)
    return {"again": bool(granting.entries(session, made.id, "waiting", *OPEN))}


def confirm_by_hand(session: Session, made: AccessList, unknown: Sequence[str], by: str) -> Json:
    """Enrolled by a person on the platform, except for the accounts that it does not know. Raises Invalid."""
    waiting = granting.entries(session, made.id, "waiting")
    named = {one.strip().lower() for one in unknown if one.strip()}
    strange = sorted(named - {one.account.lower() for one in waiting})
    if strange:
        message = N_("These accounts are not on the list: %(accounts)s.")
        problem = Problem(message, accounts=", ".join(strange[:5]))
        raise Invalid(message, {"unknown": problem}, accounts=", ".join(strange[:5]))
    for entry in waiting:
        entry.state = "unknown" if entry.account.lower() in named else "enrolled"
        entry.settled_by, entry.settled_at = by, clock.now()
    session.flush()
    counted = granting.counted(session, made.id)
    _tell(session, made, by, counted)
    return {"by_hand": False, "open": counted.get("unknown", 0)}


def wanted(session: Session, made: AccessList, course: Course) -> Wanted:
    accounts = tuple(one.account for one in granting.entries(session, made.id, "waiting"))
    return Wanted(accounts, looking.wanted(course))
