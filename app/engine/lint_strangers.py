"""What other tools leave in a diagram: what would change how it runs is refused, the rest is named and kept.

Three ways with settings of another engine, by name and never by guess: *inert* ones change nothing that runs here
(warning); what says who acts, by when and by which form must be said anew before anything is published; all others
(listeners, mappings, scripts, conditions) do something that we would leave out, so the diagram does not run.
"""

from collections.abc import Iterator
from typing import Any, Literal

from app.engine.drawings import is_for_people_only, moves_data
from app.engine.lint_diagram import BPMN, COOMET, Diagram, local, namespace
from app.engine.lint_elements import ASSOCIATIONS, DATA, PERFORMERS
from app.engine.lint_rule import Remark, Rule, remark

_CAMUNDA, _ZEEBE, _DROOLS = "http://camunda.org/schema/1.0/bpmn", "http://camunda.org/schema/zeebe/1.0", "jBPM"
ENGINES = {
    _CAMUNDA: "Camunda",
    _ZEEBE: "Zeebe",
    "http://operaton.org/schema/1.0/bpmn": "Operaton",
    "http://spiffworkflow.org/bpmn/schema/1.0/core": "SpiffWorkflow",
    "http://flowable.org/bpmn": "Flowable",
    "http://activiti.org/bpmn": "Activiti",
    "http://www.jboss.org/drools": _DROOLS,
    "http://www.bizagi.com/bpmn20": "Bizagi",
    "http://www.signavio.com": "Signavio",
}
_HARMLESS = (
    "http://www.omg.org/spec/BPMN/20100524/DI",
    "http://www.omg.org/spec/DD/20100524/DC",
    "http://www.omg.org/spec/DD/20100524/DI",
    "http://www.w3.org/2001/XMLSchema-instance",
    "http://www.w3.org/XML/1998/namespace",
    "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
    "http://bpmn.io/schema/bpmn/biocolor/1.0",
    "http://camunda.org/schema/modeler/1.0",
)

Class = Literal["inert", "asked", "runs"]
_FAMILY = frozenset(("Camunda", "Operaton", "Flowable", "Activiti"))
"""Descendants of one engine, which share their words."""
_INERT = {
    "Camunda": frozenset((
        *("asyncBefore", "asyncAfter", "async", "exclusive", "jobPriority", "taskPriority", "historyTimeToLive"),
        *("versionTag", "isStartableInTasklist", "modelerTemplate", "modelerTemplateVersion", "modelerTemplateIcon"),
        *("properties", "failedJobRetryTimeCycle", "diagramRelationId", "errorMessage"),
    )),
    "Zeebe": frozenset((
        *("modelerTemplate", "modelerTemplateVersion", "modelerTemplateIcon", "properties", "versionTag"),
        *("userTask", "taskHeaders"),
    )),
    "SpiffWorkflow": frozenset(("unitTests",)),
    _DROOLS: frozenset(("packageName", "version", "metaData", "dtype")),
}  # fmt: skip
_DRAWING_TOOLS = frozenset(("Bizagi", "Signavio"))
"""These only draw: nothing of theirs runs anywhere."""
_ASKED = {
    "Camunda": frozenset((
        *("assignee", "candidateUsers", "candidateGroups", "candidateStarterUsers", "candidateStarterGroups"),
        *("dueDate", "followUpDate", "priority", "formKey", "formRef", "formRefBinding", "formRefVersion", "formData"),
    )),
    "Zeebe": frozenset((
        *("assignmentDefinition", "formDefinition", "taskSchedule", "userTaskForm", "priorityDefinition"),
    )),
    "SpiffWorkflow": frozenset(("properties", "instructionsForEndUser", "allowGuest", "guestConfirmation")),
}  # fmt: skip


def class_of(engine: str, word: str) -> Class:
    """What becomes of a setting of that engine."""
    family = "Camunda" if engine in _FAMILY else engine
    if engine in _DRAWING_TOOLS or word in _INERT.get(family, ()):
        return "inert"
    return "asked" if word in _ASKED.get(family, ()) else "runs"


def _settings(diagram: Diagram, wanted: Class) -> Iterator[Remark]:
    """One remark for each element and engine, naming the settings of the class."""
    found: dict[tuple[Any, str], list[str]] = {}
    for element, uri, word in foreign(diagram.root):
        engine = ENGINES.get(uri)
        if engine is not None and class_of(engine, word) == wanted:
            words = found.setdefault((_owner(element), engine), [])
            words += [] if word in words else [word]
    for (owner, engine), words in found.items():
        yield remark(owner, engine=engine, words=", ".join(word[:40] for word in words[:6]))


def other_engine(diagram: Diagram) -> Iterator[Remark]:
    return _settings(diagram, "runs")


def asked_elsewhere(diagram: Diagram) -> Iterator[Remark]:
    yield from _settings(diagram, "asked")
    for element in _drawn(diagram):
        if local(element) in PERFORMERS:
            yield remark(element, engine="BPMN", words=local(element))


def other_engine_inert(diagram: Diagram) -> Iterator[Remark]:
    return _settings(diagram, "inert")


