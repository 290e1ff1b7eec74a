"""JSON put back into the text it came from: every part that still says the same keeps its bytes."""

import json
import re
from dataclasses import dataclass, field
from json import decoder

from app.engine import Json
from app.forms.strict_json import BadJson, read_json

_scan = decoder.scanstring  # type: ignore[attr-defined]  # public, and not in the stubs
_SPACE = re.compile(r"[ \t\n\r]*")
_PLAIN = re.compile(r"[^\s,\]}]+")
_MARK = b"\xef\xbb\xbf"


@dataclass(slots=True)
class _Node:
    """A value with its place in the text; of an object or list also its parts, by key or number."""

    value: Json
    start: int
    end: int = 0
    parts: "dict[str | int, _Node]" = field(default_factory=dict)


def dump(value: Json, level: int = 0) -> str:
    """As the house writes JSON: two spaces, one thing a line, no escapes for letters."""
    return json.dumps(value, ensure_ascii=False, indent=2).replace("\n", "\n" + "  " * level)


def rewritten(old: bytes, value: Json) -> bytes:
    """The old bytes where they say `value` already; else changed only where they say something else.

    An old text that is no JSON is given up. Order counts: keys in another order say something else.
    """
    try:
        before = read_json(old)
    except BadJson:
        return (dump(value) + "\n").encode()
    if same(before, value):
        return old
    mark, text = (_MARK, old[3:].decode()) if old.startswith(_MARK) else (b"", old.decode())
    root = _Reader(text).whole()
    return mark + (text[: root.start] + _Writer(text).written(root, value, 0) + text[root.end :]).encode()


def same(one: Json, other: Json) -> bool:
    """Equal with order and kind: true is not 1, and 1 is not 1.0."""
    return json.dumps(one) == json.dumps(other)


class _Reader:
    """Reads a text that is known to be JSON and notes where everything stands."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def whole(self) -> _Node:
        return self._value()

    def _blank(self) -> str:
        found = _SPACE.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return self._text[self._at : self._at + 1]

    def _value(self) -> _Node:
        sign = self._blank()
        node = _Node(None, self._at)
        if sign == "{":
            self._object(node)
        elif sign == "[":
            self._list(node)
        elif sign == '"':
            node.value, self._at = _scan(self._text, self._at + 1, True)
        else:
            found = _PLAIN.match(self._text, self._at)
            self._at = found.end() if found else len(self._text)
            node.value = json.loads(self._text[node.start : self._at])
        node.end = self._at
        return node

    def _object(self, node: _Node) -> None:
        found: dict[str, Json] = {}
        self._at += 1
        while self._blank() != "}":
            key, self._at = _scan(self._text, self._at + 1, True)
            self._blank()
            self._at += 1
            child = self._value()
            found[key], node.parts[key] = child.value, child
            if self._blank() == ",":
                self._at += 1
        self._at += 1
        node.value = found

    def _list(self, node: _Node) -> None:
        found: list[Json] = []
        self._at += 1
        while self._blank() != "]":
            child = self._value()
            node.parts[len(found)] = child
            found.append(child.value)
            if self._blank() == ",":
                self._at += 1
        self._at += 1
        node.value = found


class _Writer:
    def __init__(self, text: str) -> None:
        self._text = text

    def written(self, node: _Node, value: Json, level: int) -> str:
        """The node's text where it says the value, else as little of it anew as can be."""
        if same(node.value, value):
            return self._text[node.start : node.end]
        if isinstance(value, dict) and isinstance(node.value, dict):
            return self._object(node, value, level)
        if isinstance(value, list) and isinstance(node.value, list):
            return self._list(node, value, level)
        return dump(value, level)

    def _object(self, node: _Node, value: dict[str, Json], level: int) -> str:
        if list(node.parts) == list(value):
            return self._in_place(node, [value[str(key)] for key in node.parts], level)
        if not value:
            return "{}"
        inner = "  " * (level + 1)
        lines = []
        for key, one in value.items():
            part = node.parts.get(key)
            text = self.written(part, one, level + 1) if part else dump(one, level + 1)
            lines.append(f"{inner}{json.dumps(key, ensure_ascii=False)}: {text}")
        return "{\n" + ",\n".join(lines) + "\n" + "  " * level + "}"

    def _list(self, node: _Node, value: list[Json], level: int) -> str:
        if len(node.parts) == len(value):
            return self._in_place(node, value, level)
        if not value:
            return "[]"
        inner = "  " * (level + 1)
        known = {json.dumps(part.value): part for part in node.parts.values()}
        lines = []
        for one in value:
            part = known.get(json.dumps(one))
            lines.append(inner + (self._text[part.start : part.end] if part else dump(one, level + 1)))
        return "[\n" + ",\n".join(lines) + "\n" + "  " * level + "]"

    def _in_place(self, node: _Node, values: list[Json], level: int) -> str:
        written, done = [], node.start
        for part, one in zip(node.parts.values(), values, strict=True):
            written += [self._text[done : part.start], self.written(part, one, level + 1)]
            done = part.end
        return "".join([*written, self._text[done : node.end]])
