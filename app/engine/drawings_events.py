"""Event definitions of a BPMN file: what an event waits for or causes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.engine.specification import Event
from app.engine.xml import BPMN, OURS

EVENTS: Mapping[str, frozenset[str]] = {
    "startEvent": frozenset({"message", "timer"}),
    "endEvent": frozenset({"message", "error", "terminate"}),
    "intermediateCatchEvent": frozenset({"message", "timer"}),
    "intermediateThrowEvent": frozenset({"message"}),
    "boundaryEvent": frozenset({"message", "timer", "error"}),
    "sendTask": frozenset({"message"}),
    "receiveTask": frozenset({"message"}),
}
"""Kinds of event that run, by the node they stand in."""
NEEDED = frozenset({"boundaryEvent", "intermediateCatchEvent"})
"""Without a definition these would wait for nothing."""
TIMERS: Mapping[str, Literal["date", "duration", "cycle"]] = {
    "timeDate": "date",
    "timeDuration": "duration",
    "timeCycle": "cycle",
}


@dataclass(frozen=True, slots=True)
class Definitions:
    """Messages and errors of a file by id: the names and codes that its events refer to."""

    messages: Mapping[str, str]
    errors: Mapping[str, str | None]

    @classmethod
    def of(cls, root: Any) -> "Definitions":
        messages = {m.get("id"): m.get("name") or m.get("id") for m in root.iterchildren(BPMN + "message")}
        return cls(messages, {e.get("id"): e.get("errorCode") for e in root.iterchildren(BPMN + "error")})


def read_event(node: Any, kind: str, definitions: Definitions) -> tuple[Event | None, Any]:
    """The event of a node (None: it has none), and the XML element that cannot be run (None: all can)."""
    found = [child for child in node if isinstance(child.tag, str) and child.tag.endswith("EventDefinition")]
    if kind in ("sendTask", "receiveTask"):
        return (_message(node, node, definitions), None) if node.get("messageRef") else (None, None)
    if not found:
        return None, node if kind in NEEDED else None
    name = found[0].tag.removeprefix(BPMN).removesuffix("EventDefinition")
    if len(found) > 1 or name not in EVENTS[kind]:
        return None, found[-1]
    event = _READERS[name](found[0], node, definitions)
    return event, found[0] if event is None else None


def _timer(definition: Any, _: Any, __: Definitions) -> Event | None:
    for tag, timer in TIMERS.items():
        found = definition.find(BPMN + tag)
        if found is not None and (found.text or "").strip():
            return Event("timer", timer=timer, expression=found.text.strip())
    return None


def _message(definition: Any, node: Any, definitions: Definitions) -> Event | None:
    name = definitions.messages.get(definition.get("messageRef"))
    own = node.find(f"{BPMN}extensionElements/{OURS}message")
    return Event("message", name=name, key=None if own is None else own.get("key")) if name else None


def _error(definition: Any, _: Any, definitions: Definitions) -> Event | None:
    reference = definition.get("errorRef")
    if reference is None:
        return Event("error")
    return Event("error", code=definitions.errors[reference]) if reference in definitions.errors else None


def _terminate(*_: Any) -> Event:
    return Event("terminate")


_READERS: Mapping[str, Callable[[Any, Any, Definitions], Event | None]] = {
    "timer": _timer,
    "message": _message,
    "error": _error,
    "terminate": _terminate,
}
