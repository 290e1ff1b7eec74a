"""Where in HTML a value of a template stands: escaping protects text and quoted attributes, nothing else."""

import re
from typing import Literal

from app.engine.expressions_errors import error

_TAG = re.compile(r"<(?:([A-Za-z][^\s/>]*)|[/!?]|$)")
_NAME_END, _NAME_START = re.compile(r"[^\s\"'>=]\Z"), re.compile(r"[^\s\"'<>/=]")
_ATTRIBUTE = re.compile(r"\s*+(?:([^\s\"'<>/=]++)\s*+=\s*+([\"'])?|/?(>)|[^\s\"'<>/=]++|.|\Z)", re.DOTALL)
_RAW = frozenset({"script", "style", "xmp", "iframe", "noembed", "noframes", "noscript", "plaintext", "template"})
_ENDS = {tag: re.compile(f"</{tag}", re.IGNORECASE) for tag in _RAW}
_CODE = re.compile(r"on.*|style|srcdoc|srcset|ping|http-equiv|content", re.IGNORECASE)
_ADDRESS = frozenset({"href", "src", "action", "formaction", "xlink:href", "poster", "background", "cite", "data"})
_ALLOWED = frozenset({"http", "https", "mailto", "tel", "cid"})

Place = Literal["text", "attribute", "address", "code"]


class Page:
    """Reads the fixed text of a page piece by piece; `place` says where the next value would stand."""

    def __init__(self) -> None:
        self._state: Literal["text", "tag", "value", "comment", "raw"] = "text"
        self._tag = ""
        self._attribute = ""
        self._quote = ""
        self._prefix = ""
        self._in_name = False

    def place(self) -> Place:
        if self._state == "text":
            return "text"
        if self._state != "value" or _CODE.fullmatch(self._attribute):
            return "code"
        return "address" if self._attribute in _ADDRESS and not self._prefix else "attribute"

    def turn(self) -> None:
        """A tag of the template: what was read of an address may not be there at all."""
        self._prefix = ""

    def read(self, text: str) -> None:
        """Raises ExpressionError where a tag of the template cuts a name in two, so that it cannot be known."""
        if self._in_name and _NAME_START.match(text):
            raise error("html_place")
        done = 0
        while done < len(text):
            done = _READERS[self._state](self, text, done)
        self._in_name = self._state == "tag" and bool(_NAME_END.search(text))

    def _text(self, text: str, done: int) -> int:
        start = text.find("<", done)
        if start < 0:
            return len(text)
        if text.startswith("<!--", start):
            self._state = "comment"
            return start + 4
        found = _TAG.match(text, start)
        if not found:
            return start + 1
        self._state = "tag"
        self._tag = (found.group(1) or "").lower()
        return found.end()

    def _inside_tag(self, text: str, done: int) -> int:
        found = _ATTRIBUTE.match(text, done)
        assert found is not None
        name, quote, closing = found.groups()
        if closing:
            self._state = "raw" if self._tag in _RAW else "text"
        elif quote:
            self._state, self._attribute, self._quote, self._prefix = "value", name.lower(), quote, ""
        return found.end()

    def _inside_value(self, text: str, done: int) -> int:
        end = text.find(self._quote, done)
        if end < 0:
            self._prefix += text[done:].strip()
            return len(text)
        self._state = "tag"
        return end + 1

    def _inside_comment(self, text: str, done: int) -> int:
        end = text.find("-->", done)
        if end < 0:
            return len(text)
        self._state = "text"
        return end + 3

    def _inside_raw(self, text: str, done: int) -> int:
        found = _ENDS[self._tag].search(text, done)
        if not found:
            return len(text)
        self._state, self._tag = "tag", ""
        return found.end()


_READERS = {
    "text": Page._text,
    "tag": Page._inside_tag,
    "value": Page._inside_value,
    "comment": Page._inside_comment,
    "raw": Page._inside_raw,
}


def check_address(address: str) -> None:
    """Refuse javascript: and other addresses that do more than lead somewhere. Raises ExpressionError."""
    scheme, colon, _ = address.partition(":")
    if colon and not any(sign in scheme for sign in "/?#") and scheme.strip().lower() not in _ALLOWED:
        raise error("address", given=address)
