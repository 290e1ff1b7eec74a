"""Mailing the enrolment key: a letter of its own to each listed person, and a log of who got it (R4.6-c, A40)."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.courses.access import granting, sealed
from app.courses.access.models import AccessEntry, AccessList
from app.courses.letters import delivery
from app.courses.letters.facts import Facts
from app.courses.letters.models import Letter
from app.courses.letters.recipients import Addressee
from app.courses.letters.sending import Wanted, send
from app.courses.models import Course
from app.courses.record import record
from app.engine import Json
from app.i18n import Text, as_locale
from app.workflow import releases
from app.workflow.models import Instance, Job

LETTER = "access_key"
KEPT = timedelta(days=7)
"""After that the key is forgotten even if a letter has not gone: it is entered again then."""


def mail(session: Session, made: AccessList, instance: Instance) -> Json:
    """One letter to each address; the text holds a mark in the key's place."""
    course = session.get_one(Course, made.course_id)
    folder = releases.specification(session, instance.release_id).processes[instance.process].folder
    locale = as_locale(made.locale) or "ru"
    for entry in granting.entries(session, made.id, "waiting"):
        name = entry.name or entry.account
        to = Addressee(entry.id, Text(name, name), entry.account, locale)
        key = f"{LETTER}:{entry.id}"
        wanted = Wanted(LETTER, key, [to], instance, folder, course, more=_facts, secret=made.id)
        letters = send(session, wanted)
        entry.letter_id = letters[0].id if letters else entry.letter_id
        entry.state, entry.settled_by, entry.settled_at = "sent", made.made_by, clock.now()
    session.flush()
    counted = granting.counted(session, made.id)
    record(session, made.course_id, Kind.ACCESS_KEY_SENT, made.made_by, {"list": made.id, "letters": counted})
    return {"letters": counted.get("sent", 0)}


def _facts() -> Facts:
    return {"access": {"key": delivery.KEY}}


def forget(session: Session, made: AccessList) -> Json:
    """Once every letter has gone or will not go; `waiting` counts those still on their way."""
    waiting = _on_their_way(session, made.id)
    if waiting and clock.now() - made.made_at < KEPT:
        return {"waiting": waiting}
    if sealed.forget(session, made.id):
        record(session, made.course_id, Kind.ACCESS_KEY_FORGOTTEN, "system:access", {"list": made.id})
    return {"waiting": 0}


def _on_their_way(session: Session, list_id: str) -> int:
    live = sa.and_(Letter.sent_at.is_(None), Letter.bounced_at.is_(None), Job.outcome.is_(None))
    query = (
        sa.select(sa.func.count())
        .select_from(AccessEntry)
        .join(Letter, Letter.id == AccessEntry.letter_id)
        .outerjoin(Job, Job.key == sa.literal(f"{delivery.NAME}:") + Letter.id)
        .where(AccessEntry.list_id == list_id, live)
    )
    return session.scalar(query) or 0


def letters_of(session: Session, entries: list[AccessEntry]) -> dict[str, Letter]:
    """By id: when each went out, and whether it came back."""
    wanted = [one.letter_id for one in entries if one.letter_id]
    found = session.scalars(sa.select(Letter).where(Letter.id.in_(wanted))) if wanted else ()
    return {one.id: one for one in found}
