"""What stands in extension elements: our own words, each in its place."""

import difflib
from collections.abc import Iterator
from typing import Any

from app.engine.lint_diagram import Diagram, bpmn, coomet, local
from app.engine.lint_rule import Remark, Rule, remark

_ASKED = ("organisation", "person", "subject", "title", "exclude", "due")
ATTRIBUTES = {
    "text": frozenset(("lang", "name")),
    "lane": frozenset(("role",)),
    "task": frozenset(("form", "clause", "outputs", "result", "quiet", *_ASKED)),
    "start": frozenset(("form", "roles", "clause", "outputs", "result", "operation", "event")),
    "call": frozenset(("operation", "result", "immediate")),
    "parameter": frozenset(("name",)),
    "input": frozenset(("name",)),
    "output": frozenset(("name",)),
    "deadline": frozenset(("name", "due")),
    "decision": frozenset(("table", "result")),
    "message": frozenset(("key", "result")),
    "error": frozenset(("result",)),
}
_MESSAGES = ("intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent", "endEvent", "sendTask", "receiveTask")
PLACES: dict[str, tuple[str, ...]] = {
    "lane": ("lane",),
    "task": ("userTask", "manualTask"),
    "start": ("startEvent",),
    "call": ("serviceTask",),
    "parameter": ("call", "message"),
    "input": ("callActivity",),
    "output": ("callActivity",),
    "deadline": ("userTask", "manualTask", "serviceTask", "callActivity", "subProcess"),
    "decision": ("businessRuleTask",),
    "message": _MESSAGES,
    "error": ("boundaryEvent",),
}
_NEEDED = {"call": ("operation",), "parameter": ("name",), "decision": ("table", "result"), "lane": ("role",)}
_NEEDED |= {"deadline": ("name", "due"), "input": ("name",), "output": ("name",), "text": ("lang",)}
_MANY = ("text", "parameter", "input", "output", "deadline")
_BEARERS = {"serviceTask": "call", "businessRuleTask": "decision"}


def _ours(diagram: Diagram) -> Iterator[Any]:
    yield from diagram.root.iter(coomet("*"))


def word_unknown(diagram: Diagram) -> Iterator[Remark]:
    for element in _ours(diagram):
        if local(element) not in ATTRIBUTES:
            yield remark(element, word=local(element), known=_nearest(local(element), ATTRIBUTES))
            continue
        allowed = ATTRIBUTES[local(element)]
        for word in element.attrib:
            if word not in allowed and not word.startswith("{"):
                yield remark(element, word=word, known=_nearest(word, allowed))


def _nearest(word: str, known: Any) -> str:
    found = difflib.get_close_matches(word, sorted(known), 1, 0.5)
    return found[0] if found else ", ".join(sorted(known))


def word_misplaced(diagram: Diagram) -> Iterator[Remark]:
    for element in _ours(diagram):
        parent = element.getparent()
        holder = parent.getparent() if local(parent) == "extensionElements" else parent
        nested = local(element) != "parameter" and local(parent) != "extensionElements"
        allowed = PLACES.get(local(element))
        elsewhere = allowed is not None and (holder is None or local(holder) not in allowed)
        if local(element) in ATTRIBUTES and (nested or elsewhere):
            yield remark(element, word=local(element))


def word_twice(diagram: Diagram) -> Iterator[Remark]:
    for holder in diagram.root.iter(bpmn("extensionElements")):
        seen: set[str] = set()
        for element in holder.iterchildren(coomet("*")):
            if local(element) in seen and local(element) not in _MANY:
                yield remark(element, word=local(element))
            seen.add(local(element))


def name_twice(diagram: Diagram) -> Iterator[Remark]:
    """The same parameter, input, output or deadline given twice: the last would win in silence."""
    for element in _ours(diagram):
        name = element.get("name")
        if local(element) in _MANY and local(element) != "text" and name:
            earlier = element.itersiblings(element.tag, preceding=True)
            if any(other.get("name") == name for other in earlier):
                yield remark(element, name=name)


def word_incomplete(diagram: Diagram) -> Iterator[Remark]:
    for element in _ours(diagram):
        for word in _NEEDED.get(local(element), ()):
            if not (element.get(word) or "").strip():
                yield remark(element, word=word, kind=local(element))


def instruction_missing(diagram: Diagram) -> Iterator[Remark]:
    for node in diagram.nodes:
        word = _BEARERS.get(node.kind)
        if word is not None and node.extension(word) is None:
            yield remark(node, word=word)


RULES = (
    Rule(
        "word-unknown",
        "error",
        word_unknown,
        ru=("Неизвестное слово «{word}» в настройках элемента.", "Возможно, имелось в виду: {known}."),
        en=("An unknown word, “{word}”, in the settings of the element.", "Perhaps this was meant: {known}."),
    ),
    Rule(
        "word-misplaced",
        "error",
        word_misplaced,
        ru=("Настройка «{word}» стоит не на своем месте и не действует.", "Перенесите ее на шаг нужного вида."),
        en=("The setting “{word}” is not in its place and has no effect.", "Move it to a step of the kind it is for."),
    ),
    Rule(
        "word-twice",
        "error",
        word_twice,
        ru=("Настройка «{word}» указана дважды.", "Оставьте одну."),
        en=("The setting “{word}” is given twice.", "Keep one of them."),
    ),
    Rule(
        "name-twice",
        "error",
        name_twice,
        ru=("«{name}» указано дважды.", "Оставьте одно."),
        en=("“{name}” is given twice.", "Keep one of them."),
    ),
    Rule(
        "word-incomplete",
        "error",
        word_incomplete,
        ru=("В настройке «{kind}» не заполнено «{word}».", "Заполните."),
        en=("“{word}” is not filled in in the setting “{kind}”.", "Fill it in."),
    ),
    Rule(
        "instruction-missing",
        "error",
        instruction_missing,
        ru=("Не указано, что здесь выполнить.", "Заполните настройку «{word}» этого шага."),
        en=("It is not said what is to be done here.", "Fill in the setting “{word}” of this step."),
    ),
)
