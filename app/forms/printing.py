"""A filled-in form for reading: on a page, in a document, in a letter."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.engine import Json
from app.forms.answers import options_of
from app.forms.cleaning import clean_line
from app.forms.conditions import holds
from app.forms.conversion import is_blank, read_date
from app.forms.messages import in_words
from app.forms.model import Context, Field, Form, Group
from app.forms.sizes import file_size
from app.i18n import Locale, _, format_date, use_locale

NOTHING_SAID = "—"


@dataclass(frozen=True, slots=True)
class Printed:
    """One question with its answer in words. `text` is the answer of a line; the others have their own part."""

    label: str
    kind: Literal["heading", "line", "lines", "list", "files", "table"]
    text: str = ""
    """Of a heading: the prose under it."""
    lines: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    """Id, and name with size."""
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def present(form: Form, values: Mapping[str, Json], locale: Locale, context: Context | None = None) -> list[Printed]:
    """Typed values in words of that language: dates, options, rows as tables; — where a shown field has no answer.

    Read-only fields are taken from `values` (a submission keeps what was shown), else from `context.current`.
    """
    around = context or Context()
    with use_locale(locale):
        return _sections(form.group, {**around.current, **values}, around)


def _sections(group: Group, values: Mapping[str, Json], context: Context) -> list[Printed]:
    """A heading is printed with the first field under it."""
    answers: dict[str, Json] = {}
    printed: list[Printed] = []
    heading: Printed | None = None
    for one in group.fields:
        if not holds(one.visible_if, answers):
            continue
        if one.kind == "heading":
            heading = Printed(str(one.label), "heading", str(one.help))
            continue
        value = values.get(one.name)
        if value is not None:
            answers[one.name] = value
        printed += [heading] if heading else []
        heading = None
        printed.append(present_field(one, value, context))
    return printed


def present_field(one: Field, value: Json, context: Context) -> Printed:
    """One answer in words of the current language."""
    label = str(one.label)
    if one.rows is not None:
        return _table(label, one.rows, value, context)
    if is_blank(value):
        return Printed(label, "line", NOTHING_SAID)
    if one.kind == "file":
        ids = value if isinstance(value, list) else [value]
        return Printed(label, "files", files=tuple((str(id_), _file(str(id_), context)) for id_ in ids))
    if isinstance(value, list):
        return Printed(label, "list", lines=tuple(_word(one, each, context) for each in value))
    words = _word(one, value, context)
    if one.kind == "textarea" or "\n" in words:
        return Printed(label, "lines", lines=tuple(words.split("\n")))
    return Printed(label, "line", words)


def _word(one: Field, value: Json, context: Context) -> str:
    if isinstance(value, bool):
        raw = "true" if value else "false"
        default = _("Yes") if value else _("No")
        return next((str(option.label) for option in one.options if option.value == raw), default)
    if isinstance(value, str) and one.kind in ("radio", "select", "checkboxes"):
        return next(
            (str(option.label) for option in options_of(one, context) if option.value == value), in_words(value)
        )
    if isinstance(value, str) and one.kind == "date":
        day = read_date(value)
        return format_date(day) if day else in_words(value)
    return in_words(value)


def _file(id_: str, context: Context) -> str:
    stored = context.files.get(id_)
    return f"{clean_line(stored.name)} ({file_size(stored.size)})" if stored else _("a file that is not shown here")


def _table(label: str, group: Group, value: Json, context: Context) -> Printed:
    rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
    if not rows:
        return Printed(label, "line", NOTHING_SAID)
    cells = tuple(tuple(_cell(one, row, context) for one in group.inputs) for row in rows)
    return Printed(label, "table", head=tuple(str(one.label) for one in group.inputs), rows=cells)


def _cell(one: Field, row: Mapping[str, Json], context: Context) -> str:
    printed = present_field(one, row.get(one.name), context)
    return printed.text or "\n".join(printed.lines or [words for _id, words in printed.files])
