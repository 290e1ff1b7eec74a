"""Input cells: the unary tests of S-FEEL (DMN 1.3, clause 9) as dmn-js writes them, compiled to closures."""

import ast
import re
from collections.abc import Callable
from typing import Any

from app.engine.expressions import compile_tree
from app.engine.expressions_compiling import Scope
from app.engine.expressions_errors import ExpressionError, error, kind_names
from app.engine.expressions_parsing import MAX_EXPRESSION, parse_expression
from app.engine.values import NUMBERS, Value

Test = Callable[[Scope, Value], bool]
"""Whether the value of the column's expression passes the cell."""

_PIECE = re.compile(r"\"(?:\\.|[^\"\\])*+(?:\"|\Z)|'(?:\\.|[^'\\])*+(?:'|\Z)|\.\.|.", re.DOTALL)
_COMPARATOR = re.compile(r"<=|>=|<|>")
_NOT = re.compile(r"not\s*\(")
_ENDPOINT = (
    ast.Constant,
    ast.UnaryOp,
    ast.USub,
    ast.UAdd,
    ast.Name,
    ast.Load,
    ast.Attribute,
    ast.BinOp,
    ast.Add,
    ast.Sub,
    ast.Mult,
    ast.Div,
)
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda value, end: bool(value < end),
    "<=": lambda value, end: bool(value <= end),
    ">": lambda value, end: bool(value > end),
    ">=": lambda value, end: bool(value >= end),
}


class Cell:
    """Reads one cell from left to right; `names` are the data that its endpoints name."""

    def __init__(self, text: str) -> None:
        self.text = text.strip()
        if len(text) > MAX_EXPRESSION:
            raise error("source_long", given=len(text), most=MAX_EXPRESSION)
        self.names: set[str] = set()
        self.ends: list[Endpoint] = []
        """The values that it compares with, as written."""
        self._at = 0

    def test(self) -> Test:
        """Raises ExpressionError where the cell is not a unary test."""
        if self.text in ("", "-"):
            return lambda scope, value: True  # noqa: ARG005
        negated = _NOT.match(self.text)
        if negated and self.text.endswith(")"):
            inner = Cell(self.text[negated.end() : -1])
            accepted = inner._either()
            self.names, self.ends = inner.names, inner.ends
            return lambda scope, value: not accepted(scope, value)
        return self._either()

    def _either(self) -> Test:
        """Tests with commas between them: one of them must hold."""
        tests = [self._one()]
        while self._at < len(self.text):
            if self.text[self._at] != ",":
                raise error("cell", given=self.text)
            self._at += 1
            tests.append(self._one())
        if len(tests) == 1:
            return tests[0]
        return lambda scope, value: any(test(scope, value) for test in tests)

    def _one(self) -> Test:
        self._blanks()
        sign = self.text[self._at : self._at + 1]
        if sign and sign in "[](":
            return self._interval(sign)
        comparator = _COMPARATOR.match(self.text, self._at)
        if comparator:
            self._at = comparator.end()
            return _compared(comparator.group(), self._endpoint(","))
        end = self._endpoint(",")
        return lambda scope, value: _same(value, end(scope))

    def _interval(self, opening: str) -> Test:
        start = self._at
        self._at += 1
        low = self._endpoint("..")
        self._at += 2
        high = self._endpoint("])[")
        closing = self.text[self._at : self._at + 1]
        self._at += 1
        self._blanks()
        above = _compared(">=" if opening == "[" else ">", low)
        below = _compared("<=" if closing == "]" else "<", high)
        self._check_order(low, high, self.text[start : self._at])
        return lambda scope, value: above(scope, value) and below(scope, value)

    def _check_order(self, low: "Endpoint", high: "Endpoint", given: str) -> None:
        ends = low.fixed, high.fixed
        if all(type(end) in (int, float) for end in ends) and ends[0] > ends[1]:
            raise error("interval", given=given)

    def _blanks(self) -> None:
        while self.text[self._at : self._at + 1].isspace():
            self._at += 1

    def _endpoint(self, stops: str) -> "Endpoint":
        """The value up to the first of the signs that stop it, outside quotes and brackets."""
        start, depth = self._at, 0
        while self._at < len(self.text):
            found = _PIECE.match(self.text, self._at)
            piece = found.group() if found else ""
            if depth == 0 and (piece == stops or (stops != ".." and piece in stops)):
                break
            depth += (piece == "(") - (piece == ")")
            self._at += len(piece)
        else:
            if stops != ",":
                raise error("cell", given=self.text)
        endpoint = Endpoint(self.text[start : self._at])
        self.names |= endpoint.names
        self.ends.append(endpoint)
        return endpoint


class Endpoint:
    """A value in a cell: a literal, a name of data, arithmetic, or date("…")."""

    def __init__(self, text: str) -> None:
        given = text.strip()
        if not given:
            raise error("cell", given=text)
        tree, places = parse_expression(given)
        for node in ast.walk(tree):
            if not isinstance(node, _ENDPOINT) and not _is_date(node):
                raise error("endpoint", given=given)
        self._compiled = compile_tree(tree, places, given, "decision")
        self.names = self._compiled.names.data
        self.fixed: Value = tree.value if isinstance(tree, ast.Constant) else None

    def __call__(self, scope: Scope) -> Value:
        return self._compiled.value(scope.data, scope.fuel)


def _is_date(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "date"


def _same(value: Value, end: Value) -> bool:
    """Equal and of one kind: in a table true is not 1."""
    if type(value) in (list, dict) or type(end) in (list, dict):
        raise _different(value, end)
    if type(value) is bool or type(end) is bool:
        return value is end
    return bool(value == end)


def _compared(sign: str, endpoint: Endpoint) -> Test:
    holds = _ORDER[sign]

    def test(scope: Scope, value: Value) -> bool:
        if value is None:
            return False
        end = endpoint(scope)
        kinds = {type(value), type(end)}
        if kinds != {str} and not (kinds <= NUMBERS and bool not in kinds):
            raise _different(value, end)
        return holds(value, end)

    return test


def _different(value: Value, end: Value) -> ExpressionError:
    cell = kind_names(end)
    return error("cell_kinds", cell_ru=cell["ru"], cell_en=cell["en"], **kind_names(value))
