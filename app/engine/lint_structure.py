"""Arrows, beginnings and ends: whether every way through a diagram leads from its start to an end."""

from collections.abc import Iterable, Iterator

from app.engine.lint_diagram import ACTIVITIES, Diagram, Node
from app.engine.lint_rule import Remark, Rule, label, remark

_ONE_EXIT = ACTIVITIES | {"startEvent", "boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent"}
_CHOOSING = ("exclusiveGateway", "inclusiveGateway")


def start_missing(diagram: Diagram) -> Iterator[Remark]:
    return (remark(level) for level in diagram.levels if not level.starts)


def start_several(diagram: Diagram) -> Iterator[Remark]:
    return (remark(node) for level in diagram.levels for node in level.starts[1:])


def beginning_entered(diagram: Diagram) -> Iterator[Remark]:
    for node in diagram.nodes:
        if node.kind in ("startEvent", "boundaryEvent"):
            yield from (remark(flow) for flow in node.incoming)


def end_left(diagram: Diagram) -> Iterator[Remark]:
    for node in diagram.nodes:
        if node.kind == "endEvent":
            yield from (remark(flow) for flow in node.outgoing)


def arrow_loose(diagram: Diagram) -> Iterator[Remark]:
    return (remark(flow) for flow in diagram.flows if flow.source is None or flow.target is None)


def arrow_to_itself(diagram: Diagram) -> Iterator[Remark]:
    return (remark(flow) for flow in diagram.flows if flow.source is not None and flow.source is flow.target)


def arrow_twice(diagram: Diagram) -> Iterator[Remark]:
    seen: set[tuple[Node, Node]] = set()
    for flow in diagram.flows:
        if flow.source is not None and flow.target is not None:
            if (flow.source, flow.target) in seen:
                yield remark(flow, source=label(flow.source), target=label(flow.target))
            seen.add((flow.source, flow.target))


def dead_end(diagram: Diagram) -> Iterator[Remark]:
    for node in diagram.nodes:
        by_event = node.element.get("triggeredByEvent") == "true"
        if not node.outgoing and node.kind != "endEvent" and not by_event:
            yield remark(node)


def unreachable(diagram: Diagram) -> Iterator[Remark]:
    for level in diagram.levels:
        reached = _reached(level.starts)
        for node in level.nodes.values():
            loose = node.kind == "boundaryEvent" and node.host is None
            if level.starts and node not in reached and not loose:
                yield remark(node)


def end_missing(diagram: Diagram) -> Iterator[Remark]:
    for level in diagram.levels:
        if not any(node.kind == "endEvent" for node in level.nodes.values()):
            yield remark(level)


def never_ends(diagram: Diagram) -> Iterator[Remark]:
    for level in diagram.levels:
        ending = _reaching(node for node in level.nodes.values() if not node.outgoing)
        yield from (remark(node) for node in level.nodes.values() if node not in ending)


def _reached(first: Iterable[Node]) -> set[Node]:
    """All nodes a token can come to from these, events on boundaries included."""
    seen = set(first)
    todo = list(seen)
    while todo:
        node = todo.pop()
        found = [other for other in (*node.followers(), *node.boundaries) if other not in seen]
        todo += found
        seen.update(found)
    return seen


def _reaching(last: Iterable[Node]) -> set[Node]:
    """All nodes from which a token can come to one of these."""
    seen = set(last)
    todo = list(seen)
    while todo:
        node = todo.pop()
        before = [flow.source for flow in node.incoming] + [node.host]
        found = [other for other in before if other is not None and other not in seen]
        todo += found
        seen.update(found)
    return seen


def task_splits(diagram: Diagram) -> Iterator[Remark]:
    return (remark(node) for node in diagram.nodes if node.kind in _ONE_EXIT and len(node.outgoing) > 1)


def condition_ignored(diagram: Diagram) -> Iterator[Remark]:
    for flow in diagram.flows:
        if flow.condition is not None and flow.source is not None and flow.source.kind not in _CHOOSING:
            yield remark(flow, source=label(flow.source))


def default_ignored(diagram: Diagram) -> Iterator[Remark]:
    return (remark(node) for node in diagram.nodes if node.default is not None and node.kind not in _CHOOSING)


