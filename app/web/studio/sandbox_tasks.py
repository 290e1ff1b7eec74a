"""Doing a task in the sandbox: the product's own form, its own checks, by somebody who plays."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, jsonify, render_template, request
from flask import Response as Answer
from werkzeug import Response

from app import forms
from app.engine import Element, OpenTask
from app.errors import N_, Conflict, Invalid, Problem
from app.forms import Draft
from app.forms.model import Form, Group
from app.i18n import gettext
from app.web.access import current_actor, database, open_to, visitor, writing
from app.web.numbers import whole
from app.web.studio import sandbox_desk, sandbox_stand
from app.web.studio.sandbox import carry_out, onward, told_in
from app.web.studio.sandbox_desk import Desk
from app.web.studio.sandbox_stand import Line, Stand
from app.web.studio.standing import ANALYST
from app.workflow import drafts as typed
from app.workflow.sandbox import Act, Unfit, cast, filling
from app.workflow.sandbox.picking import pick
from app.workflow.scenarios import Member

blueprint = Blueprint("sandbox_tasks", __name__, url_prefix="/studio/sandbox")

NOT_OPEN = N_("This task is not open any more: the run has gone on or the draft has changed.")


@dataclass(frozen=True, slots=True)
class Opened:
    """An open task of a run in front of an analyst."""

    stand: Stand
    task: OpenTask
    element: Element
    line: Line
    desk: Desk
    place: str
    """Where what was typed is kept."""

    @property
    def fitting(self) -> list[Member]:
        return [one for one in self.stand.setting.people if cast.may(one, self.element.role, self.task.person)]

    @property
    def others(self) -> list[Member]:
        return [one for one in self.stand.setting.people if one not in self.fitting]


@blueprint.get("/<run_id>/tasks/<element>")
@open_to(ANALYST)
def show(run_id: str, element: str) -> tuple[str, int]:
    opened = _open(run_id, element)
    kept = typed.find(database(), opened.place, current_actor().person_id)
    return _page(_open(run_id, element, kept.values) if kept else opened)


@blueprint.post("/<run_id>/tasks/<element>")
@open_to(ANALYST)
def submit(run_id: str, element: str) -> Response | tuple[str, int]:
    with writing() as session:
        opened = _open(run_id, element)
        desk, draft = sandbox_desk.read(opened.desk)
        if "_fill" in request.form:
            return _page(opened, _filled(opened, desk))
        if draft.pressed or draft.faults:
            return _page(opened, desk, 422 if draft.faults else 200, draft=draft, errors=draft.faults)
        checked = forms.check(desk.form, desk.values, desk.context)
        if checked.errors:
            return _page(opened, desk, 422, draft=draft, errors=checked.errors)
        line, by = opened.line, request.form.get("_by", "")
        if opened.stand.setting.member(by) is None:
            by = ""
        try:
            done = carry_out(opened.stand, Act("task", element, line.of, by, checked.values, line.nr))
        except (Invalid, Conflict) as problem:
            session.rollback()
            return _page(_open(run_id, element), desk, problem.status, draft=draft, problem=problem)
        typed.drop(session, opened.place, current_actor().person_id)
    return onward(done)


@blueprint.post("/<run_id>/tasks/<element>/draft")
@open_to(ANALYST)
def keep_draft(run_id: str, element: str) -> Answer:
    """What is typed, a second after the last key."""
    with writing() as session:
        opened = _open(run_id, element)
        desk, _draft = sandbox_desk.read(opened.desk)
        typed.keep(session, opened.place, current_actor().person_id, desk.values)
    return jsonify(said=gettext("Draft saved"))


def _open(run_id: str, element: str, values: Mapping[str, object] | None = None) -> Opened:
    """Conflict where the task is not open."""
    session = database()
    stand = sandbox_stand.of(session, run_id)
    of, nr = request.args.get("of"), whole(request.args.get("nr"))
    if stand.snapshot is None or stand.world.question is not None:
        raise Conflict(NOT_OPEN)
    by = next((one for one in stand.setting.people if request.form.get("_by") == one.name), None)
    try:
        task = pick(stand.snapshot.open_tasks, Act("task", element, of, by.name if by else "", nr=nr))
    except Unfit as problem:
        raise Conflict(NOT_OPEN) from problem
    found = stand.compiled.specification.element(task.process, task.element)
    form = stand.compiled.forms.get(found.form or "") or Form("", found.name, found.instructions, Group(()))
    day = stand.world.times.today(stand.now)
    desk = sandbox_desk.lay(session, form, stand.setting, task.data, day, values or {})
    me = visitor()
    line = next(
        one for one in stand.tasks(me.zone if me else "UTC") if (one.element, one.of, one.nr) == (element, of, nr)
    )
    return Opened(stand, task, found, line, desk, f"sandbox:{run_id}:{element}:{of or ''}:{nr}")


def _filled(opened: Opened, desk: Desk) -> Desk:
    stand = opened.stand
    told = told_in(stand.setting.folder, stand.files)
    recorded = filling.recorded(told, stand.setting.folder, "task", opened.element.id)
    return sandbox_desk.filled(desk, recorded, stand.world.times, stand.now)


def _page(
    opened: Opened,
    desk: Desk | None = None,
    status: int = 200,
    *,
    draft: Draft | None = None,
    errors: Mapping[str, Problem] | None = None,
    problem: Problem | None = None,
) -> tuple[str, int]:
    fitting = opened.fitting
    by = request.form.get("_by") or (fitting[0].name if fitting else "")
    return render_template(
        "studio/sandbox_task.html",
        opened=opened,
        stand=opened.stand,
        run=opened.stand.run,
        view=(desk or opened.desk).view(errors, draft),
        by=by,
        problem=problem,
    ), status
