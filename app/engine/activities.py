"""Activities with others inside: called processes, embedded sub-processes, repeated activities."""

from bisect import bisect_left
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.engine import library
from app.engine.advance import BudgetExceeded
from app.engine.expressions import Compiled
from app.engine.faults import Fault
from app.engine.library import TaskState
from app.engine.nodes import Node
from app.engine.tokens import SubLevel
from app.engine.values import Json
from app.i18n import Text

if TYPE_CHECKING:
    from app.engine.tokens import Level, Token


class Nested(Node):
    """STARTED while a level runs inside, then READY to move on."""

    spec: str
    inputs: Mapping[str, Compiled] | None = None
    """None: all data go in."""
    returned: Mapping[str, Compiled] | None = None
    """None: all data come back."""

    def _update_hook(self, my_task: "Token") -> bool | None:
        top = my_task.workflow.top_workflow
        level = top.subprocesses.get(my_task.id)
        if level is None:
            self._enter(my_task)
        else:
            self._leave(my_task, level)
        return None

    def _enter(self, token: "Token") -> None:
        top, above = token.workflow.top_workflow, token.workflow
        if len(above.path) >= top.ledger.budget.depth:
            raise BudgetExceeded(
                Text(
                    ru=f"Процессы вложены друг в друга глубже чем на {len(above.path)}.",
                    en=f"Processes are nested more than {len(above.path)} deep.",
                )
            )
        data = dict(token.data)
        if self.inputs is not None:
            data = {name: compiled.evaluate(token.data) for name, compiled in self.inputs.items()}
            if self.body is not None and self.body.item is not None:
                data.setdefault(self.body.item, token.data[self.body.item])
        level = top.subprocesses[token.id] = SubLevel(top.subprocess_specs[self.spec], token, top)
        token._set_state(TaskState.STARTED)
        level.begin(data, level.spec.first)

    def take_back(self, token: "Token", level: "Level") -> None:
        try:
            self._leave(token, level)
        except Exception as error:  # it is this token that stops, not the one that ended the level
            token.fail(error, "enter")

    def _leave(self, token: "Token", level: "Level") -> None:
        if self.returned is None:
            token.data = dict(level.data)
        else:
            token.write({name: compiled.evaluate(level.data) for name, compiled in self.returned.items()})
        del token.workflow.top_workflow.subprocesses[token.id]
        token._set_state(TaskState.READY)


class CallActivity(Nested, library.CallActivity):
    pass


class SubWorkflowTask(Nested, library.SubWorkflowTask):
    pass


class MultiInstance(Node):
    """STARTED while instances run; their outputs are gathered in the order of the collection.

    A token keeps `of`: how many there are, `done`: which have given their output, `keys`: of a dict collection,
    `rest`: what a sequential one has still to do. Every entry starts anew.
    """

    instance: Node
    collection: Compiled | None = None
    cardinality: Compiled | None = None
    item: str | None = None
    output: str | None = None
    contributes: str | None = None
    """The variable of an instance that goes into the output collection."""
    completion: Compiled | None = None
    sequential: bool = False

    def _update_hook(self, my_task: "Token") -> bool | None:
        found = self._items(my_task)
        items = list(found.values()) if isinstance(found, dict) else found
        limit = my_task.ledger.budget.fan_out
        if len(items) > limit:
            raise BudgetExceeded(
                Text(
                    ru=f"Повторяющееся действие запросило {len(items)} экземпляров, допустимо не больше {limit}.",
                    en=f"A repeated activity asked for {len(items)} instances; at most {limit} are allowed.",
                )
            )
        keys = {"keys": list(found)} if isinstance(found, dict) else {}
        my_task.internal_data.update(keys, of=len(items), done=[])
        if self.output is not None:
            my_task.data[self.output] = {} if keys else []
        if not items:
            return True
        my_task._set_state(TaskState.STARTED)
        if self.sequential:
            my_task.internal_data["rest"] = items[1:]
        for place, item in enumerate(items[:1] if self.sequential else items):
            self._add_instance(my_task, place, item)
        return None

    def _items(self, token: "Token") -> "list[Json] | dict[str, Json]":
        if self.collection is not None:
            found = self.collection.evaluate(token.data)
            if isinstance(found, list | dict):
                return found
        elif self.cardinality is not None:
            found = self.cardinality.evaluate(token.data)
            if isinstance(found, int) and found >= 0:
                return list(range(min(found, token.ledger.budget.fan_out + 1)))
        raise Fault(
            Text(
                ru="Повторяющемуся действию нужен список, словарь или неотрицательное число.",
                en="A repeated activity needs a list, a dict or a number that is not negative.",
            )
        )

    def _add_instance(self, token: "Token", place: int, item: "Json") -> None:
        child = type(token)(token.workflow, self.instance, token)
        if self.item is not None:
            child.data[self.item] = item
        child.internal_data["place"] = place
        self.instance._update(child)

    def weigh(self, child: "Token") -> None:
        """Before an instance leaves: is it the last by the completion condition? Raises ExpressionError."""
        if self.completion is not None:
            body: Token = child.parent
            gathered = {} if self.output is None else {self.output: self._gather(body, child)[1]}
            child.internal_data["last"] = self.completion.evaluate({**body.data, **child.data, **gathered})

    def _gather(self, body: "Token", child: "Token") -> "tuple[list[int], Json]":
        """Places done and the output collection, this instance's output among them; null where it gave none."""
        place: int = child.internal_data["place"]
        done: list[int] = body.internal_data["done"]
        at = bisect_left(done, place)
        places = [*done[:at], place, *done[at:]]
        if self.output is None:
            return places, None
        value = child.data.get(self.contributes) if self.contributes else None
        gathered: Any = body.data[self.output]
        if isinstance(gathered, dict):
            keys = body.internal_data["keys"]
            entries = list(gathered.items())
            return places, dict([*entries[:at], (keys[place], value), *entries[at:]])
        return places, [*gathered[:at], value, *gathered[at:]]

    def take_instance(self, child: "Token") -> None:
        """An instance is done: take its output, then wait for the others, start the next or move on."""
        body: Token = child.parent
        places, gathered = self._gather(body, child)
        body.internal_data["done"] = places
        if self.output is not None:
            body.data[self.output] = gathered
        rest = body.internal_data.get("rest")
        if child.internal_data.get("last"):
            for other in body.children:
                other.cancel()
        elif rest:
            body.internal_data["rest"] = rest[1:]
            self._add_instance(body, len(places), rest[0])
            return
        elif len(places) < body.internal_data["of"]:
            return
        body.internal_data = {}
        body._set_state(TaskState.READY)


class ParallelMultiInstanceTask(MultiInstance, library.ParallelMultiInstanceTask):
    pass


class SequentialMultiInstanceTask(MultiInstance, library.SequentialMultiInstanceTask):
    sequential = True
