"""What one step of an instance leaves to be done outside: plain data, JSON values only.

The engine never acts on the world. It says which tasks opened, which operations to call, which timers to set,
and the caller does so in the transaction that stores the instance.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.engine.values import Json
from app.i18n import Text


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A person is asked. Expressions of the diagram are already evaluated on the task's data."""

    id: str
    element: str
    process: str
    path: tuple[str, ...]
    """Call activities (and embedded sub-processes) above the task, outermost first."""
    organisation: str | None
    person: str | None
    subject: str | None
    exclude: tuple[str, ...]
    """Persons who may not decide here (reading A14)."""
    title: str | None
    """Value of the optional title expression; else the element's name is the title."""
    due: Json
    """None, an ISO date or duration, or a call such as {"call": "workdays", "args": [10], "kwargs": {}}."""
    deadlines: Mapping[str, Json]
    """Named deadlines of the task, each in the form of `due`."""
    data: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Closed:
    """A person is no longer asked."""

    id: str
    element: str
    how: Literal["completed", "cancelled"]


@dataclass(frozen=True, slots=True)
class Call:
    """A service task waits for `Run.answer` or `Run.fail`."""

    id: str
    """Stable over retries and restores: the idempotency key."""
    element: str
    process: str
    path: tuple[str, ...]
    operation: str
    parameters: Mapping[str, Json]
    immediate: bool
    """Run in the same transaction and answered at once; otherwise a job after commit."""

    @property
    def key(self) -> str:
        return self.id


@dataclass(frozen=True, slots=True)
class Timer:
    """Waits for `Run.fire`. A cycle stays set after firing, until its repetitions are used up or it is cancelled."""

    id: str
    element: str
    process: str
    path: tuple[str, ...]
    kind: Literal["duration", "date", "cycle"]
    expression: Json
    """{"iso": "P14D"} or {"call": "before", "args": ["answer"], "kwargs": {"workdays": 3}}."""
    task: str | None
    """The open task, call or call activity on whose boundary the timer sits."""
    deadlines: Mapping[str, Json]
    """The deadlines named on that activity, as in OpenTask: what deadline("answer") in the expression means."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """Waits for a message of that name; with a key, only for one of that key."""

    id: str
    element: str
    process: str
    path: tuple[str, ...]
    name: str
    key: str | None


@dataclass(frozen=True, slots=True)
class Sent:
    """A message thrown; the caller keeps it until somebody receives it (this instance as well)."""

    element: str
    name: str
    key: str | None
    payload: Json


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of the journal: evidence, and the way drawn on the diagram."""

    element: str
    process: str
    task: str
    """Id of the engine's task; for took_flow that of the task which left by the flow."""
    what: Literal["entered", "completed", "cancelled", "failed", "took_flow", "decided"]
    rules: tuple[str, ...] = ()
    """Of decided: the ids of the rules taken in a decision table."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The whole instance is over; `end_event` is the last end event reached, None when it was cancelled."""

    end_event: str | None
    data: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class EngineProblem:
    """Why a step stopped: an incident. `task` stands in ERROR and waits for `Run.retry`.

    `refused`: what the call brought was not taken and nothing has changed; the task waits as before.
    """

    task: str | None
    element: str | None
    process: str | None
    message: Text
    detail: str
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Advance:
    """Everything one call of a Run method changed. `problems` has an entry for each task that failed in the step."""

    tasks: tuple[OpenTask, ...] = ()
    closed: tuple[Closed, ...] = ()
    calls: tuple[Call, ...] = ()
    cancelled_calls: tuple[str, ...] = ()
    timers: tuple[Timer, ...] = ()
    cancelled_timers: tuple[str, ...] = ()
    receivers: tuple[Receiver, ...] = ()
    cancelled_receivers: tuple[str, ...] = ()
    cancelled_problems: tuple[str, ...] = ()
    """Tasks that had failed and were cancelled, say by a deadline: nothing is left to retry."""
    sent: tuple[Sent, ...] = ()
    journal: tuple[Step, ...] = ()
    ended: Ended | None = None
    problems: tuple[EngineProblem, ...] = ()

    @property
    def problem(self) -> EngineProblem | None:
        """The first problem, if any."""
        return self.problems[0] if self.problems else None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything an instance waits for now, computed from its state alone."""

    open_tasks: tuple[OpenTask, ...]
    calls: tuple[Call, ...]
    timers: tuple[Timer, ...]
    receivers: tuple[Receiver, ...]
    failed: tuple[EngineProblem, ...]
    ended: Ended | None
    data: Mapping[str, Json] = field(default_factory=dict)
    """Data of the instance once it has ended, else empty."""


class StaleTask(Exception):
    """The task is not open, started or waiting any more: somebody was faster, or it was cancelled."""


class UnknownTask(StaleTask):
    """No task of that id is in the instance's state (forgotten after it was closed, or never there)."""


class BudgetExceeded(Exception):
    """A step would cost more than its Budget; becomes Advance.problem."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits of one transaction; sizes in bytes of JSON."""

    steps: int = 200
    variable: int = 256 * 1024
    instance: int = 1024 * 1024
    fan_out: int = 200
    depth: int = 20
    """Nested call activities and sub-processes."""
