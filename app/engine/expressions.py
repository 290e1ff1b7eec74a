"""The one language of diagrams: a strict subset of Python on plain JSON values, compiled once to closures."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.engine.values import Fuel, Json

Position = Literal["condition", "timer", "collection", "template", "parameter", "decision"]


@dataclass(frozen=True, slots=True)
class Names:
    """What an expression or script refers to: free names of data, functions called, names a script assigns."""

    data: frozenset[str]
    functions: frozenset[str]
    assigned: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Compiled:
    """An expression ready to be evaluated by any number of threads."""

    source: str
    position: Position
    names: Names

    def evaluate(self, data: Mapping[str, Json], fuel: Fuel | None = None) -> Json:
        """The value on these data: plain JSON that shares nothing with them.

        condition: always a bool. collection: a list or dict. timer: {"iso": …} or {"call": …, "args": …, "kwargs": …}.
        Raises ExpressionError. One Fuel may be handed to several evaluations to bound them together.
        """
        raise NotImplementedError(data, fuel)


@dataclass(frozen=True, slots=True)
class Script:
    """Lines `name = expression` ready to be executed."""

    source: str
    names: Names

    def execute(self, data: Mapping[str, Json], fuel: Fuel | None = None) -> dict[str, Json]:
        """The values of the names assigned, plain JSON; `data` stay as they are. Raises ExpressionError."""
        raise NotImplementedError(data, fuel)


def compile_expression(source: str, *, position: Position) -> Compiled:
    """Raises ExpressionError where the source is not of our language."""
    raise NotImplementedError(source, position)


def compile_script(source: str) -> Script:
    """Raises ExpressionError where the source is not of our language."""
    raise NotImplementedError(source)


def names(compiled: Compiled | Script) -> Names:
    """The free data names and the functions used, for the check and for completion in the studio."""
    return compiled.names
