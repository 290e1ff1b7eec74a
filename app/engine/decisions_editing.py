"""A decision file changed part by part; what is not touched keeps its bytes."""

from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from app.engine.decisions_reading import NAMESPACES
from app.engine.lint_diagram import COOMET
from app.engine.splicing import splice
from app.engine.xml import parse_xml

POLICIES = ("UNIQUE", "FIRST", "ANY", "COLLECT")
KINDS = ("string", "number", "integer", "boolean", "date", "")
MOST_RULES, MOST_COLUMNS = 2_000, 30


class NotEditable(ValueError):
    """The file is no decision table that this editor understands; its source can be mended."""


@dataclass(slots=True)
class ColumnText:
    """A column as typed. Of an input `expression`, of an output `name` says what it is."""

    label: str = ""
    expression: str = ""
    name: str = ""
    kind: str = ""
    allowed: str = ""


@dataclass(slots=True)
class RuleText:
    id: str
    tests: list[str]
    values: list[str]
    note: str = ""


@dataclass(slots=True)
class Sheet:
    """One decision as typed: everything that the table editor shows."""

    id: str
    ru: str
    en: str
    policy: str
    inputs: list[ColumnText] = field(default_factory=list)
    outputs: list[ColumnText] = field(default_factory=list)
    rules: list[RuleText] = field(default_factory=list)


class File:
    """A decision file opened for changing."""

    def __init__(self, content: bytes) -> None:
        """Raises NotEditable."""
        root, findings = parse_xml(content, "")
        namespace = etree.QName(root).namespace if root is not None else ""
        if findings or namespace not in NAMESPACES or etree.QName(root).localname != "definitions":
            raise NotEditable
        self._before, self._root, self._space = content, root, str(namespace)
        self._as_read = etree.tostring(root)
        self._ids = {str(one) for one in root.xpath("//@id")}
        self.tables: dict[str, Table] = {}
        for decision in root.iterchildren(self.tag("decision")):
            node = decision.find(self.tag("decisionTable"))
            if node is None or not decision.get("id") or decision.get("id") in self.tables:
                raise NotEditable
            self.tables[decision.get("id")] = Table(self, decision, node)

    def tag(self, name: str) -> str:
        return f"{{{self._space}}}{name}"

    def fresh(self, stem: str) -> str:
        """An id that the file has not."""
        number = next(n for n in range(1, len(self._ids) + 2) if f"{stem}_{n}" not in self._ids)
        self._ids.add(f"{stem}_{number}")
        return f"{stem}_{number}"

    def written(self) -> bytes:
        """The old bytes with what was changed."""
        now = etree.tostring(self._root)
        if now == self._as_read:
            return self._before
        return splice(self._before, etree.tostring(self._root, encoding="UTF-8", xml_declaration=True))


