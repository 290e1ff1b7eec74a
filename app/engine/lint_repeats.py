"""Activities repeated over a list: what they are repeated over, and what comes back."""

from collections.abc import Iterator
from typing import Any

from app.engine.lint_diagram import BPMN, Diagram, Node, bpmn, local, namespace, text_of
from app.engine.lint_rule import Remark, Rule, remark
from app.engine.lint_sites import item_name
from app.engine.lint_variables import OPEN, written_inside

MOST_INSTANCES = 200
_PARTS = frozenset(
    (
        *("loopCardinality", "loopDataInputRef", "loopDataOutputRef", "inputDataItem", "outputDataItem"),
        *("completionCondition", "documentation", "extensionElements"),
    )
)


def _repeats(diagram: Diagram) -> Iterator[tuple[Node, Any]]:
    for node in diagram.nodes:
        for loop in node.element.iterchildren(bpmn("multiInstanceLoopCharacteristics")):
            yield node, loop


def _text(loop: Any, tag: str) -> str:
    found = loop.find(bpmn(tag))
    return "" if found is None else text_of(found)


def _item(loop: Any, tag: str) -> str:
    found = loop.find(bpmn(tag))
    return "" if found is None else item_name(found)


def repeat_source(diagram: Diagram) -> Iterator[Remark]:
    for _, loop in _repeats(diagram):
        given = [loop.find(bpmn(tag)) is not None for tag in ("loopCardinality", "loopDataInputRef")]
        if sum(given) != 1:
            yield remark(loop)


def repeat_part(diagram: Diagram) -> Iterator[Remark]:
    for _, loop in _repeats(diagram):
        for part in loop.iterchildren("{*}*"):
            if namespace(part) == BPMN and local(part) not in _PARTS:
                yield remark(part, kind=local(part))


def repeat_twice(diagram: Diagram) -> Iterator[Remark]:
    seen: set[Node] = set()
    for node, loop in _repeats(diagram):
        if node in seen:
            yield remark(loop)
        seen.add(node)


def repeat_many(diagram: Diagram) -> Iterator[Remark]:
    for _, loop in _repeats(diagram):
        count = _text(loop, "loopCardinality")
        if count.lstrip("+-").isdecimal() and not 0 < _whole(count) <= MOST_INSTANCES:
            yield remark(loop, count=count[:20], most=MOST_INSTANCES)


def _whole(digits: str) -> int:
    return int(digits) if len(digits) < 20 else MOST_INSTANCES + 1


def repeat_blind(diagram: Diagram) -> Iterator[Remark]:
    for _, loop in _repeats(diagram):
        if loop.find(bpmn("loopDataInputRef")) is not None and not _item(loop, "inputDataItem"):
            yield remark(loop)


def repeat_output_half(diagram: Diagram) -> Iterator[Remark]:
    for _, loop in _repeats(diagram):
        if bool(_text(loop, "loopDataOutputRef")) != bool(_item(loop, "outputDataItem")):
            yield remark(loop)


def repeat_output_same(diagram: Diagram) -> Iterator[Remark]:
    for _, loop in _repeats(diagram):
        names = [_text(loop, "loopDataInputRef"), _text(loop, "loopDataOutputRef")]
        names += [_item(loop, "inputDataItem"), _item(loop, "outputDataItem")]
        given = [name for name in names if name]
        same = sorted({name for name in given if given.count(name) > 1})
        if same:
            yield remark(loop, names=", ".join(same))


def repeat_output_unwritten(diagram: Diagram) -> Iterator[Remark]:
    for node, loop in _repeats(diagram):
        name = _item(loop, "outputDataItem")
        written = written_inside(node, diagram.release)
        if name and name not in written and OPEN not in written:
            yield remark(loop, name=name, known=", ".join(sorted(written)) or "–")


RULES = (
    Rule(
        "repeat-source",
        "error",
        repeat_source,
        ru=("Не указано, по чему повторять.", "Укажите одно: список (loopDataInputRef) или число повторений."),
        en=("It is not said what to repeat over.", "Give one of them: a list (loopDataInputRef) or a number."),
    ),
    Rule(
        "repeat-part",
        "error",
        repeat_part,
        ru=("Часть повторения — «{kind}» — не выполняется.", "Удалите ее; закончить раньше можно условием завершения."),
        en=("A part of the repetition, “{kind}”, is not run.", "Remove it; a completion condition can end it early."),
    ),
    Rule(
        "repeat-twice",
        "error",
        repeat_twice,
        ru=("У шага два повторения.", "Оставьте одно; второе вынесите в подпроцесс."),
        en=("The step has two repetitions.", "Keep one; move the other into a sub-process."),
    ),
    Rule(
        "repeat-many",
        "error",
        repeat_many,
        ru=("Повторений {count}, а можно от 1 до {most}.", "Уменьшите число или повторяйте по списку."),
        en=("There are {count} repetitions; 1 to {most} are allowed.", "Give a smaller number, or repeat over a list."),
    ),
    Rule(
        "repeat-blind",
        "warning",
        repeat_blind,
        ru=("Повторы не знают, какой элемент списка им достался.", "Дайте имя элементу (inputDataItem)."),
        en=("The instances do not know which element of the list is theirs.", "Name the element (inputDataItem)."),
    ),
    Rule(
        "repeat-output-half",
        "error",
        repeat_output_half,
        ru=(
            "Для результата повторений указана только половина.",
            "Укажите и переменную одного повтора (outputDataItem), и общий список (loopDataOutputRef).",
        ),
        en=(
            "Only one half is given for the results of the repetition.",
            "Give both the variable of one instance (outputDataItem) and the common list (loopDataOutputRef).",
        ),
    ),
    Rule(
        "repeat-output-same",
        "error",
        repeat_output_same,
        ru=(
            "Одно имя ({names}) служит и входу, и результату: результат сотрет вход.",
            "Дайте списку, его элементу и результатам разные имена.",
        ),
        en=(
            "One name ({names}) stands for what goes in and what comes out: the result would wipe out the input.",
            "Give the list, its element and the results different names.",
        ),
    ),
    Rule(
        "repeat-output-unwritten",
        "error",
        repeat_output_unwritten,
        ru=("Внутри повтора никто не записывает «{name}»: результат будет пустым.", "Записываются: {known}."),
        en=("Nothing inside the repetition writes “{name}”: the result would be empty.", "What is written: {known}."),
    ),
)
