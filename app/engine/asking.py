"""What a waiting token asks of the world, its expressions evaluated on its data."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.engine.advance import Call, OpenTask, Receiver, Timer
from app.engine.expressions import Compiled
from app.engine.faults import Fault
from app.engine.values import Json
from app.i18n import Text

if TYPE_CHECKING:
    from app.engine.events import Catch
    from app.engine.nodes import Node, ServiceTask
    from app.engine.tokens import Token


def ask_task(node: "Node", token: "Token") -> OpenTask:
    given = {name: compiled.evaluate(token.data) for name, compiled in node.expressions.items()}
    return OpenTask(
        id=token.id,
        element=node.element.id,
        process=node.process,
        path=token.workflow.path,
        organisation=_text("organisation", given.get("organisation")),
        person=_text("person", given.get("person")),
        subject=_text("subject", given.get("subject")),
        exclude=_texts("exclude", given.get("exclude")),
        title=_text("title", given.get("title")),
        due=given.get("due"),
        deadlines=_evaluate(node.deadlines, token),
        data=dict(token.data),
    )


def ask_call(node: "ServiceTask", token: "Token") -> Call:
    return Call(
        id=token.id,
        element=node.element.id,
        process=node.process,
        path=token.workflow.path,
        operation=node.operation,
        parameters=_evaluate(node.parameters, token),
        immediate=node.element.immediate,
    )


def ask_timer(node: "Catch", token: "Token") -> Timer:
    host = _host(token)
    return Timer(
        id=token.id,
        element=node.element.id,
        process=node.process,
        path=token.workflow.path,
        kind=node.timer,
        expression=node.expressions["timer"].evaluate(token.data),
        task=host.id if host else None,
        deadlines=_evaluate(host.task_spec.deadlines, host) if host else {},
    )


def ask_receiver(node: "Catch", token: "Token") -> Receiver:
    key = message_key(node, token)
    return Receiver(token.id, node.element.id, node.process, token.workflow.path, node.message, key)


def message_key(node: "Node", token: "Token") -> str | None:
    """The key of a message sent or awaited; None where the diagram gives none."""
    compiled = node.expressions.get("key")
    if compiled is None:
        return None
    key = compiled.evaluate(token.data)
    return str(key) if isinstance(key, int) and not isinstance(key, bool) else _text("key", key)


def _host(token: "Token") -> "Token | None":
    """The activity a boundary event stands on."""
    host = token.task_spec.element.attached_to
    if host is None or token._parent is None:
        return None
    siblings: list[Token] = token.workflow.tasks[token._parent].children
    return next((sibling for sibling in siblings if sibling.task_spec.element.id == host), None)


def _evaluate(expressions: Mapping[str, Compiled], token: "Token") -> dict[str, Json]:
    return {name: compiled.evaluate(token.data) for name, compiled in expressions.items()}


def _text(name: str, value: Json) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise _wrong(name, value)


def _texts(name: str, value: Json) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(str(item) for item in value)
    raise _wrong(name, value)


def _wrong(name: str, value: Json) -> Fault:
    return Fault(
        Text(
            ru=f"Выражение «{name}» дало значение не того вида: нужен текст.",
            en=f"The expression “{name}” gave a value of the wrong kind: a text is needed.",
        ),
        type(value).__name__,
    )
