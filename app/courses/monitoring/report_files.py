"""Reading the platform's own reports: activity completion, course completion, and the attempts and answers of a quiz.

Which report a file is, its headings tell; they are known in English and Russian. Who a row is about, the e-mail address
tells, which is turned into a pseudonym of the course at once; a time is in the language and zone of the downloader.
"""

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from app.courses.monitoring import export_lines, report_cells
from app.courses.monitoring.export_lines import DAMAGED, NO_COLUMN, TRUNCATED, Tracked
from app.courses.monitoring.moments import Clock
from app.errors import N_, Invalid

COMPLETION = ("progress", "completion")
QUIZ = ("overview", "responses")
_MAIL = ("email address", "адрес электронной почты", "e-mail", "email", "электронная почта")
_HEADS: Mapping[str, tuple[str, ...]] = {
    "last": ("last name", "фамилия", "surname"),
    "first": ("first name", "имя"),
    "mail": _MAIL,
    "state": ("status", "состояние", "state"),
    "started": ("started", "тест начат", "started on"),
    "finished": ("completed", "завершено", "завершен", "завершён"),
    "lasted": ("duration", "затраченное время", "time taken", "прошло времени"),
}
_GRADE = re.compile(r"(?:grade|оценка)\s*/\s*([\d.,\s\u00a0]+)\Z", re.IGNORECASE)
_MARK = re.compile(r"(?:q|в)\D{0,10}(\d+)\s*/\s*([\d.,\s\u00a0]+)\Z", re.IGNORECASE)
_PARTS: Mapping[str, re.Pattern[str]] = {
    "question": re.compile(r"(?:question|вопрос)\s+(\d+)\Z", re.IGNORECASE),
    "given": re.compile(r"(?:response|ответ)\s+(\d+)\Z", re.IGNORECASE),
    "right": re.compile(r"(?:right answer|правильный ответ)\s+(\d+)\Z", re.IGNORECASE),
}
_SIGNS = 3
"""So many headings of a quiz's report make one of it, whatever the others are called."""
_NUMBER = ("id", "ид", "идентификатор")

NO_REPORT = N_(
    "None of the reports that can be imported has such headings: %(found)s. Completion of activities, completion of "
    "the course, and the grades or answers of a quiz can be imported."
)
NO_MODULES = N_(
    "After the column “%(last)s” no module stands with its date. Export the report anew and do not change it."
)


@dataclass(frozen=True, slots=True)
class Shape:
    """How a file is to be read. `places`: columns by what they hold; `modules`: names of modules with their columns;
    `marks`: (column, number of the question, highest mark) and `parts`: (column, number, what) of a quiz's questions.
    """

    report: str
    encoding: str
    delimiter: str
    columns: int
    start: int
    places: dict[str, int]
    modules: list[tuple[str, int]]
    highest: float | None = None
    marks: list[tuple[int, int, float]] | None = None
    parts: list[tuple[int, int, str]] | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Told:
    """What one row says: states by the place of the module in the file, or an attempt; None: a person without one."""

    mail: str
    name: str
    user: int | None
    states: list[tuple[int, int, str | None]] | None = None
    attempt: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    rows: tuple[Told, ...]
    read: int
    offset: int
    ended: bool


def inspect(path: Path) -> Shape:
    """Which report it is and where its columns are, by the head of the file. Raises Invalid."""
    encoding, delimiter, heads, start = export_lines.begin(path)
    folded = [head.casefold() for head in heads]
    known = {name: at for name, names in _HEADS.items() if (at := _first(folded, names)) is not None}
    if len(known.keys() & {"state", "started", "finished", "lasted"}) >= _SIGNS:
        return _quiz(heads, known, encoding, delimiter, start)
    if heads[0] == "":
        modules, report = _pairs(heads, lambda _name, second: second == ""), "progress"
        places = {"name": 0}
    elif folded[0] in _NUMBER:
        modules, report = _pairs(heads, lambda name, second: second.startswith(f"{name} - ")), "completion"
        places = {"user": 0, "name": 1}
    else:
        raise Invalid(NO_REPORT, found=_listed(heads))
    places["mail"] = _demand(known, "mail", heads)
    if not modules:
        raise Invalid(NO_MODULES, last=heads[places["mail"]])
    return Shape(report, encoding, delimiter, len(heads), start, places, modules)


def _quiz(heads: list[str], known: dict[str, int], encoding: str, delimiter: str, start: int) -> Shape:
    places = {name: _demand(known, name, heads) for name in _HEADS}
    graded = next(((at, found[1]) for at, head in enumerate(heads) if (found := _GRADE.match(head))), None)
    if graded is None:
        raise Invalid(NO_COLUMN, wanted="Grade / Оценка", found=_listed(heads))
    places["grade"] = graded[0]
    marks = [
        (at, int(found[1]), report_cells.number(found[2]) or 0.0)
        for at, head in enumerate(heads)
        if (found := _MARK.match(head))
    ]
    parts = [
        (at, int(found[1]), part)
        for at, head in enumerate(heads)
        for part, pattern in _PARTS.items()
        if (found := pattern.match(head))
    ]
    report, highest = "responses" if parts else "overview", report_cells.number(graded[1])
    return Shape(report, encoding, delimiter, len(heads), start, places, [], highest, marks, parts)


