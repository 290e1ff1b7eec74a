"""Small charts, drawn here as SVG: on a page, on paper and in a PDF the same drawing.

Places along the width are percentages, so that a chart fits a telephone and a sheet of A4 alike while its letters keep
their size. Colours are plain attributes, which a PDF takes; on pages `charts.css` gives the classes the colours of the
theme. Every chart has an accessible name and says each number in a `title`; the table stands beside it on the page.
In a document a chart is an asset: `<img src="asset:marks.svg" alt="…">`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import wrap
from typing import Literal

from markupsafe import Markup

LINE, BAR, GAP = 16, 18, 12
"""Heights in pixels: a line of 13-pixel text, a bar, the space between two rows."""
WIDEST = 40
"""Letters that fit side by side in a panel of a page of 360 pixels: a label and the number at its right together."""
MOST_LINES = 3
PLOT = 110
_SOLID, _INK = "#0b5a70", "currentColor"
_STEPS = (("#08475a", "#ffffff"), ("#8fc3d2", "#162024"), ("#e9edef", "#162024"), ("#7a4d00", "#ffffff"))
"""Fill and ink of the four steps, the best first: dark, middle, pale, and another hue for the worst."""
_FONT = "PT Serif Latin, PT Serif Cyrillic, Liberation Serif, DejaVu Serif, serif"
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of `bars`: `shown` is the number in the reader's words (40 %, 12 of 30)."""

    label: str
    value: float
    shown: str


@dataclass(frozen=True, slots=True)
class Stack:
    """A row of `stacked`: counts in the order of the steps; `shown` stands at the right of the label (12 answers)."""

    label: str
    counts: Sequence[int]
    shown: str


@dataclass(frozen=True, slots=True)
class Point:
    """A day, week or quarter; None where nothing is known, which is not zero: the line has a gap there."""

    label: str
    value: float | None
    shown: str = ""


def bars(title: str, rows: Sequence[Bar], *, highest: float | None = None, description: str = "") -> Markup:
    """Horizontal bars, label and number above each; a full bar is `highest`, else the greatest value."""
    full = _highest([row.value for row in rows], highest)
    parts: list[str] = []
    y = 0
    for row in rows:
        y = _heading(parts, row.label, row.shown, y)
        width = min(100.0, 100 * row.value / full)
        parts.append(_rect(0, y, 100, BAR, "track", "none", stroke=True))
        parts.append(_rect(0, y, width, BAR, "bar", _SOLID, f"{row.label}: {row.shown}"))
        y += BAR + GAP
    return _drawing(title, description, parts, y - GAP)


def stacked(title: str, steps: Sequence[str], rows: Sequence[Stack], *, description: str = "") -> Markup:
    """Shares of a scale of at most four steps, the best first; the counts stand in the bars, the key once above."""
    if len(steps) > len(_STEPS) or any(len(row.counts) != len(steps) for row in rows):
        raise ValueError("a scale has at most four steps, and each row a count for every one")
    parts: list[str] = []
    y = _key(parts, steps)
    for row in rows:
        y = _heading(parts, row.label, row.shown, y)
        _segments(parts, row, steps, y)
        y += BAR + GAP
    return _drawing(title, description, parts, y - GAP)


def over_time(
    title: str,
    points: Sequence[Point],
    *,
    shape: Literal["columns", "line"] = "columns",
    highest: float | None = None,
    description: str = "",
) -> Markup:
    """Columns (counts) or a line (a level) through time; zero is the base line, the telling values are written."""
    full = _highest([point.value for point in points if point.value is not None], highest)
    slot = 100 / max(len(points), 1)
    base = LINE + PLOT
    placed = [
        (slot * (number + 0.5), base - PLOT * min(1.0, point.value / full), point)
        for number, point in enumerate(points)
        if point.value is not None
    ]
    parts = list(_columns(placed, slot, base) if shape == "columns" else _trace(placed, slot))
    parts.append(_rule(0, base, 100, base, "axis"))
    for x, y, point in _told(placed):
        parts.append(_text(x, y - 5, point.shown or f"{point.value:g}", "number", _anchor(x)))
    below = [_cut(point.label, 16) for point in points]
    for number in _dated(below):
        x = slot * (number + 0.5)
        parts.append(_text(x, base + LINE, below[number], "when", _anchor(x), points[number].label))
    return _drawing(title, description, parts, base + LINE + 6)


