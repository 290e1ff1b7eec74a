"""The white list: an element is refused unless we know that it runs, and each refusal says what to draw instead."""

from collections.abc import Iterator
from typing import Any

from app.engine.drawings import moves_data
from app.engine.lint_diagram import BPMN, Diagram, Level, Node, bpmn, local, namespace
from app.engine.lint_rule import Remark, Rule, remark
from app.i18n import Text

RUNS = frozenset(
    (
        *("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"),
        *("task", "userTask", "manualTask", "serviceTask", "scriptTask", "businessRuleTask", "sendTask"),
        "receiveTask",
        *("callActivity", "subProcess"),
        *("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "sequenceFlow"),
    )
)
DATA = frozenset(("dataObject", "dataObjectReference", "dataStoreReference", "ioSpecification", "property"))
ASSOCIATIONS = frozenset(("dataInputAssociation", "dataOutputAssociation"))
PERFORMERS = frozenset(("resourceRole", "performer", "humanPerformer", "potentialOwner"))
DRAWN = DATA | {
    *("laneSet", "textAnnotation", "association", "group", "extensionElements", "documentation"),
    *("auditing", "monitoring", "categoryValueRef", "supportedInterfaceRef"),
}
MOST_LEVELS = 10
MOST_NODES = 1_000

_INSTEAD = {
    "complexGateway": Text(
        ru="Нарисуйте шлюз «и» или шлюз «и/или» с условиями.", en="Draw a parallel or an inclusive gateway."
    ),
    "transaction": Text(
        ru="Нарисуйте обычный подпроцесс; отмену — отдельными шагами.",
        en="Draw a plain sub-process; undo with steps of its own.",
    ),
    "adHocSubProcess": Text(
        ru="Нарисуйте порядок шагов стрелками или повторяемую задачу.",
        en="Draw the order of the steps with arrows, or a repeated task.",
    ),
    "dataInputAssociation": Text(
        ru="Данные хранятся в переменных задач: вычислите их скриптом, а у стрелки данных удалите присваивание.",
        en="Data are kept in variables of tasks: compute them by a script and take the assignment off the data arrow.",
    ),
    "standardLoopCharacteristics": Text(
        ru="Нарисуйте шлюз «или» со стрелкой назад или повторение по списку.",
        en="Draw an exclusive gateway with an arrow back, or repeat over a list.",
    ),
    "eventSubProcess": Text(
        ru="Нарисуйте граничное событие на подпроцессе или задаче.",
        en="Draw a boundary event on a sub-process or a task.",
    ),
    "compensation": Text(
        ru="Нарисуйте шаги отмены обычными стрелками.", en="Draw the steps that undo with ordinary arrows."
    ),
}
_INSTEAD["dataOutputAssociation"] = _INSTEAD["dataInputAssociation"]
_NAMES = {
    "complexGateway": Text(ru="сложный шлюз", en="complex gateway"),
    "transaction": Text(ru="транзакция", en="transaction"),
    "adHocSubProcess": Text(ru="подпроцесс в свободном порядке", en="ad hoc sub-process"),
    "dataInputAssociation": Text(ru="передача данных", en="data association"),
    "dataOutputAssociation": Text(ru="передача данных", en="data association"),
    "standardLoopCharacteristics": Text(ru="цикл на задаче", en="loop on a task"),
    "eventSubProcess": Text(ru="событийный подпроцесс", en="event sub-process"),
    "compensation": Text(ru="компенсация", en="compensation"),
    "choreographyTask": Text(ru="хореография", en="choreography"),
}
"""For people who have never seen the file behind the drawing."""
_OTHERWISE = Text(
    ru="Нарисуйте то же задачами, шлюзами и событиями таймера или сообщения.",
    en="Draw the same with tasks, gateways and timer or message events.",
)
_INSIDE = frozenset(
    (
        *("incoming", "outgoing", "script", "multiInstanceLoopCharacteristics", "rendering"),
        *("dataInput", "dataOutput", "inputSet", "outputSet"),
        *(DRAWN - {"laneSet"} | ASSOCIATIONS | PERFORMERS),
    )
)
_AT_THE_TOP = frozenset(
    (
        *("process", "collaboration", "message", "error", "extensionElements", "documentation", "category"),
        *("itemDefinition", "relationship", "import", "interface", "endPoint", "partnerEntity", "partnerRole"),
        *("dataStore", "resource", "signal", "escalation"),
    )
)


def element_not_run(diagram: Diagram) -> Iterator[Remark]:
    for level in diagram.levels:
        allowed = RUNS | DRAWN | PERFORMERS if level.parent is None else RUNS | DRAWN | _INSIDE
        for child in _bpmn_children(level.element):
            if local(child) not in allowed or moves_data(child):
                yield _refused(child, local(child))
        if _yes(level.element, "triggeredByEvent"):
            yield _refused(level, "eventSubProcess")
    for child in _bpmn_children(diagram.root):
        if local(child) not in _AT_THE_TOP:
            yield _refused(child, local(child))


def part_not_run(diagram: Diagram) -> Iterator[Remark]:
    for node in diagram.nodes:
        if node.kind in RUNS and node.body is None:
            for child in _bpmn_children(node.element):
                known = local(child) in _INSIDE or local(child).endswith("EventDefinition")
                if not known or moves_data(child):
                    yield _refused(child, local(child))
        if _yes(node.element, "isForCompensation"):
            yield _refused(node, "compensation")
        for attribute in ("startQuantity", "completionQuantity"):
            if node.element.get(attribute, "1") != "1":
                yield _refused(node, attribute)


def _yes(element: Any, attribute: str) -> bool:
    return element.get(attribute) in ("true", "1")


def _bpmn_children(element: Any) -> Iterator[Any]:
    return (child for child in element.iterchildren() if namespace(child) == BPMN)


def _refused(about: Level | Node | Any, kind: str) -> Remark:
    return remark(about, kind=_NAMES.get(kind, kind), instead=_INSTEAD.get(kind, _OTHERWISE))


def foreign_element(diagram: Diagram) -> Iterator[Remark]:
    for level in diagram.levels:
        for child in level.element.iterchildren():
            if isinstance(child.tag, str) and namespace(child) != BPMN:
                yield remark(child, kind=local(child))


def left_out(diagram: Diagram) -> Iterator[Remark]:
    return (remark(process, name=process.get("name") or process.get("id") or "") for process in diagram.left_out)


def too_deep(diagram: Diagram) -> Iterator[Remark]:
    for level in diagram.levels:
        depth, above = 0, level.parent
        while above is not None:
            depth, above = depth + 1, above.parent
        if depth == MOST_LEVELS + 1:
            yield remark(level, most=MOST_LEVELS)


def too_many(diagram: Diagram) -> Iterator[Remark]:
    count = sum(len(level.nodes) for level in diagram.levels)
    if count > MOST_NODES:
        yield remark(diagram.root, count=count, most=MOST_NODES)


def message_flow(diagram: Diagram) -> Iterator[Remark]:
    return (remark(flow) for flow in diagram.root.iter(bpmn("messageFlow")))


RULES = (
    Rule(
        "element-not-run",
        "error",
        element_not_run,
        ru=("Элемент «{kind}» не выполняется.", "{instead}"),
        en=("The element “{kind}” is not run.", "{instead}"),
    ),
    Rule(
        "part-not-run",
        "error",
        part_not_run,
        ru=("Часть элемента — «{kind}» — не выполняется.", "{instead}"),
        en=("A part of the element, “{kind}”, is not run.", "{instead}"),
    ),
    Rule(
        "element-foreign",
        "error",
        foreign_element,
        ru=("«{kind}» — не элемент BPMN и не выполняется.", "Удалите его из файла."),
        en=("“{kind}” is no element of BPMN and is not run.", "Remove it from the file."),
    ),
    Rule(
        "left-out",
        "warning",
        left_out,
        ru=(
            "Процесс «{name}» нарисован только для людей и не выполняется.",
            "Если так и задумано, менять ничего не нужно.",
        ),
        en=("The process “{name}” is drawn for people only and not run.", "If that is meant, nothing need be done."),
    ),
    Rule(
        "message-flow",
        "warning",
        message_flow,
        ru=(
            "Стрелка сообщения между пулами только нарисована: сообщения передают события.",
            "Проверьте, что у событий по обе стороны одно и то же сообщение.",
        ),
        en=(
            "An arrow between pools is only drawn: messages are passed by events.",
            "Check that the events at both sides have the same message.",
        ),
    ),
)

SIZES = (
    Rule(
        "too-deep",
        "error",
        too_deep,
        ru=(
            "Подпроцессы вложены глубже {most} уровней.",
            "Вынесите внутренние в отдельный процесс и вызывайте его.",
        ),
        en=(
            "Sub-processes are nested deeper than {most} levels.",
            "Move the inner ones into a process of their own and call it.",
        ),
    ),
    Rule(
        "too-many",
        "error",
        too_many,
        ru=("В файле {count} элементов, а можно не больше {most}.", "Разделите диаграмму на вызываемые процессы."),
        en=("The file has {count} elements; {most} are allowed.", "Cut the diagram into processes that are called."),
    ),
)