def extension_unknown(diagram: Diagram) -> Iterator[Remark]:
    seen: set[str] = set()
    for element, uri, _ in foreign(diagram.root):
        if uri not in ENGINES and uri not in seen:
            seen.add(uri)
            yield remark(_owner(element), uri=uri)


def foreign(root: Any) -> Iterator[tuple[Any, str, str]]:
    """Outermost elements and attributes of other name spaces: the element, the name space, the name."""
    own = (BPMN, COOMET, *_HARMLESS)
    for element in root.iter("{*}*"):
        uri, above = namespace(element), element.getparent()
        if above is not None and namespace(above) not in own:
            continue
        if uri not in own:
            yield element, uri, local(element)
        for name in element.attrib:
            other, _, word = name[1:].partition("}") if name.startswith("{") else (BPMN, "", name)
            if other not in own:
                yield element, other, word


def _owner(element: Any) -> Any:
    """The element of BPMN that bears it."""
    while namespace(element) != BPMN or local(element) == "extensionElements":
        if element.getparent() is None:
            break
        element = element.getparent()
    return element


def task_kind(diagram: Diagram) -> Iterator[Remark]:
    return (remark(node) for node in diagram.nodes if node.kind == "task")


def not_executable(diagram: Diagram) -> Iterator[Remark]:
    return (remark(level) for level in diagram.processes if is_for_people_only(level.element))


def data_drawn(diagram: Diagram) -> Iterator[Remark]:
    """Said once a level: it is a way of drawing, not a fault of one element."""
    for level in diagram.levels:
        found = (part for part in _parts(level.element) if local(part) in DATA or local(part) in ASSOCIATIONS)
        first = next((part for part in found if not moves_data(part)), None)
        if first is not None:
            yield remark(first)


def _drawn(diagram: Diagram) -> Iterator[Any]:
    for level in diagram.levels:
        yield from _parts(level.element)


def _parts(level: Any) -> Iterator[Any]:
    """The children of a level and of its nodes; those of sub-processes belong to levels of their own."""
    for child in level.iterchildren(f"{{{BPMN}}}*"):
        yield child
        if local(child) != "subProcess":
            yield from child.iterchildren(f"{{{BPMN}}}*")


RULES = (
    Rule(
        "other-engine",
        "error",
        other_engine,
        ru=(
            "Здесь есть настройки {engine}, которые меняют ход процесса: {words}. Они не выполняются.",
            "Перенесите их в настройки этого редактора и удалите.",
        ),
        en=(
            "There are settings for {engine} here that change how the process runs: {words}. They are not run.",
            "Set the same in this editor and remove them.",
        ),
    ),
    Rule(
        "asked-elsewhere",
        "publishing",
        asked_elsewhere,
        ru=(
            "Кто, к какому сроку и по какой форме выполняет шаг, указано для {engine}: {words}. Здесь не действует.",
            "Укажите роль на дорожке, а форму и срок — в настройках шага; прежние настройки удалите.",
        ),
        en=(
            "Who does the step, by when and by which form is said for {engine}: {words}. It has no effect here.",
            "Give the lane a role and the step a form and a deadline; then remove the old settings.",
        ),
    ),
    Rule(
        "other-engine-inert",
        "warning",
        other_engine_inert,
        ru=(
            "Здесь есть настройки {engine}: {words}. На ход процесса здесь они не влияют и сохраняются как есть.",
            "Менять ничего не нужно.",
        ),
        en=(
            "There are settings for {engine} here: {words}. They change nothing here and are kept as they are.",
            "Nothing need be done.",
        ),
    ),
    Rule(
        "extension-unknown",
        "warning",
        extension_unknown,
        ru=("Расширение «{uri}» неизвестно и не выполняется.", "Если оно только для рисунка, ничего делать не нужно."),
        en=("The extension “{uri}” is unknown and not run.", "If it is only for the drawing, nothing need be done."),
    ),
    Rule(
        "task-kind",
        "publishing",
        task_kind,
        ru=(
            "У задачи нет вида: она никого не спрашивает, и процесс сразу идет дальше.",
            "Выберите вид задачи: задача пользователя, обращение к системе, скрипт.",
        ),
        en=(
            "The task has no kind: it asks nobody, and the process goes on at once.",
            "Choose its kind: user task, service task, script task.",
        ),
    ),
    Rule(
        "not-executable",
        "publishing",
        not_executable,
        ru=("Процесс помечен как невыполняемый.", "Поставьте в свойствах процесса отметку «выполняемый»."),
        en=("The process is marked as not executable.", "Mark it as executable in its properties."),
    ),
    Rule(
        "data-drawn",
        "warning",
        data_drawn,
        ru=(
            "Данные здесь только нарисованы: ни один шаг их не читает и не пишет.",
            "Данные хранятся в переменных задач; рисунок может остаться для людей.",
        ),
        en=(
            "Data are only drawn here: no step reads or writes them.",
            "Data are kept in variables of tasks; the drawing may stay for people.",
        ),
    ),
)
