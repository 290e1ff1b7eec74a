"""From a DMN file, as dmn-js writes it, to plain tables; everything that would be ignored silently is refused."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from app.engine.expressions_errors import ExpressionError, error
from app.i18n import Text

NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    }
)
"""DMN 1.1 to 1.5."""
_NOTES = frozenset(
    {"description", "extensionElements", "question", "allowedAnswers", "variable", "authorityRequirement"}
)
_ROOT = _NOTES | {"inputData", "knowledgeSource", "textAnnotation", "association", "elementCollection", "group"}
_TABLE = frozenset({"description", "extensionElements", "input", "output", "annotation", "rule"})
_TYPES = {"integer": "number", "long": "number", "double": "number", "any": "", "": ""}
TYPES = frozenset({"string", "number", "boolean", "date", ""})


@dataclass(frozen=True, slots=True)
class DecisionProblem:
    """One thing wrong with a decision file; `element` is the id of the table, rule, cell… `line` that of the file."""

    message: Text
    hint: Text
    element: str | None
    line: int | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A text of the table and where it stands."""

    text: str
    element: str | None
    line: int | None


@dataclass(frozen=True, slots=True)
class Column:
    """An input or output: its expression (of an output empty), name for people, type, and the values allowed."""

    cell: Cell
    name: str
    type: str
    allowed: Cell | None
    whole: bool = False
    """A number without decimals, by its type as written."""


@dataclass(slots=True)
class Table:
    """One decision as written."""

    id: str
    name: str
    hit_policy: str = "UNIQUE"
    inputs: list[Column] = field(default_factory=list)
    outputs: list[Column] = field(default_factory=list)
    rules: list[tuple[str, list[Cell], list[Cell]]] = field(default_factory=list)


class Reader:
    """Reads all tables of a file and collects what is wrong instead of stopping at it."""

    def __init__(self, root: Any) -> None:
        self.problems: list[DecisionProblem] = []
        self._root = root
        self._namespace = etree.QName(root).namespace

    def complain(self, fault: ExpressionError, node: Any = None, element: str | None = None) -> None:
        line = node.sourceline if node is not None else None
        known = node.get("id") if node is not None else element
        self.problems.append(DecisionProblem(fault.message, fault.hint, known or element, line))

    def tables(self) -> list[Table]:
        if self._namespace not in NAMESPACES or etree.QName(self._root).localname != "definitions":
            self.complain(error("dmn_root"), self._root)
            return []
        found = []
        for name, node in self._children(self._root):
            if name == "decision":
                table = self._decision(node)
                found += [table] if table else []
            elif name not in _ROOT:
                self.complain(error("dmn_element", name=name), node)
        if not found and not self.problems:
            self.complain(error("dmn_none"), self._root)
        return found

    def _children(self, node: Any) -> Iterator[tuple[str, Any]]:
        """Child elements of DMN's own namespace; drawing and extensions are of others."""
        for child in node:
            if isinstance(child.tag, str) and etree.QName(child).namespace == self._namespace:
                yield etree.QName(child).localname, child

    def _decision(self, node: Any) -> Table | None:
        table = None
        for name, child in self._children(node):
            if name == "decisionTable":
                table = Table(node.get("id") or "", node.get("name") or "")
                self._table(child, table)
            elif name == "informationRequirement":
                for required, _ in self._children(child):
                    if required != "requiredInput":
                        self.complain(error("dmn_element", name=required), node)
            elif name not in _NOTES:
                self.complain(error("dmn_element", name=name), child)
        if table is None:
            self.complain(error("dmn_none"), node)
        return table

    def _table(self, node: Any, table: Table) -> None:
        table.hit_policy = node.get("hitPolicy") or "UNIQUE"
        if table.hit_policy not in ("UNIQUE", "FIRST", "ANY", "COLLECT") or node.get("aggregation"):
            name = f"{table.hit_policy} {node.get('aggregation') or ''}".strip()
            self.complain(error("hit_policy", name=name), node)
        for name, child in self._children(node):
            if name == "input":
                table.inputs.append(self._input(child))
            elif name == "output":
                table.outputs.append(self._output(child))
            elif name == "rule":
                table.rules.append(self._rule(child, table))
            elif name not in _TABLE:
                self.complain(error("dmn_element", name=name), child)
        if len(table.outputs) > 1 and len({column.name for column in table.outputs} - {""}) < len(table.outputs):
            self.complain(error("output_name"), node)
        if not table.outputs:
            self.complain(error("dmn_none"), node)

    def _input(self, node: Any) -> Column:
        cell, kind, allowed, whole = Cell("", node.get("id"), node.sourceline), "", None, False
        for name, child in self._children(node):
            if name == "inputExpression":
                cell, kind = self._cell(child), self._type(child)
                whole = (child.get("typeRef") or "").rsplit(":", 1)[-1].lower() in ("integer", "long")
            elif name == "inputValues":
                allowed = self._cell(child)
            elif name not in _NOTES:
                self.complain(error("dmn_element", name=name), child)
        return Column(cell, node.get("label") or cell.text, kind, allowed, whole)

    def _output(self, node: Any) -> Column:
        allowed = None
        for name, child in self._children(node):
            if name == "outputValues":
                allowed = self._cell(child)
            elif name not in _NOTES:
                self.complain(error("dmn_element", name=name), child)
        return Column(Cell("", node.get("id"), node.sourceline), node.get("name") or "", self._type(node), allowed)

    def _rule(self, node: Any, table: Table) -> tuple[str, list[Cell], list[Cell]]:
        tests, values = [], []
        for name, child in self._children(node):
            if name == "inputEntry":
                tests.append(self._cell(child))
            elif name == "outputEntry":
                values.append(self._cell(child))
            elif name not in _NOTES and name != "annotationEntry":
                self.complain(error("dmn_element", name=name), child)
        if len(tests) != len(table.inputs) or len(values) != len(table.outputs):
            self.complain(error("cell_count"), node)
        return node.get("id") or f"{table.id}#{len(table.rules) + 1}", tests, values

    def _cell(self, node: Any) -> Cell:
        language = (node.get("expressionLanguage") or "feel").rstrip("/").rsplit("/", 1)[-1].lower()
        if language != "feel":
            self.complain(error("cell_language", name=language), node)
        text = "".join("".join(child.itertext()) for name, child in self._children(node) if name == "text")
        return Cell(text.strip(), node.get("id"), node.sourceline)

    def _type(self, node: Any) -> str:
        written = (node.get("typeRef") or "").rsplit(":", 1)[-1]
        kind = _TYPES.get(written.lower(), written.lower())
        if kind not in TYPES:
            self.complain(error("type", name=written), node)
        return kind
