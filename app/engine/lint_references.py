"""What a diagram names must exist: processes, decisions, forms, roles, messages, errors."""

from collections.abc import Iterator
from typing import Any

from app.engine.lint_diagram import Diagram, Level, Node, bpmn, calls, coomet, text_of
from app.engine.lint_rule import Remark, Rule, label, remark

ANNOUNCE = "events.announce"
"""The operation by which a diagram announces an event."""


def listed(value: str | None) -> list[str]:
    """The names in a list written with commas."""
    return [name.strip() for name in (value or "").split(",") if name.strip()]


def call_unknown(diagram: Diagram) -> Iterator[Remark]:
    for node in diagram.nodes:
        target = node.element.get("calledElement") or ""
        if node.kind == "callActivity" and target not in diagram.release.processes:
            yield remark(node, target=target)


def call_circle(diagram: Diagram) -> Iterator[Remark]:
    processes = diagram.release.processes
    for process in diagram.processes:
        found = _circle(process, processes)
        if found is not None:
            yield remark(found, target=process.id)


def _circle(process: Level, processes: dict[str, Level]) -> Node | None:
    """The call of the process by which it comes to call itself."""
    for first in calls(process):
        seen: set[str] = set()
        todo = [first.element.get("calledElement") or ""]
        while todo:
            name = todo.pop()
            if processes.get(name) is process:
                return first
            if name in processes and name not in seen:
                seen.add(name)
                todo += [node.element.get("calledElement") or "" for node in calls(processes[name])]
    return None


def table_unknown(diagram: Diagram) -> Iterator[Remark]:
    for element in diagram.root.iter(coomet("decision")):
        table = element.get("table")
        if table and table not in diagram.release.decisions:
            yield remark(element, table=table)


def forms_named(diagram: Diagram) -> Iterator[tuple[Any, str]]:
    """Settings that name a form, with its name."""
    for element in diagram.root.iter(coomet("task"), coomet("start")):
        name = element.get("form")
        if name:
            yield element, name


def form_unknown(diagram: Diagram) -> Iterator[Remark]:
    forms = diagram.release.forms
    if forms is not None:
        yield from (remark(element, form=name) for element, name in forms_named(diagram) if name not in forms)


def output_unknown(diagram: Diagram) -> Iterator[Remark]:
    forms = diagram.release.forms or {}
    for element, name in forms_named(diagram):
        if name in forms:
            missing = [output for output in listed(element.get("outputs")) if output not in forms[name].fields]
            if missing:
                yield remark(element, outputs=", ".join(missing), form=name)


def output_formless(diagram: Diagram) -> Iterator[Remark]:
    for element in diagram.root.iter(coomet("task"), coomet("start")):
        if not element.get("form") and diagram.release.catalogue is not None and element.get("outputs"):
            yield remark(element, outputs=str(element.get("outputs")))


def role_unknown(diagram: Diagram) -> Iterator[Remark]:
    catalogue = diagram.release.catalogue
    if catalogue is None:
        return
    for element in diagram.root.iter(coomet("lane"), coomet("start")):
        for role in listed(element.get("role")) + listed(element.get("roles")):
            if role not in catalogue.roles:
                yield remark(element, role=role, known=", ".join(sorted(catalogue.roles)))


def event_unknown(diagram: Diagram) -> Iterator[Remark]:
    """An event that is never announced would start nothing, and nobody would notice."""
    catalogue = diagram.release.catalogue
    if catalogue is None:
        return
    named = [(element, element.get("event")) for element in diagram.root.iter(coomet("start"))]
    for call in diagram.root.iter(coomet("call")):
        if call.get("operation") == ANNOUNCE:
            given = [one for one in call.iterchildren(coomet("parameter")) if one.get("name") == "event"]
            named += [(one, _quoted(one)) for one in given]
    for element, name in named:
        if name is not None and name not in catalogue.happenings:
            yield remark(element, event=name, known=", ".join(sorted(catalogue.happenings)) or "–")


def _quoted(element: Any) -> str | None:
    """The text between the quotes of an expression that is nothing but a text."""
    written = text_of(element)
    plain = len(written) > 1 and written[0] == written[-1] and written[0] in "'\""
    return written[1:-1] if plain else None


