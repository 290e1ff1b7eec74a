"""Events: tokens that wait for the world, and what happens when it comes."""

import re
from typing import TYPE_CHECKING, cast

from app.engine import library
from app.engine.advance import Sent, Timer
from app.engine.asking import ask_receiver, ask_timer, message_key
from app.engine.faults import Fault
from app.engine.gateways import WAITING
from app.engine.library import TaskState
from app.engine.merging import fork, merge
from app.engine.nodes import GUARDING, Node, disarm
from app.engine.specification import Element, TimerKind
from app.engine.values import Json
from app.i18n import Text

if TYPE_CHECKING:
    from app.engine.tokens import Request, Token

ENDLESS = -1
_REPETITIONS = re.compile(r"\s*R(\d*)/")


class Start(Node, library.BpmnStartTask):
    """The root of a level's tree of tokens."""


class StartEvent(Node, library.StartEvent):
    pass


class Catch(Node):
    asks_in = WAITING
    timer: TimerKind = "duration"
    message: str = ""

    def ask(self, token: "Token") -> "Request":
        return ask_timer(self, token) if self.asks_for is Timer else ask_receiver(self, token)

    def _update_hook(self, my_task: "Token") -> bool | None:
        if self.element.event is None:
            return True
        my_task.request = self.ask(my_task)
        my_task._set_state(WAITING)
        return None

    def take(self, token: "Token", value: "Json") -> "Token":
        """`value` is the payload of the message."""
        if self.element.result:
            token.write({self.element.result: value})
        elif isinstance(value, dict):
            token.write(value)
        return token

    def proceed(self, token: "Token") -> None:
        token._ready()

    def _on_complete_hook(self, my_task: "Token") -> None:
        gateway = my_task.parent
        if isinstance(gateway.task_spec, EventBasedGateway):
            for other in gateway.children:
                if other is not my_task and other._state in GUARDING:
                    other.cancel()
        super()._on_complete_hook(my_task)


class IntermediateCatchEvent(Catch, library.IntermediateCatchEvent):
    pass


class ReceiveTask(Catch, library.ReceiveTask):
    pass


class EventBasedGateway(Node, library.EventBasedGateway):
    """Lets the events after it wait together; the first that happens ends the others."""


class BoundaryEventSplit(Node, library.BoundaryEventSplit):
    """Puts a token on an activity and one on each of its boundary events."""


class BoundaryEvent(Catch, library.BoundaryEvent):
    """Waits beside an activity. A cycle, or a message that does not interrupt, can happen again and again."""

    def _update_hook(self, my_task: "Token") -> bool | None:
        if self.asks_for is None:
            my_task._set_state(WAITING)
            return None
        super()._update_hook(my_task)
        if isinstance(my_task.request, Timer) and my_task.request.kind == "cycle":
            my_task.internal_data["left"] = _repetitions(my_task.request.expression)
        return None

    def take(self, token: "Token", value: "Json") -> "Token":
        if not self.element.interrupting and self._happens_again(token):
            token = type(token)(token.workflow, self, token.parent)
        return super().take(token, value)

    def _happens_again(self, token: "Token") -> bool:
        event = self.element.event
        if event is None or event.timer != "cycle":
            return event is not None and event.kind == "message"
        left: int = token.internal_data["left"]
        token.internal_data["left"] = left if left == ENDLESS else left - 1
        return left != 1

    def _on_complete_hook(self, my_task: "Token") -> None:
        if self.element.interrupting:
            for other in my_task.parent.children:
                if other.task_spec.element.id == self.element.attached_to:
                    other.cancel()
                    disarm(other)
        Node._on_complete_hook(self, my_task)


def _repetitions(expression: "Json") -> int:
    """3 for R3/P2D; a cycle given by an expression is bounded by whoever sets the timer."""
    iso = expression.get("iso") if isinstance(expression, dict) else None
    match = _REPETITIONS.match(iso) if isinstance(iso, str) else None
    return max(1, int(match[1])) if match and match[1] else ENDLESS


def catcher(token: "Token", code: str) -> "Token | None":
    """The nearest boundary event that catches an error of the activity `token` stands on, or of one around it."""
    host: Token | None = token
    while host is not None:
        for other in host.parent.children if host.parent else ():
            element = other.task_spec.element
            if element.attached_to == host.task_spec.element.id and other._state == WAITING and _catches(element, code):
                return cast("Token", other)
        host = host.parent if host.task_spec.body is not None else host.workflow.owner
    return None


def _catches(element: Element, code: str) -> bool:
    return element.event is not None and element.event.kind == "error" and element.event.code in (None, code)


class _Throw(Node):
    def _run_hook(self, my_task: "Token") -> bool | None:
        event = self.element.event
        if event is not None and event.kind == "message" and event.name is not None:
            payload = {name: compiled.evaluate(my_task.data) for name, compiled in self.parameters.items()}
            my_task.ledger.sent.append(Sent(self.element.id, event.name, message_key(self, my_task), payload))
        return True


class IntermediateThrowEvent(_Throw, library.IntermediateThrowEvent):
    pass


class SendTask(_Throw, library.SendTask):
    pass


class EndEvent(_Throw, library.EndEvent):
    def _run_hook(self, my_task: "Token") -> bool | None:
        event = self.element.event
        if event is None or event.kind != "error":
            return super()._run_hook(my_task)
        owner = my_task.workflow.owner
        found = catcher(owner, event.code or "") if owner is not None else None
        if found is None:
            raise Fault(
                Text(
                    ru=f"Ошибку «{event.code or ''}» никто выше не обрабатывает.",
                    en=f"Nothing above handles the error “{event.code or ''}”.",
                )
            )
        my_task._set_state(TaskState.COMPLETED)
        goes_on = found.task_spec.take(found, {"code": event.code} if found.task_spec.element.result else None)
        found.task_spec.proceed(goes_on)
        return None

    def _on_complete_hook(self, my_task: "Token") -> None:
        level = my_task.workflow
        if level.owner is None:
            level.top_workflow.end_event = self.element.id
        if self.element.event is not None and self.element.event.kind == "terminate":
            level.abandon()
            level.end(my_task.data)
        else:
            super()._on_complete_hook(my_task)


class EndJoin(Node, library.EndJoin):
    """Gathers the tokens that reach an end, one by one; with the last the level ends."""

    def _update_hook(self, my_task: "Token") -> None:
        level = my_task.workflow
        others = [token for token in level.live() if token is not my_task]
        ended = [token for token in others if token.task_spec is self]
        for earlier in ended:
            my_task.data = merge(fork((earlier, my_task)).data, (earlier.data, my_task.data))
            level.remove(earlier)
        if len(others) > len(ended):
            my_task._set_state(WAITING)
        else:
            my_task._set_state(TaskState.COMPLETED)
            level.end(my_task.data)
