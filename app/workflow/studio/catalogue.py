"""What a diagram of the draft may name: operations, roles, events, forms with fields, functions of expressions."""

from collections.abc import Mapping
from typing import Any

from app import forms
from app.engine import DefinitionErrors
from app.engine.functions import FUNCTIONS, Function
from app.engine.lint_catalogue import shapes
from app.i18n import Text
from app.identity.roles import ROLES
from app.workflow import happenings, operations


def offered(files: Mapping[str, bytes]) -> dict[str, Any]:
    """Plain JSON; every text as {"ru", "en"}."""
    return {
        "operations": [_operation(one) for _, one in sorted(operations.registered().items())],
        "roles": [{"name": name, "label": both(label)} for name, label in ROLES.items()],
        "events": [_event(name, one) for name, one in sorted(happenings.registered().items())],
        "forms": [_form(name, files) for name in sorted(shapes(files))],
        "functions": [_function(one) for _, one in sorted(FUNCTIONS.items())],
    }


def both(text: Text) -> dict[str, str]:
    return {"ru": text.ru, "en": text.en}


def _operation(one: operations.Operation) -> dict[str, Any]:
    given = {name: both(key.label) | {"schema": dict(key.schema)} for name, key in one.gives.items()}
    return {
        "name": one.name,
        "params": [{"name": name, "required": required} for name, required in one.params.items()],
        "immediate": one.immediate,
        "result": one.result,
        "gives": given,
    }


def _event(name: str, one: happenings.Happening) -> dict[str, Any]:
    variables = [{"name": key, "label": both(label)} for key, label in one.variables.items()]
    return {"name": name, "label": both(one.label), "variables": variables}


def _form(name: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    """One that cannot be read has no fields; its own check says why."""
    halves = [files.get(f"forms/{name}.{half}.json", b"") for half in ("schema", "ui")]
    try:
        form = forms.load_form(halves[0], halves[1], name)
    except DefinitionErrors:
        return {"name": name, "fields": []}
    fields = [{"name": one.name, "type": one.type, "label": both(one.label)} for one in form.group.inputs]
    return {"name": name, "fields": fields}


def _function(one: Function) -> dict[str, Any]:
    return {"name": one.name, "usage": one.usage, "help": both(one.help)}
