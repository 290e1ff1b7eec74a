"""A filled-in form for reading: on a page, in a document, in a letter."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.engine import Json
from app.forms.model import Context, Form
from app.i18n import Locale


@dataclass(frozen=True, slots=True)
class Printed:
    """One question with its answer in words."""

    label: str
    kind: Literal["heading", "line", "lines", "list", "table"]
    text: str = ""
    lines: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def present(form: Form, values: Mapping[str, Json], locale: Locale, context: Context | None = None) -> list[Printed]:
    """Typed values in words of that language: dates, options, rows as tables; — where a shown field has no answer."""
    raise NotImplementedError
