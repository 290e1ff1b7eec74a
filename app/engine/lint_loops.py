"""Circles: each needs a choice that leads out, and a wait, so that no step of an instance runs for ever."""

from collections.abc import Callable, Iterator

from app.engine.lint_diagram import Diagram, Level, Node, Release
from app.engine.lint_rule import Remark, Rule, remark

WAITS = frozenset(("userTask", "manualTask", "receiveTask", "intermediateCatchEvent", "eventBasedGateway"))


def circle(nodes: list[Node], keep: Callable[[Node], bool]) -> Node | None:
    """A node on a circle that only runs through nodes to keep, if there is one."""
    kept = [node for node in nodes if not node.host and keep(node)]
    after = {node: [other for other in node.followers() if keep(other)] for node in kept}
    left = dict.fromkeys(after, 0)
    for found in after.values():
        for other in found:
            left[other] = left.get(other, 0) + 1
    free = [node for node, count in left.items() if count == 0]
    while free:
        node = free.pop()
        del left[node]
        for other in after.get(node, []):
            left[other] -= 1
            if left[other] == 0:
                free.append(other)
    return min(left, key=lambda node: node.element.sourceline or 0, default=None)


def no_choice(diagram: Diagram) -> Iterator[Remark]:
    for level in diagram.levels:
        found = circle(list(level.nodes.values()), lambda node: not _chooses(node))
        if found is not None:
            yield remark(found)


def _chooses(node: Node) -> bool:
    """Also what is waited for chooses: the first of several events, or the end of a task against its deadline."""
    several = node.kind in ("exclusiveGateway", "eventBasedGateway") and len(node.outgoing) > 1
    return several or any(event.interrupting for event in node.boundaries)


def no_wait(diagram: Diagram) -> Iterator[Remark]:
    for level in diagram.levels:
        found = circle(list(level.nodes.values()), lambda node: not waits(node, diagram.release))
        if found is not None:
            yield remark(found)


def waits(node: Node, release: Release) -> bool:
    """Whether a token always stops here until somebody outside acts. A repeated activity may be repeated no times."""
    if node.multi is not None:
        return False
    if node.kind == "serviceTask":
        call = node.extension("call")
        return call is None or call.get("immediate") != "true"
    called = release.processes.get(node.element.get("calledElement") or "") if node.kind == "callActivity" else None
    body = called or node.body
    return node.kind in WAITS if body is None else _body_waits(body, release)


def _body_waits(level: Level, release: Release) -> bool:
    """Whether no way leads through the level without a wait. A process that calls itself is said not to wait."""
    key = ("waits", level)
    if key not in release.remembered:
        release.remembered[key] = False
        release.remembered[key] = bool(level.starts) and not _passes(level, release)
    return bool(release.remembered[key])


def _passes(level: Level, release: Release) -> bool:
    seen = {level.starts[0]}
    todo = list(seen)
    while todo:
        node = todo.pop()
        if not node.outgoing:
            return True
        found = [flow.target for flow in node.outgoing if flow.target is not None and flow.target not in seen]
        found = [other for other in found if not waits(other, release)]
        todo += found
        seen.update(found)
    return False


def inclusive_in_circle(diagram: Diagram) -> Iterator[Remark]:
    for node in diagram.nodes:
        if node.kind == "inclusiveGateway" and len(node.incoming) > 1 and _comes_back(node):
            yield remark(node)


def _comes_back(node: Node) -> bool:
    seen: set[Node] = set()
    todo = [node]
    while todo:
        found = [other for other in todo.pop().followers() if other not in seen]
        if node in found:
            return True
        todo += found
        seen.update(found)
    return False


RULES = (
    Rule(
        "circle-no-choice",
        "error",
        no_choice,
        ru=(
            "Круг без выбора: кто в него вошел, будет ходить по нему вечно.",
            "Поставьте в круге шлюз «или», одна из стрелок которого ведет наружу.",
        ),
        en=(
            "A circle without a choice: whoever enters it goes round for ever.",
            "Put an exclusive gateway into the circle, with one arrow that leads out of it.",
        ),
    ),
    Rule(
        "circle-no-wait",
        "error",
        no_wait,
        ru=(
            "Круг, в котором никто не ждет: он повторялся бы без остановки.",
            "Поставьте в круге задачу пользователя, таймер, сообщение или обращение к системе.",
        ),
        en=(
            "A circle in which nothing waits would be repeated without a pause.",
            "Put a user task, a timer, a message or a service task into the circle.",
        ),
    ),
    Rule(
        "inclusive-in-circle",
        "error",
        inclusive_in_circle,
        ru=(
            "Соединяющий шлюз «и/или» внутри круга не различает, кто пришел в каком круге.",
            "Вынесите его в подпроцесс или замените повторяемым вызовом процесса.",
        ),
        en=(
            "An inclusive gateway that joins inside a circle cannot tell who came in which round.",
            "Move it into a sub-process, or use a repeated call of a process instead.",
        ),
    ),
)