class Table:
    """The table of one decision, and the steps that change it. Places count from 0; IndexError where nothing is."""

    def __init__(self, file: File, decision: Any, node: Any) -> None:
        self._file, self._decision, self._node = file, decision, node

    def sheet(self) -> Sheet:
        english = self._english()
        return Sheet(
            id=self._decision.get("id"),
            ru=self._decision.get("name") or "",
            en=(english.get("name") or "") if english is not None else "",
            policy=self._node.get("hitPolicy") or "UNIQUE",
            inputs=[self._input(one) for one in self._all("input")],
            outputs=[self._output(one) for one in self._all("output")],
            rules=[self._rule(one) for one in self._all("rule")],
        )

    def fill(self, sheet: Sheet, first: int = 0) -> None:
        """Write what was typed. `sheet.rules` are those from number `first` on; its columns are all columns."""
        _say(self._decision, "name", sheet.ru)
        self._say_english(sheet.en)
        if sheet.policy in POLICIES and (self._node.get("hitPolicy") or "UNIQUE") != sheet.policy:
            self._node.set("hitPolicy", sheet.policy)
        for node, column in zip(self._all("input"), sheet.inputs, strict=True):
            self._fill_input(node, column)
        for node, column in zip(self._all("output"), sheet.outputs, strict=True):
            self._fill_output(node, column)
        for node, rule in zip(self._all("rule")[first:], sheet.rules, strict=False):
            for name, texts in (("inputEntry", rule.tests), ("outputEntry", rule.values)):
                for cell, text in zip(self._cells(node, name), texts, strict=True):
                    self._write(cell, text)
            self._note(node, rule.note)

    def add_rule(self, after: int = -1) -> None:
        """A rule of dashes behind that number (-1: first)."""
        rules = self._all("rule")
        made = self._new("rule", self._file.fresh("rule"))
        for name, count in (("inputEntry", len(self._all("input"))), ("outputEntry", len(self._all("output")))):
            for _ in range(count):
                self._write(self._below(made, name, self._file.fresh("entry")), "")
        if 0 <= after < len(rules):
            rules[after].addnext(made)
        elif rules:
            rules[0].addprevious(made)
        else:
            self._node.append(made)

    def copy_rule(self, place: int) -> None:
        known = self._all("rule")[place]
        self.add_rule(place)
        made = self._all("rule")[place + 1]
        for name in ("inputEntry", "outputEntry"):
            for old, new in zip(self._cells(known, name), self._cells(made, name), strict=True):
                self._write(new, self._text(old))

    def remove_rule(self, place: int) -> None:
        self._node.remove(self._all("rule")[place])

    def move_rule(self, place: int, by: int) -> None:
        """At an end it stays."""
        rules = self._all("rule")
        if 0 <= place + by < len(rules):
            node = rules[place]
            self._node.remove(node)
            (rules[place + by].addprevious if by < 0 else rules[place + by].addnext)(node)

    def add_column(self, kind: str) -> None:
        """Another `input` or `output` behind the others, with an empty cell in every rule."""
        made = self._new(kind, self._file.fresh(kind))
        known = self._all(kind)
        if kind == "input":
            self._write(self._below(made, "inputExpression", self._file.fresh("expression"), typeRef="string"), "")
        else:
            made.set("name", self._free_name())
            made.set("typeRef", "string")
        rules = self._all("rule")
        if known:
            known[-1].addnext(made)
        elif kind == "input":
            self._node.insert(0, made)
        else:
            (rules[0].addprevious if rules else self._node.append)(made)
        for rule in rules:
            cells = self._cells(rule, f"{kind}Entry")
            cell = self._below(rule, f"{kind}Entry", self._file.fresh("entry"))
            self._write(cell, "" if kind == "input" else "null")
            if cells:
                cells[-1].addnext(cell)
            elif kind == "input" and (outputs := self._cells(rule, "outputEntry")):
                outputs[0].addprevious(cell)

    def remove_column(self, kind: str, place: int) -> None:
        self._node.remove(self._all(kind)[place])
        for rule in self._all("rule"):
            cells = self._cells(rule, f"{kind}Entry")
            if place < len(cells):
                rule.remove(cells[place])

    def _free_name(self) -> str:
        taken = {one.get("name") for one in self._all("output")}
        return next(name for n in range(1, len(taken) + 2) if (name := f"result_{n}") not in taken)

    def _all(self, name: str) -> list[Any]:
        return list(self._node.iterchildren(self._file.tag(name)))

    def _cells(self, rule: Any, name: str) -> list[Any]:
        return list(rule.iterchildren(self._file.tag(name)))

    def _new(self, name: str, ident: str) -> Any:
        return etree.SubElement(
            etree.Element(self._node.tag, nsmap=self._node.nsmap), self._file.tag(name), {"id": ident}
        )

    def _below(self, parent: Any, name: str, ident: str, **attributes: str) -> Any:
        return etree.SubElement(parent, self._file.tag(name), {"id": ident, **attributes})

    def _text(self, node: Any) -> str:
        found = node.find(self._file.tag("text")) if node is not None else None
        return "".join(found.itertext()).strip() if found is not None else ""

    def _write(self, node: Any, text: str) -> None:
        found = node.find(self._file.tag("text"))
        if found is None:
            found = etree.SubElement(node, self._file.tag("text"))
            found.text = text
        elif self._text(node) != text.strip():
            for child in list(found):
                found.remove(child)
            found.text = text.strip()

    def _input(self, node: Any) -> ColumnText:
        expression = node.find(self._file.tag("inputExpression"))
        kind = _kind(expression.get("typeRef")) if expression is not None else ""
        allowed = self._text(node.find(self._file.tag("inputValues")))
        return ColumnText(node.get("label") or "", self._text(expression), "", kind, allowed)

    def _output(self, node: Any) -> ColumnText:
        allowed = self._text(node.find(self._file.tag("outputValues")))
        return ColumnText(node.get("label") or "", "", node.get("name") or "", _kind(node.get("typeRef")), allowed)

    def _rule(self, node: Any) -> RuleText:
        note = node.find(self._file.tag("description"))
        tests, values = ([self._text(one) for one in self._cells(node, name)] for name in ("inputEntry", "outputEntry"))
        return RuleText(node.get("id") or "", tests, values, (note.text or "").strip() if note is not None else "")

    def _fill_input(self, node: Any, column: ColumnText) -> None:
        _say(node, "label", column.label)
        expression = node.find(self._file.tag("inputExpression"))
        if expression is None:
            expression = self._below(node, "inputExpression", self._file.fresh("expression"))
        self._write(expression, column.expression)
        _say_kind(expression, column.kind)
        self._fill_allowed(node, "inputValues", column.allowed)

    def _fill_output(self, node: Any, column: ColumnText) -> None:
        _say(node, "label", column.label)
        _say(node, "name", column.name)
        _say_kind(node, column.kind)
        self._fill_allowed(node, "outputValues", column.allowed)

    def _fill_allowed(self, node: Any, name: str, text: str) -> None:
        found = node.find(self._file.tag(name))
        if found is None and text:
            found = self._below(node, name, self._file.fresh("values"))
        if found is not None and not text:
            node.remove(found)
        elif found is not None:
            self._write(found, text)

    def _note(self, rule: Any, text: str) -> None:
        found = rule.find(self._file.tag("description"))
        if found is None and text:
            found = etree.Element(self._file.tag("description"))
            rule.insert(0, found)
        if found is not None and not text:
            rule.remove(found)
        elif found is not None and (found.text or "").strip() != text:
            found.text = text

    def _english(self) -> Any:
        return self._decision.find(f"{self._file.tag('extensionElements')}/{{{COOMET}}}text[@lang='en']")

    def _say_english(self, name: str) -> None:
        found = self._english()
        if found is None and name:
            holder = self._decision.find(self._file.tag("extensionElements"))
            if holder is None:
                holder = etree.Element(self._file.tag("extensionElements"))
                self._decision.insert(0, holder)
            found = etree.SubElement(holder, f"{{{COOMET}}}text", {"lang": "en"}, nsmap={"coomet": COOMET})
        if found is not None:
            _say(found, "name", name)


def _kind(written: str | None) -> str:
    known = (written or "").rsplit(":", 1)[-1].lower()
    return {"long": "integer", "double": "number", "any": ""}.get(known, known)


def _say(node: Any, name: str, value: str) -> None:
    if (node.get(name) or "") != value:
        if value:
            node.set(name, value)
        else:
            node.attrib.pop(name, None)


def _say_kind(node: Any, kind: str) -> None:
    if kind in KINDS and _kind(node.get("typeRef")) != kind:
        _say(node, "typeRef", kind)
