"""Tokens and the levels they move on: the library's tasks and workflows, made to forget what is behind them."""

import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

import orjson

from app.engine.advance import BudgetExceeded, Call, EngineProblem, OpenTask, Receiver, Timer
from app.engine.faults import explain
from app.engine.ledger import LIVE, Ledger
from app.engine.library import BpmnProcessSpec, BpmnSubWorkflow, BpmnWorkflow, PythonScriptEngine, Task, TaskState
from app.engine.values import Json
from app.i18n import Text

if TYPE_CHECKING:
    from app.engine.nodes import Flow, Node

Request = OpenTask | Call | Timer | Receiver
Again = Literal["enter", "run"]


class Token(Task):
    """BPMN's token. It owns its data: a dict of values that are replaced and never changed in place.

    Tokens are made when their predecessor is done (the library's predictions are not), so that the order in which
    a level holds them is the order in which they came.
    """

    id: str
    workflow: "Level"
    task_spec: "Node"
    request: Request | None = None
    """What it asked of the world when it came; not saved, it can be asked again."""
    ways: "tuple[Flow, ...] | None" = None
    """Flows a gateway has chosen to leave by."""

    def __init__(self, level: "Level", node: "Node", parent: "Token | None" = None) -> None:
        super().__init__(level, node, parent, TaskState.FUTURE, os.urandom(16).hex())
        if parent is not None:
            self.data = dict(parent.data)

    def spawn(self, flow: "Flow") -> "Token":
        """The token at the other end of a flow; its node takes it in later (`_update`)."""
        child = Token(self.workflow, flow.target, self)
        if flow.target.joins:
            child.internal_data["flow"] = flow.id
        if flow.id is not None:
            self.ledger.note_flow(self, flow.id)
        return child

    @property
    def ledger(self) -> Ledger:
        return self.workflow.top_workflow.ledger

    def write(self, changes: Mapping[str, Json]) -> None:
        """Set variables. Raises BudgetExceeded and sets none when one is too large."""
        limit = self.ledger.budget.variable
        for name, value in changes.items():
            if len(orjson.dumps(value)) > limit:
                raise BudgetExceeded(
                    Text(
                        ru=f"Переменная «{name}» больше {limit // 1024} КБ.",
                        en=f"The variable “{name}” is larger than {limit // 1024} kB.",
                    )
                )
        self.data.update(changes)

    def _set_state(self, value: int) -> None:
        self.ledger.note(self, value)
        self._state = value

    def run(self) -> bool | None:
        """As the library's, but a node that has ended the token itself (None) is left alone."""
        done = self.task_spec._run(self)
        if done:
            self.complete()
        elif self._state == TaskState.READY:
            self._set_state(TaskState.STARTED)
        return done

    def complete(self) -> None:
        """Move on. What may fail happens before the token leaves, so that it can be retried where it stands."""
        self.task_spec.prepare_leaving(self)
        super().complete()

    def cancel(self) -> None:
        """Cancel the token with all that runs inside it: instances, called processes."""
        for child in self.children:
            child.cancel()
        level = self.workflow.top_workflow.subprocesses.pop(self.id, None)
        if level is not None:
            level.abandon()
        if self._state in LIVE:
            self._set_state(TaskState.CANCELLED)

    def fail(self, error: Exception, again: Again) -> None:
        """Stop in ERROR until `retry`; `again`: what is to be done then, come in anew or only run."""
        message, detail = explain(error)
        self.internal_data["problem"] = [again, message.ru, message.en, detail]
        if self._state != TaskState.ERROR:  # the library's run has said so already
            self._set_state(TaskState.ERROR)
        self.ledger.problems.append(self.problem())

    def retry(self) -> None:
        again = self.internal_data.pop("problem")[0]
        if again == "enter":
            self._state = TaskState.FUTURE
            self.task_spec._update(self)
        else:
            self.task_spec.run_again(self)

    def problem(self) -> EngineProblem:
        """Why a token in ERROR stopped."""
        _, ru, en, detail = self.internal_data["problem"]
        node = self.task_spec
        return EngineProblem(self.id, node.element.id, node.process, Text(ru=ru, en=en), detail)


class Level:
    """One running process or embedded sub-process; `owner` is the token of the level above that waits for it."""

    spec: Any
    tasks: dict[str, Token]
    task_tree: Token
    data: dict[str, Json]
    completed: bool
    top_workflow: "Instance"
    owner: Token | None = None
    path: tuple[str, ...] = ()
    depth: int

    def begin(self, data: dict[str, Json], start: "Node") -> None:
        """Put the first token on the start event."""
        root = self.task_tree = Token(self, self.spec.start)
        root._state = TaskState.COMPLETED
        root.write(data)
        first = Token(self, start, root)
        start._update(first)

    def live(self) -> list[Token]:
        return [token for token in self.tasks.values() if token._state in LIVE]

    def end(self, data: dict[str, Json]) -> None:
        """No token is left; whoever waits for this level gets its data."""
        self.data, self.completed = data, True
        self.task_tree.data = {}
        if self.owner is not None:
            self.owner.task_spec.take_back(self.owner, self)

    def abandon(self, spare: Token | None = None) -> None:
        """Cancel every token but one."""
        for token in self.live():
            if token is not spare:
                token.cancel()

    def remove(self, token: Token) -> None:
        """Forget a token without a trace (it was merged into another)."""
        if token._parent is not None:
            self.tasks[token._parent]._children.remove(token.id)
        del self.tasks[token.id]

    def update_waiting_tasks(self) -> None:
        """Nothing waits for a look at the clock or at another branch; whoever changes that says so."""

    def _task_completed_notify(self, task: Token) -> None:
        """The library would look for its own End task here; `end` is called instead."""


class _NoEnvironment:
    """In place of the library's script environment, which is all of Python."""

    def evaluate(self, *_: object, **__: object) -> None:
        raise PermissionError("expressions are evaluated by the engine's own language")

    execute = call_service = evaluate


CLOSED = PythonScriptEngine(_NoEnvironment())


class Instance(Level, BpmnWorkflow):
    """A process instance with all that it calls. Its specifications are shared and never written to."""

    subprocesses: "dict[str, SubLevel]"
    ledger: Ledger
    end_event: str | None = None

    def __init__(self, specs: Mapping[str, BpmnProcessSpec], process: str, ledger: Ledger) -> None:
        super().__init__(specs[process], specs, CLOSED, deserializing=True)
        self.ledger = ledger

    def levels(self) -> "Iterator[Level]":
        yield self
        yield from self.subprocesses.values()

    def cancel_all(self) -> None:
        self.abandon()
        self.end_event = None
        self.end({})

    def find(self, token_id: str) -> Token | None:
        for level in self.levels():
            if token_id in level.tasks:
                return level.tasks[token_id]
        return None


class SubLevel(Level, BpmnSubWorkflow):
    """A called process or an embedded sub-process."""

    owner: Token

    def __init__(self, spec: BpmnProcessSpec, owner: Token, top: Instance) -> None:
        self.owner = owner
        super().__init__(spec, owner.id, top, deserializing=True)
        self.path = (*owner.workflow.path, owner.task_spec.element.id)

    def _calculate_depth(self) -> int:
        return self.owner.workflow.depth + 1
