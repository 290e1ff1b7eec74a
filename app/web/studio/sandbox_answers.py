"""What an operation answers in the sandbox, where it is asked about or is to answer otherwise than it did."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug import Response

from app import forms
from app.engine import Json
from app.errors import N_, Conflict, Invalid, Problem
from app.forms import Draft, Form
from app.web.access import database, open_to, writing
from app.web.numbers import whole
from app.web.studio import sandbox_stand
from app.web.studio.sandbox import onward
from app.web.studio.sandbox_stand import Stand
from app.web.studio.standing import ANALYST
from app.workflow import operations
from app.workflow.sandbox import Answer, keeping
from app.workflow.sandbox.telling import Told

blueprint = Blueprint("sandbox_answers", __name__, url_prefix="/studio/sandbox")

LONGEST = 20_000
NO_QUESTION = N_("No operation waits for an answer now.")
JSON_FIELD = {
    "label": {"ru": "Ответ операции в JSON", "en": "The operation's result as JSON"},
    "help": {"ru": 'Например: {"id": 12}, "текст" или null', "en": 'For example: {"id": 12}, "text" or null'},
    "widget": "textarea",
}


@dataclass(frozen=True, slots=True)
class Question:
    """An operation that is asked, with what it would answer by itself."""

    stand: Stand
    operation: str
    process: str
    element: str
    parameters: Mapping[str, Any]
    suggested: Answer
    immediate: bool
    before: tuple[Answer, ...]
    """Answers of the same act that come before."""
    nr: int
    """Which answer of the last act is changed, from 1; 0: one that waits."""

    @property
    def codes(self) -> list[str]:
        """Failures that the diagram catches there; "" stands for any."""
        known = self.stand.compiled.specification.processes[self.process].elements.values()
        caught = [one.event for one in known if one.attached_to == self.element and one.event is not None]
        return [one.code or "" for one in caught if one.kind == "error"]

    @property
    def form(self) -> Form:
        """Field by field where the catalogue declares the result and the suggestion is of that shape, else JSON."""
        known = operations.registered().get(self.operation)
        value = self.suggested.value
        fits = known is not None and known.gives and isinstance(value, dict) and value.keys() <= known.gives.keys()
        if known is None or not fits:
            schema: dict[str, Any] = {"result": {"type": "string", "maxLength": LONGEST}}
            asked: dict[str, Any] = {"result": JSON_FIELD}
        else:
            schema = {name: dict(one.schema) for name, one in known.gives.items()}
            asked = {name: {"label": {"ru": one.label.ru, "en": one.label.en}} for name, one in known.gives.items()}
        whole_schema = {"type": "object", "properties": schema}
        ui = {"title": {"ru": "Ответ", "en": "Answer"}, "fields": asked}
        return forms.load_form(json.dumps(whole_schema).encode(), json.dumps(ui).encode(), "answer")

    @property
    def values(self) -> dict[str, Any]:
        if self.form.names == {"result"}:
            return {"result": json.dumps(self.suggested.value, ensure_ascii=False)}
        return dict(self.suggested.value) if isinstance(self.suggested.value, dict) else {}


@blueprint.get("/<run_id>/answer")
@open_to(ANALYST)
def show(run_id: str) -> tuple[str, int]:
    return _page(_find(run_id))


@blueprint.post("/<run_id>/answer")
@open_to(ANALYST)
def give(run_id: str) -> Response | tuple[str, int]:
    with writing() as session:
        asked = _find(run_id)
        draft = forms.parse(asked.form, request.form.to_dict(flat=False))
        checked = forms.check(asked.form, draft)
        fails = request.form.get("_outcome") == "fail"
        try:
            if fails:
                answer = Answer(asked.operation, fail=request.form.get("_code", "").strip()[:100])
            elif checked.errors:
                return _page(asked, draft, checked.errors, 422)
            else:
                answer = Answer(asked.operation, _result(asked, checked.values))
        except Invalid as problem:
            return _page(asked, draft, {"result": problem}, 422)
        run = asked.stand.run
        *earlier, last = asked.stand.acts
        acts = [*earlier, replace(last, answers=(*asked.before, answer))]
        keeping.change(session, run, acts, whole(request.form.get("revision"), run.revision))
        done = Stand(session, run)
    return onward(done)


def _find(run_id: str) -> Question:
    """The operation that waits, or (`nr`) one of the last act. Conflict where there is none."""
    stand = sandbox_stand.of(database(), run_id)
    world, nr = stand.world, whole(request.args.get("nr"))
    told = [one for one in world.told if one.kind == "asked" and one.act == len(stand.acts) and one.answer is not None]
    if nr:
        if not 0 < nr <= len(told):
            raise Conflict(NO_QUESTION)
        one = told[nr - 1]
        answer = one.answer or Answer(one.name)
        return Question(stand, one.name, one.process, one.element, one.parameters, answer, one.immediate,
                        _answers(told[: nr - 1]), nr)  # fmt: skip
    call = world.question
    if call is None:
        raise Conflict(NO_QUESTION)
    return Question(stand, call.operation, call.process, call.element, call.parameters, world.suggested(call.operation),
                    call.immediate, _answers(told), 0)  # fmt: skip


def _answers(told: list[Told]) -> tuple[Answer, ...]:
    return tuple(one.answer for one in told if one.answer is not None)


def _result(asked: Question, values: Mapping[str, Json]) -> Json:
    """Raises Invalid for what is no JSON."""
    if asked.form.names != {"result"}:
        return {name: values.get(name) for name in asked.form.names}
    try:
        return forms.read_json(str(values.get("result", "null")), limit=LONGEST)
    except forms.BadJson as error:
        raise Invalid(N_("This is not JSON: %(reason)s."), reason=error.reason) from None


def _page(
    asked: Question, draft: Draft | None = None, errors: Mapping[str, Problem] | None = None, status: int = 200
) -> tuple[str, int]:
    view = forms.view(asked.form, draft or asked.values, errors)
    fails = request.form.get("_outcome", "fail" if asked.suggested.fail is not None else "answer")
    code = request.form.get("_code", asked.suggested.fail or next(iter(asked.codes), ""))
    return render_template(
        "studio/sandbox_answer.html",
        asked=asked,
        stand=asked.stand,
        run=asked.stand.run,
        view=view,
        fails=fails,
        code=code,
    ), status
