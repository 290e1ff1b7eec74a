"""What differs between two states of a file, told in a sentence a change, in both languages."""

from dataclasses import dataclass
from typing import Literal

from app.i18n import Text

How = Literal["added", "removed", "changed", "moved"]
NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class Difference:
    """One change that a person can judge. `before` and `after`: the values, empty where there was or is none."""

    file: str
    how: How
    message: Text
    """The whole sentence."""
    subject: Text = NOTHING
    """What has changed, as it is called."""
    property: Text = NOTHING
    """Which of its properties."""
    before: Text = NOTHING
    after: Text = NOTHING
    element: str | None = None
    """Id of what is drawn in a diagram."""
    process: str | None = None
    """Of a diagram with several processes."""


def quoted(name: Text) -> Text:
    return Text(f"«{name.into('ru')}»", f"“{name.into('en')}”")


def plain(value: str) -> Text:
    """The same in both languages."""
    return Text(value, value)


def changed(file: str, subject: Text, label: Text, before: Text, after: Text, element: str | None = None) -> Difference:
    """A property that has another value, a value for the first time, or none any more."""
    return Difference(file, "changed", _sentence(subject, label, before, after), subject, label, before, after, element)


def _sentence(subject: Text, label: Text, before: Text, after: Text) -> Text:
    if not _said(before):
        return Text(
            f"{_capital(subject.ru)}: {label.ru} – теперь {after.into('ru')}; раньше не было.",
            f"{_capital(subject.en)}: the {label.en} is {after.into('en')} now; there was none.",
        )
    if not _said(after):
        return Text(
            f"{_capital(subject.ru)}: {label.ru} – больше нет; было {before.into('ru')}.",
            f"{_capital(subject.en)}: there is no {label.en} any more; it was {before.into('en')}.",
        )
    return Text(
        f"{_capital(subject.ru)}: {label.ru} – {after.into('ru')}; было {before.into('ru')}.",
        f"The {label.en} of {subject.en} is {after.into('en')}; it was {before.into('en')}.",
    )


def _said(value: Text) -> bool:
    return bool(value.ru or value.en)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
