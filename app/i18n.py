"""Two equal languages: texts, plurals, dates, sorting and a search that forgives look-alike letters (reading A57)."""

import io
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

Locale = Literal["ru", "en"]
LOCALES: tuple[Locale, ...] = ("ru", "en")
CATALOGUES = Path(__file__).parent / "translations"

_locale: ContextVar[Locale] = ContextVar("locale", default="ru")


@dataclass(frozen=True, slots=True)
class Text:
    """One text in both languages, side by side."""

    ru: str
    en: str

    def into(self, locale: Locale) -> str:
        """The text in that language, or in the other where this one is missing (the check reports the gap)."""
        return (self.ru or self.en) if locale == "ru" else (self.en or self.ru)

    def __str__(self) -> str:
        return self.into(current_locale())


def current_locale() -> Locale:
    return _locale.get()


def set_locale(locale: Locale) -> None:
    """Set the language for the rest of this request or job."""
    _locale.set(locale)


@contextmanager
def use_locale(locale: Locale) -> Iterator[None]:
    """The recipient's language for a letter or a document, whoever causes it."""
    token = _locale.set(locale)
    try:
        yield
    finally:
        _locale.reset(token)


def as_locale(value: str | None) -> Locale | None:
    """The locale named by a string from outside, or None."""
    return "ru" if value == "ru" else "en" if value == "en" else None


@cache
def _catalogue(locale: Locale) -> Translations:
    merged = Translations()
    for path in sorted((CATALOGUES / locale).glob("*.po")):
        compiled = io.BytesIO()
        with path.open("rb") as source:
            write_mo(compiled, read_po(source, locale=locale))
        compiled.seek(0)
        one = Translations(compiled)
        merged = one if not merged._catalog else merged.merge(one)
    return merged


def gettext(message: str, **params: object) -> str:
    """The message in the current language, its %(name)s placeholders filled."""
    found = _catalogue(current_locale()).gettext(message) if current_locale() != "en" else message
    return found % params if params else found


_ = gettext


def ngettext(singular: str, plural: str, number: int, **params: object) -> str:
    """The form of the plural that the number wants; %(num)s is filled with it."""
    catalogue = _catalogue(current_locale()) if current_locale() != "en" else Translations()
    return catalogue.ngettext(singular, plural, number) % {"num": number, **params}


_MONTHS = {
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "en": "January February March April May June July August September October November December",
}


def format_date(value: date) -> str:
    """22 ноября 2026 / 22 November 2026."""
    return f"{_day_and_month(value)} {value.year}"


def format_day(value: date, present: date) -> str:
    """22 ноября, with the year only where it is another than the present one."""
    return _day_and_month(value) if value.year == present.year else format_date(value)


def _day_and_month(value: date) -> str:
    return f"{value.day} {_MONTHS[current_locale()].split()[value.month - 1]}"


def format_datetime(value: datetime, zone: str) -> str:
    """A moment in the reader's zone: 22 ноября 2026, 17:30."""
    local = value.astimezone(ZoneInfo(zone))
    return f"{format_date(local.date())}, {local:%H:%M}"


_WEEKDAYS = {
    "ru": "понедельник вторник среда четверг пятница суббота воскресенье",
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
}


def weekday(value: date) -> str:
    """понедельник / Monday."""
    return _WEEKDAYS[current_locale()].split()[value.weekday()]


_LOOK_ALIKE = str.maketrans("abcehkmoptxy", "авсенкмортху")


def fold(text: str) -> str:
    """A form for searching: case, ё/е, accents and Latin letters that look Cyrillic do not matter (A57)."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ё", "е").replace("й", "и"))
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(bare.translate(_LOOK_ALIKE).split())


def sort_key(text: str) -> tuple[str, str]:
    """Sort letters as a reader of Russian or English expects: ё beside е, case last."""
    folded = unicodedata.normalize("NFC", text.casefold())
    return folded.replace("ё", "е"), folded
