"""What a run waits for, with the moments by which it is due: open tasks, timers, and letters that remind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.engine import Advance, Json, OpenTask, Specification, Timer
from app.identity.places import Place
from app.workflow import deadlines, moments
from app.workflow.sandbox.times import Times, Unresolvable

Undated = Callable[[str, str], None]
"""(element, why): no moment can be computed."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An open task."""

    task: OpenTask
    due: datetime | None
    dates: dict[str, datetime]
    """Its deadlines by name."""
    place: Place
    since: datetime


@dataclass(slots=True)
class Pending:
    """A timer that is set. `due` None: no moment can be computed, it never fires by itself."""

    timer: Timer
    due: datetime | None
    place: Place


@dataclass(frozen=True, slots=True)
class Reminder:
    """A letter of the program itself about a task whose date is near or has passed."""

    task: str
    letter: str
    due: datetime


@dataclass(slots=True)
class Waiting:
    """Kept up with every step of the engine."""

    specification: Specification
    times: Times
    undated: Undated
    tasks: dict[str, Standing] = field(default_factory=dict)
    timers: dict[str, Pending] = field(default_factory=dict)
    reminders: list[Reminder] = field(default_factory=list)
    _calls: dict[str, dict[str, datetime]] = field(default_factory=dict)
    """Deadlines of activities that are no tasks, made when a timer first needs them."""

    def follow(self, change: Advance, now: datetime) -> None:
        for closed in change.closed:
            self.tasks.pop(closed.id, None)
            self.reminders = [one for one in self.reminders if one.task != closed.id]
        for ident in change.cancelled_timers:
            self.timers.pop(ident, None)
        for task in change.tasks:
            self._open(task, now)
        for timer in change.timers:
            self._set(timer, now)

    def next_timer(self, until: datetime) -> Pending | None:
        """The timer that is due first, by then."""
        due = [(one.due, number, one) for number, one in enumerate(self.timers.values()) if one.due is not None]
        first = min(due, default=None, key=lambda one: one[:2])
        return first[2] if first and first[0] <= until else None

    def take_reminder(self, until: datetime) -> Reminder | None:
        """The letter that goes out first, by then; it is forgotten."""
        first = min(self.reminders, default=None, key=lambda one: one.due)
        if first is None or first.due > until:
            return None
        self.reminders.remove(first)
        return first

    def fired(self, pending: Pending, still: bool, now: datetime) -> None:
        """A cycle gets its next moment, everything else is over."""
        timer = pending.timer
        if still and timer.kind == "cycle" and timer.id in self.timers and pending.due is not None:
            try:
                pending.due = self.times.following(timer.expression, pending.due, now, pending.place)
            except Unresolvable as error:
                self.undated(timer.element, str(error))
                pending.due = None
        else:
            self.timers.pop(timer.id, None)

    def _open(self, task: OpenTask, now: datetime) -> None:
        place = self.times.place(task.organisation, task.person)
        wanted = {**task.deadlines, **({deadlines.OWN: task.due} if task.due is not None else {})}
        dates = self._dates(task.element, wanted, now, place)
        own = dates.get(deadlines.OWN) or min(dates.values(), default=None)
        self.tasks[task.id] = Standing(task, own, dates, place, now)
        process = self.specification.processes[task.process]
        watched = any(one.attached_to == task.element and one.event and one.event.kind == "timer"
                      for one in process.elements.values())  # fmt: skip
        if own is not None and not watched and not process.elements[task.element].quiet:
            self.reminders += [
                Reminder(task.id, "task_due_soon", self.times.soon(own, place)),
                Reminder(task.id, "task_overdue", own),
            ]

    def _dates(self, element: str, wanted: Mapping[str, Json], now: datetime, place: Place) -> dict[str, datetime]:
        found = {}
        for name, expression in wanted.items():
            if expression is None:
                continue
            try:
                found[name] = self.times.deadline(expression, now, place)
            except Unresolvable as error:
                self.undated(element, f"{name}: {error}")
        return found

    def _set(self, timer: Timer, now: datetime) -> None:
        host = self.tasks.get(timer.task or "")
        place = host.place if host else self.times.place()
        scope: dict[str, datetime | None] = dict(host.dates) if host else {}
        name = moments.depends_on(timer.expression)
        if name is not None and name in timer.deadlines and name not in scope and timer.task is not None:
            made = self._calls.setdefault(timer.task, {})
            if name not in made:
                made |= self._dates(timer.element, {name: timer.deadlines[name]}, now, place)
            scope |= made
        due = None
        try:
            due = self.times.timer(timer.expression, now, place, scope)
        except Unresolvable as error:
            self.undated(timer.element, str(error))
        self.timers[timer.id] = Pending(timer, due, place)
