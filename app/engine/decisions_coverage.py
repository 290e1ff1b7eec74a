"""What a decision table leaves open or says twice: overlaps, gaps, rules that are never taken. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from app.engine.decisions_cells import Cell
from app.engine.decisions_domains import Dimension, dimension
from app.engine.decisions_reading import Reader, Table
from app.engine.decisions_tables import Decision
from app.engine.expressions_compiling import Scope
from app.engine.expressions_errors import FAULTS
from app.engine.values import Fuel, Json

Kind = Literal["overlap", "differ", "gap", "never", "shadowed", "unjudged"]
MOST = 10
"""So many of a kind are told."""
STEPS = 100_000
"""Combinations looked at before the search for gaps is given up."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """`values`: an example, one for each input column, for which it happens. `certain`: it can really come about."""

    kind: Kind
    rules: tuple[str, ...] = ()
    values: tuple[Json, ...] = ()
    certain: bool = True


def tables_of(root: Any) -> dict[str, Table]:
    return {table.id: table for table in Reader(root).tables()}


def examine(table: Table, decision: Decision) -> list[Flaw]:
    """Everything that can be told before any value comes; the table is one that compiles."""
    dimensions = _dimensions(table)
    if dimensions is None:
        return [Flaw("unjudged")]
    search = _Search(decision, dimensions, len(table.inputs))
    return list(search.flaws())


def _dimensions(table: Table) -> list[Dimension] | None:
    alike: dict[str, list[int]] = {}
    for place, column in enumerate(table.inputs):
        alike.setdefault(column.cell.text, []).append(place)
    found = []
    for places in alike.values():
        cells = [[Cell(tests[place].text) for place in places] for _, tests, _ in table.rules]
        columns = [(place, table.inputs[place]) for place in places]
        allowed = [Cell(column.allowed.text).test() for _, column in columns if column.allowed]
        made = dimension(columns, cells, allowed)
        if made is None:
            return None
        found.append(made)
    return sorted(found, key=lambda one: len(one.masks))


class _Search:
    """Looks through the combinations of the values that matter, one dimension after the other."""

    def __init__(self, decision: Decision, dimensions: list[Dimension], width: int) -> None:
        self._decision = decision
        self._dimensions = dimensions
        self._width = width
        self._all = (1 << len(decision.rules)) - 1
        self._steps = 0
        self._certain = all(one.free for one in dimensions) and _apart(dimensions)

    def flaws(self) -> Iterator[Flaw]:
        never = [number for number in range(len(self._decision.rules)) if not self._reachable(number)]
        yield from (Flaw("never", (self._decision.rules[number],), (), self._certain) for number in never[:MOST])
        policy = self._decision.hit_policy
        if policy in ("UNIQUE", "ANY"):
            yield from self._overlaps()
        if policy == "FIRST":
            yield from self._shadowed(set(never))
        if policy != "COLLECT":
            yield from self._gaps()

    def _reachable(self, number: int) -> bool:
        return all(any(mask >> number & 1 for mask in one.masks) for one in self._dimensions)

    def _overlaps(self) -> Iterator[Flaw]:
        differ = self._decision.hit_policy == "ANY"
        told = 0
        for number, rule in enumerate(self._decision.rules):
            others = self._all & ~((2 << number) - 1)
            for one in self._dimensions:
                others &= _union(mask for mask in one.masks if mask >> number & 1)
            while others and told < MOST:
                low = others & -others
                others ^= low
                other = low.bit_length() - 1
                if differ and self._same_results(number, other):
                    continue
                told += 1
                pair = (rule, self._decision.rules[other])
                yield Flaw("differ" if differ else "overlap", pair, self._example((1 << number) | low), self._certain)

    def _same_results(self, one: int, other: int) -> bool:
        """Under ANY several rules may hold if they say the same; what depends on data is taken to."""
        for first, second in zip(self._decision.table[one].values, self._decision.table[other].values, strict=True):
            if first.names.data or second.names.data:
                continue
            if self._value(first) != self._value(second):
                return False
        return True

    @staticmethod
    def _value(compiled: Any) -> Any:
        try:
            return compiled.value(Scope({}, Fuel(), 0).data, Fuel())
        except FAULTS:
            return None

    def _example(self, wanted: int) -> tuple[Json, ...]:
        """Values for which all the wanted rules hold."""
        pick = {
            one: next(value for value, mask in zip(one.values, one.masks, strict=True) if mask & wanted == wanted)
            for one in self._dimensions
        }
        return self._spread(pick)

    def _spread(self, chosen: dict[Dimension, Json]) -> tuple[Json, ...]:
        values: list[Json] = [None] * self._width
        for one, value in chosen.items():
            for place in one.columns:
                values[place] = value
        return tuple(values)

    def _gaps(self) -> Iterator[Flaw]:
        seen: set[tuple[int, int]] = set()
        for told, path in enumerate(self._empty(0, self._all, [], seen)):
            if told == MOST:
                return
            left = [(one, one.values[0]) for one in self._dimensions[len(path) :] if one.values]
            chosen = dict([*zip(self._dimensions, path, strict=False), *left])
            yield Flaw("gap", (), self._spread(chosen), self._certain)
        if self._steps >= STEPS:
            yield Flaw("unjudged")

    def _empty(self, depth: int, mask: int, path: list[Json], seen: set[tuple[int, int]]) -> Iterator[list[Json]]:
        """Beginnings of combinations for which no rule is left."""
        if mask == 0:
            yield path
            return
        if depth == len(self._dimensions) or (depth, mask) in seen or self._steps >= STEPS:
            return
        seen.add((depth, mask))
        one = self._dimensions[depth]
        for value, more in zip(one.values, one.masks, strict=True):
            self._steps += 1
            yield from self._empty(depth + 1, mask & more, [*path, value], seen)

    def _shadowed(self, never: set[int]) -> Iterator[Flaw]:
        told = 0
        for number, rule in enumerate(self._decision.rules):
            if number in never or told == MOST:
                continue
            own, steps = 1 << number, [0]
            earlier = own - 1
            if earlier and not self._alone(0, own | earlier, own, set(), steps) and steps[0] < STEPS:
                told += 1
                yield Flaw("shadowed", (rule,), (), self._certain)

    def _alone(self, depth: int, mask: int, own: int, seen: set[tuple[int, int]], steps: list[int]) -> bool:
        """Whether the rule is ever the first one that holds."""
        if mask == own:
            return True
        if depth == len(self._dimensions) or (depth, mask) in seen or steps[0] >= STEPS:
            return False
        seen.add((depth, mask))
        for more in self._dimensions[depth].masks:
            steps[0] += 1
            if more & own and self._alone(depth + 1, mask & more, own, seen, steps):
                return True
        return False


def _apart(dimensions: list[Dimension]) -> bool:
    """No column looks into the same data as another, so that any value of one goes with any of the other."""
    paths = [one.expression for one in dimensions]
    return not any(one is not other and other.startswith((f"{one}.", f"{one}[")) for one in paths for other in paths)


def _union(masks: Iterator[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found
