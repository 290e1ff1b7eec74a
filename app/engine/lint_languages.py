"""Two equal languages and the lanes: what a person reads, and who that person is. Most of it only stops publishing."""

import re
from collections.abc import Iterator
from typing import Any

from app.engine.lint_diagram import ACTIVITIES, Diagram, Level, Node, bpmn, coomet, text_of
from app.engine.lint_rule import Remark, Rule, remark

_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
_READ_EVENTS = ("intermediateCatchEvent", "boundaryEvent")


def texts(element: Any) -> dict[str, Any]:
    """Our text elements by language (of two of one language the first)."""
    found: dict[str, Any] = {}
    for holder in element.iterchildren(bpmn("extensionElements")):
        for text in holder.iterchildren(coomet("text")):
            found.setdefault(text.get("lang") or "", text)
    return found


def _english(element: Any) -> str:
    text = texts(element).get("en")
    return "" if text is None else (text.get("name") or "").strip()


def _russian(element: Any) -> str:
    return (element.get("name") or "").strip()


def _named(diagram: Diagram) -> Iterator[Any]:
    """All elements that bear a name which somebody reads."""
    for level in diagram.levels:
        yield level.element
        yield from (node.element for node in level.nodes.values())
        yield from (flow.element for flow in level.flows)
    yield from diagram.root.iter(bpmn("lane"))
    yield from diagram.root.iter(bpmn("participant"))


def name_missing(diagram: Diagram) -> Iterator[Remark]:
    pools = {pool.get("processRef") for pool in diagram.root.iter(bpmn("participant")) if _russian(pool)}
    must = [level.element for level in diagram.processes if level.id not in pools]
    must += [node.element for node in diagram.nodes if _is_read(node)]
    must += diagram.root.iter(bpmn("lane"))
    return (remark(element) for element in must if not _russian(element) and not _english(element))


def _is_read(node: Node) -> bool:
    chooses = node.kind in ("exclusiveGateway", "inclusiveGateway") and len(node.outgoing) > 1
    return chooses or node.kind in ACTIVITIES or node.kind in _READ_EVENTS


def russian_missing(diagram: Diagram) -> Iterator[Remark]:
    return (remark(element) for element in _named(diagram) if _english(element) and not _russian(element))


def english_missing(diagram: Diagram) -> Iterator[Remark]:
    for element in _named(diagram):
        if _russian(element) and not _english(element):
            yield remark(element, name=_russian(element)[:80])


def english_cyrillic(diagram: Diagram) -> Iterator[Remark]:
    return (remark(element, name=_english(element)[:80]) for element in _named(diagram) if _mixed(_english(element)))


def _mixed(text: str) -> bool:
    return _CYRILLIC.search(text) is not None


def instruction_half(diagram: Diagram) -> Iterator[Remark]:
    for element in _named(diagram):
        given = {lang for lang, text in texts(element).items() if text_of(text)}
        given |= {"ru"} if (element.findtext(bpmn("documentation")) or "").strip() else set()
        if len(given & {"ru", "en"}) == 1:
            yield remark(element)


def language_unknown(diagram: Diagram) -> Iterator[Remark]:
    for text in diagram.root.iter(coomet("text")):
        if text.get("lang") and text.get("lang") not in ("ru", "en"):
            yield remark(text, lang=str(text.get("lang"))[:20])


def language_twice(diagram: Diagram) -> Iterator[Remark]:
    for text in diagram.root.iter(coomet("text")):
        earlier = text.itersiblings(coomet("text"), preceding=True)
        if any(other.get("lang") == text.get("lang") for other in earlier):
            yield remark(text, lang=str(text.get("lang"))[:20])


def _lanes(level: Level) -> list[Any]:
    """The lanes of a process that hold no other lanes."""
    lanes = [lane for own in level.element.iterchildren(bpmn("laneSet")) for lane in own.iter(bpmn("lane"))]
    return [lane for lane in lanes if lane.find(bpmn("childLaneSet")) is None]


def _held(level: Level) -> list[tuple[str, Any]]:
    return [(text_of(ref), ref) for lane in _lanes(level) for ref in lane.iterchildren(bpmn("flowNodeRef"))]


def lane_role(diagram: Diagram) -> Iterator[Remark]:
    for level in diagram.levels:
        for lane in _lanes(level):
            holders = lane.iterchildren(bpmn("extensionElements"))
            if not any(one.get("role") for holder in holders for one in holder.iterchildren(coomet("lane"))):
                yield remark(lane)


