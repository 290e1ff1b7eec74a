"""Gateways: every token that comes in must know where to go, and one gateway does one thing."""

import ast
from collections.abc import Iterator

from app.engine.lint_diagram import Diagram, Flow, Node
from app.engine.lint_rule import Remark, Rule, label, remark

_CHOOSING = ("exclusiveGateway", "inclusiveGateway")
_AWAITED = ("intermediateCatchEvent", "receiveTask")


def _choosing(diagram: Diagram) -> Iterator[Node]:
    return (node for node in diagram.nodes if node.kind in _CHOOSING and len(node.outgoing) > 1)


def no_default(diagram: Diagram) -> Iterator[Remark]:
    for node in _choosing(diagram):
        if node.default is None and not _total([flow.condition or "" for flow in node.outgoing]):
            yield remark(node)


def _total(conditions: list[str]) -> bool:
    """Whether two of the conditions are `x` and `not x`: then one always holds."""
    trees = {_normal(condition) for condition in conditions}
    return any(_normal(f"not ({condition})") in trees for condition in conditions)


def _normal(condition: str) -> str:
    try:
        tree = ast.parse(condition.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return condition
    while isinstance(tree, ast.UnaryOp) and isinstance(tree.operand, ast.UnaryOp):
        tree = tree.operand.operand
    return ast.dump(_without_not(tree))


def _without_not(tree: ast.expr) -> ast.expr:
    """`not (a == b)` as `a != b`, and so on."""
    opposite = {ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In}
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.Not) and isinstance(tree.operand, ast.Compare):
        compared = tree.operand
        found = opposite.get(type(compared.ops[0])) if len(compared.ops) == 1 else None
        if found is not None:
            return ast.Compare(compared.left, [found()], compared.comparators)
    return tree


def default_unknown(diagram: Diagram) -> Iterator[Remark]:
    for node in diagram.nodes:
        known = [None, *(flow.id for flow in node.outgoing)]
        if node.kind in _CHOOSING and node.default not in known:
            yield remark(node)


def default_condition(diagram: Diagram) -> Iterator[Remark]:
    for flow in diagram.flows:
        chooses = flow.source is not None and flow.source.kind in _CHOOSING
        if chooses and flow.condition is not None and flow.source and flow.source.default == flow.id:
            yield remark(flow)


def condition_missing(diagram: Diagram) -> Iterator[Remark]:
    for node in _choosing(diagram):
        yield from (remark(flow) for flow in node.outgoing if not flow.condition and flow.id != node.default)


def condition_alone(diagram: Diagram) -> Iterator[Remark]:
    for node in diagram.nodes:
        if node.kind in _CHOOSING and len(node.outgoing) == 1 and node.outgoing[0].condition is not None:
            yield remark(node.outgoing[0])


def gateway_mixed(diagram: Diagram) -> Iterator[Remark]:
    for node in diagram.nodes:
        both = len(node.incoming) > 1 and len(node.outgoing) > 1
        if both and node.kind in ("parallelGateway", "inclusiveGateway"):
            yield remark(node)


def gateway_idle(diagram: Diagram) -> Iterator[Remark]:
    for node in diagram.nodes:
        if node.kind.endswith("Gateway") and len(node.incoming) == 1 and len(node.outgoing) == 1:
            yield remark(node)


def race_targets(diagram: Diagram) -> Iterator[Remark]:
    for node in diagram.nodes:
        if node.kind == "eventBasedGateway":
            yield from (remark(flow.target) for flow in node.outgoing if flow.target and not _awaited(flow))


def _awaited(flow: Flow) -> bool:
    return flow.target is not None and flow.target.kind in _AWAITED and len(flow.target.incoming) == 1


def race_alone(diagram: Diagram) -> Iterator[Remark]:
    for node in diagram.nodes:
        if node.kind == "eventBasedGateway" and len(node.outgoing) < 2:
            yield remark(node)


def race_bounded(diagram: Diagram) -> Iterator[Remark]:
    """A boundary event on a receive task behind an event-based gateway is forbidden by the standard (10.5.6)."""
    for node in diagram.nodes:
        before = [flow.source for flow in node.incoming if flow.source is not None]
        if node.boundaries and any(source.kind == "eventBasedGateway" for source in before):
            yield remark(node.boundaries[0], host=label(node))


