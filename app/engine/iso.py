"""ISO 8601 dates, durations and repetitions, as far as timers and deadlines use them; pure."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.engine.expressions_errors import error

MOST_YEARS = 50
MOST_REPETITIONS = 1_000
SHORTEST_INTERVAL = 60
"""Seconds between two firings of a cycle; less would flood inboxes and the log."""
FIRST_YEAR, LAST_YEAR = 2000, 2199

_DURATION = re.compile(
    r"P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", re.ASCII
)
_CYCLE = re.compile(r"R(\d*)/(?:([^/]+)/)?(P[^/]+)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(Z|[+-]\d\d:\d\d)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Duration:
    """P3Y6M4W2DT4H30M5S, whole numbers only; months and days keep their meaning on the calendar."""

    months: int
    days: int
    seconds: int

    def after(self, moment: datetime) -> datetime:
        """The moment that much later: months first (31 January + P1M = the last of February), then days, seconds.

        In the moment's own zone, so that P1D is the same hour of the next day also when the clocks change.
        """
        year, month = divmod(moment.year * 12 + moment.month - 1 + self.months, 12)
        day = min(moment.day, calendar.monthrange(year, month + 1)[1])
        moved = moment.replace(year=year, month=month + 1, day=day) + timedelta(days=self.days)
        if not self.seconds:
            return moved
        if moved.tzinfo is None:
            return moved + timedelta(seconds=self.seconds)
        return datetime.fromtimestamp(moved.timestamp() + self.seconds, moved.tzinfo)

    def shortest(self) -> int:
        """Seconds it lasts at least, whatever the calendar."""
        return (self.months * 28 + self.days) * 86_400 + self.seconds

    def longest(self) -> int:
        """Seconds it lasts at most."""
        return (self.months * 31 + self.days) * 86_400 + self.seconds


@dataclass(frozen=True, slots=True)
class Cycle:
    """R3/P2D: `count` firings, `interval` apart, the first one interval after `start` (None: after it is set)."""

    count: int
    interval: Duration
    start: datetime | None


def parse(text: str) -> Duration | Cycle | datetime | date:
    """What the text says. Raises ExpressionError: not ISO 8601, no offset, out of bounds, R/PT0S."""
    if len(text) > 80:
        raise error("not_time", given=text)
    if text.startswith("R"):
        return _cycle(text)
    if text.startswith("P"):
        return _duration(text)
    return _date(text)


def _duration(text: str) -> Duration:
    found = _DURATION.fullmatch(text)
    if not found or any(part and len(part) > 12 for part in found.groups()):
        raise error("not_time", given=text)
    years, months, weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    duration = Duration(years * 12 + months, weeks * 7 + days, hours * 3_600 + minutes * 60 + seconds)
    if duration.longest() > MOST_YEARS * 12 * 31 * 86_400:
        raise error("duration_long", given=text, most=MOST_YEARS)
    return duration


def _cycle(text: str) -> Cycle:
    found = _CYCLE.fullmatch(text)
    if not found:
        raise error("not_time", given=text)
    count, start, interval = found.groups()
    if not count or len(count) > 6 or not 1 <= int(count) <= MOST_REPETITIONS:
        raise error("cycle_count", given=text, most=MOST_REPETITIONS)
    every = _duration(interval)
    if every.shortest() < SHORTEST_INTERVAL:
        raise error("cycle_short", given=text)
    began = _date(start) if start else None
    if start and not isinstance(began, datetime):
        raise error("no_offset", given=start)
    return Cycle(int(count), every, began if isinstance(began, datetime) else None)


def _date(text: str) -> datetime | date:
    moment = _MOMENT.fullmatch(text)
    if moment and not moment.group(1):
        raise error("no_offset", given=text)
    try:
        found = datetime.fromisoformat(text) if moment else date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise error("not_time", given=text)
    return found