def lane_missing(diagram: Diagram) -> Iterator[Remark]:
    for process in diagram.processes:
        todo = [process]
        while todo:
            level = todo.pop()
            held = {name for name, _ in _held(level)}
            for node in level.nodes.values():
                if node.id in held:
                    continue
                todo += [node.body] if node.body is not None else []
                if node.kind in ("userTask", "manualTask"):
                    yield remark(node)


def lane_unknown(diagram: Diagram) -> Iterator[Remark]:
    known = {node.id for node in diagram.nodes}
    for level in diagram.levels:
        yield from (remark(ref, name=name[:80]) for name, ref in _held(level) if name not in known)


def lane_twice(diagram: Diagram) -> Iterator[Remark]:
    for level in diagram.levels:
        seen: set[str] = set()
        for name, _ in _held(level):
            if name in seen and name in level.nodes:
                yield remark(level.nodes[name])
            seen.add(name)


def form_missing(diagram: Diagram) -> Iterator[Remark]:
    for node in diagram.nodes:
        if node.kind == "userTask":
            task = node.extension("task")
            if task is None or not task.get("form"):
                yield remark(node)


RULES = (
    Rule(
        "name-missing",
        "publishing",
        name_missing,
        ru=("Нет названия.", "Назовите по-русски и по-английски: это увидят люди."),
        en=("There is no name.", "Give a name in Russian and in English: people will see it."),
    ),
    Rule(
        "russian-missing",
        "publishing",
        russian_missing,
        ru=("Нет названия по-русски.", "Впишите его в поле названия на диаграмме."),
        en=("There is no name in Russian.", "Write it into the name on the diagram."),
    ),
    Rule(
        "english-missing",
        "publishing",
        english_missing,
        ru=("Нет названия по-английски: «{name}».", "Впишите его в свойствах элемента."),
        en=("There is no name in English: “{name}”.", "Write it in the element's properties."),
    ),
    Rule(
        "english-cyrillic",
        "warning",
        english_cyrillic,
        ru=("В английском названии русские буквы: «{name}».", "Проверьте, на том ли языке оно написано."),
        en=("There are Russian letters in the English name: “{name}”.", "Check which language it is in."),
    ),
    Rule(
        "instruction-half",
        "publishing",
        instruction_half,
        ru=("Указание исполнителю есть только на одном языке.", "Переведите его или удалите."),
        en=("The instruction is in one language only.", "Translate it, or remove it."),
    ),
    Rule(
        "language-unknown",
        "error",
        language_unknown,
        ru=("Язык «{lang}» не показывается.", "Тексты бывают только ru и en."),
        en=("The language “{lang}” is never shown.", "Texts are in ru or en."),
    ),
    Rule(
        "language-twice",
        "error",
        language_twice,
        ru=("Два текста на одном языке («{lang}»).", "Оставьте один."),
        en=("There are two texts in one language (“{lang}”).", "Keep one of them."),
    ),
    Rule(
        "lane-role",
        "publishing",
        lane_role,
        ru=("У дорожки нет роли: неясно, кто увидит ее задачи.", "Выберите роль в свойствах дорожки."),
        en=("The lane has no role: nobody would see its tasks.", "Choose a role in the lane's properties."),
    ),
    Rule(
        "lane-missing",
        "publishing",
        lane_missing,
        ru=("Задача не лежит ни на одной дорожке: ее никто не увидит.", "Перенесите ее на дорожку нужной роли."),
        en=("The task is on no lane: nobody would see it.", "Move it to the lane of the role that is to do it."),
    ),
    Rule(
        "lane-unknown",
        "error",
        lane_unknown,
        ru=("На дорожке записан элемент «{name}», которого нет.", "Сохраните диаграмму в редакторе заново."),
        en=("The lane lists an element “{name}” that is not there.", "Save the diagram in the editor again."),
    ),
    Rule(
        "lane-twice",
        "error",
        lane_twice,
        ru=("Элемент записан на двух дорожках сразу.", "Передвиньте его в редакторе на одну из них."),
        en=("The element is on two lanes at once.", "Move it onto one of them in the editor."),
    ),
    Rule(
        "form-missing",
        "publishing",
        form_missing,
        ru=("У задачи нет формы.", "Выберите форму, которую заполнит исполнитель."),
        en=("The task has no form.", "Choose the form that is to be filled in."),
    ),
)
