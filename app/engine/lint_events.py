"""Events: which kind may stand where, and what it needs to stand there."""

from collections.abc import Iterator

from app.engine.lint_diagram import Diagram, Node, bpmn
from app.engine.lint_rule import Remark, Rule, label, remark
from app.i18n import Text

ALLOWED = {
    "startEvent": frozenset[str](),
    "endEvent": frozenset(("terminate", "message")),
    "intermediateCatchEvent": frozenset(("timer", "message")),
    "intermediateThrowEvent": frozenset(("message",)),
    "boundaryEvent": frozenset(("timer", "message", "error")),
}
_NEEDS_ONE = ("intermediateCatchEvent", "boundaryEvent")
_INSTANT = ("scriptTask", "businessRuleTask", "sendTask")
"""A task without a kind is done at once too, but is to be given a kind before it is published (`task-kind`)."""
_NAMES = {
    "timer": Text(ru="таймер", en="timer"),
    "message": Text(ru="сообщение", en="message"),
    "signal": Text(ru="сигнал", en="signal"),
    "error": Text(ru="ошибка", en="error"),
    "escalation": Text(ru="эскалация", en="escalation"),
    "compensate": Text(ru="компенсация", en="compensation"),
    "cancel": Text(ru="отмена", en="cancel"),
    "terminate": Text(ru="прекращение", en="terminate"),
    "link": Text(ru="ссылка", en="link"),
    "conditional": Text(ru="условие", en="condition"),
}


def event_not_run(diagram: Diagram) -> Iterator[Remark]:
    for node in diagram.nodes:
        for event in node.events:
            if event not in ALLOWED.get(node.kind, ()):
                allowed = [_NAMES[name] for name in sorted(ALLOWED.get(node.kind, ()))]
                yield remark(node, event=_NAMES.get(event, event), allowed=_joined(allowed))


def _joined(names: list[Text]) -> Text:
    if not names:
        return Text(ru="простое событие без знака", en="a plain event without a sign")
    return Text(ru=", ".join(name.ru for name in names), en=", ".join(name.en for name in names))


def event_empty(diagram: Diagram) -> Iterator[Remark]:
    for node in diagram.nodes:
        referred = node.element.find(bpmn("eventDefinitionRef")) is not None
        if referred or (node.kind in _NEEDS_ONE and not node.events):
            yield remark(node)


def event_several(diagram: Diagram) -> Iterator[Remark]:
    return (remark(node) for node in diagram.nodes if len(node.events) > 1)


def boundary_loose(diagram: Diagram) -> Iterator[Remark]:
    return (remark(node) for node in diagram.nodes if node.kind == "boundaryEvent" and node.host is None)


def boundary_instant(diagram: Diagram) -> Iterator[Remark]:
    """A step that is done at once leaves no time for anything to come in between."""
    for node in diagram.nodes:
        if node.host is not None and _instant(node.host):
            yield remark(node, host=label(node.host))


def _instant(node: Node) -> bool:
    call = node.extension("call")
    immediate = node.kind == "serviceTask" and call is not None and call.get("immediate") == "true"
    return (node.kind in _INSTANT or immediate) and node.multi is None


def error_host(diagram: Diagram) -> Iterator[Remark]:
    for node in diagram.nodes:
        if node.host is not None and "error" in node.events and node.host.kind != "serviceTask":
            yield remark(node, host=label(node.host))


def error_goes_on(diagram: Diagram) -> Iterator[Remark]:
    return (remark(node) for node in diagram.nodes if "error" in node.events and node.host and not node.interrupting)


def mark_unclear(diagram: Diagram) -> Iterator[Remark]:
    """`cancelActivity` and `isInterrupting` written with a value that means nothing."""
    for node in diagram.nodes:
        for attribute in ("cancelActivity", "isInterrupting", "parallelMultiple", "triggeredByEvent"):
            if node.element.get(attribute, "true") not in ("true", "false", "1", "0"):
                yield remark(node, attribute=attribute)


RULES = (
    Rule(
        "event-not-run",
        "error",
        event_not_run,
        ru=("Событие «{event}» здесь не выполняется.", "Здесь возможны: {allowed}."),
        en=("The event “{event}” is not run in this place.", "Possible here: {allowed}."),
    ),
    Rule(
        "event-empty",
        "error",
        event_empty,
        ru=("Не указано, какого события ждать.", "Выберите вид события: таймер или сообщение."),
        en=("It is not said which event is waited for.", "Choose the kind of event: a timer or a message."),
    ),
    Rule(
        "event-several",
        "error",
        event_several,
        ru=("У события несколько причин сразу.", "Нарисуйте отдельное событие для каждой."),
        en=("The event has several causes at once.", "Draw one event for each of them."),
    ),
    Rule(
        "boundary-loose",
        "error",
        boundary_loose,
        ru=("Граничное событие ни к чему не прикреплено.", "Поставьте его на край задачи или подпроцесса."),
        en=("The boundary event is attached to nothing.", "Put it on the edge of a task or a sub-process."),
    ),
    Rule(
        "boundary-instant",
        "error",
        boundary_instant,
        ru=(
            "Шаг «{host}» выполняется сразу: событие на его границе никогда не наступит.",
            "Перенесите событие на шаг, который ждет.",
        ),
        en=(
            "“{host}” is done at once: the event on its boundary can never happen.",
            "Move the event to a step that waits.",
        ),
    ),
    Rule(
        "error-host",
        "error",
        error_host,
        ru=(
            "Ошибку может дать только обращение к системе, а «{host}» — другой шаг.",
            "Перенесите событие ошибки на обращение к системе или замените его таймером.",
        ),
        en=(
            "Only a service task can end in an error, and “{host}” is another kind of step.",
            "Move the error event to a service task, or use a timer.",
        ),
    ),
    Rule(
        "error-goes-on",
        "error",
        error_goes_on,
        ru=("Событие ошибки всегда прерывает шаг.", "Сделайте событие прерывающим (сплошная граница)."),
        en=("An error event always interrupts its step.", "Make the event interrupting (solid border)."),
    ),
    Rule(
        "mark-unclear",
        "error",
        mark_unclear,
        ru=("Отметка «{attribute}» — ни «да», ни «нет».", "Поставьте true или false."),
        en=("The mark “{attribute}” is neither yes nor no.", "Set it to true or false."),
    ),
)