RULES = (
    Rule(
        "gateway-no-default",
        "error",
        no_default,
        ru=(
            "Если ни одно из условий не выполнится, идти будет некуда.",
            "Отметьте одну из стрелок шлюза «по умолчанию»: по ней пойдут, когда другие условия не подошли.",
        ),
        en=(
            "When none of the conditions holds there is nowhere to go.",
            "Mark one arrow of the gateway as the default: it is taken when no other condition fits.",
        ),
    ),
    Rule(
        "gateway-default-unknown",
        "error",
        default_unknown,
        ru=("Стрелка по умолчанию не выходит из этого шлюза.", "Отметьте «по умолчанию» одну из его стрелок."),
        en=("The default arrow does not leave this gateway.", "Mark one of its own arrows as the default."),
    ),
    Rule(
        "default-condition",
        "error",
        default_condition,
        ru=(
            "На стрелке по умолчанию есть условие, но оно не проверяется.",
            "Удалите условие или снимите отметку «по умолчанию».",
        ),
        en=(
            "The default arrow has a condition that is not looked at.",
            "Remove the condition, or take the default mark off.",
        ),
    ),
    Rule(
        "condition-missing",
        "error",
        condition_missing,
        ru=("На стрелке из шлюза «или» нет условия.", "Впишите условие или отметьте стрелку «по умолчанию»."),
        en=(
            "An arrow out of a gateway that chooses has no condition.",
            "Write a condition, or mark the arrow as the default.",
        ),
    ),
    Rule(
        "condition-alone",
        "error",
        condition_alone,
        ru=(
            "Из шлюза выходит одна стрелка, и на ней условие: если оно не выполнится, процесс остановится.",
            "Удалите условие или проведите из шлюза еще одну стрелку — по умолчанию.",
        ),
        en=(
            "The only arrow out of the gateway has a condition: when it does not hold, the process stands still.",
            "Remove the condition, or draw a second arrow as the default.",
        ),
    ),
    Rule(
        "gateway-mixed",
        "error",
        gateway_mixed,
        ru=(
            "Один шлюз и соединяет, и разделяет параллельные пути: он ждал бы и тех, кто еще не выходил.",
            "Поставьте два шлюза: первый соединяет, второй разделяет. Возврат по кругу соединяйте шлюзом «или».",
        ),
        en=(
            "One gateway both joins and splits parallel ways: it would wait for those that have not yet set out.",
            "Draw two gateways: the first joins, the second splits. Let a way back come in by an exclusive gateway.",
        ),
    ),
    Rule(
        "gateway-idle",
        "warning",
        gateway_idle,
        ru=("Шлюз ничего не выбирает и не соединяет.", "Удалите его, если другие стрелки не нужны."),
        en=("The gateway neither chooses nor joins.", "Remove it, unless more arrows are to come."),
    ),
    Rule(
        "race-target",
        "error",
        race_targets,
        ru=(
            "За шлюзом событий должны стоять только таймеры и сообщения, к которым ведет одна эта стрелка.",
            "Поставьте за шлюзом промежуточное событие, а этот шаг — за ним.",
        ),
        en=(
            "Only timers and messages may follow an event-based gateway, each entered by that one arrow.",
            "Put an intermediate event behind the gateway, and this step behind the event.",
        ),
    ),
    Rule(
        "race-alone",
        "error",
        race_alone,
        ru=("Шлюзу событий не из чего выбирать.", "Нужны хотя бы два события за ним."),
        en=("The event-based gateway has nothing to choose from.", "It needs at least two events behind it."),
    ),
    Rule(
        "race-bounded",
        "error",
        race_bounded,
        ru=(
            "У шага «{host}», который ждет за шлюзом событий, не бывает граничных событий.",
            "Сделайте событие еще одной ветвью шлюза.",
        ),
        en=(
            "“{host}” waits behind an event-based gateway and can have no boundary event.",
            "Make the event one more branch of the gateway.",
        ),
    ),
)
