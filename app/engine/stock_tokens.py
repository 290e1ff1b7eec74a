"""The tokens of a level as the stock library's tasks."""

import uuid
from typing import Any

from app.engine.activities import MultiInstance
from app.engine.events import EndJoin, EventBasedGateway
from app.engine.gateways import Join
from app.engine.library import BoundaryEventSplit, TaskState
from app.engine.nodes import ServiceTask
from app.engine.tokens import Level, Token
from app.engine.values import Json

Task = dict[str, Any]


def dump_tokens(level: Level) -> dict[str, Task]:
    """Tasks by id, parents first.

    The library takes the data of a waiting task from its parent again and again, and knows by the parent from where a
    token came. Both are forgotten here, so a finished task is put before every waiting one.
    """
    tasks: dict[str, Task] = {}
    absorbed = _absorbed(level)
    for token in level.tasks.values():
        if _stands_for_gateway(token):
            continue
        parent = None if token._parent is None else _name(token._parent)
        task = _dump(token, parent)
        if token.id in absorbed:
            task["state"] = TaskState.CANCELLED
        if task["state"] in (TaskState.WAITING, TaskState.CANCELLED) and _needs_predecessor(token):
            before = _predecessor(token, parent)
            _add(tasks, before)
            task["parent"] = before["id"]
        _add(tasks, task)
    return tasks


def _add(tasks: dict[str, Task], task: Task) -> None:
    tasks[task["id"]] = task
    if task["parent"] is not None:
        tasks[task["parent"]]["children"].append(task["id"])


def _dump(token: Token, parent: str | None) -> Task:
    node, state = token.task_spec, token._state
    if isinstance(node, ServiceTask) and state == TaskState.STARTED:
        state = TaskState.READY
    if _gates(token):
        state = TaskState.WAITING
    return {
        "typename": "Task",
        "id": _name(token.id),
        "parent": parent,
        "children": [],
        "last_state_change": 0,
        "state": state,
        "task_spec": node.name,
        "triggered": node.body is not None,
        "internal_data": _internal(token),
        "data": legible(token.data),
        "delta": {},
    }


def _predecessor(token: Token, parent: str | None) -> Task:
    """A finished task of a node from which the token may have come, with the token's data."""
    flow = token.internal_data.get("flow")
    node = token.task_spec
    source = next((name for name in node._inputs if flow and _leads(token, name, flow)), node._inputs[0])
    return {
        "typename": "Task",
        "id": str(uuid.uuid4()),
        "parent": parent,
        "children": [],
        "last_state_change": 0,
        "state": TaskState.COMPLETED,
        "task_spec": source,
        "triggered": False,
        "internal_data": {},
        "data": legible(token.data),
        "delta": {},
    }


def _leads(token: Token, source: str, flow: str) -> bool:
    return any(way.id == flow for way in token.workflow.spec.task_specs[source].flows)


def _needs_predecessor(token: Token) -> bool:
    parent: Token | None = token.parent
    return parent is None or not isinstance(parent.task_spec, BoundaryEventSplit)


def _absorbed(level: Level) -> set[str]:
    """Of the tokens waiting at one gateway the library lets only the last wait; the others it cancels."""
    last: dict[str, str] = {}
    waiting = []
    for token in level.tasks.values():
        if isinstance(token.task_spec, Join | EndJoin) and token._state == TaskState.WAITING:
            last[token.task_spec.name] = token.id
            waiting.append(token.id)
    return set(waiting) - set(last.values())


def _gates(token: Token) -> bool:
    """In the library the event-based gateway itself waits for the events after it."""
    children: list[Token] = token.children
    return isinstance(token.task_spec, EventBasedGateway) and any(map(_stands_for_gateway, children))


def _stands_for_gateway(token: Token) -> bool:
    parent: Token | None = token.parent
    waiting = token._state == TaskState.WAITING
    return waiting and parent is not None and isinstance(parent.task_spec, EventBasedGateway)


def _internal(token: Token) -> dict[str, Any]:
    """What the library keeps about a repeated activity and its instances."""
    node, own = token.task_spec, token.internal_data
    if isinstance(node, MultiInstance) and "of" in own:
        keys = own.get("keys") or list(range(own["of"]))
        begun = own["of"] - len(own.get("rest", ()))
        counted = {"cardinality": own["of"], "current": begun} if node.collection is None else {}
        return {"merged": [], **({"remaining": keys[begun:]} if node.sequential and not counted else {}), **counted}
    if node.body is not None:
        place = own["place"]
        body: Token = token.parent
        return {"key_or_index": (body.internal_data.get("keys", {}) and body.internal_data["keys"][place]) or place}
    return {}


def _name(token_id: str) -> str:
    return str(uuid.UUID(token_id))


def legible(value: Json) -> Any:
    """The library takes any dict with the key `typename` for one of its own; such keys get an underscore."""
    if isinstance(value, dict):
        return {"typename_" if name == "typename" else name: legible(entry) for name, entry in value.items()}
    return [legible(entry) for entry in value] if isinstance(value, list) else value
