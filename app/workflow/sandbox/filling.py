"""Sample answers for a form, so that trying a procedure out takes presses and not typing.

Those of recorded scenarios first; else something plausible for every field that must be answered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.forms import Context, Field, Form
from app.i18n import Text
from app.workflow.scenarios import Scenario

SAMPLE = Text("Пример", "Sample")
AHEAD = 10
"""Working days from now, where a day is asked for."""


@dataclass(frozen=True, slots=True)
class SampleFile:
    """A file that is none: it has a name and a kind, and is kept nowhere."""

    id: str
    name: str
    size: int
    kind: str


def file_of(ident: str) -> SampleFile:
    """The file that a scenario names as `file:NAME`."""
    name = ident.removeprefix("file:")
    kind = name.rpartition(".")[2].lower() or "pdf"
    return SampleFile(ident, name, 1024, {"jpeg": "jpg"}.get(kind, kind))


def files_in(values: Any) -> dict[str, SampleFile]:
    """All files that answers name."""
    match values:
        case dict():
            return {ident: one for value in values.values() for ident, one in files_in(value).items()}
        case list():
            return {ident: one for value in values for ident, one in files_in(value).items()}
        case str() if values.startswith("file:"):
            return {values: file_of(values)}
    return {}


def recorded(told: Sequence[Scenario], folder: str, kind: str, name: str) -> Mapping[str, Any]:
    """What a scenario answers in the form, of the same folder if there is one."""
    steps = [
        step.values
        for one in sorted(told, key=lambda one: one.folder != folder)
        for step in one.steps
        if step.kind == kind and step.name == name and step.values
    ]
    return steps[0] if steps else {}


def fill(form: Form, context: Context, given: Mapping[str, Any], day: date) -> dict[str, Any]:
    """`given` and something for every required field that it leaves open."""
    found = {one.name: given[one.name] for one in form.group.inputs if one.name in given and not one.read_only}
    for one in form.group.inputs:
        if one.required and not one.read_only and one.name not in found:
            found[one.name] = _value(one, context, day)
    return found


def _value(one: Field, context: Context, day: date) -> Any:
    if one.rows is not None:
        row = {cell.name: _value(cell, context, day) for cell in one.rows.inputs if not cell.read_only}
        return [row]
    options = context.options.get(one.options_from, ()) if one.options_from else one.options
    match one.kind:
        case "radio" | "select":
            return options[0].value if options else ""
        case "checkboxes":
            return [options[0].value] if options else []
        case "checkbox":
            return True
        case "date":
            return day.isoformat()
        case "number":
            return 1
        case "file":
            name = f"file:sample.{one.accept[0] if one.accept else 'pdf'}"
            return [name] if one.multiple else name
    return "sample@example.org" if one.email else str(SAMPLE)


def shown(form: Form, data: Mapping[str, Any], day: date) -> dict[str, Any]:
    """Values of what the form only shows: of the data where a variable has that name, else samples."""
    current = {}
    for one in form.group.inputs:
        if one.read_only:
            current[one.name] = data.get(one.name) if one.name in data else _shown(one, day)
        elif one.rows is not None and any(cell.read_only for cell in one.rows.inputs):
            current[one.name] = [{cell.name: _shown(cell, day) for cell in one.rows.inputs if cell.read_only}]
    return current


def _shown(one: Field, day: date) -> Any:
    if one.rows is not None:
        return [{cell.name: _shown(cell, day) for cell in one.rows.inputs}]
    if one.options:
        return [one.options[0].value] if one.kind == "checkboxes" else one.options[0].value
    match one.type:
        case "boolean":
            return True
        case "integer" | "number":
            return 1
        case "array":
            return []
    return day.isoformat() if one.kind == "date" else f"{SAMPLE}: {one.label}"
