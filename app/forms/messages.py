"""What a person is told about an answer, by the keyword that it does not fulfil: always what to do.

Never made from the library's message. Numbers stand where they need no plural.
"""

from collections.abc import Mapping
from datetime import date

from app.engine import Json
from app.errors import N_, Problem
from app.forms.cleaning import clean_text
from app.forms.model import Field
from app.i18n import Text, _, current_locale, format_date


class Fault(Problem):
    """What is wrong with one answer. `words`: the analyst's own text, which then stands for the message."""

    status = 422

    def __init__(self, message: str, words: Text | None = None, **params: object) -> None:
        super().__init__(message, **params)
        self.words = words


_REQUIRED: Mapping[str, str] = {
    "text": N_("Fill this in."),
    "textarea": N_("Write your answer."),
    "number": N_("Write a number."),
    "date": N_("Give the date."),
    "radio": N_("Choose one of the answers."),
    "select": N_("Choose one from the list."),
    "checkbox": N_("Tick the box: without it this cannot be sent."),
    "checkboxes": N_("Tick at least one answer."),
    "file": N_("Attach a file."),
    "rows": N_("Fill in at least one entry."),
}
_FAULTS: Mapping[str, str] = {
    "type": N_("This answer cannot be understood. Write it anew."),
    "type number": N_("Write a number in digits, for example 12 or 12.5."),
    "type integer": N_("Write a whole number in digits, for example 12."),
    "format date": N_("Write the date as day, month, year: 22.11.2026. Check that there is such a day."),
    "format email": N_("Write an e-mail address such as name@example.org."),
    "format file": N_("This file is no longer at hand. Attach it again."),
    "enum": N_("Choose one of the answers offered."),
    "const": N_("With the other answers given, only this is possible here: %(value)s."),
    "pattern": N_("Write it in the form that is asked for."),
    "minLength": N_("Write more: %(limit)s characters at least, now there are %(length)s."),
    "maxLength": N_("Shorten the text: %(limit)s characters at most, now there are %(length)s."),
    "minimum": N_("Write a number of %(limit)s or more."),
    "maximum": N_("Write a number of %(limit)s or less."),
    "minItems": N_("Add more: %(limit)s at least, now there are %(length)s."),
    "maxItems": N_("Take some away: %(limit)s at most, now there are %(length)s."),
    "x-not-before": N_("Give a date not earlier than %(limit)s."),
    "accept": N_("Files of this kind are not taken here. Attach one of these: %(kinds)s."),
    "max_mb": N_("The file is too large: at most %(limit)s MB. Make it smaller or divide it."),
    "bytes": N_("This is more than can be kept here. Shorten it, or attach it as a file."),
}
REFUSED = N_("The page sent an answer that this form does not ask for. It was left out: look at the rest again.")
TOO_MUCH = N_("All answers together are more than can be kept. Shorten the longest, or attach them as files.")
UNKNOWN = N_("This answer does not fit the others.")


def fault(field: Field, keyword: str, **params: object) -> Fault:
    """The fault of a keyword: in the analyst's words where there are some."""
    message = _REQUIRED[field.kind] if keyword == "required" else _faulty(field, keyword)
    return Fault(message, field.messages.get(keyword), **params)


def _faulty(field: Field, keyword: str) -> str:
    if keyword == "type":
        return _FAULTS.get(f"type {field.type}", _FAULTS["type"])
    if keyword == "format":
        return _FAULTS["format email"] if field.email else _FAULTS.get(f"format {field.kind}", _FAULTS["type"])
    if keyword == "const" and field.kind == "checkbox":
        return _REQUIRED["checkbox"]
    return _FAULTS.get(keyword, UNKNOWN)


def params_of(field: Field, keyword: str, wanted: object, value: Json) -> dict[str, object]:
    """The parameters of a message, in no language yet."""
    if keyword in ("minimum", "maximum"):
        return {"limit": wanted}
    if keyword in ("minLength", "maxLength", "minItems", "maxItems"):
        return {"limit": wanted, "length": len(value) if isinstance(value, str | list) else 0}
    if keyword == "const" and field.kind != "checkbox":
        raw = wanted if isinstance(wanted, str) else str(wanted).lower()
        return {"value": next((one.label for one in field.options if one.value == raw), raw)}
    return {}


def say(problem: Problem) -> str:
    """The problem in the current language."""
    if isinstance(problem, Fault) and problem.words is not None:
        return str(problem.words)
    return _(problem.message, **{key: in_words(value) for key, value in problem.params.items()})


def in_words(value: object) -> str:
    """A date or number as the current language writes it; a Text in it."""
    if isinstance(value, date):
        return format_date(value)
    if isinstance(value, float):
        written = f"{value:.12f}".rstrip("0").rstrip(".")
        return written.replace(".", ",") if current_locale() == "ru" else written
    return clean_text(str(value))
