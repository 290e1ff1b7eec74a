"""Forgetting: what lies behind the tokens is dropped after every step, so that a step costs the same for ever.

Of a level's tree these remain: its root, every live token, the forks at which the lines of two or more live tokens
part (their data are the base of a merge), and the branches of a kept BoundaryEventSplit, by which the library tells
an activity from what its events have set going. The lines between them are contracted.
"""

from collections.abc import Iterable

from app.engine.events import BoundaryEventSplit
from app.engine.ledger import LIVE
from app.engine.tokens import Level


def prune(levels: Iterable[Level]) -> None:
    for level in levels:
        _contract(level)


def _contract(level: Level) -> None:
    lines = _count_lines(level)
    root = level.task_tree
    root._children = []
    kept, heirs = {root.id: root}, {root.id: root}
    for token in level.tasks.values():  # parents come before their children
        if token is root or not lines[token.id]:
            continue
        parent = heirs[token._parent]
        if token._state in LIVE or lines[token.id] > 1 or isinstance(parent.task_spec, BoundaryEventSplit):
            token._parent, token._children = parent.id, []
            parent._children.append(token.id)
            heirs[token.id] = kept[token.id] = token
        else:
            heirs[token.id] = parent
    level.tasks = kept


def _count_lines(level: Level) -> dict[str, int]:
    """For every token: through how many of its children the lines of live tokens go; itself counts if it is live."""
    lines = dict.fromkeys(level.tasks, 0)
    for token in reversed(level.tasks.values()):
        if token._state in LIVE:
            lines[token.id] += 1
        if lines[token.id] and token._parent is not None:
            lines[token._parent] += 1
    return lines
