"""Decision tables (DMN) as dmn-js writes them, compiled to our own closures."""

from typing import Any, cast

from app.engine import decisions_cells as cells
from app.engine import decisions_reading as reading
from app.engine.decisions_reading import DecisionProblem
from app.engine.decisions_tables import Column, Decision, HitPolicy, Rule
from app.engine.expressions import Compiled, Names, compile_expression, sourced
from app.engine.expressions_compiling import Scope
from app.engine.expressions_errors import FAULTS, ExpressionError, error
from app.engine.values import Value
from app.engine.xml import parse_xml

__all__ = ["Decision", "DecisionErrors", "DecisionProblem", "HitPolicy", "compile_decision", "compile_decisions"]


class DecisionErrors(Exception):
    """The file holds no decisions that can be evaluated as written."""

    def __init__(self, problems: list[DecisionProblem]) -> None:
        super().__init__("; ".join(p.message.en for p in problems))
        self.problems = problems


class _Builder:
    """Compiles one table; everything wrong with it goes to the reader's list of problems."""

    def __init__(self, reader: reading.Reader) -> None:
        self._reader = reader
        self._data: set[str] = set()
        self._functions: set[str] = set()

    def build(self, table: reading.Table) -> Decision | None:
        before = len(self._reader.problems)
        inputs = [self._column(column, self._expression(column.cell, "empty")) for column in table.inputs]
        outputs = [self._column(column, None) for column in table.outputs]
        rules = [self._rule(*rule) for rule in table.rules]
        ids = tuple(rule.id for rule in rules)
        for twice in {known for known in ids if ids.count(known) > 1}:
            self._reader.complain(error("dmn_twice", name=twice), element=twice)
        if len(self._reader.problems) > before:
            return None
        return Decision(
            id=table.id,
            name=table.name,
            hit_policy=cast(HitPolicy, table.hit_policy),
            inputs=tuple(column.cell.text for column in table.inputs),
            outputs=tuple(column.name for column in table.outputs),
            rules=ids,
            names=Names(frozenset(self._data), frozenset(self._functions)),
            columns=tuple(inputs),
            results=tuple(outputs),
            table=tuple(rules),
        )

    def _column(self, column: reading.Column, expression: Compiled | None) -> Column:
        allowed = self._test(column.allowed) if column.allowed else None
        return Column(column.name, column.cell.element, column.type, allowed, expression)

    def _rule(self, known: str, tests: list[reading.Cell], values: list[reading.Cell]) -> Rule:
        compiled = tuple((cell.element, self._test(cell)) for cell in tests)
        outputs = [self._expression(cell, "output_empty") for cell in values]
        return Rule(known, compiled, tuple(outputs))

    def _test(self, cell: reading.Cell) -> cells.Test:
        try:
            given = cells.Cell(cell.text)
            test = given.test()
        except FAULTS as fault:
            self._complain(fault, cell)
            return _never
        self._data |= given.names
        return test

    def _expression(self, cell: reading.Cell, empty: str) -> Compiled:
        try:
            if not cell.text:
                raise error(empty)
            compiled = compile_expression(cell.text, position="decision")
        except ExpressionError as fault:
            self._complain(fault, cell)
            return compile_expression("null", position="decision")
        self._data |= compiled.names.data
        self._functions |= compiled.names.functions
        return compiled

    def _complain(self, fault: Exception, cell: reading.Cell) -> None:
        known = sourced(fault, cell.text)
        self._reader.problems.append(DecisionProblem(known.message, known.hint, cell.element, cell.line))


def _never(scope: Scope, value: Value) -> bool:  # noqa: ARG001
    return False


def compile_decisions(xml: bytes | Any) -> dict[str, Decision]:
    """All decisions of a file (bytes or its lxml root) by id. Raises DecisionErrors with everything that is wrong."""
    reader = reading.Reader(_root(xml) if isinstance(xml, bytes) else xml)
    found: dict[str, Decision] = {}
    for table in reader.tables():
        decision = _Builder(reader).build(table)
        if table.id in found:
            reader.complain(error("dmn_twice", name=table.id), element=table.id)
        if decision:
            found[table.id] = decision
    if reader.problems:
        raise DecisionErrors(reader.problems)
    return found


def _root(xml: bytes) -> Any:
    root, findings = parse_xml(xml, "")
    if findings:
        raise DecisionErrors([DecisionProblem(f.message, f.hint, f.element, f.line) for f in findings])
    return root


def compile_decision(xml: bytes | Any, decision: str | None = None) -> Decision:
    """The one decision of the file, or the one of that id. Raises DecisionErrors."""
    found = compile_decisions(xml)
    if decision is None and len(found) == 1:
        return next(iter(found.values()))
    if decision is None or decision not in found:
        fault = error("dmn_which", name=decision or "", known=", ".join(found))
        raise DecisionErrors([DecisionProblem(fault.message, fault.hint, decision, None)])
    return found[decision]
