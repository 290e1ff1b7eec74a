"""A diagram as text that can be edited: names, instructions, roles, forms, deadlines and conditions, step by step."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from app.engine.advice import LONGEST, advise
from app.engine.drawings import Reader
from app.engine.drawings_extensions import read_texts
from app.engine.expressions import Position
from app.engine.lint_diagram import bpmn, coomet, local, text_of
from app.engine.lint_languages import texts
from app.engine.lint_variables import OPEN
from app.engine.mending_parts import by_id, word
from app.engine.specification import Process
from app.engine.splicing import splice
from app.engine.xml import parse_xml
from app.errors import N_, Invalid, NotFound
from app.i18n import gettext
from app.web import outline
from app.web.studio.studio_panel_words import ELEMENTS
from app.workflow.studio import drafts

FORMED = ("userTask", "manualTask")
TOLD = (*FORMED, "process")
EXPRESSIONS: Mapping[str, Position] = {"condition": "condition", "due": "timer", "timer": "timer"}


@dataclass(frozen=True, slots=True)
class Row:
    """One element in the outline; `depth` 1: an arrow out of the gateway above it."""

    id: str
    kind: str
    word: str
    name: str
    beside: str
    """What is told beside the name: the role, the condition."""
    depth: int = 0


def read(files: Mapping[str, bytes], path: str) -> list[Row]:
    """Processes, lanes and steps in the order of the flow; nothing for a file that cannot be read."""
    root, _ = parse_xml(files[path], path)
    if root is None:
        return []
    try:
        return [row for process in Reader(path, root).processes() for row in _rows(process)]
    except (LookupError, TypeError, AttributeError):  # drawn half: ids missing, arrows that lead nowhere
        return [_row(one) for one in _drawn(root)]


def _rows(process: Process) -> Iterator[Row]:
    yield Row(process.id, "process", _called("process"), str(process.name) or process.id, "")
    for lane in process.lanes:
        found = process.elements[lane]
        yield Row(lane, "lane", _called("lane"), str(found.name) or lane, found.role or "")
    for step in outline.steps(process, gateways=True):
        yield Row(step.id, step.kind, _called(step.kind), str(step.name) or step.id, step.role or "")
        flows = [process.elements[flow] for flow in step.outgoing]
        if len(flows) > 1 and step.kind in ("exclusiveGateway", "inclusiveGateway"):
            for flow in flows:
                told = gettext("otherwise") if flow.id == step.default else flow.condition or ""
                yield Row(flow.id, flow.kind, _called("sequenceFlow"), str(flow.name) or flow.id, told, 1)


def _called(kind: str) -> str:
    return gettext(ELEMENTS[kind])


def _drawn(root: Any) -> Iterator[Any]:
    return (one for one in root.iter(bpmn("*")) if one.get("id") and local(one) in ELEMENTS)


def _row(element: Any) -> Row:
    kind = local(element)
    return Row(element.get("id"), kind, _called(kind), str(read_texts(element)[0]) or element.get("id"), "")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The element that is being edited, as the form shows it; `fields` says which of them fit its kind."""

    id: str
    word: str
    fields: tuple[str, ...]
    values: Mapping[str, str]
    wrong: Mapping[str, str]
    """What is wrong with a field that was sent, in the reader's language."""


def chosen(content: drafts.Content, name: str, sent: Mapping[str, str] | None = None) -> Chosen | None:
    """The fields of an element of the diagram with their values, or with those that were sent and not taken.

    None where there is no such element.
    """
    root, _ = parse_xml(content.data or b"", content.path)
    element = by_id(root, name) if root is not None else None
    if element is None or local(element) not in ELEMENTS:
        return None
    fields = _fields(element)
    values = {one: (sent or {}).get(one, _value(element, one)) for one in fields}
    told = {one: _wrong(one, values[one].strip()) for one in fields} if sent else {}
    wrong = {one: gettext(fault.message, **fault.params) for one, fault in told.items() if fault is not None}
    return Chosen(name, _called(local(element)), fields, values, wrong)


