"""Everything an analyst writes as text is compiled by the engine's own language before it may run."""

import ast
import re
from collections.abc import Iterator
from datetime import date

from app.engine import iso
from app.engine.expressions_errors import ExpressionError
from app.engine.lint_diagram import Diagram, Node, bpmn, coomet
from app.engine.lint_rule import Remark, Rule, remark
from app.engine.lint_sites import TIMERS, Site, sites, variables
from app.i18n import Text

_LANGUAGES = ("", "python", "coomet", "text/x-python")
_KINDS: dict[str, tuple[type, ...]] = {
    "timeDuration": (iso.Duration,),
    "timeDate": (date,),
    "timeCycle": (iso.Cycle,),
}
_LITERAL = re.compile(r"[PR]\d?|\d{4}-")
_TIMED = ("deadline", "before", "after")


def expression(diagram: Diagram) -> Iterator[Remark]:
    for site in sites(diagram):
        if site.source:
            try:
                site.compiled()
            except ExpressionError as fault:
                yield remark(site.element, what=site.what, fault=fault.message, hint=fault.hint)


def expression_empty(diagram: Diagram) -> Iterator[Remark]:
    return (remark(site.element, what=site.what) for site in sites(diagram) if not site.source)


def expression_cut(diagram: Diagram) -> Iterator[Remark]:
    """A comment or an element inside the text: what stands behind it would not be read."""
    for site in sites(diagram):
        written = site.element.tag.startswith("{") and site.what not in site.element.attrib
        if written and len(site.element) and site.element.tag != coomet("call"):
            yield remark(site.element, what=site.what)


def other_language(diagram: Diagram) -> Iterator[Remark]:
    for element in diagram.root.iter(bpmn("conditionExpression"), bpmn("scriptTask"), *map(bpmn, TIMERS)):
        language = (element.get("language") or element.get("scriptFormat") or "").strip().lower()
        if language not in _LANGUAGES:
            yield remark(element, language=language[:60])


def script_missing(diagram: Diagram) -> Iterator[Remark]:
    for node in diagram.nodes:
        if node.kind == "scriptTask" and node.element.find(bpmn("script")) is None:
            yield remark(node)


def timer_kinds(diagram: Diagram) -> Iterator[Remark]:
    """A literal of another kind than the element it stands in: a date as a duration, a duration as a cycle."""
    for site in sites(diagram):
        found = _literal(site.source) if site.what in _KINDS else None
        if found is not None and not isinstance(found, _KINDS[site.what]):
            yield remark(site.element, written=site.source[:40], kind=_named(site.what))


def _literal(source: str) -> object:
    """What a timer written without quotes says; None for expressions and for what the language refuses."""
    try:
        return iso.parse(source) if _LITERAL.match(source) else None
    except ExpressionError:
        return None


def _named(what: str) -> Text:
    return {
        "timeDuration": Text(ru="продолжительность", en="a duration"),
        "timeDate": Text(ru="дата", en="a date"),
        "timeCycle": Text(ru="повторение", en="a cycle"),
    }[what]


def timer_missing(diagram: Diagram) -> Iterator[Remark]:
    for node in diagram.nodes:
        for definition in node.element.iterchildren(bpmn("timerEventDefinition")):
            if len([*definition.iterchildren(*map(bpmn, TIMERS))]) != 1:
                yield remark(node)


def cycle_misplaced(diagram: Diagram) -> Iterator[Remark]:
    for node in diagram.nodes:
        for definition in node.element.iterchildren(bpmn("timerEventDefinition")):
            cyclic = definition.find(bpmn("timeCycle")) is not None
            if cyclic and (node.kind != "boundaryEvent" or node.interrupting):
                yield remark(node)


def deadline_unknown(diagram: Diagram) -> Iterator[Remark]:
    for site in sites(diagram):
        if site.position == "timer":
            known = _deadlines(site.node)
            yield from (remark(site.element, name=name) for name in _named_deadlines(site) if name not in known)


