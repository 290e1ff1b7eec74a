"""Times as the platform writes them into an export: in the language and the zone of whoever downloads it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_NUMBERS = re.compile(
    r"(\d{1,4})[./-](\d{1,2})[./-](\d{2,4}),?\s+(?:в\s+)?(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?\s*([AaPp])?\.?[Mm]?\.?\Z"
)
_WORDS = re.compile(
    r"(?:\w+,\s+)?(\d{1,2})\s+([^\W\d]+)\.?\s+(\d{4})(?:\s*г\.?)?,?\s+(?:в\s+)?(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?\s*([AaPp])?\.?[Mm]?\.?\Z"
)
_MONTHS = (
    ("jan", "янв"), ("feb", "фев"), ("mar", "мар"), ("apr", "апр"), ("may", "ма"), ("jun", "июн"),
    ("jul", "июл"), ("aug", "авг"), ("sep", "сен"), ("oct", "окт"), ("nov", "ноя"), ("dec", "дек"),
)  # fmt: skip
_CENTURY = 2000
_SLACK = timedelta(days=1)
"""The clocks of two machines, and a zone chosen wrong by some hours."""


class Unreadable(ValueError):
    """No time of any form we know."""


@dataclass(frozen=True, slots=True)
class Clock:
    """`zone` and order of day and month in which the times are written; `now` is when they are read."""

    zone: str
    day_first: bool
    now: datetime

    def read(self, text: str) -> datetime:
        """In UTC. Raises Unreadable."""
        return _read(text.strip(), self.zone, self.day_first)

    def is_future(self, at: datetime) -> bool:
        return at > self.now + _SLACK


@lru_cache(maxsize=4096)
def _read(text: str, zone: str, day_first: bool) -> datetime:
    """Kept for a while: thousands of rows share a second."""
    numbers = _NUMBERS.match(text)
    found = numbers or _WORDS.match(text)
    if found is None:
        raise Unreadable(text)
    year, month, day = _date(found, day_first) if numbers else _worded(found)
    hour = int(found[4])
    if found[7]:
        hour = hour % 12 + (12 if found[7] in "pP" else 0)
    try:
        local = datetime(year, month, day, hour, int(found[5]), int(found[6] or 0), tzinfo=ZoneInfo(zone))
    except ValueError:
        raise Unreadable(text) from None
    return local.astimezone(UTC)


def _date(found: re.Match[str], day_first: bool) -> tuple[int, int, int]:
    one, two, three = int(found[1]), int(found[2]), int(found[3])
    if len(found[1]) == len("2026"):
        return one, two, three
    if len(found[1]) > len("22"):
        raise Unreadable(found[0])
    year = three if len(found[3]) == len("2026") else _CENTURY + three
    return (year, two, one) if day_first else (year, one, two)


def _worded(found: re.Match[str]) -> tuple[int, int, int]:
    word = found[2].casefold()
    for month, beginnings in enumerate(_MONTHS, 1):
        if word.startswith(beginnings):
            return int(found[3]), month, int(found[1])
    raise Unreadable(found[0])