def sparkline(title: str, values: Sequence[float | None], *, width: int = 96, height: int = 20) -> Markup:
    """A line of a word's size in pixels for a table's cell; the last known value has a dot."""
    full = _highest([value for value in values if value is not None], None)
    step = (width - 6) / max(len(values) - 1, 1)
    known = [
        (number, 3 + number * step, height - 3 - (height - 6) * value / full)
        for number, value in enumerate(values)
        if value is not None
    ]
    lines = [
        f'<line class="trace" x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" '
        f'stroke="{_SOLID}" stroke-width="1.5"/>'
        for (first, x1, y1), (second, x2, y2) in pairwise(known)
        if second == first + 1
    ]
    if known:
        _, x, y = known[-1]
        lines.append(f'<circle class="dot" cx="{_n(x)}" cy="{_n(y)}" r="2.5" fill="{_SOLID}"/>')
    return Markup(  # noqa: S704 - every text in it is escaped
        f'<svg xmlns="http://www.w3.org/2000/svg" class="spark" width="{width}" height="{height}" role="img">'
        f"<title>{_escape(title)}</title>{''.join(lines)}</svg>"
    )


def _segments(parts: list[str], row: Stack, steps: Sequence[str], y: int) -> None:
    total = sum(row.counts)
    _highest(row.counts, None)
    x = 0.0
    for number, (step, count) in enumerate(zip(steps, row.counts, strict=True)):
        if not count:
            continue
        width = 100 * count / total
        fill, ink = _STEPS[number]
        parts.append(_rect(x, y, width, BAR, f"step{number + 1}", fill, f"{row.label}. {step}: {count}"))
        if width > 2.5 * len(str(count)):  # a narrower piece says its number in its title and in the table
            parts.append(_text(x + width / 2, y + 13, str(count), f"in{number + 1}", "middle", ink=ink))
        x += width
    parts.append(_rect(0, y, 100, BAR, "frame", "none", stroke=True))


