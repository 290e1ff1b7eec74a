"""What the program offers to diagrams: operations, forms and roles that a check compares their names with."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.i18n import Text


@dataclass(frozen=True, slots=True)
class Operation:
    """What a service task may ask for: its parameters (True: must be given) and whether it answers with a value."""

    params: Mapping[str, bool] = field(default_factory=dict)
    result: bool = False
    immediate: bool = False
    """Must be called with immediate="true"; others must not."""


@dataclass(frozen=True, slots=True)
class FormShape:
    """The fields that a form can hand to task data."""

    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Names that diagrams may use. `forms=None`: the forms are those among the checked files themselves."""

    operations: Mapping[str, Operation] = field(default_factory=dict)
    forms: Mapping[str, FormShape] | None = None
    roles: Mapping[str, Text] = field(default_factory=dict)
