"""Changes to a text of XML, gathered by place and carried out at the end."""

from dataclasses import dataclass, field

from app.engine.markup import Attribute, Part, Span, escaped, quoted
from app.engine.splicing_meaning import XSI, attributes, meant

_STEP = "  "


def leading(text: str, start: int) -> str:
    """The white space before a place."""
    return text[len(text[:start].rstrip(" \t\r\n")) : start]


@dataclass
class Writer:
    """What is to be changed in the old text; parts that are named by it are parts of that text."""

    text: str
    root: Part
    edits: list[tuple[int, int, str]] = field(default_factory=list)
    declared: dict[str, str] = field(default_factory=dict)
    """Name spaces to be declared at the root: prefix -> name space."""
    hollow: dict[Part, str] = field(default_factory=dict)
    """Content for parts that had none and are written as `<a />`."""

    def finished(self) -> str:
        for part, content in self.hollow.items():
            closing = "" if content.lstrip("\n\r \t") == content else self._indent(part)
            self.edits.append((_behind_attributes(part), part.opened, f">{content}{closing}</{part.prefixed}>"))
        declarations = "".join(f" xmlns:{prefix}={quoted(uri)}" for prefix, uri in self.declared.items())
        self.edits.append((_behind_attributes(self.root), _behind_attributes(self.root), declarations))
        pieces, at = [], 0
        for start, end, put in sorted(self.edits, key=lambda edit: edit[:2]):
            pieces += [self.text[at:start], put]
            at = end
        return "".join([*pieces, self.text[at:]])

    def _indent(self, part: Part) -> str:
        white = leading(self.text, part.start)
        return white[white.rfind("\n") :] if "\n" in white else ("\n" if part is self.root else "")

    def write_text(self, part: Part, text: str) -> None:
        if part.hollow:
            self.hollow[part] = escaped(text)
        else:
            self.edits.append((part.opened, part.closed, escaped(text)))

    def write_attributes(self, old: Part, new: Part, seen: Part | None) -> None:
        had = dict(self._named(old))
        for name, value in new.values.items():
            before = seen.values.get(name) if seen is not None else None
            if before is not None and meant(seen or new, name, before) == meant(new, name, value):
                continue
            if name not in had:
                put = f" {self._prefixed(name, old, True)}={quoted(self._value(new, name, value, old))}"
                self.edits.append((_behind_attributes(old), _behind_attributes(old), put))
            elif meant(old, name, had[name].value) != meant(new, name, value):
                span = had[name].written
                self.edits.append((span.start, span.end, quoted(self._value(new, name, value, old))))
        said = dict(attributes(old))
        for name, one in had.items():
            gone = name not in new.values and (name in seen.values if seen is not None else name in said)
            if gone:
                self.edits.append((one.span.start, one.span.end, ""))

    @staticmethod
    def _named(part: Part) -> list[tuple[tuple[str, str], Attribute]]:
        own = [one for one in part.attributes if one.name != "xmlns" and not one.name.startswith("xmlns:")]
        return list(zip(part.values, own, strict=True))

    def remove(self, part: Part) -> None:
        self.edits.append((part.start - len(leading(self.text, part.start)), part.end, ""))

    def replace(self, old: Part, new: Part, above: Part) -> None:
        self.edits.append((old.start, old.end, self._written(new, above, self._indent(old))))

    def insert(self, parent: Part, new: Part, at: int, beside: Part | None, kept: Part | None) -> None:
        """`kept`: the part of the old text that says the same; it goes on as it was written."""
        indent = self._indent(beside) if beside is not None else self._deeper(parent)
        written = self.text[kept.start : kept.end] if kept else self._written(new, parent, indent)
        if parent.hollow:
            self.hollow[parent] = self.hollow.get(parent, "") + indent + written
            return
        closing = ""
        if not parent.children and not self.text[parent.opened : parent.closed].strip():
            closing = self._indent(parent) if indent and at == parent.closed else ""
        self.edits.append((at, at, indent + written + closing))

    def _deeper(self, parent: Part) -> str:
        own = self._indent(parent)
        return own + _STEP if own else ""

    def _written(self, part: Part, place: Part, indent: str) -> str:
        """The part as new text at this place, in the prefixes of the old file."""
        tag = self._prefixed(part.name, place, False)
        said = "".join(
            f" {self._prefixed(name, place, True)}={quoted(self._value(part, name, value, place))}"
            for name, value in part.values.items()
        )
        if part.children:
            inner = indent + _STEP if indent else ""
            content = "".join(inner + self._written(child, place, inner) for child in part.children) + indent
            return f"<{tag}{said}>{escaped(part.text)}{content}</{tag}>"
        return f"<{tag}{said}>{escaped(part.text)}</{tag}>" if part.text else f"<{tag}{said} />"

    def _value(self, part: Part, name: tuple[str, str], value: str, place: Part) -> str:
        return self._prefixed(part.resolved(value), place, False) if name == (XSI, "type") else value

    def _prefixed(self, name: tuple[str, str], place: Part, of_attribute: bool) -> str:
        uri, local = name
        if not uri and (of_attribute or not place.scope.get("")):
            return local
        for prefix, known in {**place.scope, **self.declared}.items():
            if known == uri and (prefix or not of_attribute):
                return f"{prefix}:{local}" if prefix else local
        taken = {*place.scope, *self.declared}
        prefix = next(one for one in (_usual(uri), *(f"n{n}" for n in range(1, 100))) if one not in taken)
        self.declared[prefix] = uri
        return f"{prefix}:{local}"


_USUAL = {
    "http://www.omg.org/spec/BPMN/20100524/MODEL": "bpmn",
    "http://www.omg.org/spec/BPMN/20100524/DI": "bpmndi",
    "http://www.omg.org/spec/DD/20100524/DC": "dc",
    "http://www.omg.org/spec/DD/20100524/DI": "di",
    "urn:coomet:bpmn:1": "coomet",
    XSI: "xsi",
    "http://bpmn.io/schema/bpmn/biocolor/1.0": "bioc",
    "http://www.omg.org/spec/BPMN/non-normative/color/1.0": "color",
}


def _usual(uri: str) -> str:
    return _USUAL.get(uri, "n0")


def _behind_attributes(part: Part) -> int:
    """The place in its start tag where another attribute can be written."""
    last: Span | None = part.attributes[-1].span if part.attributes else None
    return last.end if last else part.start + 1 + len(part.prefixed)
