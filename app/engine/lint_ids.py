"""Identifiers: one name for one thing, over everything that is checked together, and nothing but a name."""

import re
from collections.abc import Iterator

from app.engine.lint_diagram import Diagram, Flow, Level, Node, bpmn, local
from app.engine.lint_rule import Remark, Rule, remark

_RESERVED = ("Start", "End")
_RESERVED_ENDINGS = (".EndJoin", ".BoundaryEventSplit", ".BoundaryEventJoin")
"""Names of parts that the library builds for itself beside the nodes of a diagram."""
_NAME = re.compile(r"[^\W\d][\w.-]{0,99}")


def is_name(text: str) -> bool:
    """Whether it may stand as an id."""
    return _NAME.fullmatch(text) is not None


def id_missing(diagram: Diagram) -> Iterator[Remark]:
    for level in diagram.levels:
        drawn: list[Level | Node | Flow] = [level, *level.nodes.values(), *level.flows]
        yield from (remark(one, kind=local(one.element)) for one in drawn if not one.element.get("id"))


def id_twice(diagram: Diagram) -> Iterator[Remark]:
    seen: set[str] = set()
    for element in diagram.root.iter("{*}*"):
        name = element.get("id")
        if name and name in seen:
            yield remark(element, name=name)
        seen.add(name)


def id_unsafe(diagram: Diagram) -> Iterator[Remark]:
    for element in diagram.root.iter("{*}*"):
        name = element.get("id")
        if name is not None and not is_name(name):
            yield remark(element, kind=local(element), start=name[:20])


def process_twice(diagram: Diagram) -> Iterator[Remark]:
    first: dict[str, Diagram] = {}
    for other in diagram.release.diagrams:
        for process in other.processes:
            earlier = first.setdefault(process.id, other)
            if other is diagram and earlier is not other and process.id:
                yield remark(process, name=process.id, file=earlier.path)


def id_reserved(diagram: Diagram) -> Iterator[Remark]:
    for node in diagram.nodes:
        if node.id in _RESERVED or node.id.endswith(_RESERVED_ENDINGS):
            yield remark(node, name=node.id)


def process_missing(diagram: Diagram) -> Iterator[Remark]:
    if diagram.root.find(bpmn("process")) is None:
        yield remark(diagram.root)


RULES = (
    Rule(
        "id-missing",
        "error",
        id_missing,
        ru=("У элемента «{kind}» нет идентификатора.", "Откройте и сохраните диаграмму в редакторе: он его даст."),
        en=("The element “{kind}” has no id.", "Open the diagram in an editor and save it: it will give one."),
    ),
    Rule(
        "id-twice",
        "error",
        id_twice,
        ru=(
            "Идентификатор «{name}» в этом файле уже занят.",
            "Дайте элементу другой; так бывает после копирования через текст файла.",
        ),
        en=(
            "The id “{name}” is already taken in this file.",
            "Give the element another one; this happens when parts of a file are copied as text.",
        ),
    ),
    Rule(
        "id-unsafe",
        "error",
        id_unsafe,
        ru=(
            "Идентификатор элемента «{kind}» («{start}») — не имя.",
            "Годятся до ста букв, цифр, точек, дефисов и знаков подчеркивания, первой должна быть буква.",
        ),
        en=(
            "The id of the element “{kind}” (“{start}”) is no name.",
            "Use at most a hundred letters, digits, points, hyphens and underscores, beginning with a letter.",
        ),
    ),
    Rule(
        "id-reserved",
        "error",
        id_reserved,
        ru=("Идентификатор «{name}» занят движком.", "Дайте элементу другой, например course_{name}."),
        en=("The id “{name}” is taken by the engine.", "Give the element another one, such as course_{name}."),
    ),
    Rule(
        "process-twice",
        "error",
        process_twice,
        ru=("Процесс «{name}» уже есть в файле {file}.", "Дайте одному из них другой идентификатор."),
        en=("A process “{name}” is already in the file {file}.", "Give one of them another id."),
    ),
    Rule(
        "process-missing",
        "error",
        process_missing,
        ru=("В файле нет ни одного процесса.", "Сохраните файл из редактора еще раз или удалите его."),
        en=("There is no process in the file.", "Save the file from the editor again, or remove it."),
    ),
)
