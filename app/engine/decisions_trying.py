"""A decision table tried out by hand: values as typed, which rules hold, and the result; faults cell by cell."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.engine.decisions import Decision, DecisionErrors, compile_decision
from app.engine.decisions_cells import Cell
from app.engine.decisions_editing import ColumnText, Sheet
from app.engine.expressions import compile_expression, sourced
from app.engine.expressions_compiling import Scope
from app.engine.expressions_errors import FAULTS, ExpressionError, error
from app.engine.values import Fuel, Json, plain
from app.i18n import Text

Fault = tuple[Text, Text]
"""What is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Tried:
    """`taken`: the rules that hold; `result` where the hit policy makes one of them, `fault` where it cannot."""

    taken: tuple[str, ...] = ()
    result: Json = None
    fault: Fault | None = None
    decided: bool = False


def attempt(content: bytes, name: str, typed: Sequence[str], kinds: Sequence[str]) -> Tried:
    """Never raises for what is typed or what the table says."""
    try:
        decision = compile_decision(content, name)
        values = [value_of(text, kind) for text, kind in zip(typed, kinds, strict=True)]
    except DecisionErrors as errors:
        first = errors.problems[0]
        return Tried(fault=(first.message, first.hint))
    except FAULTS as fault:
        known = sourced(fault, "")
        return Tried(fault=(known.message, known.hint))
    return _decided(decision, values)


def _decided(decision: Decision, values: list[Json]) -> Tried:
    taken: tuple[str, ...] = ()
    try:
        taken = decision.matching(values)
        result, rules = decision.decide(values)
    except ExpressionError as fault:
        return Tried(taken, None, (fault.message, fault.hint))
    return Tried(rules if decision.hit_policy == "FIRST" else taken, result, None, decided=True)


def value_of(text: str, kind: str) -> Json:
    """Typed text as a value of the column: words bare, everything else as an expression; nothing is None."""
    given = text.strip()
    if not given:
        return None
    if kind in ("string", "date"):
        return given[1:-1] if len(given) > 1 and given[0] == given[-1] == '"' else given
    fuel = Fuel()
    compiled = compile_expression(
        given.replace(",", ".") if kind in ("number", "integer") else given, position="decision"
    )
    return plain(compiled.value(Scope({}, fuel, 0).data, fuel), fuel)


def faults(sheet: Sheet, first: int = 0) -> dict[str, Fault]:
    """Place (`i.0.expression`, `t.3.0`, `v.3.0`) -> what is wrong with it, by the compiler that runs the table."""
    found: dict[str, Fault] = {}
    for place, text, reads in _places(sheet, first):
        try:
            if reads == "test":
                Cell(text).test()
            elif not text:
                raise error("output_empty") if not place.startswith("i") else error("empty")
            else:
                compile_expression(text, position="decision")
        except FAULTS as fault:
            known = sourced(fault, text)
            found[place] = (known.message, known.hint)
    return found


def _places(sheet: Sheet, first: int) -> Iterator[tuple[str, str, str]]:
    for number, column in enumerate(sheet.inputs):
        yield f"i.{number}.expression", column.expression.strip(), "expression"
    for lead, columns in (("i", sheet.inputs), ("o", sheet.outputs)):
        yield from (
            (f"{lead}.{number}.allowed", column.allowed, "test")
            for number, column in enumerate(columns)
            if _asks(column)
        )
    for number, rule in enumerate(sheet.rules, first):
        yield from ((f"t.{number}.{place}", text, "test") for place, text in enumerate(rule.tests))
        yield from ((f"v.{number}.{place}", text.strip(), "expression") for place, text in enumerate(rule.values))


def _asks(column: ColumnText) -> bool:
    return bool(column.allowed.strip())