def _deadlines(node: Node | None) -> set[str]:
    """The names declared on the task, or on the one whose boundary the timer stands on."""
    owner = node and (node.host or node)
    return set() if owner is None else {one.get("name") or "" for one in owner.extensions("deadline")}


def _named_deadlines(site: Site) -> Iterator[str]:
    try:
        tree = ast.parse(site.source.strip(), mode="eval")
        site.compiled()
    except (ExpressionError, SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for call in ast.walk(tree):
        named = isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in _TIMED
        first = call.args[0] if isinstance(call, ast.Call) and named and call.args else None
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield first.value


def variable_name(diagram: Diagram) -> Iterator[Remark]:
    """A name is good for a variable just when an expression can read it."""
    for name, element in variables(diagram):
        site = Site(name, "parameter", element, "name")
        try:
            fits = site.compiled().names.data == {name}
        except ExpressionError as fault:
            yield remark(element, name=name[:60], fault=fault.message)
        else:
            if not fits:
                yield remark(element, name=name[:60], fault=Text(ru="Это не имя.", en="This is no name."))


RULES = (
    Rule(
        "expression",
        "error",
        expression,
        ru=("Ошибка в выражении ({what}). {fault}", "{hint}"),
        en=("A mistake in an expression ({what}). {fault}", "{hint}"),
    ),
    Rule(
        "expression-empty",
        "error",
        expression_empty,
        ru=("Выражение ({what}) пустое.", "Впишите его или удалите эту настройку."),
        en=("The expression ({what}) is empty.", "Write it, or remove the setting."),
    ),
    Rule(
        "expression-cut",
        "error",
        expression_cut,
        ru=("Внутри выражения ({what}) есть комментарий или вложенный элемент.", "Оставьте только само выражение."),
        en=("There is a comment or an element inside the expression ({what}).", "Leave the expression alone."),
    ),
    Rule(
        "other-language",
        "error",
        other_language,
        ru=("Язык «{language}» не выполняется.", "Запишите то же на языке этого редактора и удалите отметку."),
        en=("The language “{language}” is not run.", "Write it in the language of this editor and remove the mark."),
    ),
    Rule(
        "script-missing",
        "error",
        script_missing,
        ru=("В скрипте ничего не написано.", "Впишите строки вида «имя = выражение»."),
        en=("The script is empty.", "Write lines like “name = expression”."),
    ),
    Rule(
        "timer-kind",
        "error",
        timer_kinds,
        ru=("«{written}» — не то, чего ждет этот таймер ({kind}).", "Выберите другой вид таймера или другое значение."),
        en=("“{written}” is not what this timer expects ({kind}).", "Choose another kind of timer, or another value."),
    ),
    Rule(
        "timer-missing",
        "error",
        timer_missing,
        ru=("Не указано, когда сработает таймер.", "Укажите одно: дату, продолжительность или повторение."),
        en=("It is not said when the timer fires.", "Give one of them: a date, a duration or a cycle."),
    ),
    Rule(
        "cycle-misplaced",
        "error",
        cycle_misplaced,
        ru=(
            "Повторение возможно только у события на границе, которое не прерывает задачу.",
            "Укажите продолжительность или сделайте событие непрерывающим.",
        ),
        en=(
            "A timer can only repeat on a boundary, where it does not interrupt the task.",
            "Give a duration, or make the event non-interrupting.",
        ),
    ),
    Rule(
        "deadline-unknown",
        "error",
        deadline_unknown,
        ru=("Срок «{name}» у этой задачи не объявлен.", "Добавьте срок в свойствах задачи, на которой стоит таймер."),
        en=("The task has no deadline “{name}”.", "Add it in the properties of the task that the timer stands on."),
    ),
    Rule(
        "variable-name",
        "error",
        variable_name,
        ru=(
            "«{name}» не годится в имена переменной. {fault}",
            "Имя состоит из букв, цифр и знаков подчеркивания, первой стоит буква.",
        ),
        en=(
            "“{name}” cannot be the name of a variable. {fault}",
            "A name consists of letters, digits and underscores and begins with a letter.",
        ),
    ),
)
