"""Forms of the draft: a list of fields, beside it the form as people will see it."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, jsonify, render_template, request
from flask import Response as Answer
from werkzeug import Response

from app import engine, forms
from app.courses import choices
from app.errors import N_, Invalid, NotFound, Problem
from app.forms import editing
from app.forms.dialect import file_of
from app.forms.editing.settings import TESTS
from app.i18n import Text, format_datetime, gettext
from app.identity import people
from app.web.access import current_actor, database, open_to, writing
from app.web.redirects import see
from app.web.studio import form_panes, form_posts, form_steps
from app.web.studio.standing import ANALYST, draft
from app.workflow import bindings
from app.workflow.studio import drafts, form_files, uses
from app.workflow.studio.form_files import Behind, FormFiles

blueprint = Blueprint("studio_forms", __name__, url_prefix="/studio/forms")

Shown = str | Response | tuple[str, int] | Answer | tuple[Answer, int]


@dataclass(frozen=True, slots=True)
class Line:
    """A form in the list of all."""

    name: str
    title: Text
    steps: int
    findings: int


@blueprint.get("")
@open_to(ANALYST)
def listed() -> str:
    return _listed()


def _listed(problem: Problem | None = None) -> str:
    files = drafts.files(database(), draft())
    lines = [_line(files, name) for name in form_files.names(files)]
    return render_template("studio/forms.html", lines=lines, problem=problem, typed=request.form)


def _line(files: dict[str, bytes], name: str) -> Line:
    halves = editing.Halves(*(files.get(file_of(name, half), b"") for half in form_files.HALVES))
    found = _findings(halves, name)
    try:
        title = editing.text_of_title(editing.read(*halves))
    except Invalid:
        title = Text("", "")
    return Line(name, title, len(uses.of_form(files, name).steps), len(found))


@blueprint.post("")
@open_to(ANALYST)
def create() -> Shown:
    """A new form, from nothing or as the copy of another."""
    name, title, source = form_posts.line("name"), form_posts.words("title"), form_posts.line("copy")
    try:
        with writing() as session:
            base = form_files.read(session, draft(), source).halves if source else None
            halves = editing.copied(base, title.ru, title.en) if base else editing.fresh(title.ru, title.en)
            wrong = [one for one in _findings(halves, name) if one.rule == "form-name"]
            if wrong or not title.ru or not title.en:
                raise Invalid(N_("A form needs a name in small Latin letters and a title in both languages."))
            form_files.create(session, draft(), name, halves, current_actor().person_id)
    except Invalid as problem:
        return _listed(problem), 422
    flash(gettext("The form “%(name)s” is in the draft.", name=name), "done")
    return see("studio_forms.show", name=name)


@blueprint.get("/<name>")
@open_to(ANALYST)
def show(name: str) -> Shown:
    return _page(form_files.read(database(), draft(), name))


@blueprint.post("/<name>")
@open_to(ANALYST)
def change(name: str) -> Shown:
    """One step on the list of fields. With `_live` the answer is JSON for the script that saves while one types."""
    live = "_live" in request.form
    try:
        found = form_files.read(database(), draft(), name)
        needed = None if live else form_steps.needed(drafts.files(database(), draft()), name)
        if needed is not None:
            return render_template("studio/form_confirm.html", name=name, needed=needed, posted=request.form)
        with writing() as session:
            pair = editing.read(*found.halves)
            key = form_steps.take(pair, live=live)
            sent = FormFiles(name, pair.written(), form_posts.revisions())
            try:
                saved = form_files.save(session, draft(), sent, current_actor().person_id)
            except Behind as behind:
                session.commit()
                raise behind from None
    except (Invalid, Behind) as problem:
        return _refused(name, problem, live=live)
    if live:
        return jsonify(_told(saved))
    return see("studio_forms.show", name=name, _anchor=f"entry-{form_steps.slug(key)}" if key else "", open=key)


@blueprint.post("/<name>/remove")
@open_to(ANALYST)
def remove(name: str) -> Shown:
    """Take the form out of the draft; where a diagram asks it, only after that was read and confirmed."""
    asked = uses.of_form(drafts.files(database(), draft()), name).steps
    if asked and "confirmed" not in request.form:
        return render_template("studio/form_remove.html", name=name, steps=asked)
    with writing() as session:
        form_files.read(session, draft(), name)
        form_files.remove(session, draft(), name, current_actor().person_id)
    flash(gettext("The form “%(name)s” is out of the draft; the history keeps it.", name=name), "done")
    return see("studio_forms.listed")


def _refused(name: str, problem: Invalid | Behind, *, live: bool) -> Shown:
    newest = form_files.read(database(), draft(), name)
    said = _said(problem, newest)
    if live:
        told = {"said": said, "revisions": list(newest.revisions)} if isinstance(problem, Behind) else {"said": said}
        return jsonify(told), problem.status
    page = _page(newest, problem=said, key=request.form.get("key", ""))
    return page, problem.status


def _said(problem: Invalid | Behind, newest: FormFiles) -> str:
    if isinstance(problem, Behind):
        who = people.names(database(), [newest.by]).get(newest.by) if newest.by else None
        when = format_datetime(newest.at, current_actor().zone) if newest.at else "–"
        text = N_(
            "%(who)s saved this form at %(when)s, after you had opened it. What you sent was not applied; it is kept "
            "in the history as set aside. What you typed is still below: look at the form as it is now and save again."
        )
        return gettext(text, who=str(who or "–"), when=when)
    return gettext(problem.message, **problem.params)


def _told(saved: FormFiles) -> dict[str, Any]:
    found = _findings(saved.halves, saved.name)
    return {
        "said": gettext("Saved"),
        "revisions": list(saved.revisions),
        "findings": render_template("studio/form_findings.html", findings=found),
    }


def _findings(halves: editing.Halves, name: str) -> list[engine.Finding]:
    return forms.check_form(*halves, name, forms.Surroundings(binds=bindings.registered().keys()))


def _page(found: FormFiles, problem: str = "", key: str = "") -> str:
    """The editor; after a refusal (`key`) with what was typed still in its field."""
    files = drafts.files(database(), draft())
    shown = form_panes.opened(found.halves, found.name)
    trial = form_panes.tried(shown, {}, check=False) if isinstance(shown, forms.Form) else None
    try:
        pair: editing.Pair | None = editing.read(*found.halves)
    except Invalid:
        pair = None
    return render_template(
        "studio/form.html",
        found=found,
        pair=pair,
        entries=form_steps.cards(pair, key) if pair else [],
        findings=_findings(found.halves, found.name),
        uses=uses.of_form(files, found.name),
        trial=trial,
        panes=form_panes.panes,
        problem=problem,
        opened=key or request.args.get("open", ""),
        typed=request.form if key else {},
        **_offered(),
    )


def _offered() -> dict[str, Any]:
    return {
        "kinds": editing.KINDS,
        "places": sorted(bindings.registered()),
        "lists": choices.names(),
        "tests": TESTS,
        "slug": form_steps.slug,
    }


@blueprint.post("/<name>/preview")
@open_to(ANALYST)
def preview(name: str) -> Shown:
    """The form filled in on trial; nothing is kept. A script gets the two panes alone."""
    found = form_files.read(database(), draft(), name)
    form = form_panes.opened(found.halves, name)
    if not isinstance(form, forms.Form):
        return render_template("studio/form_findings.html", findings=form), 422
    trial = form_panes.tried(form, request.form.to_dict(flat=False), check="_check" in request.form)
    if "_part" in request.form:
        return render_template("studio/form_panes.html", name=name, trial=trial, panes=form_panes.panes)
    return render_template("studio/form_preview.html", name=name, trial=trial, panes=form_panes.panes)


@blueprint.get("/<name>/source")
@open_to(ANALYST)
def source(name: str) -> str:
    found = form_files.read(database(), draft(), name)
    return _source(found, [one.decode("utf-8", "replace") for one in found.halves])


def _source(found: FormFiles, texts: list[str], problem: str = "") -> str:
    wrong = _findings(found.halves, found.name)
    return render_template("studio/form_source.html", found=found, texts=texts, findings=wrong, problem=problem)


@blueprint.post("/<name>/source")
@open_to(ANALYST)
def save_source(name: str) -> Shown:
    """Both files as typed, right or wrong: what is wrong is a finding, and nothing typed is lost."""
    texts = [request.form.get(half, "").replace("\r\n", "\n") for half in form_files.HALVES]
    if not all(texts):
        raise NotFound
    sent = FormFiles(name, editing.Halves(*(one.encode() for one in texts)), form_posts.revisions())
    try:
        with writing() as session:
            try:
                form_files.save(session, draft(), sent, current_actor().person_id)
            except Behind as behind:
                session.commit()
                raise behind from None
    except (Invalid, Behind) as problem:
        newest = form_files.read(database(), draft(), name)
        return _source(newest, texts, _said(problem, newest)), problem.status
    flash(gettext("Saved"), "done")
    return see("studio_forms.source", name=name)
