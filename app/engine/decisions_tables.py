"""A decision table at work: input values, rules that match, the result its hit policy makes of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from app.engine import iso
from app.engine.decisions_cells import Test
from app.engine.expressions import Compiled, Names, sourced
from app.engine.expressions_compiling import Scope
from app.engine.expressions_errors import FAULTS, ExpressionError, error, kind_names
from app.engine.expressions_operators import equal
from app.engine.values import NUMBERS, Fuel, Json, Value, plain

HitPolicy = Literal["UNIQUE", "FIRST", "ANY", "COLLECT"]


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    element: str | None
    type: str
    allowed: Test | None
    expression: Compiled | None = None

    def check(self, scope: Scope, value: Value) -> Value:
        """The value where it is of the column's type and among those allowed; None always is."""
        if value is None:
            return value
        if not _TYPE_CHECKS[self.type](value):
            raise error("value_type", name=self.name, expected=self.type, **kind_names(value))
        if self.allowed and not self.allowed(scope, value):
            raise error("value_list", name=self.name)
        return value


def _is_date(value: Value) -> bool:
    return type(value) is str and len(value) == 10 and iso.parse(value) is not None


_TYPE_CHECKS: Mapping[str, Callable[[Value], bool]] = {
    "": lambda value: True,  # noqa: ARG005
    "string": lambda value: type(value) is str,
    "number": lambda value: type(value) in NUMBERS and type(value) is not bool,
    "boolean": lambda value: type(value) is bool,
    "date": _is_date,
}


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    tests: tuple[tuple[str | None, Test], ...]
    values: tuple[Compiled, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """One table. `inputs` are the texts of the input expressions, `outputs` names, `rules` ids in table order."""

    id: str
    name: str
    hit_policy: HitPolicy
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    rules: tuple[str, ...]
    names: Names
    columns: tuple[Column, ...] = field(repr=False)
    results: tuple[Column, ...] = field(repr=False)
    table: tuple[Rule, ...] = field(repr=False)

    def evaluate(self, data: Mapping[str, Json], fuel: Fuel | None = None) -> tuple[Json, tuple[str, ...]]:
        """The result and the ids of the rules taken.

        One output: its value; several: a dict by output name. No rule: None, for COLLECT an empty list.
        Raises ExpressionError: an overlap under UNIQUE, differing outputs under ANY, a value of the wrong type;
        its `cell` is the id of the column, cell or table.
        """
        scope = Scope(data, fuel or Fuel(), 0)
        try:
            values = [self._input(column, scope) for column in self.columns]
            taken = self._matching(scope, values)
            found = [self._result(rule, scope) for rule in taken]
            return self._chosen(scope, taken, found), tuple(rule.id for rule in taken)
        except FAULTS as fault:
            raise placed(fault, self.id) from None

    def decide(self, values: Sequence[Json], data: Mapping[str, Json] | None = None) -> tuple[Json, tuple[str, ...]]:
        """As `evaluate`, for values of the input columns themselves; `data` are what cells name besides."""
        scope = Scope(data or {}, Fuel(), 0)
        try:
            taken = self._matching(scope, self._given(scope, values))
            found = [self._result(rule, scope) for rule in taken]
            return self._chosen(scope, taken, found), tuple(rule.id for rule in taken)
        except FAULTS as fault:
            raise placed(fault, self.id) from None

    def matching(self, values: Sequence[Json], data: Mapping[str, Json] | None = None) -> tuple[str, ...]:
        """The rules that hold for values of the input columns, whatever the hit policy makes of them."""
        scope = Scope(data or {}, Fuel(), 0)
        try:
            given = self._given(scope, values)
            return tuple(rule.id for rule in self.table if self._holds(rule, scope, given))
        except FAULTS as fault:
            raise placed(fault, self.id) from None

    def _given(self, scope: Scope, values: Sequence[Json]) -> list[Value]:
        found: list[Value] = []
        for column, value in zip(self.columns, values, strict=True):
            try:
                found.append(column.check(scope, value))
            except FAULTS as fault:
                raise placed(fault, column.element) from None
        return found

    def _input(self, column: Column, scope: Scope) -> Value:
        assert column.expression is not None
        try:
            return column.check(scope, column.expression.value(scope.data, scope.fuel))
        except FAULTS as fault:
            raise placed(fault, column.element) from None

    def _matching(self, scope: Scope, values: list[Value]) -> list[Rule]:
        taken = []
        for rule in self.table:
            if self._holds(rule, scope, values):
                taken.append(rule)
                if self.hit_policy == "FIRST":
                    break
        if self.hit_policy == "UNIQUE" and len(taken) > 1:
            raise error("overlap", rules=", ".join(rule.id for rule in taken))
        return taken

    def _holds(self, rule: Rule, scope: Scope, values: list[Value]) -> bool:
        scope.fuel.spend(5 * len(values))
        for value, (element, test) in zip(values, rule.tests, strict=True):
            try:
                if not test(scope, value):
                    return False
            except FAULTS as fault:
                raise placed(fault, element) from None
        return True

    def _result(self, rule: Rule, scope: Scope) -> Json:
        found: dict[str, Json] = {}
        for column, value in zip(self.results, rule.values, strict=True):
            try:
                found[column.name] = column.check(scope, plain(value.value(scope.data, scope.fuel), scope.fuel))
            except FAULTS as fault:
                raise placed(fault, column.element) from None
        return found if len(self.results) > 1 else found[self.results[0].name]

    def _chosen(self, scope: Scope, taken: list[Rule], results: list[Json]) -> Json:
        if self.hit_policy == "COLLECT":
            return results
        if any(not equal(scope.fuel, results[0], result) for result in results[1:]):
            raise error("differ", rules=", ".join(rule.id for rule in taken))
        return results[0] if results else None


def placed(fault: Exception, cell: str | None) -> ExpressionError:
    known = sourced(fault, "")
    known.cell = known.cell or cell
    return known
