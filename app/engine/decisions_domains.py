"""Which values of an input column can make a difference: those its cells name, and one of every stretch between."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from app.engine import iso
from app.engine.decisions_cells import Cell, Endpoint, Test
from app.engine.decisions_reading import Column
from app.engine.expressions_compiling import Scope
from app.engine.expressions_errors import FAULTS
from app.engine.values import Fuel, Json, Value

MOST = 300_000
"""Cells times values; a column with more of them is not judged, so that no table can hold up the check."""
_PATH = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*|\[\s*(?:\"[^\"]*\"|'[^']*'|\d+)\s*\])*")


@dataclass(frozen=True, slots=True)
class Dimension:
    """Columns that ask for the same expression, as one: for each value that matters the rules that hold, as bits."""

    expression: str
    columns: tuple[int, ...]
    values: tuple[Json, ...]
    masks: tuple[int, ...]
    free: bool
    """Any value may come: the expression is only a name of data."""


def scope() -> Scope:
    return Scope({}, Fuel(MOST * 1000), 0)


def is_path(expression: str) -> bool:
    return _PATH.fullmatch(expression.strip()) is not None


def dimension(columns: list[tuple[int, Column]], cells: list[list[Cell]], allowed: list[Test]) -> Dimension | None:
    """None where a cell compares with other data, so that nothing can be told beforehand, or there is too much.

    `cells` are those of each rule, `allowed` the tests of the columns' lists of values.
    """
    alike: dict[tuple[str, ...], int] = {}
    for number, row in enumerate(cells):
        said = tuple(cell.text for cell in row)
        alike[said] = alike.get(said, 0) | 1 << number
    tests = {
        said: [cell.test() for cell in row] for row in cells if (said := tuple(cell.text for cell in row)) in alike
    }
    if any(cell.names for row in cells for cell in row):
        return None
    ends = [end for row in cells for cell in row for end in cell.ends]
    ends += [end for _, column in columns if column.allowed for end in ends_of(column.allowed.text)]
    first = columns[0][1]
    known: dict[int, Json] = {}
    values = candidates(first.type, [end(scope()) for end in ends], whole=first.whole)
    if len(values) * len(alike) > MOST:
        return None
    judged = [(tests[said], rules) for said, rules in alike.items()]
    for value in values:
        mask = _mask(value, judged, allowed)
        if mask is not None:
            known.setdefault(mask, value)
    return Dimension(
        first.cell.text.strip(),
        tuple(place for place, _ in columns),
        tuple(known.values()),
        tuple(known),
        is_path(first.cell.text),
    )


def ends_of(text: str) -> list[Endpoint]:
    cell = Cell(text)
    cell.test()
    return [] if cell.names else cell.ends


def _mask(value: Value, judged: list[tuple[list[Test], int]], allowed: list[Test]) -> int | None:
    """The rules that hold. None: the value is not allowed, or a cell cannot be compared with it."""
    around, found = scope(), 0
    try:
        if value is not None and not all(test(around, value) for test in allowed):
            return None
        for tests, rules in judged:
            if all(test(around, value) for test in tests):
                found |= rules
    except FAULTS:
        return None
    return found


def candidates(kind: str, ends: Iterable[Value], *, whole: bool = False) -> list[Json]:
    """The values that matter, given those that the cells name; the plain ones come first."""
    given = list(ends)
    words = sorted({one for one in given if type(one) is str})
    numbers = sorted({one for one in given if type(one) in (int, float)})
    found: list[Json] = [None] if any(one is None for one in given) else []
    if kind == "boolean" or (kind == "" and any(type(one) is bool for one in given)):
        found += [True, False]
    if kind == "number" or (kind == "" and numbers):
        found += _numbers(numbers, whole=whole)
    if kind == "date":
        found += _dates(words)
    elif kind == "string" or (kind == "" and (words or not found)):
        found += _words(words)
    return found


def _numbers(ends: list[float], *, whole: bool) -> list[Json]:
    if not ends:
        return [0]
    between: list[float] = []
    for low, high in pairwise(ends):
        middle = _whole_between(low, high) if whole else (low + high) / 2
        between += [] if middle is None else [middle]
    found: list[float] = [*ends, *between, ends[0] - 1, ends[-1] + 1]
    return [int(one) if one == int(one) else one for one in found if not whole or one == int(one)]


def _whole_between(low: float, high: float) -> float | None:
    middle = int(low // 1) + 1
    return middle if middle < high else None


def _words(ends: list[str]) -> list[Json]:
    other = "other"
    while other in ends:
        other += "_"
    return [*ends, other, "", *(f"{one}!" for one in ends)]


def _dates(ends: list[str]) -> list[Json]:
    days = sorted(date.fromisoformat(one) for one in ends if len(one) == 10 and iso.parse(one) is not None)
    if not days:
        return ["2026-01-01"]
    one = timedelta(days=1)
    between = [low + one for low, high in pairwise(days) if low + one < high]
    return [day.isoformat() for day in (*days, *between, days[0] - one, days[-1] + one)]
