"""A file of another tool as it comes: who wrote it, what it holds, and what of it means nothing here.

Nothing is changed but the encoding where it is not UTF-8, in which everything here is read: even then only the
encoding's name in the first line differs.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.engine.lint_diagram import BPMN, FLOW_NODES, bpmn, local, namespace
from app.engine.lint_files import is_decision_table
from app.engine.lint_strangers import ENGINES, Class, class_of, foreign
from app.engine.specification import Finding
from app.engine.xml import parse_xml
from app.i18n import Text

DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
_DECLARED = re.compile(r"""(<\?xml[^>]*?encoding\s*=\s*)(["'])[^"']*\2""")
_UTF_8 = ("UTF-8", "UTF8", "US-ASCII", "ASCII")
Fate = Literal[Class, "unknown"]
_ORDER: tuple[Fate, ...] = ("runs", "asked", "unknown", "inert")


@dataclass(frozen=True, slots=True)
class Extension:
    """Settings of one engine, or of an unknown name space, that share a fate."""

    engine: str
    """Its name, or the name space where we do not know it."""
    fate: Fate
    words: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """What came. `content` is what would be kept; `encoding` is what it was before, empty where nothing changed."""

    kind: Literal["bpmn", "dmn"]
    content: bytes
    encoding: str
    exporter: str
    named: tuple[tuple[str, str], ...]
    """Id and name of each process, or of each decision."""
    elements: int
    """Steps, events, gateways and arrows; of a table: rules."""
    undrawn: int
    """Of them those without a place on the drawing."""
    extensions: tuple[Extension, ...]
    labels: Mapping[str, str]
    """Names by id, of whatever bears one."""


def receive(data: bytes, file: str) -> tuple[Arrival | None, list[Finding]]:
    """What the file is, or None and why it cannot be opened. Never raises for what it contains."""
    root, findings = parse_xml(data, file)
    if root is None:
        return None, findings
    table = is_decision_table(root)
    if not table and (namespace(root), local(root)) != (BPMN, "definitions"):
        return None, [_other(file, "not-bpmn")]
    encoding = str(root.getroottree().docinfo.encoding or "UTF-8").upper()
    content = data if encoding in _UTF_8 else _recoded(data, encoding)
    if content is None:
        return None, [_other(file, "encoding")]
    drawn = {} if table else _drawn(root)
    return Arrival(
        kind="dmn" if table else "bpmn",
        content=content,
        encoding="" if content is data else encoding,
        exporter=" ".join(filter(None, (root.get("exporter"), root.get("exporterVersion"))))[:120],
        named=tuple(_named(root, "decision" if table else "process")),
        elements=sum(1 for _ in root.iter("{*}rule")) if table else len(drawn),
        undrawn=sum(not there for there in drawn.values()),
        extensions=tuple(_extensions(root)) if not table else (),
        labels={one.get("id"): one.get("name")[:120] for one in root.iter("{*}*") if one.get("id") and one.get("name")},
    ), []


def names_in(files: Mapping[str, bytes]) -> dict[str, str]:
    """Id of every process and decision in the files -> the path of its file."""
    found: dict[str, str] = {}
    for path, content in sorted(files.items()):
        if path.endswith((".bpmn", ".dmn")):
            root, _ = parse_xml(content, path)
            if root is not None:
                tag = "decision" if is_decision_table(root) else "process"
                found |= {name: path for name, _ in _named(root, tag)}
    return found


def _recoded(data: bytes, encoding: str) -> bytes | None:
    try:
        text = data.decode(encoding).removeprefix("\ufeff")
    except (LookupError, UnicodeDecodeError):
        return None
    return _DECLARED.sub(r"\1\2UTF-8\2", text, count=1).encode()


def _named(root: Any, tag: str) -> Iterator[tuple[str, str]]:
    for element in root.iterchildren(f"{{*}}{tag}"):
        if element.get("id"):
            yield element.get("id"), element.get("name") or ""


def _drawn(root: Any) -> dict[str, bool]:
    """Every node and arrow by id, with whether the drawing has a place for it."""
    places = {shape.get("bpmnElement") for shape in root.iter(DI + "BPMNShape", DI + "BPMNEdge")}
    inside = (one for process in root.iter(bpmn("process")) for one in process.iter(bpmn("*")))
    wanted = (one for one in inside if local(one) in FLOW_NODES or local(one) == "sequenceFlow")
    return {one.get("id") or f"#{number}": one.get("id") in places for number, one in enumerate(wanted)}


def _extensions(root: Any) -> Iterator[Extension]:
    found: dict[tuple[Fate, str], list[str]] = {}
    for _, uri, word in foreign(root):
        engine = ENGINES.get(uri)
        fate: Fate = class_of(engine, word) if engine else "unknown"
        found.setdefault((fate, engine or uri), []).append(word)
    for (fate, engine), words in sorted(found.items(), key=lambda one: (_ORDER.index(one[0][0]), one[0][1])):
        yield Extension(engine[:200], fate, tuple(word[:60] for word in dict.fromkeys(words))[:12], len(words))


_OTHERS = {
    "not-bpmn": (
        Text(ru="Это не диаграмма BPMN и не таблица решений DMN.", en="This is neither BPMN nor DMN."),
        Text(
            ru="В другой программе выберите «Экспорт» или «Сохранить как» – BPMN 2.0 (или DMN) в формате XML.",
            en="In the other program choose “Export” or “Save as” and BPMN 2.0 (or DMN) as XML.",
        ),
    ),
    "encoding": (
        Text(ru="Кодировка файла не читается.", en="The encoding of the file cannot be read."),
        Text(ru="Сохраните файл в кодировке UTF-8.", en="Save the file as UTF-8."),
    ),
}


def _other(file: str, rule: str) -> Finding:
    message, hint = _OTHERS[rule]
    return Finding(file, None, rule, "error", message, hint, 1)
