"""Ends of lines: browsers send every line of a form with CR LF, whatever the file has."""

import difflib
import re

_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|$)")


def kept(before: bytes, text: str) -> bytes:
    """The text with the ends of lines that the file had: line by line where a line stayed, else the usual one.

    A byte order mark at the beginning stays as well.
    """
    try:
        known = before.decode("utf-8")
    except UnicodeDecodeError:
        known = ""
    mark = "\ufeff" if known.startswith("\ufeff") and not text.startswith("\ufeff") else ""
    was, now = _lines(known), _lines(mark + text)
    ends = [end for _line, end in was if end]
    usual = max(sorted(set(ends)), key=ends.count) if ends else "\n"
    if len(set(ends)) < 2:
        return "".join(line + (usual if end else "") for line, end in now).encode()
    matcher = difflib.SequenceMatcher(None, [line for line, _ in was], [line for line, _ in now], autojunk=False)
    stayed = {b + n: was[a + n][1] for a, b, size in matcher.get_matching_blocks() for n in range(size)}
    return "".join(line + ((stayed.get(n) or usual) if end else "") for n, (line, end) in enumerate(now)).encode()


def _lines(text: str) -> list[tuple[str, str]]:
    """Lines with their ends; what follows the last end is a line only where it is not empty."""
    return [(line, end) for line, end in _LINE.findall(text) if line or end]


def is_text(content: bytes) -> bool:
    """Whether a text area can hold it and give it back unchanged."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not any(ord(one) < 32 and one not in "\t\r\n" for one in text)
