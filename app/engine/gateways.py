"""Gateways: which way on, and who must have come before."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.engine import library
from app.engine.faults import Fault
from app.engine.ledger import LIVE
from app.engine.library import TaskState
from app.engine.merging import fork, merge
from app.engine.nodes import Flow, Node
from app.i18n import Text

if TYPE_CHECKING:
    from app.engine.tokens import Level, Token

WAITING = TaskState.WAITING


class _Choice(Node):
    """Leaves by flows whose condition holds, else by the default flow."""

    default: Flow | None = None

    def _hold(self, token: "Token", *, only_first: bool) -> tuple[Flow, ...]:
        found: list[Flow] = []
        for flow in self.flows:
            if flow is not self.default and (flow.condition is None or flow.condition.evaluate(token.data)):
                found.append(flow)
                if only_first:
                    break
        if not found and self.default is not None:
            found.append(self.default)
        if not found:
            raise Fault(
                Text(
                    ru="На развилке не выполнилось ни одно условие, а пути по умолчанию нет.",
                    en="No condition of the gateway holds and it has no default flow.",
                )
            )
        return tuple(found)


class ExclusiveGateway(_Choice, library.ExclusiveGateway):
    def _run_hook(self, my_task: "Token") -> bool:
        my_task.ways = self._hold(my_task, only_first=True)
        return True


class Join(Node):
    """Tokens wait here, each with the flow it came by, until the gateway may take one from each of some flows."""

    def _update_hook(self, my_task: "Token") -> bool | None:
        if "flow" not in my_task.internal_data:
            return True
        my_task._set_state(WAITING)
        self.fire(my_task.workflow)
        return None

    def fire(self, level: "Level") -> None:
        """Let a token pass for each complete set that has come."""
        raise NotImplementedError

    def arrived(self, level: "Level") -> dict[str, "Token"]:
        """The first waiting token of each flow, in order of arrival."""
        first: dict[str, Token] = {}
        for token in level.tasks.values():
            if token.task_spec is self and token._state == WAITING:
                first.setdefault(token.internal_data["flow"], token)
        return first

    def join(self, tokens: list["Token"]) -> None:
        """The last one goes on with the data of all."""
        *others, last = tokens
        if others:
            last.data = merge(fork(tokens).data, [token.data for token in tokens])
        for token in others:
            token.workflow.remove(token)
        del last.internal_data["flow"]
        last._ready()


class ParallelGateway(Join, library.ParallelGateway):
    def fire(self, level: "Level") -> None:
        first = self.arrived(level)
        if len(first) == len(self.element.incoming):
            self.join(list(first.values()))


class InclusiveGateway(Join, _Choice, library.InclusiveGateway):
    """Waits while a token elsewhere can still come in by an empty flow, and not also by one that is taken."""

    reach: Mapping[str, frozenset[str]]
    """For every node: by which incoming flows a token that leaves it can come here, not passing here before."""

    def _update_hook(self, my_task: "Token") -> bool | None:
        if "flow" not in my_task.internal_data:
            return True
        my_task._set_state(WAITING)
        return None

    def fire(self, level: "Level") -> None:
        first = self.arrived(level)
        if first and not any(self._may_bring_more(token, first) for token in level.tasks.values()):
            self.join(list(first.values()))

    def _may_bring_more(self, token: "Token", first: Mapping[str, "Token"]) -> bool:
        if token._state not in LIVE or token.task_spec is self:
            return False
        reached = self.reach.get(token.task_spec.name, frozenset())
        return bool(reached) and not reached & first.keys()

    def _run_hook(self, my_task: "Token") -> bool:
        my_task.ways = self._hold(my_task, only_first=False)
        return True
