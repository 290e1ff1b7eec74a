"""The rows of a moved instance: what people have done with them stays, what the new diagram says of them is written.

A task keeps its id, its claim, its drafts and its dates. Whom it is asked of follows the new diagram; where that is
somebody else, the claim falls and they are told. Every value that is replaced is kept for the way back.
"""

from collections.abc import Mapping
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
Before = dict[str, Any]


def rewrite(session: Session, instance: Instance, move: Move, old: Loaded, new: Loaded, ident: str) -> Before:
    """Make the rows fit the new release; gives what they were. `ident` names the move, for the keys of its letters.

    Timers and receivers that the move takes away are remembered here and deleted with the step.
    """
    assert move.snapshot is not None
    before: Before = {"tasks": {}, "timers": {}, "receivers": {}, "incidents": {}, "removed": {}}
    wanted = {task.id: task for task in move.snapshot.open_tasks}
    query = sa.select(Task).where(Task.instance_id == instance.id, Task.closed_at.is_(None))
    for row in session.scalars(query.execution_options(populate_existing=True)):
        if row.id in wanted:
            _rewrite_task(session, instance, row, _Columns(wanted[row.id], instance, old, new), before, ident)
    _rewrite_waiting(session, instance, move, before)
    removed: dict[Any, tuple[str, ...]] = {
        Timer: move.advance.cancelled_timers,
        Receiver: move.advance.cancelled_receivers,
    }
    for model, ids in removed.items():
        for gone in session.scalars(sa.select(model).where(model.id.in_(ids))):
            before["removed"].setdefault(model.__tablename__, []).append(_plain(gone))
    before["added"] = [item.id for item in move.items if item.how == "added"]
    before["journal"] = [[one.element, one.process, one.task, one.what] for one in move.advance.journal]
    session.flush()
    return before


class _Columns:
    """What the new release says of an open task."""

    def __init__(self, task: OpenTask, instance: Instance, old: Loaded, new: Loaded) -> None:
        element = new.specification.element(task.process, task.element)
        self.values: dict[str, Any] = {
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

    def form_differs(self, row: Task) -> bool:
        """Whether a page that shows the task now shows another form than the one that will be checked."""
        was = self._old.specification.element(row.process, row.element).form
        if was != self._form:
            return True
        paths = (f"forms/{self._form}.schema.json", f"forms/{self._form}.ui.json")
        return any(self._old.files.get(path) != self._new.files.get(path) for path in paths)


def _rewrite_task(
    session: Session, instance: Instance, row: Task, columns: _Columns, before: Before, ident: str
) -> None:
    values = dict(columns.values)
    reach = any(getattr(row, name) != values[name] for name in REACH)
    if reach or columns.form_differs(row):
        values["revision"] = row.revision + 1
    if reach:
        values["claimed_by"] = None
        told = reminders.of_opened(row.id, instance.id)
        jobs.enqueue_all(session, [_under(one, f"{one.key}:{ident}") for one in told])
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if changed:
        before["tasks"][row.id] = {name: getattr(row, name) for name in changed if name != "revision"}
        for name, value in changed.items():
            setattr(row, name, value)


def _under(wanted: jobs.Wanted, key: str) -> jobs.Wanted:
    return jobs.Wanted(wanted.operation, wanted.params, key, wanted.instance_id, task_id=wanted.task_id)


def _rewrite_waiting(session: Session, instance: Instance, move: Move, before: Before) -> None:
    """Names of steps that have another id; messages that have another name."""
    assert move.snapshot is not None
    elements = {item.id: item.element for item in move.items if item.was is not None}
    for timer in session.scalars(sa.select(Timer).where(Timer.instance_id == instance.id)):
        _set(before["timers"], timer, {"element": elements.get(timer.id, timer.element)})
    receivers = {one.id: one for one in move.snapshot.receivers}
    for receiver in session.scalars(sa.select(Receiver).where(Receiver.instance_id == instance.id)):
        now = receivers.get(receiver.id)
        if now is not None and _set(before["receivers"], receiver, {"name": now.name, "key": now.key}):
            session.flush()
            messages.look_for(session, now.name, now.key)
    failed = {problem.task: problem.element for problem in move.snapshot.failed} | elements
    query = sa.select(Incident).where(Incident.instance_id == instance.id, Incident.closed_at.is_(None))
    for incident in session.scalars(query):
        if incident.task_id in failed:
            _set(before["incidents"], incident, {"element": failed[incident.task_id]})


def _set(before: Before, row: Any, values: Mapping[str, Any]) -> bool:
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if changed:
        before[row.id] = {name: getattr(row, name) for name in changed}
        for name, value in changed.items():
            setattr(row, name, value)
    return bool(changed)


def put_back(session: Session, before: Before) -> None:
    """Undo `rewrite`, with what people have done since: a task's claim and dates stay as they are now."""
    tables: dict[str, Any] = {"tasks": Task, "timers": Timer, "receivers": Receiver, "incidents": Incident}
    for name, model in tables.items():
        for ident, values in before[name].items():
            row = session.get(model, ident, populate_existing=True)
            if row is not None:
                for column, value in values.items():
                    if column != "claimed_by":
                        setattr(row, column, value)
                if isinstance(row, Task):
                    row.revision += 1
    added = before["added"]
    session.execute(sa.delete(Timer).where(Timer.id.in_(added)))
    session.execute(sa.delete(Receiver).where(Receiver.id.in_(added)))
    for values in before["removed"].get("timer", ()):
        timer = Timer(**_typed(values))
        session.add(timer)
        session.flush()
        _follow(session, timer)
    for values in before["removed"].get("receiver", ()):
        session.add(Receiver(**_typed(values)))
        session.flush()
        messages.look_for(session, values["name"], values["key"])
    session.flush()


def _follow(session: Session, timer: Timer) -> None:
    """The deadline it follows may have been moved meanwhile."""
    found = deadlines.beside(session, timer.deadline_id) if timer.deadline_id else []
    if found:
        place = Place(timer.country, timer.zone)
        timer.due = moments.timer_due(session, timer.expression, timer.set_at, place, deadlines.running(found))
        session.flush()


def _plain(row: Any) -> dict[str, Any]:
    values = {column.key: getattr(row, column.key) for column in row.__table__.columns}
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in values.items()}


def _typed(values: Mapping[str, Any]) -> dict[str, Any]:
    typed = dict(values)
    for key in MOMENTS & values.keys():
        typed[key] = datetime.fromisoformat(values[key]) if values[key] else None
    return typed
