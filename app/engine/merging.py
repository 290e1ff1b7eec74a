"""Where branches meet: their data become one, and nobody's work is lost."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from app.engine.values import Json

if TYPE_CHECKING:
    from app.engine.tokens import Token

_ABSENT = object()


def merge(base: Mapping[str, Json], branches: Sequence[Mapping[str, Json]]) -> dict[str, Json]:
    """The data after a join: `base` is what the branches started from, `branches` their data in order of arrival.

    What a branch did not touch never replaces what another wrote. Where two wrote the same thing the later wins;
    dicts are merged entry by entry, everything else as a whole.
    """
    merged = dict(base)
    for branch in branches:
        for name, value in branch.items():
            before = base.get(name, _ABSENT)
            if value is before or (value == before and type(value) is type(before)):
                continue
            now = merged.get(name)
            if isinstance(value, dict) and isinstance(before, dict) and isinstance(now, dict) and now is not before:
                merged[name] = merge(before, (now, value))
            else:
                merged[name] = value
        for name in base:
            if name not in branch:
                merged.pop(name, None)
    return merged


def fork(tokens: Sequence["Token"]) -> "Token":
    """The nearest common ancestor: where the branches of these tokens parted."""
    common = _lineage(tokens[0])
    for token in tokens[1:]:
        line = _lineage(token)
        shared = 0
        while shared < min(len(common), len(line)) and common[shared] is line[shared]:
            shared += 1
        del common[shared:]
    return common[-1]


def _lineage(token: "Token") -> list["Token"]:
    line: list[Token] = []
    step: Token | None = token
    while step is not None:
        line.append(step)
        step = step.parent
    line.reverse()
    return line