def _fields(element: Any) -> tuple[str, ...]:
    kind = local(element)
    if kind == "sequenceFlow":
        return ("name_ru", "name_en", "condition")
    found: tuple[str, ...] = ("name_ru", "name_en")
    found += ("told_ru", "told_en") if kind in TOLD else ()
    found += ("form", "due") if kind in FORMED else ()
    return found + (("role",) if kind == "lane" else ()) + (("timer",) if _timer(element) is not None else ())


def _value(element: Any, field: str) -> str:
    own = texts(element)
    english = own.get("en")
    if field == "name_ru":
        return element.get("name") or ""
    if field == "name_en":
        return "" if english is None else english.get("name") or ""
    if field in ("told_ru", "told_en"):
        text = own.get(field[-2:])
        plain = element.findtext(bpmn("documentation")) or "" if field == "told_ru" else ""
        return (plain if text is None else text_of(text) or plain).strip()
    if field in ("form", "due", "role"):
        tag = coomet("lane" if field == "role" else "task")
        found = element.find(f"{bpmn('extensionElements')}/{tag}")
        return "" if found is None else found.get(field) or ""
    found = _timer(element) if field == "timer" else element.find(bpmn("conditionExpression"))
    return "" if found is None else text_of(found)


def _timer(element: Any) -> Any | None:
    definition = element.find(bpmn("timerEventDefinition"))
    return None if definition is None else next(definition.iterchildren(bpmn("*")), None)


def edited(content: bytes, path: str, name: str, values: Mapping[str, str]) -> bytes:
    """The diagram with these fields of one element changed. Invalid names the field whose expression is none."""
    root, _ = parse_xml(content, path)
    element = by_id(root, name) if root is not None else None
    if element is None:
        raise NotFound
    for field in _fields(element):
        value = values.get(field, _value(element, field)).replace("\r\n", "\n").strip()
        if value != _value(element, field):
            fault = _wrong(field, value)
            if fault is not None:
                raise fault
            _write(element, field, value)
    return splice(content, etree.tostring(root, encoding="UTF-8", xml_declaration=True))


def _wrong(field: str, value: str) -> Invalid | None:
    if len(value) > LONGEST:
        return Invalid(N_("This text is too long."))
    found = advise(value, EXPRESSIONS[field], frozenset((OPEN,))) if field in EXPRESSIONS else None
    if found is None or found.fault is None:
        return None
    return Invalid(N_("This is no expression that runs: %(fault)s"), fault=str(found.fault))


def _write(element: Any, field: str, value: str) -> None:
    if field == "name_ru":
        _attribute(element, "name", value)
    elif field == "name_en":
        _attribute(word(element, "text", lang="en"), "name", value)
    elif field in ("told_ru", "told_en"):
        word(element, "text", lang=field[-2:]).text = value or None
    elif field in ("form", "due", "role"):
        _attribute(word(element, "lane" if field == "role" else "task"), field, value)
    elif field == "timer":
        found = _timer(element)
        if found is not None:
            found.text = value
    else:
        _condition(element, value)
    holder = element.find(bpmn("extensionElements"))
    for own in [] if holder is None else list(holder):
        empty = not (own.text or "").strip() and not len(own) and set(own.attrib) <= {"lang"}
        if empty and isinstance(own.tag, str) and own.tag.startswith(coomet("")):
            holder.remove(own)
    if holder is not None and not len(holder):
        element.remove(holder)


def _attribute(element: Any, name: str, value: str) -> None:
    if value:
        element.set(name, value)
    else:
        element.attrib.pop(name, None)


def _condition(flow: Any, value: str) -> None:
    found = flow.find(bpmn("conditionExpression"))
    if found is None and value:
        found = etree.SubElement(flow, bpmn("conditionExpression"))
        prefix = f"{flow.prefix}:" if flow.prefix else ""
        found.set("{http://www.w3.org/2001/XMLSchema-instance}type", f"{prefix}tFormalExpression")
    if found is not None and value:
        found.text = value
    elif found is not None:
        flow.remove(found)
