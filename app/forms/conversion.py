"""Numbers and dates as people write them in Russian and in English."""

import re
from datetime import date

from app.engine import Json

_NUMBER = re.compile(r"([+-]?)(\d{1,15})(?:[.,](\d{1,12}))?", re.ASCII)
_GROUPED = re.compile(r"(?<=\d)[ \u00a0\u202f\u2009](?=\d{3}(?!\d))", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_LOCAL = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})", re.ASCII)
_IN_WORDS = re.compile(r"(\d{1,2}) ([а-яёa-z]+)\.? (\d{4})(?: ?г\.?| года)?")
_MONTHS = (
    ("янв", "jan"), ("фев", "feb"), ("мар", "mar"), ("апр", "apr"), ("мая", "may"), ("июн", "jun"),
    ("июл", "jul"), ("авг", "aug"), ("сен", "sep"), ("окт", "oct"), ("ноя", "nov"), ("дек", "dec"),
)  # fmt: skip


def read_number(text: str) -> int | float | None:
    """12, 12.5, 12,5, 1 234,5; a whole number is an int. None where it is something else (1e5, 1,234.5, ½)."""
    found = _NUMBER.fullmatch(_GROUPED.sub("", text).replace("\u2212", "-"))
    if found is None:
        return None
    sign, whole, fraction = found.groups()
    if not (fraction or "").strip("0"):
        return int(sign + whole)
    return float(f"{sign}{whole}.{fraction}")


def read_date(text: str) -> date | None:
    """22.11.2026, 22/11/2026, 2026-11-22, 22 ноября 2026, 22 November 2026; else None."""
    if found := _ISO.fullmatch(text):
        year, month, day = found.groups()
    elif found := _LOCAL.fullmatch(text):
        day, month, year = found.groups()
    elif found := _IN_WORDS.fullmatch(text.casefold()):
        day, name, year = found.groups()
        month = next((str(n) for n, both in enumerate(_MONTHS, 1) if name.startswith(both)), "0")
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def is_blank(raw: Json) -> bool:
    """Nothing was typed, chosen or attached; a row counts by its fields. False as an answer is not blank."""
    if isinstance(raw, dict):
        return all(is_blank(one) for one in raw.values())
    if isinstance(raw, list):
        return all(is_blank(one) for one in raw)
    return raw is None or raw == ""


def same(one: Json, other: Json) -> bool:
    """Equal as JSON: 1 is 1.0, but true is not 1."""
    return isinstance(one, bool) == isinstance(other, bool) and one == other
