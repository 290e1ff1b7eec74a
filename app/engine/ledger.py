"""What one step touches: the work still to do, the journal, and the state every token had before."""

from collections import deque
from typing import TYPE_CHECKING, Literal

from app.engine.advance import Budget, BudgetExceeded, EngineProblem, Sent, Step
from app.engine.library import TaskState
from app.i18n import Text

if TYPE_CHECKING:
    from app.engine.tokens import Level, Token

LASTING = frozenset({TaskState.WAITING, TaskState.READY, TaskState.STARTED})
FRESH = frozenset({TaskState.FUTURE, TaskState.ERROR})
LIVE = LASTING | FRESH
TOLD: dict[int, Literal["completed", "cancelled", "failed"]] = {
    TaskState.COMPLETED: "completed",
    TaskState.CANCELLED: "cancelled",
    TaskState.ERROR: "failed",
}
READY = TaskState.READY
ALL_LEVELS = 100
"""A transaction may take as many steps as this many processes at their limit."""


class Ledger:
    """Lives for one call of a Run method."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.agenda: deque[Token] = deque()
        self.before: dict[Token, int] = {}
        self.journal: list[Step] = []
        self.sent: list[Sent] = []
        self.problems: list[EngineProblem] = []
        self._steps: dict[Level, int] = {}
        self._left = budget.steps * ALL_LEVELS

    def note(self, token: "Token", state: int) -> None:
        """A token is about to pass into a state."""
        old = token._state
        self.before.setdefault(token, old)
        node = token.task_spec
        if state == READY and not node.manual:
            self.agenda.append(token)
        if not node.element.id:
            return
        what = TOLD.get(state) or ("entered" if old in FRESH else None)
        if what:
            self.journal.append(Step(node.element.id, node.process, token.id, what))

    def note_flow(self, token: "Token", flow: str) -> None:
        self.journal.append(Step(flow, token.task_spec.process, token.id, "took_flow"))

    def note_rules(self, token: "Token", rules: tuple[str, ...]) -> None:
        node = token.task_spec
        self.journal.append(Step(node.element.id, node.process, token.id, "decided", rules))

    def count(self, token: "Token") -> None:
        """One more step of the token's level. Instances of a repeated activity are bounded by the fan-out instead."""
        self._left -= 1
        taken = self._steps.get(token.workflow, 0) + (token.task_spec.body is None)
        self._steps[token.workflow] = taken
        if taken > self.budget.steps or self._left < 0:
            raise BudgetExceeded(
                Text(
                    ru=f"Процесс прошёл {self.budget.steps} шагов без остановки: вероятно, он ходит по кругу.",
                    en=f"The process took {self.budget.steps} steps without a wait: it probably runs in circles.",
                )
            )
