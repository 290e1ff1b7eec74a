"""ISO 8601 dates, durations and repetitions, as far as timers and deadlines use them; pure."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Duration:
    """P3Y6M4W2DT4H30M5S, whole numbers only; months and days keep their meaning on the calendar."""

    months: int
    days: int
    seconds: int

    def after(self, moment: datetime) -> datetime:
        """The moment that much later: months first (31 January + P1M = the last of February), then days, seconds."""
        raise NotImplementedError(moment)


@dataclass(frozen=True, slots=True)
class Cycle:
    """R3/P2D: `count` firings, `interval` apart, the first one interval after `start` (None: after it is set)."""

    count: int
    interval: Duration
    start: datetime | None


def parse(text: str) -> Duration | Cycle | datetime | date:
    """What the text says. Raises ExpressionError: not ISO 8601, no offset, out of bounds, R/PT0S."""
    raise NotImplementedError(text)