def message_unknown(diagram: Diagram) -> Iterator[Remark]:
    named = {one.get("id"): (one.get("name") or "").strip() for one in diagram.root.iterchildren(bpmn("message"))}
    for node in diagram.nodes:
        bearers = [*node.element.iterchildren(bpmn("messageEventDefinition"))]
        bearers += [node.element] if node.kind in ("sendTask", "receiveTask") else []
        if any(not named.get(bearer.get("messageRef")) for bearer in bearers):
            yield remark(node)


def error_unknown(diagram: Diagram) -> Iterator[Remark]:
    coded = {one.get("id"): (one.get("errorCode") or "").strip() for one in diagram.root.iterchildren(bpmn("error"))}
    for node in diagram.nodes:
        for event in node.element.iterchildren(bpmn("errorEventDefinition")):
            if event.get("errorRef") is not None and not coded.get(event.get("errorRef")):
                yield remark(node)


def error_twice(diagram: Diagram) -> Iterator[Remark]:
    """Two events that would catch the same error of one step."""
    for node in diagram.nodes:
        seen: set[str | None] = set()
        for event in (one for one in node.boundaries if "error" in one.events):
            definition = event.element.find(bpmn("errorEventDefinition"))
            caught = None if definition is None else definition.get("errorRef")
            if caught in seen:
                yield remark(event, host=label(node))
            seen.add(caught)


RULES = (
    Rule(
        "call-unknown",
        "error",
        call_unknown,
        ru=("Вызываемого процесса «{target}» нет.", "Проверьте идентификатор процесса или добавьте его файл."),
        en=("There is no process “{target}” to call.", "Check the id of the process, or add its file."),
    ),
    Rule(
        "call-circle",
        "error",
        call_circle,
        ru=(
            "Через этот вызов процесс «{target}» вызывает сам себя.",
            "Повторение внутри процесса рисуют стрелкой назад.",
        ),
        en=(
            "By this call the process “{target}” comes to call itself.",
            "Draw a repetition within the process with an arrow back.",
        ),
    ),
    Rule(
        "table-unknown",
        "error",
        table_unknown,
        ru=("Таблицы решений «{table}» нет.", "Проверьте идентификатор решения или добавьте файл .dmn."),
        en=("There is no decision table “{table}”.", "Check the id of the decision, or add its .dmn file."),
    ),
    Rule(
        "form-unknown",
        "error",
        form_unknown,
        ru=("Формы «{form}» нет.", "Проверьте название или добавьте файлы формы в папку forms."),
        en=("There is no form “{form}”.", "Check the name, or add the form's files to the folder forms."),
    ),
    Rule(
        "output-unknown",
        "error",
        output_unknown,
        ru=("В форме «{form}» нет полей: {outputs}.", "Уберите их из данных задачи или добавьте в форму."),
        en=("The form “{form}” has no fields: {outputs}.", "Remove them from the outputs, or add them to the form."),
    ),
    Rule(
        "output-formless",
        "error",
        output_formless,
        ru=("Данные ({outputs}) взять неоткуда: у шага нет формы.", "Укажите форму."),
        en=("There is nowhere to take the outputs ({outputs}) from: the step has no form.", "Name a form."),
    ),
    Rule(
        "role-unknown",
        "error",
        role_unknown,
        ru=("Роли «{role}» нет.", "Есть роли: {known}."),
        en=("There is no role “{role}”.", "There are: {known}."),
    ),
    Rule(
        "event-unknown",
        "error",
        event_unknown,
        ru=("События «{event}» нет: о нём никто не объявит, и процесс не начнётся.", "Есть события: {known}."),
        en=("There is no event “{event}”: nobody announces it, and nothing would begin.", "There are: {known}."),
    ),
    Rule(
        "message-unknown",
        "error",
        message_unknown,
        ru=("У события нет сообщения или у сообщения нет имени.", "Выберите сообщение и дайте ему имя."),
        en=("The event has no message, or the message has no name.", "Choose a message and give it a name."),
    ),
    Rule(
        "error-unknown",
        "error",
        error_unknown,
        ru=("У ошибки, которую ловит событие, нет кода.", "Укажите код ошибки или снимите ее с события: тогда любая."),
        en=("The error that the event catches has no code.", "Give the code, or take the error off to catch any."),
    ),
    Rule(
        "error-twice",
        "error",
        error_twice,
        ru=("У шага «{host}» два события для одной и той же ошибки.", "Оставьте одно."),
        en=("“{host}” has two events for one and the same error.", "Keep one of them."),
    ),
)
