"""Where a run of the sandbox stands, ready to be shown: tasks, timers, diagrams, letters and what has happened."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy.orm import Session

from app import engine
from app.engine import Element, OpenTask
from app.errors import N_
from app.i18n import Text
from app.identity.roles import ROLES
from app.web import due, progress
from app.web.studio.standing import draft
from app.workflow import sandbox
from app.workflow.models_sandbox import StudioSandbox
from app.workflow.sandbox import Act, Compiled, Replay, Setting, World, keeping
from app.workflow.sandbox.picking import of_task, of_timer
from app.workflow.sandbox.telling import Told
from app.workflow.sandbox.waiting import Pending
from app.workflow.studio import drafts

ACTS: Mapping[str, str] = {
    "start": N_("Begun"),
    "begin": N_("Begun as another procedure calls it"),
    "event": N_("Begun by an event"),
    "task": N_("Task done"),
    "timer": N_("Time went on to a timer"),
    "clock": N_("Time went on"),
    "message": N_("A message came"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """An open task or a timer in a list."""

    element: str
    name: str
    whom: str
    due: due.Due
    at: datetime | None
    of: str | None
    nr: int
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """One act with what came of it."""

    number: int
    word: str
    """English msgid."""
    name: str
    who: str
    at: datetime
    told: tuple[Told, ...]


class Stand:
    """A run on the draft as it is now."""

    def __init__(self, session: Session, run: StudioSandbox) -> None:
        self.run = run
        self.setting: Setting = keeping.setting_of(run)
        self.acts: list[Act] = keeping.acts_of(run)
        self.files = drafts.files(session, draft())
        self.compiled = Compiled.of(self.files)
        self.found: Replay = sandbox.replay(self.compiled, self.setting, self.acts, session, self.files)

    @property
    def world(self) -> World:
        return self.found.world

    @property
    def now(self) -> datetime:
        return self.world.now

    @property
    def name(self) -> str:
        process = self.compiled.specification.processes.get(self.setting.process)
        return str(process.name) if process else self.setting.process

    @property
    def goes_on(self) -> bool:
        """Whether anything can be done next."""
        return self.world.run is not None and self.found.unfit is None and self.world.ended is None

    @cached_property
    def snapshot(self) -> engine.Snapshot | None:
        return self.world.run.snapshot() if self.world.run else None

    def person(self, name: str) -> str:
        """What somebody is called who plays; a role where nobody does."""
        member = self.setting.member(name.removeprefix("$"))
        if member is not None:
            return str(Text(*member.names))
        return str(ROLES.get(name, name))

    def element(self, process: str, element: str) -> Element | None:
        known = self.compiled.specification.processes.get(process)
        return known.elements.get(element) if known else None

    def title(self, process: str, element: str) -> str:
        found = self.element(process, element)
        return (str(found.name) if found else "") or element

    def tasks(self, zone: str) -> list[Line]:
        if self.snapshot is None or self.world.question is not None:
            return []
        return [self._task(one, zone) for one in self.snapshot.open_tasks]

    def _task(self, task: OpenTask, zone: str) -> Line:
        assert self.snapshot is not None
        element, reference = self.element(task.process, task.element), of_task(task, self.snapshot.open_tasks)
        role = ROLES.get(element.role or "") if element else None
        whom = self.person(task.person) if task.person else " · ".join(filter(None, (str(role or ""), reference.of)))
        standing = self.world.waiting.tasks.get(task.id)
        moment = standing.due if standing else None
        shown = due.describe(moment, zone, self.now)
        name = task.title or self.title(task.process, task.element)
        clause = (element.clause or "") if element else ""
        return Line(task.element, name, whom, shown, moment, reference.of, reference.nr, clause)

    def timers(self, zone: str) -> list[Line]:
        """Soonest first; those without a moment last."""
        if self.snapshot is None:
            return []
        waiting = self.world.waiting.timers.values()
        return [
            self._timer(one, zone) for one in sorted(waiting, key=lambda one: (one.due is None, one.due or self.now))
        ]

    def _timer(self, one: Pending, zone: str) -> Line:
        assert self.snapshot is not None
        timer, reference = one.timer, of_timer(one.timer, self.snapshot)
        name, shown = self.title(timer.process, timer.element), due.describe(one.due, zone, self.now)
        return Line(timer.element, name, reference.of or "", shown, one.due, reference.of, reference.nr)

    @cached_property
    def charts(self) -> list[progress.Chart]:
        if self.setting.process not in self.compiled.specification.processes:
            return []
        traces: dict[str, progress.Trace] = {}
        for moved in self.world.journal:
            trace = traces.setdefault(moved.process, progress.Trace())
            if moved.what == "entered":
                trace.entered[moved.element] += 1
            elif moved.what in ("completed", "cancelled"):
                trace.left[moved.element] += 1
            if moved.what == "completed":
                trace.done[moved.element] += 1
        over = self.world.ended is not None
        return progress.drawn(self.compiled.specification, self.setting.process, traces, over=over)

    def past(self) -> list[Past]:
        """The newest act first."""
        rows = []
        for number, (act, at) in enumerate(zip(self.acts, self.found.moments, strict=False), 1):
            told = tuple(one for one in self.world.told if one.act == number)
            rows.append(
                Past(number, ACTS[act.kind], self._act_name(act), self.person(act.by) if act.by else "", at, told)
            )
        return rows[::-1]

    def _act_name(self, act: Act) -> str:
        if act.kind not in ("task", "timer"):
            return act.name if act.kind in ("event", "message") else ""
        for process in self.compiled.specification.processes.values():
            if act.name in process.elements:
                return str(process.elements[act.name].name) or act.name
        return act.name

    def letters(self) -> list[tuple[int, Told]]:
        """Numbered from 1 as they came, the newest first."""
        found = [one for one in self.world.told if one.kind == "letter"]
        return list(enumerate(found, 1))[::-1]


def of(session: Session, run_id: str) -> Stand:
    """NotFound; Conflict where no draft is open."""
    return Stand(session, keeping.get(session, run_id))
