"""From the text of a template to its pieces: plain text, {{ values }} and {% tags %}; comments {# … #} vanish."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from app.engine.expressions_errors import At, error

_OPENING = re.compile(r"\{\{|\{%|\{#")
_CLOSING = {"{{": "}}", "{%": "%}"}
_INSIDE = re.compile(r"\"(?:\\.|[^\"\\])*+(?:\"|\Z)|'(?:\\.|[^'\\])*+(?:'|\Z)|%\}|\}\}|[{}]", re.DOTALL)
MAX_PIECES = 5_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a template; `at` is where its content starts."""

    kind: Literal["text", "value", "tag"]
    content: str
    at: At


def pieces(source: str) -> Iterator[Piece]:
    """The parts in order. A tag or comment alone on its line takes the line with it. Raises ExpressionError."""
    done = count = 0
    while (found := _OPENING.search(source, done)) is not None:
        count += 1
        if count > MAX_PIECES:
            raise error("pieces_many", place(source, found.start()), most=MAX_PIECES)
        start, opening = found.start(), found.group()
        end = _end(source, found.end(), opening)
        before, after = start, end
        if opening != "{{":
            before, after = _whole_line(source, start, end)
        if before > done:
            yield Piece("text", source[done:before], place(source, done))
        if opening != "{#":
            content = source[found.end() : end - 2]
            yield Piece("value" if opening == "{{" else "tag", content, place(source, found.end()))
        done = after
    if done < len(source):
        yield Piece("text", source[done:], place(source, done))


def place(source: str, offset: int) -> At:
    return source.count("\n", 0, offset) + 1, offset - source.rfind("\n", 0, offset)


def _end(source: str, start: int, opening: str) -> int:
    """Where the piece ends, just behind its closing sign; signs inside quotes and {records} do not close it."""
    if opening == "{#":
        end = source.find("#}", start)
        if end < 0:
            raise error("unclosed", place(source, start), sign="#}")
        return end + 2
    depth, done = 0, start
    while True:
        found = _INSIDE.search(source, done)
        if found is None:
            raise error("unclosed", place(source, start), sign=_CLOSING[opening])
        sign, done = found.group(), found.end()
        if sign == _CLOSING[opening] and depth <= 0:
            return done
        if sign == "{":
            depth += 1
        elif sign == "}}":
            depth, done = depth - 1, done - 1
        elif sign == "}":
            depth -= 1


def _whole_line(source: str, start: int, end: int) -> tuple[int, int]:
    first, last = start, end
    while first > 0 and source[first - 1] in " \t":
        first -= 1
    while last < len(source) and source[last] in " \t":
        last += 1
    if (first > 0 and source[first - 1] != "\n") or (last < len(source) and source[last] != "\n"):
        return start, end
    return first, min(last + 1, len(source))
