"""With what a procedure begins and what a form hands over, where both are played and not lived."""

from collections.abc import Iterable, Mapping
from typing import Any

from app import forms
from app.engine import Process
from app.workflow import happenings

SUBJECT = "course"
SOME_DAY = "2026-12-07"
"""What `workdays:N` is on the engine alone, which knows no calendar."""


def data(
    process: Process, known: Mapping[str, forms.Form], answered: Any, values: Mapping[str, Any], kind: str
) -> dict[str, Any]:
    """The subject, what the event or the form's operation would bring, and what the step says itself.

    `values` are the form's where a person begins (`kind` is "start"), else variables by name.
    """
    happening = happenings.registered().get(process.event or "")
    given: dict[str, Any] = {SUBJECT: SUBJECT}
    given |= {name: name for name in happening.variables} if happening else {}
    start = process.start
    if kind == "start" and start is not None and start.form in known:
        outputs = handed_over(known[start.form], start.outputs, values)
        given |= {start.result: outputs} if start.result else outputs
    given |= answered if isinstance(answered, dict) else {}
    return given | (dict(values) if kind in ("event", "begin") else {})


def handed_over(form: forms.Form, names: Iterable[str], values: Mapping[str, Any]) -> dict[str, Any]:
    """What the form gives to the data: None or [] for what was not answered. KeyError: it asks for no such name."""
    kinds = {one.name: one for one in form.group.inputs}
    given = {name: SOME_DAY if str(value).startswith("workdays:") else value for name, value in values.items()}
    blank: dict[str, Any] = {name: [] if kinds[name].type == "array" else None for name in names}
    blank |= {name: False for name in names if kinds[name].kind == "checkbox"}
    return {name: given.get(name, blank[name]) for name in names}
