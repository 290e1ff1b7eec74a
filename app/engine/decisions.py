"""Decision tables (DMN) as dmn-js writes them, evaluated by our own closures."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.engine.expressions import Names
from app.engine.values import Fuel, Json
from app.i18n import Text

HitPolicy = Literal["UNIQUE", "FIRST", "ANY", "COLLECT"]


@dataclass(frozen=True, slots=True)
class DecisionProblem:
    """One thing wrong with a decision file; `element` is the id of the table, rule, cell… `line` that of the file."""

    message: Text
    hint: Text
    element: str | None
    line: int | None


class DecisionErrors(Exception):
    """The file holds no decisions that can be evaluated as written."""

    def __init__(self, problems: list[DecisionProblem]) -> None:
        super().__init__("; ".join(p.message.en for p in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Decision:
    """One table. `inputs` are the texts of the input expressions, `outputs` names, `rules` ids in table order."""

    id: str
    name: str
    hit_policy: HitPolicy
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    rules: tuple[str, ...]
    names: Names

    def evaluate(self, data: Mapping[str, Json], fuel: Fuel | None = None) -> tuple[Json, tuple[str, ...]]:
        """The result and the ids of the rules taken.

        One output: its value; several: a dict by output name. No rule: None, for COLLECT an empty list.
        Raises ExpressionError: an overlap under UNIQUE, differing outputs under ANY, a value of the wrong type.
        """
        raise NotImplementedError(data, fuel)


def compile_decisions(xml: bytes | Any) -> dict[str, Decision]:
    """All decisions of a file (bytes or its lxml root) by id. Raises DecisionErrors with everything that is wrong."""
    raise NotImplementedError(xml)


def compile_decision(xml: bytes | Any, decision: str | None = None) -> Decision:
    """The one decision of the file, or the one of that id. Raises DecisionErrors."""
    raise NotImplementedError(xml, decision)