RULES = (
    Rule(
        "start-missing",
        "error",
        start_missing,
        ru=("Нет начального события.", "Нарисуйте начальное событие и стрелку от него к первому шагу."),
        en=("There is no start event.", "Draw a start event and an arrow from it to the first step."),
    ),
    Rule(
        "start-several",
        "error",
        start_several,
        ru=("Это уже второе начало.", "Оставьте одно начальное событие; разные пути разведите шлюзом."),
        en=("This is one more start.", "Keep one start event; part different ways with a gateway."),
    ),
    Rule(
        "beginning-entered",
        "error",
        beginning_entered,
        ru=("Стрелка ведет в событие, с которого путь только начинается.", "Проведите стрелку к шагу за событием."),
        en=("The arrow leads into an event at which a way begins.", "Lead the arrow to the step behind the event."),
    ),
    Rule(
        "end-left",
        "error",
        end_left,
        ru=("Стрелка выходит из конечного события.", "Удалите стрелку или замените конец промежуточным событием."),
        en=("The arrow leaves an end event.", "Remove the arrow, or make the end an intermediate event."),
    ),
    Rule(
        "arrow-loose",
        "error",
        arrow_loose,
        ru=(
            "Стрелка одним концом ни к чему не присоединена или пересекает границу подпроцесса.",
            "Соедините стрелкой два шага одного уровня: в подпроцесс входят и выходят из него только целиком.",
        ),
        en=(
            "One end of the arrow is attached to nothing, or the arrow crosses the border of a sub-process.",
            "Join two steps of one level: a sub-process is entered and left only as a whole.",
        ),
    ),
    Rule(
        "arrow-to-itself",
        "error",
        arrow_to_itself,
        ru=(
            "Стрелка возвращается в тот же шаг, из которого выходит.",
            "Чтобы повторить шаг, поставьте за ним шлюз «или» и верните стрелку с условием от шлюза.",
        ),
        en=(
            "The arrow leads back into the step that it leaves.",
            "To repeat a step, put an exclusive gateway behind it and lead an arrow with a condition back from there.",
        ),
    ),
    Rule(
        "arrow-twice",
        "error",
        arrow_twice,
        ru=(
            "Стрелка от «{source}» к «{target}» уже есть.",
            "Оставьте одну; два условия на одном пути соедините словом or.",
        ),
        en=(
            "There is already an arrow from “{source}” to “{target}”.",
            "Keep one of them; join two conditions of one way with the word or.",
        ),
    ),
    Rule(
        "dead-end",
        "publishing",
        dead_end,
        ru=("Отсюда не выходит ни одной стрелки: путь кончается.", "Проведите стрелку к следующему шагу или к концу."),
        en=("No arrow leaves here: the way is at its end.", "Lead an arrow to the next step or to an end event."),
    ),
    Rule(
        "unreachable",
        "error",
        unreachable,
        ru=("Сюда нельзя прийти от начала.", "Проведите сюда стрелку или удалите лишнее."),
        en=("No way leads here from the start.", "Lead an arrow here, or remove what is not needed."),
    ),
    Rule(
        "end-missing",
        "publishing",
        end_missing,
        ru=("Нет ни одного конечного события.", "Нарисуйте конец и приведите к нему последние шаги."),
        en=("There is no end event.", "Draw an end event and lead the last steps to it."),
    ),
    Rule(
        "never-ends",
        "error",
        never_ends,
        ru=(
            "Отсюда нельзя прийти ни к одному концу.",
            "Дайте кругу выход: шлюз «или», одна из стрелок которого ведет дальше.",
        ),
        en=(
            "No way leads from here to an end.",
            "Give the circle a way out: an exclusive gateway with one arrow that leads on.",
        ),
    ),
    Rule(
        "task-splits",
        "error",
        task_splits,
        ru=(
            "Отсюда выходит несколько стрелок.",
            "Проведите одну стрелку к шлюзу, остальные — от него: «или» выбирает путь, «и» идет по всем сразу.",
        ),
        en=(
            "Several arrows leave here.",
            "Lead one arrow to a gateway and the others from it: exclusive chooses a way, parallel takes them all.",
        ),
    ),
    Rule(
        "condition-ignored",
        "error",
        condition_ignored,
        ru=(
            "На стрелке есть условие, но проверять его некому: стрелка выходит не из шлюза «или».",
            "Поставьте за «{source}» шлюз «или» и перенесите условие на стрелку, которая выходит из шлюза.",
        ),
        en=(
            "The arrow has a condition that nothing looks at: it does not leave a gateway that chooses.",
            "Put an exclusive gateway behind “{source}” and move the condition to an arrow that leaves it.",
        ),
    ),
    Rule(
        "default-ignored",
        "error",
        default_ignored,
        ru=("Путь по умолчанию бывает только у шлюза «или».", "Снимите со стрелки отметку «по умолчанию»."),
        en=("Only a gateway that chooses has a default arrow.", "Take the default mark off the arrow."),
    ),
)
