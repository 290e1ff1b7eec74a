"""What a form is, once read: frozen and shared by every page and process that shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol

from jsonschema.protocols import Validator

from app.engine import Json
from app.errors import Problem
from app.i18n import Text

Kind = Literal[
    "text", "textarea", "radio", "select", "checkbox", "checkboxes", "date", "number", "rows", "file", "heading"
]
Type = Literal["string", "boolean", "integer", "number", "array"]

NOTHING = Text("", "")
FIELD_BYTES = 256 * 1024
"""Most that one field (all rows of it together) may hold, in UTF-8 (F28)."""
FORM_BYTES = 1024 * 1024
"""Most that one submission may hold."""
MAX_ROWS = 200
DEFAULT_ROWS = 50


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose; `value` is what is kept, the label what is read."""

    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class Condition:
    """Shown only where another field of the same form (or row) holds one of the values (`negated`: none of them).

    A field without an answer, or itself not shown, fulfils no condition, negated or not.
    """

    field: str
    values: tuple[Json, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to read or fill in; a `heading` has neither name nor value, its help is prose."""

    name: str
    kind: Kind
    label: Text
    help: Text = NOTHING
    type: Type = "string"
    required: bool = False
    """Of a field with a condition: required where it is shown."""
    options: tuple[Option, ...] = ()
    options_from: str | None = None
    """Key of `Context.options` that supplies the options of this page."""
    visible_if: Condition | None = None
    bind: str | None = None
    """Place of domain data, such as course.title_ru (`x-bind`)."""
    rows: Group | None = None
    add: Text = NOTHING
    """Words of the button that adds a row."""
    row: Text = NOTHING
    """What one row is called: a coordinator."""
    min_items: int = 0
    max_items: int = DEFAULT_ROWS
    multiple: bool = False
    """Of a file field: several files."""
    accept: tuple[str, ...] = ()
    """Of a file field: the kinds of file that app.files recognises; empty: all of them."""
    max_bytes: int | None = None
    read_only: bool = False
    max_length: int = 500
    not_before: str | None = None
    """Of a date: `today` or the name of another date of the same form or row (`x-not-before`)."""
    email: bool = False
    autocomplete: str | None = None
    """The purpose of a field about the person who fills it in (WCAG 1.3.5)."""
    messages: Mapping[str, Text] = field(default_factory=dict, hash=False)
    """The analyst's own words for a fault, by JSON Schema keyword."""
    validator: Validator | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """An `if`/`then` of the schema: which fields it makes required and what else they must fulfil."""

    when: Validator = field(compare=False, repr=False)
    required: frozenset[str]
    then: Mapping[str, Validator] = field(compare=False, repr=False, hash=False)
    message: Text | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Fields in the order in which they are shown, and the conditions between them: a form, or a row."""

    fields: tuple[Field, ...]
    rules: tuple[Rule, ...] = ()

    @property
    def inputs(self) -> tuple[Field, ...]:
        """The fields that have a name and a value."""
        return tuple(one for one in self.fields if one.kind != "heading")


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a release."""

    name: str
    title: Text
    intro: Text
    group: Group

    @property
    def fields(self) -> tuple[Field, ...]:
        return self.group.fields

    @property
    def names(self) -> frozenset[str]:
        """The names that a task may declare as outputs: of the fields that are asked, not only shown."""
        return frozenset(one.name for one in self.group.inputs if not one.read_only)

    @property
    def sources(self) -> frozenset[str]:
        """The lists that `Context.options` has to supply for this form."""
        cells = [cell for one in self.group.inputs if one.rows for cell in one.rows.inputs]
        return frozenset(one.options_from for one in (*self.group.inputs, *cells) if one.options_from)

    @property
    def binds(self) -> dict[str, str]:
        """Field name -> place of domain data."""
        return {one.name: one.bind for one in self.group.inputs if one.bind}


class StoredFile(Protocol):
    """A file that app.files has taken in; its `kind` is what the content is, not what the name says."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def kind(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Context:
    """What a page or a submission knows besides the form."""

    options: Mapping[str, Sequence[Option]] = field(default_factory=dict)
    """For fields with `options_from`: the people of a body, the bodies …"""
    current: Mapping[str, Json] = field(default_factory=dict)
    """Values that read-only fields show, by field name."""
    files: Mapping[str, StoredFile] = field(default_factory=dict)
    """Files by id that this person may have in this form: those of the draft. No other id is ever accepted."""
    today: date | None = None
    """The date where the person acts, for `x-not-before: today`."""


@dataclass(slots=True)
class Draft:
    """What was typed, tidied but neither converted nor judged; JSON, so that it can be kept and shown again."""

    values: dict[str, Json]
    """Field name -> text, list of texts (checkboxes, files) or list of rows (each name -> text or list)."""
    pressed: Literal["add", "remove"] | None = None
    """A button for rows or files was pressed: show the form again, do not submit. `values` already has its effect."""
    focus: str | None = None
    """Path of the field to which a pressed button leads."""
    refused: tuple[str, ...] = ()
    """Posted names that this form does not take: undeclared or read-only (S41, S42)."""
    faults: dict[str, Problem] = field(default_factory=dict)
    """Field path -> why a file or an oversized text was not taken; at "" that a name was refused."""
    attached: dict[str, StoredFile] = field(default_factory=dict)
    """Files that came with this page, by id: to be kept with the draft and handed in `Context.files` from then on."""


@dataclass(frozen=True, slots=True)
class Checked:
    """Converted values of the fields that were shown and answered, and what is wrong with the others."""

    values: dict[str, Json]
    """Without read-only fields; unanswered ones are absent."""
    shown: dict[str, Json]
    """The read-only fields as they were shown: for the submission and the print, never to be written back."""
    errors: dict[str, Problem]
    """Field path (`comments`, `coordinators.0.name`; empty: the whole form) -> what to do."""
