"""Functions that make numbers and truth values."""

from app.engine.expressions_errors import error, kind_names
from app.engine.values import NUMBERS, Fuel, Value, number

_LONGEST_NUMBER = 400
_MOST_DIGITS = 30


def _numeric(name: str, value: Value) -> None:
    if type(value) not in NUMBERS:
        raise error("argument", name=name, **kind_names(value))


def absolute(fuel: Fuel, value: Value) -> Value:  # noqa: ARG001
    _numeric("abs", value)
    return number(abs(value))


def rounded(fuel: Fuel, value: Value, digits: Value = None) -> Value:  # noqa: ARG001
    _numeric("round", value)
    if digits is None:
        return number(round(value))
    if type(digits) is not int or not -_MOST_DIGITS <= digits <= _MOST_DIGITS:
        raise error("argument", name="round", **kind_names(digits))
    return number(round(value, digits))


def _readable(name: str, value: Value) -> None:
    if type(value) is str:
        if len(value) > _LONGEST_NUMBER:
            raise error("number_large")
    else:
        _numeric(name, value)


def whole(fuel: Fuel, value: Value) -> Value:  # noqa: ARG001
    _readable("int", value)
    try:
        return number(int(value))
    except ValueError:
        raise error("argument", name="int", **kind_names(value)) from None


def decimal(fuel: Fuel, value: Value) -> Value:  # noqa: ARG001
    _readable("float", value)
    try:
        return number(float(value))
    except ValueError:
        raise error("argument", name="float", **kind_names(value)) from None


def truth(fuel: Fuel, value: Value) -> bool:  # noqa: ARG001
    return bool(value)
