"""Where an instance stands: of each step whether it is done, here, still waiting, or will never come."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from app.audit.evidence import Event
from app.audit.history import history
from app.engine import Element, Process, Specification
from app.errors import N_
from app.i18n import Text
from app.identity.roles import ROLES
from app.web import outline
from app.workflow.models import Instance

Status = Literal["done", "here", "waiting", "never"]
STATUSES: Mapping[Status, tuple[str, str]] = {
    "done": (N_("done"), "circle-check"),
    "here": (N_("here now"), "circle-dot"),
    "waiting": (N_("may still come"), "circle"),
    "never": (N_("did not come"), "circle-slash"),
}
ORDER: tuple[Status, ...] = ("here", "done", "waiting", "never")
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Step:
    element: str
    name: Text
    role: Text | None
    status: Status
    times: int
    """How often it has been done."""
    at: datetime | None = None
    who: Text | None = None
    calls: str | None = None
    """The process that a call activity calls."""


@dataclass(frozen=True, slots=True)
class Chart:
    """One diagram of the instance: its own, or one that it has called."""

    process: Process
    steps: tuple[Step, ...]

    @property
    def status(self) -> Status:
        """Of the diagram as a whole: where something stands now, else whether anything was done in it."""
        found = {step.status for step in self.steps}
        return next((one for one in ORDER if one in found), "waiting")


@dataclass(slots=True)
class Trace:
    """What has been entered, left and done of one process."""

    entered: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    last: dict[str, Event] = field(default_factory=dict)


def events_of(session: Session, instance: Instance) -> tuple[Event, ...]:
    """All that has happened to it, newest first."""
    return history(session, "instance", instance.id, limit=_MOST).events


def charts(
    instance: Instance, specification: Specification, events: Sequence[Event], names: Mapping[str, Text]
) -> list[Chart]:
    """The instance's own diagram first, then those of the procedures it has called."""
    traces = _follow(reversed(events), instance.process)
    return drawn(specification, instance.process, traces, over=instance.ended_at is not None, names=names)


def drawn(
    specification: Specification,
    own: str,
    traces: Mapping[str, Trace],
    *,
    over: bool,
    names: Mapping[str, Text] | None = None,
) -> list[Chart]:
    """The procedure `own` first, then those that it has called."""
    shown = [own, *(one for one in traces if one != own and one in specification.processes)]
    found = []
    for name in shown:
        process, trace = specification.processes[name], traces.get(name, Trace())
        steps = tuple(_step(element, trace, over, names or {}) for element in outline.steps(process))
        found.append(Chart(process, steps))
    return found


def _follow(events: Iterable[Event], own: str) -> dict[str, Trace]:
    """Read the way that each step's event has written down; marks as in `workflow.trail`."""
    traces: dict[str, Trace] = {}
    for event in events:
        for word in str(event.body.get("way", "")).split():
            mark, place = word[0], word[1:]
            process, _, element = place.rpartition(":")
            trace = traces.setdefault(process or own, Trace())
            if mark == ">":
                trace.entered[element] += 1
            elif mark in "+-":
                trace.left[element] += 1
            if mark == "+":
                trace.done[element] += 1
                trace.last[element] = event
    return traces


def _step(element: Element, trace: Trace, over: bool, names: Mapping[str, Text]) -> Step:
    event = trace.last.get(element.id)
    return Step(
        element=element.id,
        name=element.name,
        role=ROLES.get(element.role or "") if element.kind in outline.PEOPLE else None,
        status=_status(element, trace, over),
        times=trace.done[element.id],
        at=event.at if event else None,
        who=names.get(event.actor) if event and element.kind in outline.PEOPLE else None,
        calls=element.called,
    )


def _status(element: Element, trace: Trace, over: bool) -> Status:
    """A timer on a task is entered with the task, but nobody is there: it may still come."""
    standing = trace.entered[element.id] > trace.left[element.id] and not over
    if standing and element.kind != "boundaryEvent":
        return "here"
    if trace.done[element.id]:
        return "done"
    return "never" if over else "waiting"