def _first(heads: Sequence[str], names: tuple[str, ...]) -> int | None:
    return next((at for at, head in enumerate(heads) if head in names), None)


def _demand(known: Mapping[str, int], name: str, heads: list[str]) -> int:
    if name not in known:
        english, russian = _HEADS[name][:2]
        raise Invalid(NO_COLUMN, wanted=f"{english.capitalize()} / {russian.capitalize()}", found=_listed(heads))
    return known[name]


def _listed(heads: list[str]) -> str:
    return ", ".join(f"«{head[:40]}»" for head in heads[:20])


def _pairs(heads: list[str], dated: Callable[[str, str], bool]) -> list[tuple[str, int]]:
    """Modules with the column of their state; the column behind it holds the date."""
    return [(heads[at], at) for at in range(1, len(heads) - 1) if heads[at] and dated(heads[at], heads[at + 1])]


def read(path: Path, shape: Shape, clock: Clock, offset: int, after: int, limit: int) -> Piece:
    """At most `limit` rows from that byte on; `after`: rows before it. Raises Invalid: nothing of the file counts."""
    lines = Tracked(export_lines.read(path, shape.encoding, offset), offset, after)
    rows = csv.reader(lines, delimiter=shape.delimiter, strict=True)
    told: list[Told] = []
    number = after
    while number - after < limit:
        try:
            row = next(rows, None)
        except csv.Error:
            raise Invalid(TRUNCATED if lines.ended else DAMAGED, row=number + 2) from None
        if row is None:
            return Piece(tuple(told), number - after, lines.offset, ended=True)
        number += 1
        if not row:
            continue
        if lines.broken:
            raise Invalid(TRUNCATED, row=number + 1)
        if len(row) != shape.columns:
            raise Invalid(DAMAGED, row=number + 1)
        one = _told(row, shape, clock, number + 1)
        if one is not None:
            told.append(one)
    return Piece(tuple(told), number - after, lines.offset, ended=False)


def _told(row: list[str], shape: Shape, clock: Clock, number: int) -> Told | None:
    mail = row[shape.places["mail"]].strip().casefold()
    if shape.report in QUIZ:
        if not mail:  # the averages at the end
            return None
        name = f"{row[shape.places['first']].strip()} {row[shape.places['last']].strip()}".strip()
        return Told(mail, name, None, attempt=_attempt(row, shape, clock, number))
    user = row[shape.places["user"]].strip() if "user" in shape.places else None
    if not mail or (user is not None and not user.isdecimal()):
        raise Invalid(DAMAGED, row=number)
    states = []
    for place, (_name, at) in enumerate(shape.modules):
        moment = report_cells.moment(clock, row[at + 1], number)
        states.append((place, report_cells.completion(row[at], number), moment))
    return Told(mail, row[shape.places["name"]].strip(), int(user) if user else None, states)


def _attempt(row: list[str], shape: Shape, clock: Clock, number: int) -> dict[str, Any] | None:
    """None where the person has made none."""
    cells = {name: row[at].strip() for name, at in shape.places.items()}
    if cells["state"] in report_cells.NOTHING:
        return None
    state = report_cells.attempt_state(cells["state"], number)
    started = report_cells.moment(clock, cells["started"], number)
    finished = report_cells.moment(clock, cells["finished"], number)
    return {
        "state": state, "started": started, "finished": finished,
        "seconds": report_cells.seconds(cells["lasted"], started, finished),
        "grade": report_cells.number(cells["grade"]), "highest": shape.highest,
        "answers": _answers(row, shape, over=finished is not None),
    }  # fmt: skip


def _answers(row: list[str], shape: Shape, *, over: bool) -> list[dict[str, Any]]:
    """By question, as far as this report tells it."""
    found: dict[int, dict[str, Any]] = {}
    for at, slot, highest in shape.marks or ():
        mark = report_cells.number(row[at])
        state = report_cells.judged(row[at].strip(), mark, highest, over=over)
        found[slot] = report_cells.answer(slot) | {"mark": mark, "highest": highest, "state": state}
    for at, slot, part in shape.parts or ():
        one, cell = found.setdefault(slot, report_cells.answer(slot)), row[at].strip()
        one[part] = "" if cell in report_cells.NOTHING else cell[:2000]
    for one in found.values():
        if not one["state"]:
            one["state"] = report_cells.compared(one["given"], one["right"], over=over)
    return [found[slot] for slot in sorted(found)]
