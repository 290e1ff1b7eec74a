"""By when a sheet is to be considered (A4): proposed with the round, moved as the deadline of whoever considers it.

While somebody considers the materials, the date lives as a deadline of the workflow; its changes and their reasons are
in the evidence. Whenever the task passes on, they are written into the round, so that the sheet prints them for good.
"""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.history import history
from app.audit.kinds import Kind
from app.courses.models import Agreement, Sheet, SheetRound
from app.workflow.models import Deadline, Task

NAME = "answer"
"""The deadline's name in the diagram."""
_MOVING = (Kind.DEADLINE_EXTENDED, Kind.DEADLINE_CLOCK_STARTED)


def current(session: Session, sheet: Sheet, opened: SheetRound) -> date:
    """The day that holds now."""
    running = _running(session, sheet) if opened.decided_at is None else None
    return _day(running.due, running.zone) if running else opened.due


def is_over(session: Session, sheet: Sheet, opened: SheetRound) -> bool:
    """Whether the day has passed where the body considers the materials."""
    running = _running(session, sheet) if opened.decided_at is None else None
    if running is None:
        return opened.due < clock.now().date()
    return running.stopped_at is None and running.due <= clock.now()


def changes(session: Session, sheet: Sheet, opened: SheetRound) -> list[dict[str, Any]]:
    """Every move of the date, oldest first: {"from", "to", "reason", "by", "at"}."""
    running = _running(session, sheet) if opened.decided_at is None else None
    return [*opened.due_changes, *(_moves(session, running) if running else [])]


def write_down(session: Session, sheet: Sheet, opened: SheetRound) -> date:
    """Keep the date and its changes in the round: its task is about to close. Returns the date."""
    running = _running(session, sheet)
    if running is not None:
        opened.due_changes = [*opened.due_changes, *_moves(session, running)]
        opened.due = _day(running.due, running.zone)
        session.flush()
    return opened.due


def _running(session: Session, sheet: Sheet) -> Deadline | None:
    """The deadline of the open task in which the body considers the sheet."""
    instance = sa.select(Agreement.instance_id).where(Agreement.id == sheet.agreement_id).scalar_subquery()
    query = (
        sa.select(Deadline)
        .join(Task, Task.id == Deadline.task_id)
        .where(Task.instance_id == instance, Task.organisation == sheet.body_id, Deadline.name == NAME)
    )
    return session.scalar(query.order_by(Task.opened_at.desc(), Task.id).limit(1))


def _moves(session: Session, deadline: Deadline) -> list[dict[str, Any]]:
    """Extended, or started again after the clock stood: each from the day before it to the new one, with the reason."""
    page = history(session, "instance", deadline.instance_id, kinds=_MOVING, limit=200)
    moved = [event for event in page.events if (event.body["task"], event.body["name"]) == (deadline.task_id, NAME)]
    found: list[dict[str, Any]] = []
    day = _day(deadline.first_due, deadline.zone).isoformat()
    for event in reversed(moved):
        before, day = day, _day(datetime.fromisoformat(event.body["due"]), deadline.zone).isoformat()
        reason = (event.personal or {}).get("reason", "")
        found.append({"from": before, "to": day, "reason": reason, "by": event.actor, "at": event.at.isoformat()})
    return found


def _day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()
