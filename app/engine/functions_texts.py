"""Functions on texts: Python's own, paid for by length. Python's unbound methods refuse what is not a text."""

from collections.abc import Callable, Iterable
from typing import Any

from app.engine.expressions_errors import error, kind_names
from app.engine.functions_lists import listed
from app.engine.values import MAX_ITEMS, MAX_TEXT, SCALARS, Fuel, Value


def _pay(fuel: Fuel, name: str, values: tuple[Value, ...]) -> None:
    for value in values:
        if type(value) is not str:
            raise error("argument", name=name, **kind_names(value))
        fuel.spend(len(value) >> 3)


def _plain(name: str, do: Callable[..., Any]) -> Callable[..., Any]:
    """A function whose result is never longer than the text, or no text."""

    def run(fuel: Fuel, *values: Value) -> Value:
        _pay(fuel, name, values)
        return do(*values)

    return run


def _growing(name: str, do: Callable[..., str]) -> Callable[..., Any]:
    """A change of case may lengthen a text (ß -> SS), at most threefold."""

    def run(fuel: Fuel, *values: Value) -> Value:
        _pay(fuel, name, values)
        grown = do(*values)
        if len(grown) > MAX_TEXT:
            raise error("text_long")
        return grown

    return run


lower = _growing("lower", str.lower)
upper = _growing("upper", str.upper)
capitalize = _growing("capitalize", str.capitalize)
title = _growing("title", str.title)
strip = _plain("strip", str.strip)
lstrip = _plain("lstrip", str.lstrip)
rstrip = _plain("rstrip", str.rstrip)
startswith = _plain("startswith", str.startswith)
endswith = _plain("endswith", str.endswith)
removeprefix = _plain("removeprefix", str.removeprefix)
removesuffix = _plain("removesuffix", str.removesuffix)
find = _plain("find", str.find)
isdigit = _plain("isdigit", str.isdigit)


def replace(fuel: Fuel, value: Value, old: Value, new: Value) -> str:
    _pay(fuel, "replace", (value, old, new))
    length = len(value) + value.count(old) * (len(new) - len(old))
    if length > MAX_TEXT:
        raise error("text_long")
    fuel.spend(length >> 3)
    return str(value.replace(old, new))


def split(fuel: Fuel, value: Value, separator: Value = None) -> list[str]:
    _pay(fuel, "split", (value,) if separator is None else (value, separator))
    found: list[str] = value.split(separator)
    return _few(fuel, found)


def splitlines(fuel: Fuel, value: Value) -> list[str]:
    _pay(fuel, "splitlines", (value,))
    found: list[str] = value.splitlines()
    return _few(fuel, found)


def _few(fuel: Fuel, found: list[str]) -> list[str]:
    if len(found) > MAX_ITEMS:
        raise error("items_many")
    fuel.spend(len(found))
    return found


def join(fuel: Fuel, separator: Value, source: Iterable[Value]) -> str:
    found = listed(fuel, source)
    length = 0
    for value in (separator, *found):
        if type(value) is not str:
            raise error("argument", name="join", **kind_names(value))
        length += len(value)
    if length + len(separator) * len(found) > MAX_TEXT:
        raise error("text_long")
    fuel.spend(length >> 3)
    return str(separator.join(found))


def written(fuel: Fuel, value: Value = "") -> str:  # noqa: ARG001
    if type(value) not in SCALARS:
        raise error("argument", name="str", **kind_names(value))
    return str(value)
