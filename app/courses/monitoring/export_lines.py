"""The lines of an export of the platform, whatever encoding and delimiter it comes in, read as a stream."""

import csv
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path

from app.errors import N_, Invalid

LONGEST_LINE = 1_000_000
_DELIMITERS = (",", ";", "\t", "|")
_FEWEST = 2
"""Columns of the narrowest export there is."""
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))

EMPTY = N_("The file is empty.")
UNREADABLE = N_("The file is no table of text. Export the report as comma-separated values (CSV) and send it as it is.")
NO_COLUMN = N_(
    "The column “%(wanted)s” is missing. The file has: %(found)s. Export the report anew and do not change it."
)
DAMAGED = N_("Row %(row)s is damaged. Export the report anew and do not change it.")
TRUNCATED = N_("The file breaks off in row %(row)s. Nothing of it was counted: download it anew.")
STRANGE_TIME = N_("In row %(row)s the time “%(time)s” is not understood.")
FUTURE = N_("Row %(row)s lies in the future: %(time)s. Check whether the day or the month stands first, and the zone.")


def begin(path: Path) -> tuple[str, str, list[str], int]:
    """Encoding, delimiter, headings, and the byte at which the rows begin. Raises Invalid."""
    with path.open("rb") as file:
        head = file.read(65_536)
    if not head.strip(b"\x00\xff\xfe\xef\xbb\xbf \r\n\t"):
        raise Invalid(EMPTY)
    encoding, mark = _encoding(head)
    lines = read(path, encoding, mark)
    text, offset = next(lines, ("", mark))
    delimiter = ""
    if text.strip().lower().startswith("sep=") and len(text.strip()) <= len("sep=,"):
        delimiter = text.strip()[4:] or "\t"
        text, offset = next(lines, ("", offset))
    delimiter, heads = _heads(text, delimiter)
    return encoding, delimiter, heads, offset


def _encoding(head: bytes) -> tuple[str, int]:
    """Its name and the length of its mark. Without one: UTF-8 where it can be, UTF-16 by its zeros, else Cyrillic."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    if b"\x00" in head:
        return ("utf-16-le", 0) if head[1::2].count(0) > head[::2].count(0) else ("utf-16-be", 0)
    try:
        head[: head.rfind(b"\n") + 1 or None].decode("utf-8")
    except UnicodeDecodeError:
        return "cp1251", 0
    return "utf-8", 0


def _heads(text: str, delimiter: str) -> tuple[str, list[str]]:
    """The delimiter that makes the most columns."""
    best: list[str] = []
    for one in [delimiter] if delimiter else _DELIMITERS:
        found = next(csv.reader([text], delimiter=one), [])
        if len(found) > len(best):
            best, delimiter = found, one
    if len(best) < _FEWEST or any(not cell.isprintable() for cell in best):
        raise Invalid(UNREADABLE)
    return delimiter, [cell.strip() for cell in best]


def read(path: Path, encoding: str, offset: int) -> Iterator[tuple[str, int]]:
    """Each line with the byte after it; one without an end is yielded as it is."""
    with path.open("rb") as file:
        file.seek(offset)
        with TextIOWrapper(file, encoding, newline="") as text:
            while True:
                try:
                    line = text.readline(LONGEST_LINE)
                except UnicodeError:
                    raise Invalid(UNREADABLE) from None
                if not line:
                    return
                offset += len(line.encode(encoding))
                yield line, offset


class Tracked:
    """Lines for the reader of tables; knows where it is and whether the last line has an end."""

    def __init__(self, lines: Iterator[tuple[str, int]], offset: int, rows: int) -> None:
        self._lines, self.offset, self.rows = lines, offset, rows
        self.broken = self.ended = False

    def __iter__(self) -> "Tracked":
        return self

    def __next__(self) -> str:
        try:
            line, self.offset = next(self._lines)
        except StopIteration:
            self.ended = True
            raise
        self.broken = not line.endswith(("\n", "\r"))
        return line
