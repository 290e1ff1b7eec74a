"""One instance of a process: start it, restore it, move it on. Every method returns what is to be done outside."""

from collections.abc import Mapping

from app.engine.advance import Advance, Budget, Json, Snapshot
from app.engine.specification import Specification


class Run:
    """A live instance. Not shared between threads; between two steps it lives as the bytes of `save`.

    Methods raise StaleTask (or UnknownTask) when the task is not waiting for that any more and change nothing then.
    Anything that goes wrong inside a step is an entry of Advance.problems, never an exception.
    """

    advance: Advance
    """What `start` led to; empty after `restore`."""

    def complete(self, task_id: str, values: Mapping[str, Json]) -> Advance:
        """A person has done an open task; `values` (the declared outputs) enter the data."""
        raise NotImplementedError

    def answer(self, task_id: str, result: Json) -> Advance:
        """The operation of a call has succeeded."""
        raise NotImplementedError

    def fail(self, task_id: str, code: str, detail: str) -> Advance:
        """The operation of a call has failed for good: an error boundary event of that code, else a problem."""
        raise NotImplementedError

    def fire(self, timer_id: str) -> Advance:
        """The time of a timer has come."""
        raise NotImplementedError

    def receive(self, name: str, key: str | None, payload: Json) -> Advance:
        """A message has come. Raises StaleTask when nobody here waits for it (keep it then)."""
        raise NotImplementedError

    def retry(self, task_id: str) -> Advance:
        """Run a failed task once more (a call is asked anew under the same key)."""
        raise NotImplementedError

    def cancel(self) -> Advance:
        """End the instance; everything it waits for is closed."""
        raise NotImplementedError

    def save(self) -> bytes:
        """The state, first byte its format's version."""
        raise NotImplementedError

    def snapshot(self) -> Snapshot:
        """Everything the instance waits for now."""
        raise NotImplementedError

    @property
    def ended(self) -> bool:
        raise NotImplementedError


def start(spec: Specification, process_id: str, data: Mapping[str, Json], *, budget: Budget | None = None) -> Run:
    """A new instance, moved to its first waits; what it asks for is in `run.advance`. KeyError: no such process."""
    raise NotImplementedError


def restore(spec: Specification, state: bytes, *, budget: Budget | None = None) -> Run:
    """The instance saved as `state` by `Run.save` under the same release."""
    raise NotImplementedError
