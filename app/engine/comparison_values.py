"""Values of a diagram in words: times, yes and no, lists, and names by which people know roles and forms."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from app.engine.comparison import NOTHING, plain
from app.i18n import Text

MOST = 300
"""Characters of a value that a sentence quotes; the whole stands in the file."""

_DAYS = ("день", "дня", "дней", "day", "days")
_WORKDAYS = ("рабочий день", "рабочих дня", "рабочих дней", "working day", "working days")
_UNITS = {
    "D": _DAYS,
    "W": ("неделя", "недели", "недель", "week", "weeks"),
    "M": ("месяц", "месяца", "месяцев", "month", "months"),
    "Y": ("год", "года", "лет", "year", "years"),
    "TH": ("час", "часа", "часов", "hour", "hours"),
    "TM": ("минута", "минуты", "минут", "minute", "minutes"),
}
_DURATION = re.compile(r"P(T?)(\d{1,4})([DWMYH])", re.ASCII)
_WAITED = re.compile(r"workdays\((\d{1,4})\)", re.ASCII)
_NAMED = re.compile(r"deadline\(([\"'])([\w -]+)\1\)")
_BESIDE = re.compile(r"(before|after)\(([\"'])([\w -]+)\2, *workdays *= *(\d{1,4})\)")


def number_of(count: int, forms: tuple[str, ...]) -> Text:
    """14 рабочих дней, 14 working days."""
    tens, ones = count % 100, count % 10
    many = 11 <= tens <= 14 or ones == 0 or ones >= 5
    russian = forms[2 if many else 0 if ones == 1 else 1]
    return Text(f"{count} {russian}", f"{count} {forms[3 if count == 1 else 4]}")


def time(value: str) -> Text:
    """A deadline or timer as a sentence would have it; what is no simple one stays the expression that it is."""
    text = value.strip()
    if found := _DURATION.fullmatch(text):
        return number_of(int(found[2]), _UNITS.get(found[1] + found[3], _DAYS))
    if found := _WAITED.fullmatch(text):
        return number_of(int(found[1]), _WORKDAYS)
    if found := _NAMED.fullmatch(text):
        return Text(f"срок «{found[2]}»", f"the deadline “{found[2]}”")
    if found := _BESIDE.fullmatch(text):
        days = number_of(int(found[4]), _WORKDAYS)
        where = ("до", "before") if found[1] == "before" else ("после", "after")
        return Text(f"{days.ru} {where[0]} срока «{found[3]}»", f"{days.en} {where[1]} the deadline “{found[3]}”")
    return code(text)


def code(value: str) -> Text:
    """An expression, shortened where it is long."""
    short = " ".join(value.split())
    return plain(short if len(short) <= MOST else f"{short[:MOST]}…")


def quote(value: Text) -> Text:
    """Words of people."""
    return Text(f"«{_short(value.into('ru'))}»", f"“{_short(value.into('en'))}”") if value.ru or value.en else NOTHING


def _short(text: str) -> str:
    return text if len(text) <= MOST else f"{text[:MOST]}…"


def yes(value: bool) -> Text:
    return Text("да", "yes") if value else Text("нет", "no")


def known(words: Mapping[str, Text], kind: str) -> Callable[[str], Text]:
    """Names of a kind (role, form) for people, where `words` has them under `kind:name`."""

    def name(value: str) -> Text:
        found = words.get(f"{kind}:{value}")
        return quote(found) if found else plain(value)

    return name


def worded(value: Any, say: Callable[[str], Text] = code) -> Text:
    """Any value of an element's field; nothing for None, an empty text or list."""
    if value is None or value == () or value == "":
        return NOTHING
    if isinstance(value, bool):
        return yes(value)
    if isinstance(value, tuple):
        parts = [say(str(one)) for one in value]
        return Text(", ".join(part.ru for part in parts), ", ".join(part.en for part in parts))
    return say(str(value))
