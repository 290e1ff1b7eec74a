"""A letter's words: the release's template in the recipient's language, filled; a calendar entry for its deadline."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from app.engine import Json
from app.engine.templates import Template, compile_template
from app.errors import PermanentFailure
from app.i18n import LOCALES, Locale

EVERYWHERE = "processes/letters"
_GAP = re.compile(r"\n[ \t]*\n\s*\n*")


@dataclass(frozen=True, slots=True)
class Composed:
    """Subject and text, ready to be sent."""

    title: str
    text: str


def compose(files: Mapping[str, bytes], folder: str, name: str, locale: Locale, facts: Mapping[str, Json]) -> Composed:
    """The letter of that name: the procedure's own, else that for all procedures. PermanentFailure: there is none.

    The first line of a template is the subject; a blank line follows.
    """
    path = find(files, folder, name, locale)
    if path is None:
        raise PermanentFailure(f"the release has no letter {name!r} for {folder!r}", "no_letter")
    text = _template(files[path].decode()).render(facts)
    title, _, body = text.partition("\n")
    return Composed(" ".join(title.split()), _GAP.sub("\n\n", body).strip() + "\n")


def find(files: Mapping[str, bytes], folder: str, name: str, locale: Locale) -> str | None:
    """Path of the template; in the other language where this one is missing (the check reports the gap).

    A procedure that another one has called finds its letters as well: they stand in a folder of their own.
    """
    for language in (locale, *(one for one in LOCALES if one != locale)):
        for place in (f"processes/{folder}/letters", EVERYWHERE):
            path = f"{place}/{name}.{language}.txt"
            if path in files:
                return path
        called = sorted(path for path in files if path.endswith(f"/letters/{name}.{language}.txt"))
        if called:
            return called[0]
    return None


@lru_cache(maxsize=256)
def _template(source: str) -> Template:
    return compile_template(source, html=False)


def calendar_entry(uid: str, summary: str, day: date, link: str) -> str:
    """An all-day entry (RFC 5545) on the day by which an answer is expected."""
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//COOMET//COOMET Courses//RU",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{day:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escaped(summary)}",
        f"URL:{link}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "\r\n".join(part for line in lines for part in _folded(line)) + "\r\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> list[str]:
    """Lines of at most 75 bytes, continued with a space."""
    parts, current = [], ""
    for character in line:
        if len((current + character).encode()) > 73:
            parts.append(current)
            current = " "
        current += character
    return [*parts, current]
