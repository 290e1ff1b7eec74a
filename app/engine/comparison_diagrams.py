"""Two states of one diagram: elements added, removed, changed and moved, in the order in which they stand."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from operator import attrgetter
from typing import Any

from app.engine.comparison import Difference, changed, quoted
from app.engine.comparison_elements import KINDS, Naming, differences
from app.engine.comparison_values import known, quote, worded
from app.engine.drawings import Reader
from app.engine.specification import Element, Process, StartForm
from app.engine.xml import parse_xml
from app.i18n import Text

_DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
_DC = "{http://www.omg.org/spec/DD/20100524/DC}"
_START: Mapping[str, Text] = {
    "form": Text("форма", "form"),
    "roles": Text("кто может начать", "list of roles that may begin"),
    "clause": Text("пункт рекомендации", "clause of the recommendation"),
    "outputs": Text("ответы, которые идут дальше", "answers that go on"),
    "result": Text("переменная результата", "variable of the result"),
    "operation": Text("операция", "operation"),
}
_EVENT = Text("событие, с которого начинается", "event that begins it")
_INSTRUCTIONS = Text("описание", "description")


def compare_diagrams(file: str, before: bytes, after: bytes, words: Mapping[str, Text]) -> list[Difference] | None:
    """None where one of the two cannot be read as a diagram; nothing in the list: nothing that runs or is drawn."""
    roots = [parse_xml(content, file)[0] for content in (before, after)]
    if roots[0] is None or roots[1] is None:
        return None
    was, now = ({one.id: one for one in Reader(file, root).processes()} for root in roots)
    found = []
    for ident in [*now, *(one for one in was if one not in now)]:
        found += [replace(one, process=ident) for one in _processes(file, was.get(ident), now.get(ident), words)]
    told = {one.element for one in found}
    return found + list(_moved(file, roots, now, told, words))


def _processes(
    file: str, before: Process | None, after: Process | None, words: Mapping[str, Text]
) -> Iterator[Difference]:
    if before is None or after is None:
        one = before or after
        assert one is not None
        yield _whole(file, one, after is not None)
        return
    was, now = Naming(before.elements, words), Naming(after.elements, words)
    yield from _heads(file, before, after, words)
    for element in after.elements.values():
        old = before.elements.get(element.id)
        if old is None:
            yield _came(file, element, now)
        elif replace(old, line=element.line) != element:
            yield from differences(file, old, element, was, now)
    for element in before.elements.values():
        if element.id not in after.elements:
            yield _went(file, element, was)


def _whole(file: str, process: Process, added: bool) -> Difference:
    name = quoted(process.name)
    if added:
        return Difference(file, "added", Text(f"Новая процедура {name.ru}.", f"{name.en} is a new procedure."), name)
    said = Text(f"Процедуры {name.ru} больше нет.", f"The procedure {name.en} is there no more.")
    return Difference(file, "removed", said, name)


def _heads(file: str, before: Process, after: Process, words: Mapping[str, Text]) -> Iterator[Difference]:
    """The process itself: name, description, and how it begins."""
    subject = quoted(after.name)
    if before.name != after.name:
        old = quoted(before.name)
        said = Text(
            f"Процедура {old.ru} теперь называется {subject.ru}.", f"The procedure {old.en} is called {subject.en} now."
        )
        label = Text("название", "name")
        yield Difference(file, "changed", said, subject, label, quote(before.name), quote(after.name))
    if before.instructions != after.instructions:
        yield changed(file, subject, _INSTRUCTIONS, quote(before.instructions), quote(after.instructions))
    if before.event != after.event:
        yield changed(file, subject, _EVENT, worded(before.event), worded(after.event))
    for name, label in _START.items():
        first, second = _start(before.start, name, words), _start(after.start, name, words)
        if first != second:
            element = after.start.element if after.start else None
            yield changed(
                file, subject, Text(f"начало, {label.ru}", f"{label.en} at its start"), first, second, element
            )


def _start(start: StartForm | None, name: str, words: Mapping[str, Text]) -> Text:
    kind = {"form": "form", "roles": "role"}.get(name)
    value = attrgetter(name)(start) if start is not None else None
    return worded(value, known(words, kind)) if kind else worded(value)


def _came(file: str, element: Element, now: Naming) -> Difference:
    name, kind = now.of(element.id), KINDS.get(element.kind, Text("элемент", "element"))
    if element.kind == "sequenceFlow":
        ends = now.of(element.source), now.of(element.target)
        said = Text(
            f"Новый переход: от {ends[0].ru} к {ends[1].ru}.", f"There is a new flow from {ends[0].en} to {ends[1].en}."
        )
        return Difference(file, "added", said, name, element=element.id)
    said = Text(f"Добавлено: {kind.ru} {name.ru}{_where(element, now).ru}.", "")
    english = f"There is a new {kind.en}: {name.en}{_where(element, now).en}."
    return Difference(file, "added", Text(said.ru, english), name, element=element.id)


def _where(element: Element, now: Naming) -> Text:
    """Whose step it is."""
    if not element.lane or element.kind == "lane":
        return Text("", "")
    lane = now.of(element.lane)
    return Text(f", дорожка {lane.ru}", f", in the lane {lane.en}")


def _went(file: str, element: Element, was: Naming) -> Difference:
    name, kind = was.of(element.id), KINDS.get(element.kind, Text("элемент", "element"))
    if element.kind == "sequenceFlow":
        ends = was.of(element.source), was.of(element.target)
        said = Text(
            f"Больше нет перехода от {ends[0].ru} к {ends[1].ru}.",
            f"The flow from {ends[0].en} to {ends[1].en} is there no more.",
        )
    else:
        said = Text(f"Удалено: {kind.ru} {name.ru}.", f"The {kind.en} {name.en} is removed.")
    return Difference(file, "removed", said, name, element=element.id)


def _moved(
    file: str, roots: list[Any], now: Mapping[str, Process], told: set[str | None], words: Mapping[str, Text]
) -> Iterator[Difference]:
    """Drawn elsewhere, otherwise the same: one sentence an element, the flows not at all, since they follow."""
    was, drawn = (_places(root) for root in roots)
    for process in now.values():
        naming = Naming(process.elements, words)
        for element in process.elements.values():
            places = was.get(element.id), drawn.get(element.id)
            moved = None not in places and places[0] != places[1]
            if moved and element.kind != "sequenceFlow" and element.id not in told:
                name = naming.of(element.id)
                said = Text(f"{name.ru} стоит на другом месте.", f"{name.en} is drawn elsewhere.")
                yield Difference(file, "moved", said, name, element=element.id, process=process.id)


def _places(root: Any) -> dict[str, tuple[str | None, ...]]:
    """Element -> x, y, width, height of its shape."""
    found = {}
    for shape in root.iter(_DI + "BPMNShape"):
        bounds = shape.find(_DC + "Bounds")
        if bounds is not None:
            found[shape.get("bpmnElement")] = tuple(bounds.get(name) for name in ("x", "y", "width", "height"))
    return found
