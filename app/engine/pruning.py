"""Forgetting: what lies behind the tokens is dropped after every step, so that a step costs the same for ever.

Of a level's tree these remain: its root, every live token, the forks at which the lines of two or more live tokens
part (their data are the base of a merge), and the branches of a kept BoundaryEventSplit, by which the library tells
an activity from what its events have set going. The lines between them are contracted.
"""

from collections.abc import Iterable

from app.engine.events import BoundaryEventSplit
from app.engine.ledger import LIVE
from app.engine.tokens import Level, Token


def prune(levels: Iterable[Level]) -> None:
    for level in levels:
        _contract(level)


def _contract(level: Level) -> None:
    lines = _count_lines(level)
    heirs: dict[str | None, Token] = {}
    kept: dict[str, Token] = {}
    for token in level.tasks.values():  # parents come before their children
        parent = heirs.get(token._parent)
        if not lines[token.id] and parent is not None:
            continue
        if parent is None or _is_needed(token, lines[token.id], parent):
            heirs[token.id] = kept[token.id] = token
            token._children = []
            if parent is not None:
                token._parent = parent.id
                parent._children.append(token.id)
        else:
            heirs[token.id] = parent
    level.tasks = kept


def _is_needed(token: Token, lines: int, parent: Token) -> bool:
    return token._state in LIVE or lines > 1 or isinstance(parent.task_spec, BoundaryEventSplit)


def _count_lines(level: Level) -> dict[str, int]:
    """For every token: through how many of its children the lines of live tokens go; itself counts if it is live."""
    lines = dict.fromkeys(level.tasks, 0)
    for token in reversed(level.tasks.values()):
        if token._state in LIVE:
            lines[token.id] += 1
        if lines[token.id] and token._parent is not None:
            lines[token._parent] += 1
    return lines
