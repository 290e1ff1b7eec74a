"""What the program offers to diagrams: operations, forms, roles and events that a check compares their names with."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.i18n import Text

_SCHEMA = ".schema.json"


@dataclass(frozen=True, slots=True)
class Operation:
    """What a service task may ask for: its parameters (True: must be given) and whether it answers with a value."""

    params: Mapping[str, bool] = field(default_factory=dict)
    result: bool = False
    immediate: bool = False
    """Must be called with immediate="true"; others must not."""


@dataclass(frozen=True, slots=True)
class Happening:
    """An event that may start a process: what it is called, and the variables the new instance begins with."""

    label: Text
    data: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FormShape:
    """The fields that a form can hand to task data."""

    fields: frozenset[str]


def shapes(files: Mapping[str, bytes]) -> dict[str, FormShape]:
    """The forms among the files by name; one that cannot be read has no fields (its own check says why)."""
    found = {}
    for path, content in files.items():
        if path.startswith("forms/") and path.endswith(_SCHEMA):
            found[path.removeprefix("forms/").removesuffix(_SCHEMA)] = FormShape(_properties(content))
    return found


def _properties(content: bytes) -> frozenset[str]:
    try:
        schema = json.loads(content)
    except (ValueError, RecursionError):
        return frozenset()
    found = schema.get("properties") if isinstance(schema, dict) else None
    return frozenset(found) if isinstance(found, dict) else frozenset()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Names that diagrams may use. `forms=None`: the forms are those among the checked files themselves."""

    operations: Mapping[str, Operation] = field(default_factory=dict)
    forms: Mapping[str, FormShape] | None = None
    roles: Mapping[str, Text] = field(default_factory=dict)
    happenings: Mapping[str, Happening] = field(default_factory=dict)
    """Domain events by name."""
