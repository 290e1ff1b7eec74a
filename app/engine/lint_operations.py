"""Operations: a service task asks for nothing but what the program offers, and gives what that needs."""

from collections.abc import Iterator
from typing import Any

from app.engine.lint_catalogue import Operation
from app.engine.lint_diagram import Diagram, coomet
from app.engine.lint_rule import Remark, Rule, remark


def _asked(diagram: Diagram) -> Iterator[tuple[Any, str]]:
    for element in diagram.root.iter(coomet("call"), coomet("start")):
        if element.get("operation"):
            yield element, element.get("operation")


def _calls(diagram: Diagram) -> Iterator[tuple[Any, str, Operation]]:
    """Service tasks' calls of operations that are known."""
    known = {} if diagram.release.catalogue is None else diagram.release.catalogue.operations
    for element, name in _asked(diagram):
        if name in known and element.tag == coomet("call"):
            yield element, name, known[name]


def operation_unknown(diagram: Diagram) -> Iterator[Remark]:
    catalogue = diagram.release.catalogue
    for element, name in _asked(diagram):
        if catalogue is not None and name not in catalogue.operations:
            yield remark(element, operation=name)


def parameter_missing(diagram: Diagram) -> Iterator[Remark]:
    for element, name, operation in _calls(diagram):
        given = {one.get("name") for one in element.iterchildren(coomet("parameter"))}
        for parameter, needed in operation.params.items():
            if needed and parameter not in given:
                yield remark(element, parameter=parameter, operation=name)


def parameter_unknown(diagram: Diagram) -> Iterator[Remark]:
    for element, name, operation in _calls(diagram):
        for one in element.iterchildren(coomet("parameter")):
            if one.get("name") not in operation.params:
                known = ", ".join(operation.params) or "–"
                yield remark(one, parameter=one.get("name") or "", operation=name, known=known)


def result_missing(diagram: Diagram) -> Iterator[Remark]:
    for element, name, operation in _calls(diagram):
        if element.get("result") and not operation.result:
            yield remark(element, operation=name)


def immediate_wrong(diagram: Diagram) -> Iterator[Remark]:
    for element, name, operation in _calls(diagram):
        if operation.immediate != (element.get("immediate") == "true"):
            yield remark(element, operation=name, value="true" if operation.immediate else "false")


RULES = (
    Rule(
        "operation-unknown",
        "error",
        operation_unknown,
        ru=("Операции «{operation}» нет: обращаться можно только к тому, что умеет система.", "Выберите из списка."),
        en=("There is no operation “{operation}”: only what the program offers is called.", "Choose from the list."),
    ),
    Rule(
        "parameter-missing",
        "error",
        parameter_missing,
        ru=("Операции «{operation}» нужен параметр «{parameter}».", "Добавьте его и впишите значение."),
        en=("The operation “{operation}” needs the parameter “{parameter}”.", "Add it and write its value."),
    ),
    Rule(
        "parameter-unknown",
        "error",
        parameter_unknown,
        ru=("У операции «{operation}» нет параметра «{parameter}».", "Есть: {known}."),
        en=("The operation “{operation}” has no parameter “{parameter}”.", "It has: {known}."),
    ),
    Rule(
        "result-missing",
        "error",
        result_missing,
        ru=("Операция «{operation}» ничего не возвращает.", "Уберите переменную результата."),
        en=("The operation “{operation}” gives no result.", "Remove the variable for the result."),
    ),
    Rule(
        "immediate-wrong",
        "error",
        immediate_wrong,
        ru=("Для операции «{operation}» отметка «сразу» (immediate) должна быть {value}.", "Исправьте отметку."),
        en=("For the operation “{operation}” the mark immediate must be {value}.", "Correct the mark."),
    ),
)
