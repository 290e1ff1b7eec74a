"""How each kind of activity behaves: the library's specifications with our expressions and without its predictions.

One node object serves all instances of a release, in any number of threads: nothing here is written at run time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.engine import library
from app.engine.advance import Call, OpenTask
from app.engine.asking import ask_call, ask_task
from app.engine.decisions import Decision
from app.engine.expressions import Compiled, Script
from app.engine.library import TaskState
from app.engine.specification import Element
from app.engine.values import Json
from app.i18n import Text

if TYPE_CHECKING:
    from app.engine.activities import MultiInstance
    from app.engine.tokens import Level, Request, Token

GUARDING = frozenset({TaskState.WAITING, TaskState.ERROR})
"""States in which an event still stands beside its activity."""
NOTHING: Mapping[str, Compiled] = {}
UNDRAWN = Element("", "", Text("", ""), Text("", ""))
"""The element of inner construction, which appears in no journal."""


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """A way out of a node. Without an id it is no sequence flow but a part of a node's inner construction."""

    id: str | None
    target: "Node"
    condition: Compiled | None = None


class Node(library.BpmnTaskSpec):
    """What all nodes share."""

    element: Element = UNDRAWN
    process: str = ""
    flows: tuple[Flow, ...] = ()
    asks_for: "type[Request] | None" = None
    """What a token here asks of the world, and the state in which it waits for the answer."""
    asks_in: int | None = None
    joins: bool = False
    """Tokens must remember by which flow they came."""
    guarded: bool = False
    """Boundary events stand beside it, under a BoundaryEventSplit."""
    body: "MultiInstance | None" = None
    """The repeated activity of which this is one instance."""
    expressions: Mapping[str, Compiled] = NOTHING
    parameters: Mapping[str, Compiled] = NOTHING
    deadlines: Mapping[str, Compiled] = NOTHING

    def ask(self, token: "Token") -> "Request":
        """What a token that waits here asks of the world. Raises ExpressionError, Fault."""
        raise NotImplementedError

    def take(self, token: "Token", value: "Json") -> "Token":
        """Write the world's answer; returns the token that goes on with it. Raises BudgetExceeded."""
        raise NotImplementedError

    def proceed(self, token: "Token") -> None:
        """Go on with the answer written."""
        raise NotImplementedError

    def prepare_leaving(self, token: "Token") -> None:
        """Everything about leaving that may fail."""
        if self.body is not None:
            self.body.weigh(token)

    def take_back(self, token: "Token", level: "Level") -> None:
        """The level that the token waits for has ended."""
        raise NotImplementedError

    def run_again(self, token: "Token") -> None:
        """After a failure in running or leaving."""
        token._set_state(TaskState.READY)

    def test(self) -> None:
        """The library would look for missing connections at every step; they were looked for when the release was."""

    def _update(self, my_task: "Token") -> None:
        if my_task._state != TaskState.FUTURE:
            return
        try:
            super()._update(my_task)
        except Exception as error:  # whatever it is, the token must stop here and not the one that sent it
            my_task.fail(error, "enter")

    def _update_hook(self, _: "Token") -> bool | None:
        """A token has come. True: it may run at once."""
        return True

    def _run_hook(self, _: "Token") -> bool | None:
        """True: it is done and moves on. None: it waits, or has been ended."""
        return True

    def _on_complete_hook(self, my_task: "Token") -> None:
        if self.guarded:
            disarm(my_task)
        if self.body is not None:
            self.body.take_instance(my_task)
            return
        for flow in self.flows if my_task.ways is None else my_task.ways:
            my_task.spawn(flow)


def disarm(host: "Token") -> None:
    """The activity is done: its boundary events wait no longer. What they have set going goes on."""
    split = host._parent and host.workflow.tasks[host._parent]
    if split and isinstance(split.task_spec, library.BoundaryEventSplit):
        for event in split.children:
            if event.task_spec.element.attached_to == host.task_spec.element.id and event._state in GUARDING:
                event._set_state(TaskState.CANCELLED)


class _Manual(Node):
    """A person acts: the token is READY until then."""

    asks_for = OpenTask
    asks_in = TaskState.READY

    def ask(self, token: "Token") -> "Request":
        return ask_task(self, token)

    def _update_hook(self, my_task: "Token") -> bool:
        my_task.request = self.ask(my_task)
        return True

    def run_again(self, token: "Token") -> None:
        token._state = TaskState.FUTURE
        self._update(token)

    def take(self, token: "Token", value: "Json") -> "Token":
        element, values = self.element, value if isinstance(value, dict) else {}
        if element.outputs or element.form:
            values = {name: values[name] for name in element.outputs if name in values}
        token.write({element.result: values} if element.result else values)
        return token

    def proceed(self, token: "Token") -> None:
        token.run()


class UserTask(_Manual, library.UserTask):
    pass


class ManualTask(_Manual, library.ManualTask):
    pass


class NoneTask(Node, library.NoneTask):
    """A task of no kind asks nobody for anything: a token passes at once (BPMN 2.0, 13.2.1)."""

    def __init__(self, wf_spec: Any, name: str, **kwargs: Any) -> None:
        super().__init__(wf_spec, name, **kwargs)
        self.manual = False


class ScriptTask(Node, library.ScriptTask):
    compiled: Script

    def _run_hook(self, my_task: "Token") -> bool:
        my_task.write(self.compiled.execute(my_task.data))
        return True


class BusinessRuleTask(NoneTask):
    """The library's own table is bound to its script engine; ours is evaluated here."""

    decision: Decision

    def _run_hook(self, my_task: "Token") -> bool:
        result, rules = self.decision.evaluate(my_task.data)
        my_task.ledger.note_rules(my_task, rules)
        my_task.write({self.element.result: result} if self.element.result else {})
        return True


class ServiceTask(Node, library.ServiceTask):
    """Asks for an operation and stays STARTED until it is answered."""

    asks_for = Call
    asks_in = TaskState.STARTED
    operation: str = ""

    def ask(self, token: "Token") -> "Request":
        return ask_call(self, token)

    def _run_hook(self, my_task: "Token") -> None:
        my_task.request = self.ask(my_task)

    def take(self, token: "Token", value: "Json") -> "Token":
        if self.element.result:
            token.write({self.element.result: value})
        return token

    def proceed(self, token: "Token") -> None:
        token.complete()
