"""Changing a form's two files: settings of a field in, bytes out; what was not touched keeps its bytes.

read(schema, ui) -> Pair          both files as values, in the order in which they stand
pair.written() -> Halves          back to bytes
listed(pair) -> list[Entry]       fields and headings as they are shown, those of a row under their table
steps: add, move, duplicate, remove, change, set_heading, set_form
"""

from app.forms.editing.changing import change, set_form, set_heading
from app.forms.editing.kinds import KINDS, Kind, kind_of
from app.forms.editing.listing import Entry, listed, text_of_title
from app.forms.editing.pair import Halves, Pair, copied, fresh, read
from app.forms.editing.settings import Settings, settings_of
from app.forms.editing.steps import add, duplicate, move, remove

__all__ = [
    "KINDS",
    "Entry",
    "Halves",
    "Kind",
    "Pair",
    "Settings",
    "add",
    "change",
    "copied",
    "duplicate",
    "fresh",
    "kind_of",
    "listed",
    "move",
    "read",
    "remove",
    "set_form",
    "set_heading",
    "settings_of",
    "text_of_title",
]
