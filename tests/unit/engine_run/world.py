"""The outside of one instance: does what it asks, and keeps the books that its advances imply.

Between all steps the instance is saved and restored, and what it says it waits for must be what the books say.
"""

from collections.abc import Mapping
from typing import Any

from app.engine import Advance, Budget, Call, Json, OpenTask, Receiver, Run, Specification, Timer, restore, start
from app.engine.activities import Nested
from app.engine.diagrams import read_release
from app.engine.library import TaskState
from app.engine.state import dump
from app.engine.tokens import Token

Request = OpenTask | Call | Timer | Receiver


def read(*documents: bytes) -> Specification:
    """The specification of these diagrams, whatever the check would say of them."""
    specification, findings = read_release({f"processes/test/{i}.bpmn": text for i, text in enumerate(documents)})
    assert specification is not None, [(found.rule, found.element, found.message.en) for found in findings]
    return specification


class World:
    def __init__(
        self,
        *documents: bytes,
        process: str = "p",
        data: Mapping[str, Any] | None = None,
        budget: Budget | None = None,
        event: str | None = None,
    ) -> None:
        self.spec = read(*documents)
        self.budget = budget or Budget()
        self.run: Run = start(self.spec, process, data or {}, event=event, budget=self.budget)
        self.requests: dict[str, Request] = {}
        self.last = self._book(self.run.advance)

    def waiting(self) -> list[str]:
        """Elements that wait for a person, an operation, the clock or a message, each as often as it does."""
        return sorted(request.element for request in self.requests.values())

    def find(self, element: str, nth: int = 0) -> Any:
        return [request for request in self.requests.values() if request.element == element][nth]

    def do(self, element: str, nth: int = 0, /, **values: Any) -> Advance:
        """Complete the open task."""
        return self._book(self.run.complete(self.find(element, nth).id, values))

    def answer(self, element: str, result: Json = None) -> Advance:
        return self._book(self.run.answer(self.find(element).id, result))

    def fail(self, element: str, code: str = "", detail: str = "") -> Advance:
        return self._book(self.run.fail(self.requests.pop(self.find(element).id).id, code, detail))

    def fire(self, element: str) -> Advance:
        timer = self.find(element)
        advance = self.run.fire(timer.id)
        if timer.id not in {t.id for t in self.run.snapshot().timers}:
            self.requests.pop(timer.id, None)
        return self._book(advance)

    def receive(self, name: str, payload: Json = None, key: str | None = None) -> Advance:
        before = {receiver.id for receiver in self.run.snapshot().receivers}
        advance = self.run.receive(name, key, payload)
        for gone in before - {receiver.id for receiver in self.run.snapshot().receivers}:
            self.requests.pop(gone, None)
        return self._book(advance)

    def retry(self, task: str | None) -> Advance:
        assert task is not None
        return self._book(self.run.retry(task))

    def cancel(self) -> Advance:
        return self._book(self.run.cancel())

    def data(self) -> Mapping[str, Json]:
        ended = self.last.ended
        assert ended is not None, self.waiting()
        return ended.data

    def tokens(self) -> list[Token]:
        return [token for level in self.run.instance.levels() for token in level.tasks.values()]

    def _book(self, advance: Advance) -> Advance:
        gone = {closed.id for closed in advance.closed}
        gone |= {*advance.cancelled_calls, *advance.cancelled_timers, *advance.cancelled_receivers}
        gone |= {step.task for step in advance.journal if step.what == "completed"}
        gone |= {problem.task for problem in advance.problems if problem.task and not problem.refused}
        for task in gone:
            self.requests.pop(task, None)
        opened: list[Request] = [*advance.tasks, *advance.calls, *advance.timers, *advance.receivers]
        self.requests |= {request.id: request for request in opened}
        self.last = advance
        self._reopen()
        return advance

    def _reopen(self) -> None:
        self.run = restore(self.spec, self.run.save(), budget=self.budget)
        seen = self.run.snapshot()
        asked: list[Request] = [*seen.open_tasks, *seen.calls, *seen.timers, *seen.receivers]
        assert {request.id: request for request in asked} == self.requests
        assert dump(self.run.instance) == self.run.save()
        for token in self.tokens():  # a call activity waits exactly while the called process runs
            level = self.run.instance.subprocesses.get(token.id)
            if isinstance(token.task_spec, Nested) and token._state == TaskState.STARTED:
                assert level is not None
                assert not level.completed
            else:
                assert level is None or token._state == TaskState.ERROR
