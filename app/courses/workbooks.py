"""Workbooks (XLSX) made of plain tables: the same tables make the same bytes, and no cell is ever calculated (S62).

make([Sheet("2026", ("No", "Title"), rows)], title="…", at=clock.now()) -> bytes
write(file, sheets, title=…, at=…)      into a binary file that can be sought, for what is too big for the memory

Rows may be any iterable, such as a query being streamed; a sheet takes a few kilobytes of memory however long it is.
"""

import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | date | datetime | None

_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LONGEST_NAME, _LONGEST_TEXT = 31, 32_767
_NARROWEST, _WIDEST = 6, 60
"""Widths of columns in characters; longer texts are wrapped."""
_EXACT = 10**15
"""A spreadsheet keeps fifteen digits: longer whole numbers are written as text."""
_FIRST_YEAR = 1900
_CALCULATED = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its heads. A moment is written as its own zone's clock shows it: convert before."""

    name: str
    heads: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    total: bool = False
    """The last row sums up: it is set off from the others."""


def make(sheets: Iterable[Sheet], *, title: str, at: datetime) -> bytes:
    """The workbook as bytes; `title` and `at` are all that its properties tell."""
    out = io.BytesIO()
    write(out, sheets, title=title, at=at)
    return out.getvalue()


def write(out: BinaryIO, sheets: Iterable[Sheet], *, title: str, at: datetime) -> None:
    """The same into an open file."""
    import xlsxwriter  # loaded where it works: a serving process keeps what it loads

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": title[:255], "created": at.astimezone(UTC).replace(tzinfo=None, microsecond=0)})
        styles = _Styles(book)
        taken: set[str] = set()
        for sheet in sheets:
            _fill(book.add_worksheet(_name(sheet.name, taken)), sheet, styles)
        if not taken:
            book.add_worksheet(_name("", taken))


class _Styles:
    """Formats of one workbook."""

    def __init__(self, book: "xlsxwriter.Workbook") -> None:
        self._book = book
        self._made: dict[tuple[str, bool, bool], Format] = {}
        self.head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#EAF1F3"}
        )

    def of(self, kind: str, last: bool, quoted: bool = False) -> "Format":
        if (kind, last, quoted) not in self._made:
            shape: dict[str, object] = {"valign": "top", "text_wrap": kind == "text", "quote_prefix": quoted}
            if kind in _NUMBERS:
                shape["num_format"] = _NUMBERS[kind]
            if last:
                shape |= {"bold": True, "top": 1}
            self._made[kind, last, quoted] = self._book.add_format(shape)
        return self._made[kind, last, quoted]


_NUMBERS = {"date": "dd.mm.yyyy", "moment": "dd.mm.yyyy hh:mm"}


def _fill(to: "Worksheet", sheet: Sheet, styles: _Styles) -> None:
    widths = [_width(head) for head in sheet.heads]
    for column, head in enumerate(sheet.heads):
        to.write_string(0, column, _text(head), styles.head)
    last = 0
    for number, row, final in _numbered(sheet.rows):
        for column, cell in enumerate(row):
            shown = _write(to, number, column, cell, styles, final and sheet.total)
            if column < len(widths):
                widths[column] = max(widths[column], shown)
        last = number
    for column, width in enumerate(widths):
        to.set_column(column, column, min(max(width + 2, _NARROWEST), _WIDEST))
    _lay_out(to, sheet, last)


def _lay_out(to: "Worksheet", sheet: Sheet, last: int) -> None:
    """The heads stay in sight on the screen and on every printed page."""
    to.freeze_panes(1, 0)
    if sheet.heads and last:
        to.autofilter(0, 0, last - 1 if sheet.total and last > 1 else last, len(sheet.heads) - 1)
    to.repeat_rows(0)
    to.set_landscape()
    to.set_paper(9)
    to.fit_to_pages(1, 0)


def _numbered(rows: Iterable[Sequence[Cell]]) -> Iterable[tuple[int, Sequence[Cell], bool]]:
    """Number of the row, the row, whether it is the last: known only when the next one was looked for."""
    number, held = 0, None
    for row in rows:
        if held is not None:
            yield number, held, False
        number, held = number + 1, row
    if held is not None:
        yield number, held, True


def _write(to: "Worksheet", row: int, column: int, cell: Cell, styles: _Styles, last: bool) -> int:
    """Writes one cell; returns how many characters wide it is shown."""
    if cell is None or cell == "" or (isinstance(cell, float) and not math.isfinite(cell)):
        if last:
            to.write_blank(row, column, None, styles.of("text", last))
        return 0
    if isinstance(cell, date) and cell.year >= _FIRST_YEAR:
        return _write_date(to, row, column, cell, styles, last)
    if isinstance(cell, int | float) and abs(cell) < _EXACT:
        to.write_number(row, column, cell, styles.of("number", last))
        return len(str(cell))
    text = _text(cell.isoformat() if isinstance(cell, date) else str(cell))
    to.write_string(row, column, text, styles.of("text", last, quoted=text.lstrip(" ").startswith(_CALCULATED)))
    return _width(text)


def _write_date(to: "Worksheet", row: int, column: int, cell: date, styles: _Styles, last: bool) -> int:
    kind = "moment" if isinstance(cell, datetime) else "date"
    shown = cell.replace(tzinfo=None) if isinstance(cell, datetime) else cell
    to.write_datetime(row, column, shown, styles.of(kind, last))
    return len(_NUMBERS[kind])


def _text(text: str) -> str:
    """Without what no XML file can hold; cut where a cell ends."""
    whole = text.encode("utf-16", "replace").decode("utf-16")
    return whole if len(whole) <= _LONGEST_TEXT else whole[: _LONGEST_TEXT - 1] + "…"


def _width(text: str) -> int:
    return max((len(line) for line in text.splitlines()), default=0)


def _name(wanted: str, taken: set[str]) -> str:
    """A name that a spreadsheet takes: at most 31 characters, without brackets and slashes, each once."""
    tidy = _FORBIDDEN.sub(" ", wanted).strip().strip("'").strip()[:_LONGEST_NAME] or "1"
    name, number = tidy, 1
    while name.casefold() in taken or name.casefold() == "history":
        number += 1
        name = f"{tidy[: _LONGEST_NAME - len(str(number)) - 1].rstrip()} {number}"
    taken.add(name.casefold())
    return name
