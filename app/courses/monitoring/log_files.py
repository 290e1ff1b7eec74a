"""Reading an export of the platform's log: any encoding and delimiter it comes in, a piece at a time.

Users and modules are taken from the description, which the platform writes in English in every language; headings are
known in English and Russian. Names and IP addresses are never looked at.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from app.courses.monitoring.moments import Clock, Unreadable
from app.errors import N_, Invalid

LONGEST_LINE = 1_000_000
_HEADS: Mapping[str, tuple[str, ...]] = {
    "time": ("time", "время", "date", "дата"),
    "description": ("description", "описание"),
}
_DELIMITERS = (",", ";", "\t", "|")
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_USER = r"The user with id '(-?\d+)'"
_VIEW = re.compile(_USER + r"[^']* (?:viewed|reviewed)\b.*course module id '(\d+)'")
_COURSE_VIEW = re.compile(_USER + r" (?:has )?viewed the course with id '(\d+)'")
_ANY_COURSE = re.compile(r"the course with (?:the )?id '(\d+)'")

EMPTY = N_("The file is empty.")
UNREADABLE = N_("The file is no table of text. Export the log as comma-separated values (CSV) and send it as it is.")
NO_COLUMN = N_("The column “%(wanted)s” is missing. The file has: %(found)s. Export the log anew and do not change it.")
NO_DESCRIPTIONS = N_("No row tells in its description who did what. Export the log anew and do not change it.")
DAMAGED = N_("Row %(row)s is damaged. Export the log anew and do not change it.")
TRUNCATED = N_("The file breaks off in row %(row)s. Nothing of it was counted: download it anew.")
STRANGE_TIME = N_("In row %(row)s the time “%(time)s” is not understood.")
FUTURE = N_("Row %(row)s lies in the future: %(time)s. Check whether the day or the month stands first, and the zone.")
FOREIGN = N_("This is the log of another course (number %(found)s on the platform, not %(wanted)s).")


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is to be read; `start` is the byte at which the rows begin."""

    encoding: str
    delimiter: str
    time: int
    description: int
    columns: int
    start: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class View:
    """Somebody looked at a module; `cmid` 0: at the page of the course."""

    user: int
    cmid: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Piece:
    """What a number of rows hold; `rows` counts them all, `offset` is the byte after the last one."""

    views: tuple[View, ...]
    rows: int
    offset: int
    ended: bool
    told: int = 0
    """Rows whose description speaks of a user."""


def inspect(path: Path) -> Layout:
    """Encoding, delimiter and columns by the head of the file. Raises Invalid."""
    with path.open("rb") as file:
        head = file.read(65_536)
    if not head.strip(b"\x00\xff\xfe\xef\xbb\xbf \r\n\t"):
        raise Invalid(EMPTY)
    encoding, mark = _encoding(head)
    lines = _lines(path, encoding, mark)
    text, offset = next(lines, ("", mark))
    delimiter = ""
    if text.strip().lower().startswith("sep=") and len(text.strip()) <= len("sep=,"):
        delimiter = text.strip()[4:] or "\t"
        text, offset = next(lines, ("", offset))
    delimiter, heads = _heads(text, delimiter)
    columns = {name: _place(heads, names) for name, names in _HEADS.items()}
    return Layout(encoding, delimiter, columns["time"], columns["description"], len(heads), offset)


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
    if len(best) < len(_HEADS) or any(not cell.isprintable() for cell in best):
        raise Invalid(UNREADABLE)
    return delimiter, [cell.strip() for cell in best]


def _place(heads: list[str], names: tuple[str, ...]) -> int:
    for at, head in enumerate(heads):
        if head.casefold() in names:
            return at
    found = ", ".join(f"«{head[:40]}»" for head in heads[:20])
    raise Invalid(NO_COLUMN, wanted=f"{names[0].capitalize()} / {names[1].capitalize()}", found=found)


def read(path: Path, layout: Layout, clock: Clock, offset: int, after: int, limit: int, course: int) -> Piece:
    """At most `limit` rows from that byte on; `after`: rows before it. Raises Invalid: nothing of the file counts."""
    lines = _Tracked(_lines(path, layout.encoding, offset), offset, after)
    rows = csv.reader(lines, delimiter=layout.delimiter, strict=True)
    views: list[View] = []
    told, number = 0, after
    while number - after < limit:
        try:
            row = next(rows, None)
        except csv.Error:
            raise Invalid(TRUNCATED if lines.ended else DAMAGED, row=number + 2) from None
        if row is None:
            return Piece(tuple(views), number - after, lines.offset, ended=True, told=told)
        number += 1
        if not row:
            continue
        _demand_whole(row, layout, number, lines)
        description = row[layout.description]
        told += description.startswith("The user with id")
        view = _view(description, course)
        if view is not None:
            views.append(View(*view, _moment(clock, row[layout.time], number)))
    return Piece(tuple(views), number - after, lines.offset, ended=False, told=told)


def _demand_whole(row: list[str], layout: Layout, number: int, lines: "_Tracked") -> None:
    if lines.broken:
        raise Invalid(TRUNCATED, row=number + 1)
    if len(row) < layout.columns:
        raise Invalid(DAMAGED, row=number + 1)


def _view(description: str, course: int) -> tuple[int, int] | None:
    """User and module; None for what is no view. Raises Invalid for a row of another course."""
    if found := _VIEW.match(description):
        return int(found[1]), int(found[2])
    if found := _COURSE_VIEW.match(description):
        _demand_course(int(found[2]), course)
        return int(found[1]), 0
    if found := _ANY_COURSE.search(description):
        _demand_course(int(found[1]), course)
    return None


def _demand_course(found: int, wanted: int) -> None:
    if found != wanted:
        raise Invalid(FOREIGN, found=found, wanted=wanted)


def _moment(clock: Clock, text: str, number: int) -> datetime:
    try:
        at = clock.read(text)
    except Unreadable:
        raise Invalid(STRANGE_TIME, row=number + 1, time=text[:40]) from None
    if clock.is_future(at):
        raise Invalid(FUTURE, row=number + 1, time=text[:40])
    return at


def _lines(path: Path, encoding: str, offset: int) -> Iterator[tuple[str, int]]:
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


class _Tracked:
    """Lines for the reader of tables; knows where it is and whether the last line has an end."""

    def __init__(self, lines: Iterator[tuple[str, int]], offset: int, rows: int) -> None:
        self._lines, self.offset, self.rows = lines, offset, rows
        self.broken = self.ended = False

    def __iter__(self) -> "_Tracked":
        return self

    def __next__(self) -> str:
        try:
            line, self.offset = next(self._lines)
        except StopIteration:
            self.ended = True
            raise
        self.broken = not line.endswith(("\n", "\r"))
        return line
