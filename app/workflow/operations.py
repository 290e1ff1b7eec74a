"""What diagrams and jobs can ask for by name. Other parts register their operations here when the program is built."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.engine import Json
from app.i18n import Text
from app.workflow import subjects

ATTEMPTS = 12


@dataclass(slots=True)
class Context:
    """In whose name and about what an operation runs."""

    session: Session
    """Its writes belong to the transaction that records the operation as done."""
    instance_id: str | None
    subject: str | None
    actor: str
    """Person id, or "system:<part>"."""
    now: datetime
    key: str
    """Idempotency key: the same in every attempt."""

    def about(self, subject: str, title_ru: str, title_en: str) -> None:
        """Say what the instance is about; for the operation of a start form, which creates the thing."""
        self.subject = subject
        subjects.put(self.session, subject, title_ru, title_en)


@dataclass(frozen=True, slots=True)
class Outside:
    """The part of an operation that touches the world. It must stand being repeated under the same key."""

    prepare: Callable[..., Any]
    """(Context, **params) -> request; in a short transaction whose writes are kept."""
    act: Callable[[Any, str], Any]
    """(request, key) -> answer; no transaction is open. Raises TemporaryFailure or PermanentFailure."""


@dataclass(frozen=True, slots=True)
class Given:
    """One key of a result: what it is called, and what may be written there (a property of JSON Schema)."""

    label: Text
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """`run(context, **params) -> Json` writes our own tables and gives the result.

    immediate: in the transaction of the step that asked. Otherwise in a job after commit; with `outside`, after its
    `act`, whose answer `run` gets as keyword `answer`.
    """

    name: str
    run: Callable[..., Json]
    params: Mapping[str, bool] = field(default_factory=dict)
    """Name -> whether it is required."""
    immediate: bool = False
    result: bool = True
    """Whether a diagram may keep what it returns."""
    outside: Outside | None = None
    max_attempts: int = ATTEMPTS
    system: str = ""
    """The outside system it touches: when that refuses us (OutOfOrder), all its operations wait behind one incident."""
    at_a_time: int = 0
    """How many jobs of the system may run at a time on all machines together; 0: as many as there are workers."""
    gives: Mapping[str, Given] = field(default_factory=dict)
    """The keys of its result, for a person who answers in its place; empty: any JSON, where it has a result."""
    answered: Callable[..., Json] | None = None
    """(Context, **params, answer) -> result: a person answers in its place. Writes what `run` would have written, and
    raises Problem where `run` would not have done it; None: the answer is the result."""


_registered: dict[str, Operation] = {}


def register(operation: Operation) -> None:
    """Make it known in this process; a later one of the same name takes its place."""
    _registered[operation.name] = operation


def find(name: str) -> Operation:
    """Raises KeyError."""
    return _registered[name]


def known(name: str) -> bool:
    return name in _registered


def names_of(system: str) -> list[str]:
    """Names of the operations that touch the system."""
    return sorted(name for name, operation in _registered.items() if operation.system == system)


def registered() -> Mapping[str, Operation]:
    return _registered
