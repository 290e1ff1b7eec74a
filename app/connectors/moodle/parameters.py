"""Nested values as the form fields of PHP, `courses[0][id]=6`, there and back."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_KEY = re.compile(r"\[([^\[\]]*)\]")
DEEPEST = 6


def flatten(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Fields in the order of the values; booleans become 1 and 0, None is left out."""
    return [pair for name, value in values.items() for pair in _flat(name, value)]


def _flat(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(f"{name}[{key}]", inner)
    elif isinstance(value, list | tuple):
        for position, inner in enumerate(value):
            yield from _flat(f"{name}[{position}]", inner)
    elif value is not None:
        yield name, str(int(value)) if isinstance(value, bool) else str(value)


def nest(fields: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """What PHP would make of the fields: keys 0, 1, 2 … become a list, later fields take the place of earlier ones."""
    found: dict[str, Any] = {}
    for name, value in fields:
        keys = [name.partition("[")[0], *_KEY.findall(name)][:DEEPEST]
        place = found
        for key in keys[:-1]:
            inner = place.get(key)
            place[key] = place = inner if isinstance(inner, dict) else {}
        place[keys[-1]] = value
    return {name: _listed(value) for name, value in found.items()}


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {key: _listed(one) for key, one in value.items()}
    return list(inner.values()) if list(inner) == [str(n) for n in range(len(inner))] else inner
