"""What can be set of a field in the list, as one flat thing: both ways between it and the two files."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.engine import Json
from app.errors import N_, Invalid
from app.forms.editing.kinds import KINDS, OF_SCHEMA, OF_UI, kind_of
from app.forms.editing.listing import Entry, text
from app.forms.editing.pair import Node
from app.forms.model import NOTHING
from app.i18n import Text

Answer = tuple[str, str, str]
"""Value kept, Russian and English words."""
TESTS = ("equals", "not_equals", "in")
_WHOLE = ("minLength", "maxLength", "minItems", "maxItems")
_DECIMAL = ("minimum", "maximum", "max_mb")


@dataclass(frozen=True, slots=True)
class Settings:
    """As typed; texts that are empty are not written. Unknown keys of the files are not in it, and stay."""

    name: str
    kind: str
    label: Text
    help: Text
    required: bool = False
    read_only: bool = False
    widget: str = ""
    answers: tuple[Answer, ...] = ()
    shared: str = ""
    """Name of answers that several fields of the form share, instead of its own."""
    options_from: str = ""
    when_field: str = ""
    when_test: str = "equals"
    when_value: str = ""
    bind: str = ""
    limits: Mapping[str, str] | None = None
    add: Text = NOTHING
    row: Text = NOTHING


def settings_of(entry: Entry) -> Settings:
    schema, ui = entry.schema, entry.ui
    shown = ui.get("visible_if")
    when: Node = shown if isinstance(shown, dict) else {}
    test = next((one for one in TESTS if one in when), "equals")
    options = ui.get("options")
    return Settings(
        name=entry.name,
        kind=entry.kind,
        label=text(ui.get("label")),
        help=text(ui.get("help")),
        required=entry.required,
        read_only=ui.get("read_only") is True,
        widget=str(ui.get("widget", "")),
        answers=tuple(_answers(schema, options if isinstance(options, dict) else {})),
        shared=options if isinstance(options, str) else "",
        options_from=str(ui.get("options_from", "")),
        when_field=str(when.get("field", "")),
        when_test=test,
        when_value=", ".join(map(spelled, _values(when, test))),
        bind=str(schema.get("x-bind", "")),
        limits={one: _limit(schema, ui, one) for one in limits_of(entry.kind)},
        add=text(ui.get("add")),
        row=text(ui.get("row")),
    )


def limits_of(kind: str) -> tuple[str, ...]:
    return KINDS[kind].limits if kind in KINDS else ()


def _answers(schema: Node, labels: Node) -> list[Answer]:
    values = enum_of(schema)
    found = [(value, *_words(labels.get(value))) for value in values if isinstance(value, str)]
    return found + [(value, *_words(labels[value])) for value in labels if value not in values]


def _words(node: Any) -> tuple[str, str]:
    words = text(node)
    return words.ru, words.en


def enum_of(schema: Node) -> list[Any]:
    """The answers that the schema lists, of one or of several."""
    holder = schema.get("items") if schema.get("type") == "array" else schema
    found = holder.get("enum") if isinstance(holder, dict) else None
    return found if isinstance(found, list) else []


def _values(when: Node, test: str) -> list[Json]:
    found = when.get(test)
    return found if isinstance(found, list) else [] if found is None else [found]


def spelled(value: Json) -> str:
    """As an analyst writes it in the list: words bare, others as in JSON."""
    return value if isinstance(value, str) else json.dumps(value)


def value_of(word: str, like: str) -> Json:
    """The value meant by a word in a condition on a field of the kind `like`."""
    if like in ("boolean", "consent") and word in ("true", "false"):
        return word == "true"
    return number_of(word) if like in ("integer", "number") else word


def number_of(word: str) -> int | float:
    """Invalid for what is no number; a comma is taken as well."""
    given = word.strip().replace(",", ".")
    try:
        found = float(given)
    except ValueError:
        found = float("nan")
    if not abs(found) < 1e15:
        raise Invalid(N_("“%(given)s” is not a number."), given=word[:40])
    return int(found) if found == int(found) and "." not in given else found


def _limit(schema: Node, ui: Node, name: str) -> str:
    found = (schema if name in OF_SCHEMA else ui).get(name)
    if isinstance(found, list):
        return ", ".join(map(str, found))
    return "" if found is None else str(found)


def limit_of(name: str, given: str) -> Json:
    """The value of a limit as typed."""
    if name == "accept":
        return [one.strip().lower().lstrip(".") for one in given.split(",") if one.strip()]
    if name in _WHOLE:
        found = number_of(given)
        if not isinstance(found, int) or found < 0:
            raise Invalid(N_("“%(given)s” is not a whole number."), given=given[:40])
        return found
    return number_of(given) if name in _DECIMAL else given


def place_of(name: str) -> str:
    return "ui" if name in OF_UI else "schema"


def same_kind(schema: Node, ui: Node, kind: str) -> bool:
    return kind_of(schema, ui) == kind
