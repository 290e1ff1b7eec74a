"""The rows of a moved instance: what people have done with them stays, what the new diagram says of them is written.

A task keeps its id, its claim, its drafts and its dates. Whom it is asked of follows the new diagram; where that is
somebody else, the claim falls and they are told. Every value that is replaced is kept for the way back.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.engine import Move, OpenTask
from app.identity.places import Place
from app.workflow import deadlines, jobs, messages, moments, reminders
from app.workflow.inbox_reach import pool_of
from app.workflow.models import Incident, Instance, Receiver, Task, Timer
from app.workflow.releases import Loaded

REACH = ("role", "organisation", "person", "exclude")
"""Columns that say who may act."""
MOMENTS = frozenset({"set_at", "due", "since"})
Row = dict[str, Any]
Before = dict[str, Any]


def rewrite(session: Session, instance: Instance, move: Move, old: Loaded, new: Loaded, ident: str) -> Before:
    """Make the rows fit the new release; gives what they were. `ident` names the move, for the keys of its letters.

    Timers and receivers that the move takes away are remembered here and deleted with the step.
    """
    assert move.snapshot is not None
    before: Before = {"tasks": {}, "timers": {}, "receivers": {}, "incidents": {}, "removed": {}}
    wanted = {task.id: task for task in move.snapshot.open_tasks}
    for row in _rows(session, Task, Task.instance_id == instance.id, Task.closed_at.is_(None)):
        if row["id"] in wanted:
            _rewrite_task(session, instance, row, _Columns(wanted[row["id"]], instance, old, new), before, ident)
    _rewrite_waiting(session, instance, move, before)
    timers = _rows(session, Timer, Timer.id.in_(move.advance.cancelled_timers))
    receivers = _rows(session, Receiver, Receiver.id.in_(move.advance.cancelled_receivers))
    before["removed"] = {"timer": [_plain(one) for one in timers], "receiver": [_plain(one) for one in receivers]}
    before["added"] = [item.id for item in move.items if item.how == "added"]
    before["journal"] = [[one.element, one.process, one.task, one.what] for one in move.advance.journal]
    return before


def _rows(session: Session, model: Any, *which: sa.ColumnElement[bool]) -> list[Row]:
    query = sa.select(*model.__table__.columns).where(*which)
    return [dict(row) for row in session.execute(query).mappings()]


def _write(session: Session, model: Any, row: Row, values: Row) -> Row:
    """Store what differs; gives what it was."""
    changed = {name: value for name, value in values.items() if row[name] != value}
    if changed:
        session.execute(sa.update(model).where(model.id == row["id"]).values(changed))
    return {name: row[name] for name in changed}


class _Columns:
    """What the new release says of an open task."""

    def __init__(self, task: OpenTask, instance: Instance, old: Loaded, new: Loaded) -> None:
        element = new.specification.element(task.process, task.element)
        self.values: Row = {
            "process": task.process,
            "element": task.element,
            "role": element.role,
            "organisation": task.organisation,
            "pool": pool_of(element.role, task.organisation),
            "person": task.person,
            "exclude": list(task.exclude) or None,
            "subject": task.subject or instance.subject,
            "title": task.title,
        }
        self._form, self._old, self._new = element.form, old, new

    def form_differs(self, row: Row) -> bool:
        """Whether a page that shows the task now shows another form than the one that will be checked."""
        if self._old.specification.element(row["process"], row["element"]).form != self._form:
            return True
        paths = (f"forms/{self._form}.schema.json", f"forms/{self._form}.ui.json")
        return any(self._old.files.get(path) != self._new.files.get(path) for path in paths)


def _rewrite_task(
    session: Session, instance: Instance, row: Row, columns: _Columns, before: Before, ident: str
) -> None:
    values = dict(columns.values)
    reach = any(row[name] != values[name] for name in REACH)
    if reach or columns.form_differs(row):
        values["revision"] = row["revision"] + 1
    if reach:
        values["claimed_by"] = None
        told = reminders.of_opened(row["id"], instance.id)
        jobs.enqueue_all(session, [replace(one, key=f"{one.key}:{ident}") for one in told])
    was = _write(session, Task, row, values)
    was.pop("revision", None)
    if was:
        before["tasks"][row["id"]] = was


def _rewrite_waiting(session: Session, instance: Instance, move: Move, before: Before) -> None:
    """Names of steps that have another id; messages that have another name."""
    assert move.snapshot is not None
    elements = {item.id: item.element for item in move.items if item.was is not None}
    for row in _rows(session, Timer, Timer.instance_id == instance.id):
        _note(before["timers"], row, _write(session, Timer, row, {"element": elements.get(row["id"], row["element"])}))
    receivers = {one.id: one for one in move.snapshot.receivers}
    for row in _rows(session, Receiver, Receiver.instance_id == instance.id, Receiver.id.in_(receivers)):
        now = receivers[row["id"]]
        was = _write(session, Receiver, row, {"name": now.name, "key": now.key})
        _note(before["receivers"], row, was)
        if was:
            messages.look_for(session, now.name, now.key)
    failed = {problem.task: problem.element for problem in move.snapshot.failed} | elements
    open_ones = Incident.instance_id == instance.id, Incident.closed_at.is_(None)
    for row in _rows(session, Incident, *open_ones, Incident.task_id.in_(one for one in failed if one)):
        _note(before["incidents"], row, _write(session, Incident, row, {"element": failed[row["task_id"]]}))


def _note(before: Before, row: Row, was: Row) -> None:
    if was:
        before[row["id"]] = was


def put_back(session: Session, before: Before) -> None:
    """Undo `rewrite`, with what people have done since: a task's claim and dates stay as they are now."""
    for ident, was in before["tasks"].items():
        kept = {name: value for name, value in was.items() if name != "claimed_by"}
        session.execute(sa.update(Task).where(Task.id == ident).values(revision=Task.revision + 1, **kept))
    tables: dict[str, Any] = {"timers": Timer, "receivers": Receiver, "incidents": Incident}
    for name, model in tables.items():
        for ident, was in before[name].items():
            session.execute(sa.update(model).where(model.id == ident).values(was))
    added = before["added"]
    session.execute(sa.delete(Timer).where(Timer.id.in_(added)))
    session.execute(sa.delete(Receiver).where(Receiver.id.in_(added)))
    for values in before["removed"]["timer"]:
        timer = Timer(**_typed(values))
        session.add(timer)
        session.flush()
        _follow(session, timer)
    for values in before["removed"]["receiver"]:
        session.add(Receiver(**_typed(values)))
        session.flush()
        messages.look_for(session, values["name"], values["key"])


def _follow(session: Session, timer: Timer) -> None:
    """The deadline it follows may have been moved meanwhile."""
    found = deadlines.beside(session, timer.deadline_id) if timer.deadline_id else []
    if found:
        place = Place(timer.country, timer.zone)
        timer.due = moments.timer_due(session, timer.expression, timer.set_at, place, deadlines.running(found))
        session.flush()


def _plain(row: Row) -> Row:
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in row.items()}


def _typed(values: Row) -> Row:
    typed = dict(values)
    for key in MOMENTS & values.keys():
        typed[key] = datetime.fromisoformat(values[key]) if values[key] else None
    return typed
