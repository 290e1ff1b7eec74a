"""Plain JSON values, the limits they keep everywhere, and the fuel that bounds the work done on them."""

import time
from math import isfinite
from typing import Any, TypeAlias

from app.engine.expressions_errors import error

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Value: TypeAlias = Any
"""A Json inside closures, where every operation looks at the exact type itself."""

MAX_TEXT = 100_000
MAX_ITEMS = 10_000
MAX_WHOLE = 2**63 - 1
"""Beyond this the JSON libraries and databases that keep the values disagree."""
MAX_NODES = 20_000
MAX_DEPTH = 40
MAX_CHARACTERS = 1_000_000
FUEL = 200_000
SECONDS = 0.5
_LOOK_EVERY = 4_096

SCALARS = frozenset({str, int, float, bool, type(None)})
NUMBERS = frozenset({int, float, bool})
CONTAINERS = frozenset({list, dict})


class Fuel:
    """Work that may still be done; one unit is about a tenth of a microsecond.

    The processor time of the thread is looked at only now and then: a net under a wrongly priced operation,
    not the measure, so that the same expression ends the same way on a busy machine.
    """

    __slots__ = ("_end", "_look", "_seconds", "left")

    def __init__(self, units: int = FUEL, seconds: float = SECONDS) -> None:
        self.left = units
        self._look = units - _LOOK_EVERY if units > _LOOK_EVERY else 0
        self._end: float | None = None
        self._seconds = seconds

    def spend(self, units: int) -> None:
        """Take units off; raises ExpressionError (reason "limit") when there are none left."""
        self.left -= units
        if self.left < self._look:
            self._watch()

    def _watch(self) -> None:
        now = time.thread_time()
        if self._end is None:
            self._end = now + self._seconds
        if self.left < 0 or now > self._end:
            raise error("fuel")
        self._look = self.left - _LOOK_EVERY if self.left > _LOOK_EVERY else 0


class _Room:
    """What may still be put into one value, shared references counted each time they occur (N13)."""

    __slots__ = ("characters", "nodes")

    def __init__(self) -> None:
        self.nodes = MAX_NODES - 1
        self.characters = MAX_CHARACTERS


def plain(value: object, fuel: Fuel | None = None) -> Json:
    """A copy of plain JSON that shares nothing with `value`; for form values and connectors' answers too.

    Raises ExpressionError (reason "limit") where the value, written out in full, passes the limits above,
    (reason "value") where it is not plain JSON: other types, keys that are not texts, NaN, NUL, lone surrogates.
    """
    if type(value) in CONTAINERS:
        room = _Room()
        copy = _copy(value, MAX_DEPTH, room)
        if fuel is not None:
            fuel.spend(2 * (MAX_NODES - room.nodes) + ((MAX_CHARACTERS - room.characters) >> 6))
        return copy
    return scalar(value)


def _copy(value: Value, depth: int, room: _Room) -> Json:
    """Parts are counted when their container is entered, so that the limits hold before anything is built."""
    named = type(value) is dict
    room.nodes -= len(value)
    if depth <= 0 or room.nodes < 0:
        raise error("value_large")
    if len(value) > MAX_ITEMS:
        raise error("items_many")
    made: list[Json] = []
    for part in value.values() if named else value:
        kind = type(part)
        if kind is str:
            room.characters -= len(part)
            made.append(part if part.isascii() and len(part) < _SHORT and "\0" not in part else text(part))
        elif kind in CONTAINERS:
            made.append(_copy(part, depth - 1, room))
        else:
            made.append(scalar(part))
    keys = [_key(key, room) for key in value] if named else []
    if room.characters < 0:
        raise error("value_large")
    return dict(zip(keys, made, strict=True)) if named else made


_SHORT = 1_000


def _key(key: object, room: _Room) -> str:
    if type(key) is not str:
        raise error("key_kind")
    room.characters -= len(key)
    return key if key.isidentifier() and key.isascii() else text(key)


def scalar(value: Value) -> Json:
    """The value itself where it is a text, number, bool or None within the limits; else raises ExpressionError."""
    kind = type(value)
    if kind is bool or value is None:
        same: Json = value
        return same
    if kind is int or kind is float:
        return number(value)
    if kind is str:
        return text(value)
    raise error("not_plain")


def text(value: str) -> str:
    """A text within the limits that UTF-8, XML and both databases can hold."""
    if len(value) > MAX_TEXT:
        raise error("text_long")
    if "\0" in value:
        raise error("not_plain")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise error("not_plain") from None
    return value


def number(value: int | float) -> int | float:
    """A finite number within the limits; the type (int or float) is kept."""
    if type(value) is int:
        if -MAX_WHOLE <= value <= MAX_WHOLE:
            return value
        raise error("number_large")
    if isfinite(value):
        return value
    raise error("not_finite")


def measure(value: Value, fuel: Fuel) -> int:
    """Pay for walking through the value once, written out in full; its number of nodes. Raises ExpressionError.

    Comparing and sorting walk like this, so that sharing cannot make them cost more than was paid (N13).
    """
    nodes = characters = 0
    level: list[Value] = [value]
    for _ in range(MAX_DEPTH + 1):
        below: list[Value] = []
        nodes += len(level)
        for part in level:
            kind = type(part)
            if kind is str:
                characters += len(part)
            elif kind is list:
                below += part
            elif kind is dict:
                below += part.values()
                characters += sum(map(len, part))
            elif kind not in SCALARS:
                raise error("not_plain")
            if nodes + len(below) > MAX_NODES or characters > MAX_CHARACTERS:
                raise error("value_large")
        if not below:
            fuel.spend(nodes + (characters >> 6))
            return nodes
        level = below
    raise error("value_large")
