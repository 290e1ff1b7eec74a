"""What stands in extension elements: our own words, each in its place; those of other engines are not run."""

import difflib
from collections.abc import Iterator
from typing import Any

from app.engine.lint_diagram import BPMN, COOMET, Diagram, bpmn, coomet, local, namespace
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

_ENGINES = {
    "http://camunda.org/schema/1.0/bpmn": "Camunda",
    "http://camunda.org/schema/zeebe/1.0": "Zeebe",
    "http://operaton.org/schema/1.0/bpmn": "Operaton",
    "http://spiffworkflow.org/bpmn/schema/1.0/core": "SpiffWorkflow",
    "http://flowable.org/bpmn": "Flowable",
    "http://activiti.org/bpmn": "Activiti",
    "http://www.jboss.org/drools": "jBPM",
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


def other_engine(diagram: Diagram) -> Iterator[Remark]:
    seen: set[tuple[Any, str]] = set()
    for element, uri in _foreign(diagram):
        engine = _ENGINES.get(uri)
        owner = _owner(element)
        if engine and (owner, engine) not in seen:
            seen.add((owner, engine))
            yield remark(owner, engine=engine)


def extension_unknown(diagram: Diagram) -> Iterator[Remark]:
    seen: set[str] = set()
    for element, uri in _foreign(diagram):
        if uri not in _ENGINES and uri not in seen:
            seen.add(uri)
            yield remark(_owner(element), uri=uri)


def _foreign(diagram: Diagram) -> Iterator[tuple[Any, str]]:
    """Elements and attributes of other name spaces, with the element that bears them."""
    own = (BPMN, COOMET, *_HARMLESS)
    for element in diagram.root.iter("{*}*"):
        found = [namespace(element)]
        found += [name[1:].partition("}")[0] for name in element.attrib if name.startswith("{")]
        yield from ((element, uri) for uri in found if uri not in own)


def _owner(element: Any) -> Any:
    """The element of BPMN that bears it."""
    while namespace(element) != BPMN or local(element) == "extensionElements":
        if element.getparent() is None:
            break
        element = element.getparent()
    return element


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
    Rule(
        "other-engine",
        "error",
        other_engine,
        ru=(
            "Здесь есть настройки {engine}: они не выполняются.",
            "Перенесите их в настройки этого редактора и удалите.",
        ),
        en=("There are settings for {engine} here: they are not run.", "Set the same in this editor and remove them."),
    ),
    Rule(
        "extension-unknown",
        "warning",
        extension_unknown,
        ru=("Расширение «{uri}» неизвестно и не выполняется.", "Если оно только для рисунка, ничего делать не нужно."),
        en=("The extension “{uri}” is unknown and not run.", "If it is only for the drawing, nothing need be done."),
    ),
)
