"""How typed words find rows, and what a line of text may hold."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from app.i18n import fold

_LONGEST = 200


def matches(column: InstrumentedAttribute[str], text: str) -> Iterator[sa.ColumnElement[bool]]:
    """A condition for each word: the folded column contains it."""
    for word in fold(text[:_LONGEST].replace("\0", "")).split():
        yield column.contains(word, autoescape=True)


def tidy(line: str) -> str:
    """One line with single spaces; ValueError for characters that cannot be printed."""
    line = " ".join(line.split())
    if not line.isprintable():
        raise ValueError("the line holds control characters")
    return line
