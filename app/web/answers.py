"""An incident answered by hand: a person gives the result that an operation should have given, and says how it came.

The page asks for what the operation declares; where it declares nothing, for JSON, which is checked.
"""

import json

from flask import Blueprint, flash, render_template, request
from werkzeug import Response

from app import forms
from app.engine import Json
from app.errors import N_, Conflict, Invalid, Problem
from app.i18n import gettext
from app.web.access import current_actor, database, open_to, writing
from app.web.redirects import see
from app.workflow import repairs
from app.workflow.operations import Operation

blueprint = Blueprint("answers", __name__, url_prefix="/incidents")

READERS = ("operator", "administrator")
LONGEST = 64 * 1024
NOTE = {
    "label": {"ru": "Откуда взят ответ", "en": "Where the answer comes from"},
    "help": {
        "ru": "Что вы сделали или увидели. Остается в доказательствах.",
        "en": "What you did or saw. It is kept in the evidence.",
    },
    "widget": "textarea",
}
ANY = {
    "label": {"ru": "Ответ операции в JSON", "en": "The operation's result as JSON"},
    "help": {"ru": 'Например: {"id": 12}', "en": 'For example: {"id": 12}'},
    "widget": "textarea",
}


@blueprint.get("/<incident_id>/answer")
@open_to(*READERS)
def show(incident_id: str) -> tuple[str, int]:
    return _page(incident_id, {}, {})


@blueprint.post("/<incident_id>/answer")
@open_to(*READERS)
def give(incident_id: str) -> Response | tuple[str, int]:
    _incident, operation = repairs.answerable(database(), incident_id)
    form = form_of(operation)
    draft = forms.parse(form, request.form.to_dict(flat=False))
    checked = forms.check(form, draft)
    errors = dict(checked.errors)
    result: Json = None
    try:
        result = _result(operation, checked.values)
    except Invalid as problem:
        errors.setdefault("result", problem)
    if errors:
        return _page(incident_id, draft.values, errors, 422)
    try:
        with writing() as session:
            note = str(checked.values["note"])
            repairs.answer_by_hand(session, incident_id, result, current_actor().person_id, note)
    except (Invalid, Conflict) as problem:
        database().rollback()
        return _page(incident_id, draft.values, {"": problem}, problem.status)
    flash(gettext("Answered. The procedure goes on."), "done")
    return see("incidents.listed")


def form_of(operation: Operation) -> forms.Form:
    """What the operation should have given, field by field, and the note."""
    fields: dict[str, object] = {name: given.schema for name, given in operation.gives.items()}
    asked: dict[str, object] = {
        name: {"label": {"ru": one.label.ru, "en": one.label.en}} for name, one in operation.gives.items()
    }
    if operation.result and not fields:
        fields["result"] = {"type": "string", "maxLength": LONGEST}
        asked["result"] = ANY
    required = [*fields, "note"]
    schema = {"type": "object", "properties": {**fields, "note": {"type": "string", "maxLength": 2000}}}
    ui = {"title": {"ru": "Ответ вручную", "en": "Answer by hand"}, "fields": {**asked, "note": NOTE}}
    whole = {**schema, "required": required}
    return forms.load_form(json.dumps(whole).encode(), json.dumps(ui).encode(), "answer")


def _result(operation: Operation, values: dict[str, Json]) -> Json:
    if operation.gives:
        return {name: values.get(name) for name in operation.gives}
    if not operation.result or "result" not in values:
        return None
    try:
        return forms.read_json(str(values["result"]), limit=LONGEST)
    except forms.BadJson as error:
        raise Invalid(N_("This is not JSON: %(reason)s."), reason=error.reason) from None


def _page(incident_id: str, values: dict[str, Json], errors: dict[str, Problem], status: int = 200) -> tuple[str, int]:
    incident, operation = repairs.answerable(database(), incident_id)
    view = forms.view(form_of(operation), values, errors)
    return render_template("incident_answer.html", incident=incident, operation=operation, view=view), status
