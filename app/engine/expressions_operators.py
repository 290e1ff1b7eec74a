"""What the signs of the language do: Python's own operators behind exact type checks and limits.

Every operation takes the fuel first, raises ExpressionError without a place, and never changes its operands.
"""

import ast
import operator
from collections.abc import Callable, Container
from typing import Any

from app.engine.expressions_errors import ExpressionError, error, kind_names
from app.engine.values import CONTAINERS, MAX_ITEMS, MAX_TEXT, NUMBERS, SCALARS, Fuel, Value, measure, number

Binary = Callable[[Fuel, Value, Value], Value]


def _mismatch(sign: str, left: Value, right: Value) -> ExpressionError:
    other = kind_names(right)
    return error("operands", sign=sign, right_ru=other["ru"], right_en=other["en"], **kind_names(left))


def _arithmetic(sign: str, do: Callable[[Any, Any], Any]) -> Binary:
    def calculate(fuel: Fuel, left: Value, right: Value) -> Value:  # noqa: ARG001
        if type(left) in NUMBERS and type(right) in NUMBERS:
            return number(do(left, right))
        raise _mismatch(sign, left, right)

    return calculate


def _add(fuel: Fuel, left: Value, right: Value) -> Value:
    kind, other = type(left), type(right)
    if kind in NUMBERS and other in NUMBERS:
        return number(left + right)
    if kind is other and (kind is str or kind is list):
        _grow(fuel, kind is str, len(left) + len(right))
        return left + right
    raise _mismatch("+", left, right)


def _multiply(fuel: Fuel, left: Value, right: Value) -> Value:
    kind, other = type(left), type(right)
    if kind in NUMBERS and other in NUMBERS:
        return number(left * right)
    if kind in _WHOLE:
        kind, other, left, right = other, kind, right, left
    if (kind is str or kind is list) and other in _WHOLE:
        _grow(fuel, kind is str, len(left) * max(right, 0))
        return left * right
    raise _mismatch("*", left, right)


_WHOLE = frozenset({int, bool})


def _grow(fuel: Fuel, is_text: bool, length: int) -> None:
    """Pay for a text or list of that length before it is built."""
    if is_text:
        if length > MAX_TEXT:
            raise error("text_long")
        fuel.spend(length >> 4)
    else:
        if length > MAX_ITEMS:
            raise error("items_many")
        fuel.spend(length)


def _join_records(fuel: Fuel, left: Value, right: Value) -> Value:
    if type(left) is dict and type(right) is dict:
        fuel.spend(len(left) + len(right))
        joined = left | right
        if len(joined) > MAX_ITEMS:
            raise error("items_many")
        return joined
    raise _mismatch("|", left, right)


BINARY: dict[type[ast.operator], tuple[str, Binary]] = {
    ast.Add: ("+", _add),
    ast.Sub: ("-", _arithmetic("-", operator.sub)),
    ast.Mult: ("*", _multiply),
    ast.Div: ("/", _arithmetic("/", operator.truediv)),
    ast.FloorDiv: ("//", _arithmetic("//", operator.floordiv)),
    ast.Mod: ("%", _arithmetic("%", operator.mod)),
    ast.BitOr: ("|", _join_records),
}


def _sign(sign: str, do: Callable[[Any], Any]) -> Callable[[Value], Value]:
    def calculate(value: Value) -> Value:
        if type(value) in NUMBERS:
            return number(do(value))
        raise error("operand", sign=sign, **kind_names(value))

    return calculate


UNARY: dict[type[ast.unaryop], Callable[[Value], Value]] = {
    ast.Not: operator.not_,
    ast.USub: _sign("-", operator.neg),
    ast.UAdd: _sign("+", operator.pos),
}


def equal(fuel: Fuel, left: Value, right: Value) -> bool:
    kind, other = type(left), type(right)
    if kind in CONTAINERS and other in CONTAINERS:
        measure(left, fuel)
        measure(right, fuel)
    elif (kind not in SCALARS and kind not in CONTAINERS) or (other not in SCALARS and other not in CONTAINERS):
        raise error("not_plain")
    return bool(left == right)


def _unequal(fuel: Fuel, left: Value, right: Value) -> bool:
    return not equal(fuel, left, right)


def _order(sign: str, do: Callable[[Any, Any], Any]) -> Binary:
    def compare(fuel: Fuel, left: Value, right: Value) -> bool:
        kind, other = type(left), type(right)
        if (kind in NUMBERS and other in NUMBERS) or (kind is str and other is str):
            return bool(do(left, right))
        if kind is list and other is list:
            measure(left, fuel)
            measure(right, fuel)
            return bool(do(left, right))
        raise _mismatch(sign, left, right)

    return compare


def contains(fuel: Fuel, part: Value, whole: Value) -> bool:
    """`part in whole`, where whole is a text, record, list or something that is only gone through."""
    kind = type(whole)
    if kind is str:
        if type(part) is not str:
            raise _mismatch("in", part, whole)
        fuel.spend((len(whole) + len(part)) >> 4)
    elif type(part) in CONTAINERS:
        fuel.spend(measure(part, fuel) + measure(list(whole), fuel))
    elif type(part) not in SCALARS:
        raise error("not_plain")
    elif kind is not dict:
        fuel.spend(len(whole) * (1 + (len(part) >> 6)) if type(part) is str else len(whole))
    return _within(part, whole)


def _within(part: Value, whole: Container[Value]) -> bool:
    return part in whole


def _lacks(fuel: Fuel, part: Value, whole: Value) -> bool:
    return not contains(fuel, part, whole)


COMPARISONS: dict[type[ast.cmpop], Binary] = {
    ast.Eq: equal,
    ast.NotEq: _unequal,
    ast.Lt: _order("<", operator.lt),
    ast.LtE: _order("<=", operator.le),
    ast.Gt: _order(">", operator.gt),
    ast.GtE: _order(">=", operator.ge),
    ast.In: contains,
    ast.NotIn: _lacks,
    ast.Is: lambda fuel, left, right: left is right,  # noqa: ARG005
    ast.IsNot: lambda fuel, left, right: left is not right,  # noqa: ARG005
}


def field(value: Value, name: str) -> Value:
    """`value.name`: a look-up in a record, never anything else."""
    if type(value) is not dict:
        raise error("no_fields", name=name, **kind_names(value))
    try:
        return value[name]
    except KeyError:
        raise error("unknown_field", name=name) from None


def element(value: Value, key: Value) -> Value:
    """`value[key]`."""
    kind = type(value)
    if kind is not dict and kind is not list and kind is not str:
        raise error("operand", sign="[…]", **kind_names(value))
    try:
        return value[key]
    except LookupError:
        raise error("index", name=key) from None


def part(fuel: Fuel, value: Value, start: Value, stop: Value, step: Value) -> Value:
    """`value[start:stop:step]` of a text or list."""
    if type(value) is not str and type(value) is not list:
        raise error("operand", sign="[:]", **kind_names(value))
    taken = value[start:stop:step]
    fuel.spend(len(taken) >> 4 if type(value) is str else len(taken))
    return taken