def _key(parts: list[str], steps: Sequence[str]) -> int:
    """Two below each other, two columns: four Russian words do not fit into one line of a telephone."""
    for number, step in enumerate(steps):
        x, y = 38 * (number // 2), (number % 2) * (LINE + 4)
        fill, _ = _STEPS[number]
        parts.append(
            f'<rect class="step{number + 1} swatch" x="{x}%" y="{y + 2}" width="12" height="12" '
            f'fill="{fill}" stroke="#7b878d"/>'
        )
        parts.append(_text(x, y + 13, _cut(step, 22), "key", "start", step, dx=18))
    return min(len(steps), 2) * (LINE + 4) + GAP // 2


def _heading(parts: list[str], label: str, shown: str, y: int) -> int:
    """The label in as many lines as it needs, the number at the right of the first; where they end."""
    room = max(12, WIDEST - len(shown) - 2)
    lines = wrap(_clean(label), room, max_lines=MOST_LINES, placeholder="…") or [""]
    whole = "" if " ".join(lines) == " ".join(_clean(label).split()) else label
    for number, line in enumerate(lines):
        parts.append(_text(0, y + 12 + number * LINE, line, "label", "start", whole))
    parts.append(_text(100, y + 12, shown, "number", "end"))
    return y + len(lines) * LINE + 2


Placed = tuple[float, float, Point]


def _columns(placed: Sequence[Placed], slot: float, base: int) -> Iterator[str]:
    for x, y, point in placed:
        spoken = f"{point.label}: {point.shown or f'{point.value:g}'}"
        yield _rect(x - slot * 0.36, y, slot * 0.72, base - y, "bar", _SOLID, spoken)


def _trace(placed: Sequence[Placed], slot: float) -> Iterator[str]:
    for (x1, y1, _), (x2, y2, _) in pairwise(placed):
        if x2 - x1 < slot * 1.5:  # the next one: further apart something is unknown between them
            yield _rule(x1, y1, x2, y2, "trace", _SOLID, 2)
    for x, y, point in placed:
        spoken = f"{point.label}: {point.shown or f'{point.value:g}'}"
        yield (
            f'<circle class="dot" cx="{_n(x)}%" cy="{_n(y)}" r="{3 if len(placed) <= 60 else 1.5}" fill="{_SOLID}">'
            f"<title>{_escape(spoken)}</title></circle>"
        )


def _told(placed: Sequence[Placed]) -> list[Placed]:
    """Whose value is written: all where there is room, else the greatest, and the last where it stands free."""
    if len(placed) <= 8:  # each then has the width of a number with four digits
        return list(placed)
    before, last = placed[-2:]
    highest = min(y for _, y, _ in placed)
    greatest = next(one for one in reversed(placed) if one[1] == highest)
    apart = last[0] - greatest[0] > 12  # per cent of the width: two numbers beside each other
    return [greatest, last] if apart and last[1] <= before[1] else [greatest]


def _dated(labels: Sequence[str]) -> list[int]:
    """Which points are named below: the first, the last, and as many between as fit side by side on a telephone."""
    last = len(labels) - 1
    most = list(range(last + 1)) if last < 4 else [0, round(last / 3), round(last * 2 / 3), last]
    for named in (most if last < 4 or last >= 8 else [0, (last + 1) // 2, last], [0, (last + 1) // 2, last]):
        if sum(len(labels[number]) + 2 for number in named) <= WIDEST + 2:
            return named
    return sorted({0, last})


def _anchor(x: float) -> str:
    return "start" if x < 12 else "end" if x > 88 else "middle"  # letters stay inside the drawing


def _drawing(title: str, description: str, parts: Sequence[str], height: int) -> Markup:
    told = f"<desc>{_escape(description)}</desc>" if description else ""
    return Markup(  # noqa: S704 - every text in it is escaped
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" width="100%" height="{max(height, 1)}" role="img" '
        f'font-family="{_FONT}" font-size="13"><title>{_escape(title)}</title>{told}{"".join(parts)}</svg>'
    )


def _rect(
    x: float, y: float, width: float, height: float, name: str, fill: str, title: str = "", *, stroke: bool = False
) -> str:
    line = ' stroke="#7b878d" stroke-width="0.75"' if stroke else ""
    told = f"<title>{_escape(title)}</title>" if title else ""
    return (
        f'<rect class="{name}" x="{_n(x)}%" y="{_n(y)}" width="{_n(width)}%" height="{_n(height)}" fill="{fill}"{line}>'
        f"{told}</rect>"
    )


def _rule(x1: float, y1: float, x2: float, y2: float, name: str, colour: str = "#7b878d", width: float = 1) -> str:
    return (
        f'<line class="{name}" x1="{_n(x1)}%" y1="{_n(y1)}" x2="{_n(x2)}%" y2="{_n(y2)}" '
        f'stroke="{colour}" stroke-width="{width}"/>'
    )


def _text(
    x: float, y: float, words: str, name: str, anchor: str, whole: str = "", *, ink: str = _INK, dx: int = 0
) -> str:
    told = f"<title>{_escape(whole)}</title>" if whole and whole != words else ""
    aside = f' dx="{dx}"' if dx else ""
    return (
        f'<text class="{name}" x="{_n(x)}%" y="{_n(y)}"{aside} text-anchor="{anchor}" fill="{ink}">'
        f"{told}{_escape(words)}</text>"
    )


def _highest(values: Sequence[float], given: float | None) -> float:
    """What a full bar means; ValueError for what cannot be drawn from zero."""
    if any(not 0 <= value < float("inf") for value in values):
        raise ValueError("only finite numbers from zero up are drawn")
    return given or max(values, default=0) or 1


def _cut(words: str, most: int) -> str:
    words = _clean(words)
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def _clean(words: str) -> str:
    return _NOT_IN_XML.sub("", words)


def _escape(words: str) -> str:
    return _clean(words).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
