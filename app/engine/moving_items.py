"""The account of a move: of every waiting thing, what becomes of it."""

from collections.abc import Iterator
from typing import Any

from app.engine.advance import Call, OpenTask, Receiver, Snapshot, Timer
from app.engine.moving_account import Item, What
from app.engine.moving_matching import Matching
from app.engine.moving_tokens import Carried
from app.engine.specification import Element
from app.engine.tokens import Token

KINDS: dict[type, What] = {OpenTask: "task", Timer: "timer", Call: "call", Receiver: "receiver"}
Said = dict[str, Any]
"""What a request or an element says that people or rows depend on, by name."""


def account(matching: Matching, carried: Carried, before: Snapshot, after: Snapshot | None) -> tuple[Item, ...]:
    """With `after` None (the move is refused): everything as it stands now, kept."""
    asked = _by_id(before)
    if after is None:
        return tuple(_standing(matching, request) for request in asked.values())
    now = _by_id(after)
    found = [_continued(matching, asked[one], now[one]) for one in asked if one in now]
    return (*found, *_added(carried), *_gone(carried))


def _by_id(snapshot: Snapshot) -> dict[str, Any]:
    requests: tuple[Any, ...] = (*snapshot.open_tasks, *snapshot.calls, *snapshot.timers, *snapshot.receivers)
    return {request.id: request for request in requests}


def _standing(matching: Matching, request: Any) -> Item:
    element = matching.old.element(request.process, request.element)
    return Item(KINDS[type(request)], "kept", request.id, request.process, element.id, element.name)


def _continued(matching: Matching, was: Any, now: Any) -> Item:
    old, new = matching.old.element(was.process, was.element), matching.new.element(now.process, now.element)
    before, after = {**_asked(was), **_drawn(old)}, {**_asked(now), **_drawn(new)}
    changes = [name for name, value in before.items() if value != after.get(name)]
    renamed = was.element if was.element != now.element else None
    how = "changed" if changes or renamed else "kept"
    return Item(KINDS[type(now)], how, now.id, now.process, new.id, new.name, renamed, tuple(changes))  # type: ignore[arg-type]


def _asked(request: OpenTask | Call | Timer | Receiver) -> Said:
    match request:
        case OpenTask() as one:
            reach: Said = {"organisation": one.organisation, "person": one.person, "exclude": one.exclude}
            return reach | {"subject": one.subject, "title": one.title, "due": one.due, "deadlines": one.deadlines}
        case Call() as one:
            return {"operation": one.operation, "parameters": one.parameters}
        case Timer() as one:
            return {"kind": one.kind, "expression": one.expression}
    return {"name": request.name, "key": request.key}


def _drawn(element: Element) -> Said:
    return {
        "form": element.form,
        "role": element.role,
        "outputs": element.outputs,
        "instructions": element.instructions,
        "quiet": element.quiet,
        "clause": element.clause,
        "interrupting": element.interrupting,
        "label": element.name,
    }


def _added(carried: Carried) -> Iterator[Item]:
    return (_event(token, "added") for token in carried.added)


def _gone(carried: Carried) -> Iterator[Item]:
    return (_event(token, "removed") for token in carried.gone)


def _event(token: Token, how: Any) -> Item:
    node = token.task_spec
    element: Element = node.element
    what: What = KINDS[node.asks_for] if node.asks_for is not None else "event"
    return Item(what, how, token.id, node.process, element.id, element.name)
