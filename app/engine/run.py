"""One instance of a process: start it, restore it, move it on. Every method returns what is to be done outside."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from app.engine.advance import (
    Advance,
    Budget,
    BudgetExceeded,
    Call,
    EngineProblem,
    OpenTask,
    Receiver,
    Snapshot,
    StaleTask,
    Timer,
    UnknownTask,
)
from app.engine.advancing import is_asking, look, settle, summarise
from app.engine.asking import message_key
from app.engine.events import catcher
from app.engine.expressions_errors import ExpressionError
from app.engine.faults import Fault, explain
from app.engine.ledger import Ledger
from app.engine.library import TaskState
from app.engine.pruning import prune
from app.engine.specification import Specification
from app.engine.state import dump, load
from app.engine.tokens import Instance, Request, Token
from app.engine.values import Json, plain
from app.i18n import Text

DEFAULT = Budget()


class Run:
    """A live instance. Not shared between threads; between two steps it lives as the bytes of `save`.

    Methods raise StaleTask (or UnknownTask) when the task is not waiting for that any more and change nothing then.
    Anything that goes wrong inside a step is an entry of Advance.problems, never an exception.
    """

    advance: Advance
    """What `start` led to; empty after `restore`."""
    instance: Instance
    """The tokens; for this package only."""

    def __init__(self, spec: Specification, instance: Instance, state: bytes, budget: Budget) -> None:
        self.advance = Advance()
        self._spec = spec
        self.instance = instance
        self._state = state
        self._budget = budget

    def complete(self, task_id: str, values: Mapping[str, Json]) -> Advance:
        """A person has done an open task; `values` (the declared outputs) enter the data."""
        return self._answer(self._asking(task_id, OpenTask), dict(values))

    def answer(self, task_id: str, result: Json) -> Advance:
        """The operation of a call has succeeded."""
        return self._answer(self._asking(task_id, Call), result)

    def fail(self, task_id: str, code: str, detail: str) -> Advance:
        """The operation of a call has failed for good: an error boundary event of that code, else a problem."""
        token = self._asking(task_id, Call)
        event = catcher(token, code)
        if event is not None:
            error: Json = {"code": code, "detail": detail} if event.task_spec.element.result else None
            return self._answer(event, error, acting=token)
        message = Text(ru=f"Операция не удалась: {detail}", en=f"The operation failed: {detail}")
        return self._step(token, lambda: token.fail(Fault(message, code), "run"))

    def fire(self, timer_id: str) -> Advance:
        """The time of a timer has come."""
        return self._answer(self._asking(timer_id, Timer), None)

    def receive(self, name: str, key: str | None, payload: Json) -> Advance:
        """A message has come; the first that waits for it gets it. StaleTask: nobody does (keep the message then)."""
        for level in self.instance.levels():
            for token in level.tasks.values():
                if is_asking(token) and _expects(token, name, key):
                    return self._answer(token, payload)
        raise StaleTask(name)

    def retry(self, task_id: str) -> Advance:
        """Run a failed task once more (a call is asked anew under the same key)."""
        token = self._find(task_id)
        if token._state != TaskState.ERROR:
            raise StaleTask(task_id)
        return self._step(token, token.retry)

    def cancel(self) -> Advance:
        """End the instance; everything it waits for is closed."""
        if self.ended:
            raise StaleTask(self.instance.spec.name)
        return self._step(None, self.instance.cancel_all)

    def save(self) -> bytes:
        """The state, first byte its format's version."""
        return self._state

    def snapshot(self) -> Snapshot:
        """Everything the instance waits for now."""
        return look(self.instance)

    @property
    def ended(self) -> bool:
        return self.instance.completed

    def _find(self, task_id: str) -> Token:
        token = self.instance.find(task_id)
        if token is None:
            raise UnknownTask(task_id)
        return token

    def _asking(self, task_id: str, kind: type[Request]) -> Token:
        token = self._find(task_id)
        if token.task_spec.asks_for is not kind or not is_asking(token):
            raise StaleTask(task_id)
        return token

    def _answer(self, token: Token, value: Json, acting: Token | None = None) -> Advance:
        """Hand the world's answer to the token that waits for it. What cannot be taken changes nothing."""
        node = token.task_spec
        self.instance.ledger = Ledger(self._budget)
        try:
            goes_on = node.take(token, plain(value))
        except (ExpressionError, BudgetExceeded) as error:
            return self._refuse(error, token)
        return self._step(acting or token, lambda: node.proceed(goes_on))

    def _step(self, token: Token | None, act: Callable[[], object]) -> Advance:
        instance = self.instance
        ledger = instance.ledger = Ledger(self._budget)
        try:
            act()
        except Exception as error:  # the step's first move fails like any other: an incident at its token
            if token is None:
                raise
            token.fail(error, "run")
        settle(instance)
        prune({touched.workflow for touched in ledger.before})
        state = dump(instance)
        if len(state) > self._budget.instance:
            if not self._state:
                raise _too_large(self._budget)
            return self._refuse(_too_large(self._budget), token)
        self._state = state
        return summarise(instance, token)

    def _refuse(self, error: Exception, token: Token | None) -> Advance:
        """Go back to the state before the step."""
        self.instance = load(self._spec.engine, self._state, Ledger(self._budget))
        message, detail = explain(error)
        problem = EngineProblem(None, None, self.instance.spec.name, message, detail, refused=True)
        if token is not None:
            node = token.task_spec
            problem = replace(problem, task=token.id, element=node.element.id, process=node.process)
        return Advance(problems=(problem,))


def _expects(token: Token, name: str, key: str | None) -> bool:
    node = token.task_spec
    if node.asks_for is not Receiver or node.element.event is None or node.element.event.name != name:
        return False
    return message_key(node, token) in (None, key)


def _too_large(budget: Budget) -> BudgetExceeded:
    limit = budget.instance // 1024
    return BudgetExceeded(
        Text(
            ru=f"Данные процесса больше {limit} КБ.",
            en=f"The data of the process are larger than {limit} kB.",
        )
    )


def start(
    spec: Specification,
    process_id: str,
    data: Mapping[str, Json],
    *,
    event: str | None = None,
    budget: Budget = DEFAULT,
) -> Run:
    """A new instance, moved to its first waits; what it asks for is in `run.advance`.

    `event`: id of the start event, where the process has several. Raises KeyError (no such process or event),
    BudgetExceeded and ExpressionError (the data cannot be taken).
    """
    instance = Instance(spec.engine, process_id, Ledger(budget))
    node = instance.spec.starts[event] if event else instance.spec.first
    given = {name: plain(value) for name, value in data.items()}
    run = Run(spec, instance, b"", budget)
    run.advance = run._step(None, lambda: instance.begin(given, node))
    return run


def restore(spec: Specification, state: bytes, *, budget: Budget = DEFAULT) -> Run:
    """The instance saved as `state` by `Run.save` under the same release. Raises UnreadableState."""
    return Run(spec, load(spec.engine, state, Ledger(budget)), state, budget)
