"""Functions that only letters or decision tables offer."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app.engine import iso
from app.engine.expressions_errors import error, kind_names
from app.engine.functions import Function
from app.engine.values import Fuel, Value
from app.i18n import Text, format_date


def _day(name: str, value: Value) -> date:
    if type(value) is not str:
        raise error("argument", name=name, **kind_names(value))
    found = iso.parse(value)
    if not isinstance(found, date):
        raise error("not_time", given=value)
    return found


def written_date(fuel: Fuel, value: Value) -> str:
    """22 ноября 2026 / 22 November 2026, in the language of the letter; of a time only its date."""
    fuel.spend(500)
    return format_date(_day("date", value))


def plural(fuel: Fuel, count: Value, *forms: Value) -> str:
    """Two forms: English (day, days). Three: Russian (день, дня, дней)."""
    fuel.spend(10)
    if type(count) is not int or not all(type(form) is str for form in forms):
        raise error("argument", name="plural", **kind_names(count))
    tens, ones = abs(count) % 100, abs(count) % 10
    if len(forms) == 2:
        return str(forms[count != 1])
    if 11 <= tens <= 14 or ones == 0 or ones >= 5:
        return str(forms[2])
    return str(forms[0 if ones == 1 else 1])


def same_date(fuel: Fuel, value: Value) -> str:
    """The date of a table's cell as the ISO text that data hold, checked."""
    fuel.spend(20)
    found = _day("date", value)
    if isinstance(found, datetime):
        raise error("not_time", given=value)
    return found.isoformat()


def _table(*rows: tuple[str, Any, tuple[int, int], str, Text]) -> Mapping[str, Function]:
    return {name: Function(name, run, least, most, usage, text) for name, run, (least, most), usage, text in rows}


TEMPLATE_FUNCTIONS = _table(
    ("date", written_date, (1, 1), "date(due)", Text(ru="дата словами", en="the date in words")),
    (
        "plural",
        plural,
        (3, 4),
        "plural(n, 'день', 'дня', 'дней'), plural(n, 'day', 'days')",
        Text(ru="форма слова по числу", en="form of the word for the number"),
    ),
)
DECISION_FUNCTIONS = _table(
    ("date", same_date, (1, 1), 'date("2026-12-31")', Text(ru="дата", en="a date")),
)
