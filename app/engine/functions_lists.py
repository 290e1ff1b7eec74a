"""Functions on lists, records and everything that can be gone through."""

from collections.abc import Iterable
from types import GeneratorType
from typing import Any

from app.engine.expressions_errors import error, kind_names
from app.engine.expressions_operators import equal
from app.engine.values import CONTAINERS, MAX_ITEMS, NUMBERS, SCALARS, Fuel, Value, measure, number

_MISSING: Any = object()


def listed(fuel: Fuel, source: Iterable[Value] = ()) -> list[Value]:
    """The elements as a new list, bounded before it grows."""
    found: list[Value] = []
    for value in source:
        if len(found) >= MAX_ITEMS:
            raise error("items_many")
        found.append(value)
    fuel.spend(len(found))
    return found


def length(fuel: Fuel, value: Value) -> int:  # noqa: ARG001
    return len(value)


def _comparable(fuel: Fuel, found: list[Value]) -> int:
    """Pay for comparing the elements once; refuse those whose order Python would leave to their classes."""
    kinds = set(map(type, found))
    if not (kinds <= NUMBERS or kinds == {str} or kinds == {list}):
        if len(found) > 1:
            raise error("argument", name="sorted, min, max", **kind_names(found[0]))
        if not kinds <= SCALARS | CONTAINERS:
            raise error("not_plain")
    return measure(found, fuel)


def _chosen(fuel: Fuel, choose: Any, values: tuple[Value, ...], default: Value) -> Value:
    if len(values) > 1:
        if default is not _MISSING:
            raise error("argument", name=choose.__name__, **kind_names(default))
        found = list(values)
    else:
        found = listed(fuel, values[0])
    if not found and default is not _MISSING:
        return default
    _comparable(fuel, found)
    return choose(found)


def smallest(fuel: Fuel, *values: Value, default: Value = _MISSING) -> Value:
    return _chosen(fuel, min, values, default)


def largest(fuel: Fuel, *values: Value, default: Value = _MISSING) -> Value:
    return _chosen(fuel, max, values, default)


def ordered(fuel: Fuel, source: Iterable[Value], reverse: Value = False) -> list[Value]:
    found = listed(fuel, source)
    if type(reverse) is not bool:
        raise error("argument", name="sorted", **kind_names(reverse))
    fuel.spend(_comparable(fuel, found) * len(found).bit_length())
    return sorted(found, reverse=reverse)


def total(fuel: Fuel, source: Iterable[Value], first: Value = 0) -> Value:
    found = listed(fuel, source)
    for value in (first, *found):
        if type(value) not in NUMBERS:
            raise error("argument", name="sum", **kind_names(value))
    return number(sum(found, first))


def some(fuel: Fuel, source: Iterable[Value]) -> bool:
    fuel.spend(_sized(source))
    return any(source)


def every(fuel: Fuel, source: Iterable[Value]) -> bool:
    fuel.spend(_sized(source))
    return all(source)


def _sized(source: Any) -> int:
    """Length of what has one; a generator pays for itself while it runs."""
    return 1 if type(source) is GeneratorType else len(source)


def unique(fuel: Fuel, source: Iterable[Value]) -> list[Value]:
    """Each text or number once, in the order of the first occurrence."""
    found = listed(fuel, source)
    if not set(map(type, found)) <= SCALARS:
        raise error("argument", name="unique", **kind_names([]))
    return list(dict.fromkeys(found))


def fetch(fuel: Fuel, record: Value, key: Value, default: Value = None) -> Value:  # noqa: ARG001
    if type(record) is not dict:
        raise error("argument", name="get", **kind_names(record))
    return record.get(key, default)


def names(fuel: Fuel, record: Value) -> list[Value]:
    if type(record) is not dict:
        raise error("argument", name="keys", **kind_names(record))
    return listed(fuel, record)


def contents(fuel: Fuel, record: Value) -> list[Value]:
    if type(record) is not dict:
        raise error("argument", name="values", **kind_names(record))
    return listed(fuel, record.values())


def count(fuel: Fuel, whole: Value, part: Value) -> int:
    if type(whole) is str and type(part) is str:
        fuel.spend((len(whole) + len(part)) >> 4)
        return whole.count(part)
    if type(whole) is not list:
        raise error("argument", name="count", **kind_names(whole))
    fuel.spend(len(whole))
    return sum(value is part or equal(fuel, value, part) for value in whole)


def index(fuel: Fuel, whole: Value, part: Value) -> int:
    if type(whole) is str and type(part) is str:
        fuel.spend((len(whole) + len(part)) >> 4)
        return whole.index(part)
    if type(whole) is not list:
        raise error("argument", name="index", **kind_names(whole))
    fuel.spend(measure(whole, fuel) + measure(part, fuel))
    return whole.index(part)
