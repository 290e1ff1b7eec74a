"""Reading an export of the platform's log: any encoding and delimiter it comes in, a piece at a time.

Users and modules are taken from the description, which the platform writes in English in every language; headings are
known in English and Russian. Names and IP addresses are never looked at.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from app.courses.monitoring import export_lines
from app.courses.monitoring.export_lines import (
    DAMAGED,
    FUTURE,
    NO_COLUMN,
    STRANGE_TIME,
    TRUNCATED,
    Tracked,
)
from app.courses.monitoring.moments import Clock, Unreadable
from app.errors import N_, Invalid

_HEADS: Mapping[str, tuple[str, ...]] = {
    "time": ("time", "время", "date", "дата"),
    "description": ("description", "описание"),
}
_USER = r"The user with id '(-?\d+)'"
_VIEW = re.compile(_USER + r"[^']* (?:viewed|reviewed)\b.*course module id '(\d+)'")
_COURSE_VIEW = re.compile(_USER + r" (?:has )?viewed the course with id '(\d+)'")
_ANY_COURSE = re.compile(r"the course with (?:the )?id '(\d+)'")

NO_DESCRIPTIONS = N_("No row tells in its description who did what. Export the log anew and do not change it.")
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
    encoding, delimiter, heads, start = export_lines.begin(path)
    columns = {name: _place(heads, names) for name, names in _HEADS.items()}
    return Layout(encoding, delimiter, columns["time"], columns["description"], len(heads), start)


def _place(heads: list[str], names: tuple[str, ...]) -> int:
    for at, head in enumerate(heads):
        if head.casefold() in names:
            return at
    found = ", ".join(f"«{head[:40]}»" for head in heads[:20])
    raise Invalid(NO_COLUMN, wanted=f"{names[0].capitalize()} / {names[1].capitalize()}", found=found)


def read(path: Path, layout: Layout, clock: Clock, offset: int, after: int, limit: int, course: int) -> Piece:
    """At most `limit` rows from that byte on; `after`: rows before it. Raises Invalid: nothing of the file counts."""
    lines = Tracked(export_lines.read(path, layout.encoding, offset), offset, after)
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


def _demand_whole(row: list[str], layout: Layout, number: int, lines: Tracked) -> None:
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
