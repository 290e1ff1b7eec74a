"""Where diagrams and decisions of a release use a form and what is answered in it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Literal

from app.engine.decisions import DecisionErrors, compile_decisions
from app.engine.lint_diagram import Diagram, Node, Release, bpmn, coomet, namespace, read_diagram
from app.engine.lint_references import listed
from app.engine.lint_sites import sites
from app.engine.xml import parse_xml
from app.i18n import Text

What = Literal["output", "condition", "expression", "decision"]


@dataclass(frozen=True, slots=True)
class Asking:
    """A step that shows the form; `outputs` are the fields that it gives on, under `result` if that is set."""

    file: str
    element: str
    name: Text
    outputs: tuple[str, ...]
    result: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """A place that needs the field: what it is there, and as whose part."""

    file: str
    element: str
    name: Text
    what: What


def askings(files: Mapping[str, bytes], form: str) -> list[Asking]:
    """The steps of all diagrams that name the form."""
    return [one for diagram in _diagrams(files, form) for one in _askings(diagram, form)]


def field_uses(files: Mapping[str, bytes], form: str) -> dict[str, list[Use]]:
    """Field -> the outputs, conditions, expressions and decisions that name it, in procedures that ask the form."""
    found: dict[str, list[Use]] = {}
    for diagram in _diagrams(files, form):
        asked = list(_askings(diagram, form))
        for one in asked:
            for name in one.outputs:
                found.setdefault(name, []).append(Use(one.file, one.element, one.name, "output"))
        if asked:
            for name, use in (*_read(diagram, asked), *_decided(diagram, files, asked)):
                found.setdefault(name, []).append(use)
    return {name: list(dict.fromkeys(uses)) for name, uses in found.items()}


def _diagrams(files: Mapping[str, bytes], form: str) -> Iterator[Diagram]:
    mark = form.encode()
    release = Release(files, None)
    for path in sorted(files):
        if path.endswith(".bpmn") and mark in files[path]:
            root, _ = parse_xml(files[path], path)
            if root is not None and namespace(root):
                yield read_diagram(path, root, release)


def _askings(diagram: Diagram, form: str) -> Iterator[Asking]:
    for node in diagram.nodes:
        for word in ("task", "start"):
            for element in node.extensions(word):
                if element.get("form") == form:
                    outputs = tuple(listed(element.get("outputs")))
                    yield Asking(diagram.path, node.id, name_of(node.element), outputs, element.get("result") or "")


def name_of(element: Any) -> Text:
    """Russian from `name`, English from our own extension; its id where it has no name."""
    own = element.find(f"{bpmn('extensionElements')}/{coomet('text')}[@lang='en']")
    ru = element.get("name") or element.get("id") or ""
    return Text(ru=ru, en=(own.get("name") if own is not None else None) or ru)


def _read(diagram: Diagram, asked: list[Asking]) -> Iterator[tuple[str, Use]]:
    plain = {name for one in asked if not one.result for name in one.outputs}
    kept = {one.result: one.outputs for one in asked if one.result}
    for site in sites(diagram):
        names = site.names()
        needed = (plain & names) | {
            name for result in kept.keys() & names for name in kept[result] if _picks(site.source, result, name)
        }
        holder = site.node.element if isinstance(site.node, Node) else site.element
        if site.what == "conditionExpression":
            holder = site.element.getparent()
        what: What = "condition" if site.position == "condition" else "expression"
        for name in needed:
            yield name, Use(diagram.path, holder.get("id") or "", _flow_name(site.node, holder), what)


def _flow_name(node: Node | None, holder: Any) -> Text:
    """Of an arrow: the step it leaves, and its own name where it has one."""
    if node is None or node.element is holder:
        return name_of(holder)
    leaves, own = name_of(node.element), name_of(holder)
    return Text(f"{leaves.ru} → {own.ru}", f"{leaves.en} → {own.en}") if holder.get("name") else leaves


def _picks(source: str, result: str, name: str) -> bool:
    found = rf"\b{re.escape(result)}\s*(?:\.\s*{re.escape(name)}\b|\[\s*[\"']{re.escape(name)}[\"']\s*\])"
    return re.search(found, source) is not None


def _decided(diagram: Diagram, files: Mapping[str, bytes], asked: list[Asking]) -> Iterator[tuple[str, Use]]:
    names = {name for one in asked for name in one.outputs}
    folder = PurePosixPath(diagram.path).parent
    for path in sorted(files):
        if path.endswith(".dmn") and PurePosixPath(path).parent == folder:
            try:
                tables = compile_decisions(files[path])
            except DecisionErrors:
                continue
            for table in tables.values():
                for name in sorted(names & table.names.data):
                    yield name, Use(path, table.id, Text(table.name, table.name), "decision")
