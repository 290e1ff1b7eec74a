"""What kinds of answer a form offers, and how the two files say each of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.forms.editing.pair import Node
from app.i18n import Text


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of answer: its base in the schema and in the other file, and the limits that it knows."""

    name: str
    label: Text
    schema: Mapping[str, Any]
    ui: Mapping[str, Any] = field(default_factory=dict)
    limits: tuple[str, ...] = ()
    widgets: tuple[str, ...] = ()
    answers: bool = False
    """Has answers of its own to choose from."""
    in_rows: bool = True


_TEXT = ("minLength", "maxLength")
_COUNT = ("minItems", "maxItems")
_ANSWER = {"ru": "Ответ", "en": "Answer"}
_STRING = {"type": "string"}
_OF_ROWS = {"type": "object", "properties": {"title": {"type": "string"}}}
_ROWS = {
    "order": ["title"],
    "fields": {"title": {"label": {"ru": "Название", "en": "Title"}}},
}
_ENUM = {"type": "string", "enum": ["yes", "no"]}
_YES_NO = {"options": {"yes": {"ru": "Да", "en": "Yes"}, "no": {"ru": "Нет", "en": "No"}}}

_ALL = (
    Kind("text", Text("Строка текста", "Line of text"), _STRING, {}, (*_TEXT, "pattern")),
    Kind(
        "textarea", Text("Текст из нескольких строк", "Text of several lines"), _STRING, {"widget": "textarea"}, _TEXT
    ),
    Kind("email", Text("Адрес электронной почты", "E-mail address"), {"type": "string", "format": "email"}, {}, _TEXT),
    Kind("date", Text("Дата", "Date"), {"type": "string", "format": "date"}, {}, ("x-not-before",)),
    Kind("integer", Text("Целое число", "Whole number"), {"type": "integer"}, {}, ("minimum", "maximum")),
    Kind("number", Text("Число", "Number"), {"type": "number"}, {}, ("minimum", "maximum")),
    Kind("choice", Text("Один из ответов", "One of several answers"), _ENUM, _YES_NO, (), ("radio", "select"), True),
    Kind(
        "listed",
        Text("Один из списка, который дает программа", "One of a list that the program supplies"),
        _STRING,
        {"options_from": "people"},
        (),
        ("select", "radio"),
    ),
    Kind(
        "several",
        Text("Несколько из ответов", "Several of several answers"),
        {"type": "array", "items": {"type": "string", "enum": ["first", "second"]}},
        {"options": {"first": {"ru": "Первый", "en": "First"}, "second": {"ru": "Второй", "en": "Second"}}},
        _COUNT,
        (),
        True,
    ),
    Kind("boolean", Text("Да или нет", "Yes or no"), {"type": "boolean"}, {}, (), ("checkbox", "radio")),
    Kind("consent", Text("Обязательное согласие", "Consent that must be given"), {"type": "boolean", "const": True}),
    Kind("file", Text("Файл", "File"), {"type": "string", "format": "file"}, {}, ("accept", "max_mb")),
    Kind(
        "files",
        Text("Несколько файлов", "Several files"),
        {"type": "array", "items": {"type": "string", "format": "file"}},
        {},
        (*_COUNT, "accept", "max_mb"),
    ),
    Kind(
        "rows",
        Text("Таблица: строки из нескольких полей", "Table: rows of several fields"),
        {"type": "array", "items": _OF_ROWS},
        _ROWS,
        _COUNT,
        in_rows=False,
    ),
)
KINDS: Mapping[str, Kind] = {one.name: one for one in _ALL}
OF_SCHEMA = frozenset(
    ("minLength", "maxLength", "pattern", "minimum", "maximum", "minItems", "maxItems", "x-not-before")
)
OF_UI = frozenset(("accept", "max_mb"))
_SIMPLE = {"integer": "integer", "number": "number"}
_FORMATS = {"email": "email", "date": "date", "file": "file"}


def kind_of(schema: Node, ui: Node) -> str:
    """The name of the kind; empty where the two files say something that the list does not know."""
    kind, items = schema.get("type"), schema.get("items")
    if kind == "array" and isinstance(items, dict):
        if items.get("type") == "object":
            return "rows"
        return "files" if items.get("format") == "file" else "several"
    if kind == "boolean":
        return "consent" if "const" in schema else "boolean"
    if kind == "string":
        return _of_string(schema, ui)
    return _SIMPLE.get(str(kind), "")


def _of_string(schema: Node, ui: Node) -> str:
    if "format" in schema:
        return _FORMATS.get(str(schema["format"]), "")
    if "enum" in schema:
        return "choice"
    if "options_from" in ui:
        return "listed"
    return "textarea" if ui.get("widget") == "textarea" else "text"
