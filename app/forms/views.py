"""A form as the macros of the pages need it: every text chosen, every id given."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.engine import Json
from app.errors import Problem
from app.forms.model import Context, Form


@dataclass(frozen=True, slots=True)
class FormView:
    """For `form/fields.html`: {% from "form/fields.html" import fields, error_summary %}."""


def view(
    form: Form,
    values: Mapping[str, Json],
    errors: Mapping[str, Problem] | None = None,
    context: Context | None = None,
    *,
    focus: str | None = None,
) -> FormView:
    """The form in the current language, filled with a draft's values or typed ones."""
    raise NotImplementedError
