"""XML with the place of every part in the text, for those who change one part and leave all others as they are."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

_TOKEN = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<(/?)([^\s/>]+)((?:[^>\"']|\"[^\"]*\"|'[^']*')*?)(/?)>", re.DOTALL
)
_ATTRIBUTE = re.compile(r"\s+([^\s=]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
_REFERENCE = re.compile(r"&(#x[0-9a-fA-F]+|#[0-9]+|\w+);")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
XML = "http://www.w3.org/XML/1998/namespace"


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Attribute:
    """`span` from the white space before the name to the closing quote; `written` is the value with its quotes."""

    name: str
    value: str
    span: Span
    written: Span


@dataclass(eq=False)
class Part:
    """An element where it stands. `opened` is the end of its start tag, `closed` the start of its end tag."""

    prefixed: str
    start: int
    opened: int
    attributes: tuple[Attribute, ...]
    scope: dict[str, str]
    """Prefix -> name space, as declared here and above."""
    closed: int = 0
    end: int = 0
    hollow: bool = False
    """Written as `<a />`."""
    children: list["Part"] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    meaning: Any = None
    """What those who compare have found it to mean."""

    @cached_property
    def name(self) -> tuple[str, str]:
        """Name space and local name."""
        return self.resolved(self.prefixed)

    def resolved(self, prefixed: str) -> tuple[str, str]:
        """The name space and local name that a prefixed name of an element has here."""
        prefix, _, local = prefixed.rpartition(":")
        return self.scope.get(prefix, ""), local

    @cached_property
    def values(self) -> dict[tuple[str, str], str]:
        """Attributes by name space and local name; declarations of name spaces are not among them."""
        found = {}
        for one in self.attributes:
            if one.name != "xmlns" and not one.name.startswith("xmlns:"):
                known = self.resolved(one.name) if ":" in one.name else ("", one.name)
                found[known] = one.value
        return found

    @cached_property
    def text(self) -> str:
        """What stands between its children; white space alone is nothing."""
        written = "".join(self.texts)
        return written if written.strip() else ""

    def get(self, name: str) -> str | None:
        return self.values.get(("", name))

    def walk(self) -> Iterator["Part"]:
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Source:
    """A file as text, with what is needed to write it back byte for byte."""

    text: str
    encoding: str
    mark: bytes

    def written(self, text: str) -> bytes:
        """Characters that the encoding has not are written as references."""
        return self.mark + text.encode(self.encoding, "xmlcharrefreplace")


def read_source(content: bytes) -> Source:
    """Raises LookupError or UnicodeError for an encoding that is not known or not kept to."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return Source(content[len(mark) :].decode(encoding), encoding, mark)
    declared = _DECLARED.match(content)
    encoding = declared.group(1).decode("ascii") if declared else "utf-8"
    return Source(content.decode(encoding), encoding, b"")


def read_parts(text: str) -> Part:
    """The root of a text that is known to be well-formed XML without a DOCTYPE."""
    roots: list[Part] = []
    open_parts: list[Part] = []
    at = 0
    for token in _TOKEN.finditer(text):
        if open_parts and at < token.start():
            open_parts[-1].texts.append(unescaped(text[at : token.start()]))
        at = token.end()
        if token.group(2) is None:
            if open_parts and token.group().startswith("<![CDATA["):
                open_parts[-1].texts.append(token.group()[9:-3])
        elif token.group(1):
            done = open_parts.pop()
            done.closed, done.end = token.start(), token.end()
        else:
            part = _opened(token, open_parts[-1] if open_parts else None)
            roots = roots or [part]
            if not part.hollow:
                open_parts.append(part)
    return roots[0]


def _opened(token: "re.Match[str]", parent: Part | None) -> Part:
    base = token.start(3)
    attributes = tuple(
        Attribute(
            one.group(1),
            unescaped(one.group(2)[1:-1]),
            Span(base + one.start(), base + one.end()),
            Span(base + one.start(2), base + one.end(2)),
        )
        for one in _ATTRIBUTE.finditer(token.group(3))
    )
    declared = {
        one.name.partition(":")[2]: one.value
        for one in attributes
        if one.name == "xmlns" or one.name.startswith("xmlns:")
    }
    above = parent.scope if parent else {"xml": XML}
    scope = {**above, **declared} if declared else above
    part = Part(token.group(2), token.start(), token.end(), attributes, scope)
    part.hollow = bool(token.group(4))
    part.closed = part.end = token.end()
    if parent is not None:
        parent.children.append(part)
    return part


def unescaped(text: str) -> str:
    return _REFERENCE.sub(_referred, text) if "&" in text else text


def _referred(found: "re.Match[str]") -> str:
    name = found.group(1)
    if name.startswith("#"):
        return chr(int(name[2:], 16) if name.startswith("#x") else int(name[1:]))
    return _NAMED.get(name, found.group())


def escaped(text: str) -> str:
    """As the text of an element."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def quoted(value: str) -> str:
    """As the value of an attribute, with its quotes."""
    kept = escaped(value).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
    return f'"{kept}"'
