"""A task: the form, and beside it what is needed to decide."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, jsonify, render_template, request
from sqlalchemy.orm import Session
from werkzeug import Response

from app import forms
from app.courses import choices
from app.errors import Conflict, Invalid, Problem
from app.forms import Context, Draft, Printed
from app.i18n import Text, current_locale, gettext, ngettext
from app.identity import appointments, people
from app.identity.roles import ROLES
from app.web import beside, desk, failures, uploads
from app.web.access import current_actor, database, writing
from app.web.beside import Beside
from app.web.desk import Desk
from app.web.numbers import day, whole
from app.web.redirects import back, see
from app.web.transactions import undoing
from app.workflow import instances, submissions, tasks
from app.workflow.models import Task

blueprint = Blueprint("tasks", __name__, url_prefix="/tasks")

FEW = 5
"""People named to whom a task falls now; more are told by their role."""

Answer = str | Response | tuple[str, int]


@blueprint.get("/<task_id>")
def show(task_id: str) -> Answer:
    opened = tasks.get_task_for(database(), current_actor(), task_id)
    if opened.task.closed_at is not None:
        return render_template(
            "task_done.html", opened=opened, about=_about(opened), beside=_beside(opened), sent=_sent(opened)
        )
    return _page(opened, _desk(opened))


@blueprint.post("/<task_id>")
def submit(task_id: str) -> Answer:
    actor = current_actor()
    with writing() as session:
        opened = tasks.get_task_for(session, actor, task_id, lock=True, nonce=request.form.get("nonce"))
        laid, draft = _read(opened)
        if draft.pressed or draft.faults or "_save" in request.form:
            return _kept(opened, laid, draft)
        try:
            with undoing(session, draft):
                done = _complete(session, opened, laid)
        except Invalid as problem:
            return _refused(opened, laid, problem)
        except Conflict as problem:
            return _too_late(task_id, laid, problem)
    flash(gettext("Sent: %(task)s.", task=str(opened.name)), "done")
    return see("tasks.show", task_id=done.next_task) if done.next_task else see("inbox.front")


@blueprint.post("/<task_id>/draft")
def keep_draft(task_id: str) -> Answer:
    """What is typed, a second after the last key; the page says that it is kept."""
    actor = current_actor()
    with writing() as session:
        opened = tasks.get_task_for(session, actor, task_id)
        laid, _draft = _read(opened)
        if opened.task.closed_at is None:
            desk.keep(session, actor, laid)
    return jsonify(said=gettext("Draft saved"))


@blueprint.post("/<task_id>/claim")
def claim(task_id: str) -> Response:
    with writing() as session:
        tasks.claim(session, current_actor(), task_id)
    return see("tasks.show", task_id=task_id)


@blueprint.post("/<task_id>/give-back")
def give_back(task_id: str) -> Response:
    with writing() as session:
        opened = tasks.give_back(session, current_actor(), task_id)
    flash(gettext("Given back: %(task)s. A colleague can claim it.", task=str(opened.name)), "done")
    return see("inbox.front")


@blueprint.post("/claim")
def claim_several() -> Response:
    """Take the ticked tasks; those that somebody else has taken meanwhile are counted, not lost in silence."""
    taken = missed = 0
    with writing() as session:
        for task_id in request.form.getlist("task")[:100]:
            try:
                tasks.claim(session, current_actor(), task_id)
                taken += 1
            except Problem:
                missed += 1
    if taken:
        flash(ngettext("%(num)s task is now yours.", "%(num)s tasks are now yours.", taken), "done")
    if missed:
        flash(ngettext("%(num)s task had already been taken.", "%(num)s tasks had already been taken.", missed), "info")
    return back("/" if taken else "/?view=roles")


def _complete(session: Session, opened: tasks.Opened, laid: Desk | None) -> tasks.Completion:
    return tasks.complete(
        session,
        current_actor(),
        opened.task.id,
        laid.values if laid else {},
        nonce=desk.posted_nonce(),
        revision=whole(request.form.get("revision")),
        context=laid.context if laid else None,
        opened=opened,
    )


@blueprint.post("/<task_id>/extend")
def extend(task_id: str) -> Answer:
    """Another last day for a deadline of the task, with a reason."""

    def move(session: Session, name: str, reason: str) -> None:
        tasks.extend_deadline(session, current_actor(), task_id, name, day(request.form.get("until", "")), reason)

    return _moved(task_id, move, gettext("The deadline was extended."))


@blueprint.post("/<task_id>/stop-clock")
def stop_clock(task_id: str) -> Answer:
    """Nothing runs against the deadline until its clock is started again; the reason is kept."""

    def stop(session: Session, name: str, reason: str) -> None:
        tasks.stop_clock(session, current_actor(), task_id, name, reason)

    return _moved(task_id, stop, gettext("The clock of the deadline is stopped."))


@blueprint.post("/<task_id>/start-clock")
def start_clock(task_id: str) -> Answer:
    def start(session: Session, name: str, reason: str) -> None:
        tasks.start_clock(session, current_actor(), task_id, name, reason)

    return _moved(task_id, start, gettext("The clock runs again; the working days that were left begin today."))


def _moved(task_id: str, move: Callable[[Session, str, str], None], done: str) -> Answer:
    """Do it to the deadline named; where that cannot be, the task's page says why, with what was typed still in it."""
    name, reason = request.form.get("deadline", ""), request.form.get("reason", "").strip()[:2000]
    try:
        with writing() as session:
            tasks.get_task_for(session, current_actor(), task_id)
            move(session, name, reason)
    except (Invalid, Conflict) as problem:
        database().rollback()
        opened = tasks.get_task_for(database(), current_actor(), task_id)
        if opened.task.closed_at is not None:
            raise
        asked = {"name": name, "reason": reason, "until": request.form.get("until"), "problem": problem}
        return _page(opened, _desk(opened), problem.status, asked=asked)
    flash(done, "done")
    return see("tasks.show", task_id=task_id)


