"""Every place of a diagram where an analyst may write an expression, a script or the name of a variable."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from app.engine.expressions import Compiled, Position, Script, compile_expression, compile_script
from app.engine.expressions_errors import ExpressionError
from app.engine.lint_diagram import Diagram, Node, bpmn, coomet, local, text_of

_ASKED: dict[str, Position] = {
    "organisation": "parameter",
    "person": "parameter",
    "subject": "parameter",
    "title": "parameter",
    "exclude": "parameter",
    "due": "timer",
}
TIMERS = ("timeDuration", "timeDate", "timeCycle")


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """One expression as written; `element` bears it, `node` is the step it belongs to (None: on an arrow)."""

    source: str
    position: Position | Literal["script"]
    element: Any
    what: str
    node: Node | None = None

    def compiled(self) -> Compiled | Script:
        """Raises ExpressionError where it is not of our language."""
        return compiled(self.source, self.position)

    def names(self) -> frozenset[str]:
        """The variables it reads; none where it does not compile."""
        try:
            return self.compiled().names.data
        except ExpressionError:
            return frozenset()


@lru_cache(maxsize=2_000)
def compiled(source: str, position: Position | Literal["script"]) -> Compiled | Script:
    return compile_script(source) if position == "script" else compile_expression(source, position=position)


@lru_cache(maxsize=1)
def sites(diagram: Diagram) -> tuple[Site, ...]:
    """All of a diagram, in no order that means anything. The rules ask for them one after the other."""
    return tuple(_sites(diagram))


def _sites(diagram: Diagram) -> Iterator[Site]:
    for flow in diagram.flows:
        condition = flow.element.find(bpmn("conditionExpression"))
        if condition is not None:
            yield Site(text_of(condition), "condition", condition, "conditionExpression", flow.source)
    for node in diagram.nodes:
        yield from _timers(node)
        yield from _repeats(node)
        yield from _ours(node)
        for script in node.element.iterchildren(bpmn("script")):
            yield Site(text_of(script), "script", script, "script", node)


def _timers(node: Node) -> Iterator[Site]:
    for definition in node.element.iterchildren(bpmn("timerEventDefinition")):
        for timer in definition.iterchildren(*map(bpmn, TIMERS)):
            yield Site(text_of(timer), "timer", timer, local(timer), node)


def _repeats(node: Node) -> Iterator[Site]:
    positions: dict[str, Position] = {
        "loopDataInputRef": "collection",
        "loopCardinality": "parameter",
        "completionCondition": "condition",
    }
    for loop in node.element.iterchildren(bpmn("multiInstanceLoopCharacteristics")):
        for tag, position in positions.items():
            for element in loop.iterchildren(bpmn(tag)):
                yield Site(text_of(element), position, element, tag, node)


def _ours(node: Node) -> Iterator[Site]:
    for task in node.extensions("task"):
        for word, position in _ASKED.items():
            if task.get(word) is not None:
                yield Site(task.get(word), position, task, word, node)
    for deadline in node.extensions("deadline"):
        yield Site(deadline.get("due") or "", "timer", deadline, "due", node)
    for message in node.extensions("message"):
        if message.get("key") is not None:
            yield Site(message.get("key"), "parameter", message, "key", node)
    bearers = (*node.extensions("call"), *node.extensions("message"))
    parameters = [one for bearer in bearers for one in bearer.iterchildren(coomet("parameter"))]
    for given in (*parameters, *node.extensions("input"), *node.extensions("output")):
        yield Site(text_of(given), "parameter", given, local(given), node)


def variables(diagram: Diagram) -> Iterator[tuple[str, Any]]:
    """Every name of a variable that an element writes, with the element that says so."""
    for node in diagram.nodes:
        for word in ("task", "start", "call", "decision", "message", "error"):
            for element in node.extensions(word):
                yield from ((name, element) for name in _listed(element.get("result"), element.get("outputs")))
        for tag in ("input", "output"):
            yield from ((given.get("name") or "", given) for given in node.extensions(tag))
        for loop in node.element.iterchildren(bpmn("multiInstanceLoopCharacteristics")):
            for item in loop.iterchildren(bpmn("inputDataItem"), bpmn("outputDataItem")):
                yield item_name(item), item
            for output in loop.iterchildren(bpmn("loopDataOutputRef")):
                yield text_of(output), output


def _listed(result: str | None, outputs: str | None) -> list[str]:
    """With a result everything is kept under its name."""
    return [result] if result else [name.strip() for name in (outputs or "").split(",") if name.strip()]


def item_name(item: Any) -> str:
    """The variable of a repeated activity: its name, as ids may occur only once in a file, or else its id."""
    return str(item.get("name") or item.get("id") or "")