@blueprint.errorhandler(tasks.Ended)
def _ended(problem: tasks.Ended) -> tuple[str, int]:
    """The appointment ended while somebody was typing: nothing is sent, and nothing typed is lost either."""
    failures.record_denial(current_actor().person_id, problem.params)
    opened = problem.opened
    shown = {"opened": opened, "about": _about(opened), "typed": _typed_without_desk(opened), "roles": ROLES}
    return render_template("task_ended.html", **shown, acting=_acting(opened.task)), 409


def _acting(task: Task) -> list[str]:
    """Who may act now, by name, where the task falls to few."""
    found = appointments.holders(database(), task.role, task.organisation, task.subject) if task.role else []
    return [str(one.name) for one in found] if len(found) <= FEW else []


def _typed_without_desk(opened: tasks.Opened) -> list[Printed]:
    """Only what this request holds, in the form's words: of what the task shows now nothing is told any more."""
    form = opened.form
    if form is None or request.method != "POST":
        return []
    session, actor = database(), current_actor()
    known = choices.context(session, form.name, opened.task.subject, {})
    sent = forms.parse(form, request.form.to_dict(flat=False)).values
    files = uploads.of_draft(session, form.fields, sent, actor.person_id)
    printed = forms.present(form, sent, current_locale(), Context(known.options, {}, files))
    return [one for one in printed if one.kind != "heading" and one.text != forms.NOTHING_SAID]


def _desk(opened: tasks.Opened) -> Desk | None:
    return desk.of_task(database(), current_actor(), opened, opened.form) if opened.form else None


def _read(opened: tasks.Opened) -> tuple[Desk | None, Draft]:
    return desk.read(database(), current_actor(), _desk(opened))


def _taker(task: Task) -> str:
    """Who else has claimed the task; "" when nobody has, or the reader."""
    if task.claimed_by in (None, current_actor().person_id):
        return ""
    return str(people.get(database(), str(task.claimed_by)).name)


def _about(opened: tasks.Opened) -> str:
    subject = opened.subject
    return str(Text(subject.title_ru, subject.title_en)) if subject else ""


def _typed(laid: Desk | None) -> list[Printed]:
    """What was typed, in words, to be copied from."""
    return forms.present(laid.form, laid.values, current_locale(), laid.context) if laid else []


def _beside(opened: tasks.Opened) -> Beside:
    return beside.of_task(database(), current_actor(), opened)


def _sent(opened: tasks.Opened) -> list[Printed]:
    """What was answered, as it is printed."""
    task = opened.task
    sent = [one for one in submissions.of_instance(database(), task.instance_id) if one.task_id == task.id]
    if opened.form is None or not sent:
        return []
    submission = sent[-1]
    return forms.present(opened.form, submission.values, current_locale())


def _page(opened: tasks.Opened, laid: Desk | None, status: int = 200, **more: Any) -> tuple[str, int]:
    """The task's page; `more` overrides what the form shows: view, problem."""
    task = opened.task
    shown = {
        "opened": opened,
        "view": laid.view() if laid else None,
        "saved_at": laid.saved_at if laid else None,
        "nonce_value": desk.nonce(),
        "beside": _beside(opened),
        "mine": task.claimed_by == current_actor().person_id,
        "taken_by": _taker(task),
        "about": _about(opened),
        "problem": None,
        "asked": None,
    }
    return render_template("task.html", **(shown | more)), status


def _kept(opened: tasks.Opened, laid: Desk | None, draft: Draft) -> Answer:
    """A button for rows or files, or "save": the draft is kept and the form shown again."""
    desk.keep(database(), current_actor(), laid)
    if "_save" in request.form and not draft.faults:
        flash(gettext("Draft saved"), "done")
        return see("tasks.show", task_id=opened.task.id)
    view = laid.view(errors=draft.faults, draft=draft) if laid else None
    return _page(opened, laid, 422 if draft.faults else 200, view=view)


def _refused(opened: tasks.Opened, laid: Desk | None, problem: Invalid) -> Answer:
    """Something is missing or wrong: nothing is sent, what was typed and attached is kept."""
    if laid is None:
        raise problem
    desk.keep(database(), current_actor(), laid)
    return _page(opened, laid, 422, view=laid.view(errors=problem.fields), problem=problem)


def _too_late(task_id: str, laid: Desk | None, problem: Conflict) -> Answer:
    """Somebody was faster: the page as it is now, with what was typed still in it."""
    if isinstance(problem, instances.Damaged):
        with writing() as session:
            instances.quarantine(session, problem.instance_id)
    opened = tasks.get_task_for(database(), current_actor(), task_id)
    if opened.task.closed_at is None:
        return _page(opened, laid, 409, problem=problem)
    shown = {"opened": opened, "about": _about(opened), "typed": _typed(laid), "problem": problem}
    return render_template("task_late.html", **shown), 409
