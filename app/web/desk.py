"""The desk of a task or of a start form: the form with its draft, choices and files, ready to show or to check."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from flask import request
from sqlalchemy.orm import Session

from app import clock, forms
from app.courses import choices
from app.db import new_id
from app.engine import Json
from app.errors import N_, Invalid, Problem
from app.forms import Context, Draft, Field, Form, FormView
from app.identity.actors import Actor
from app.web import journal, uploads
from app.workflow import drafts, starts, submissions, tasks


@dataclass(frozen=True, slots=True)
class Desk:
    """A form in front of a person."""

    form: Form
    place: str
    """Where its draft is kept."""
    context: Context
    values: Mapping[str, Json]
    """The draft, or nothing."""
    saved_at: datetime | None = None

    def view(self, errors: Mapping[str, Problem] | None = None, draft: Draft | None = None) -> FormView:
        """As pages write it out; a draft just posted also says where to go on."""
        return forms.view(self.form, draft or self.values, errors, self.context)


def of_task(session: Session, actor: Actor, opened: tasks.Opened, form: Form) -> Desk:
    """The desk of an open task."""
    data = tasks.data_of(session, opened) if asks(form.fields) else {}
    subject = opened.task.subject
    return _lay(session, actor, form, drafts.of_task(opened.task.id), subject, data)


def of_start(session: Session, actor: Actor, startable: starts.Startable) -> Desk | None:
    """The desk of the form that begins a procedure; None where pressing a button is enough."""
    if startable.form is None:
        return None
    return _lay(session, actor, startable.form, drafts.of_start(startable.process.id), None, {})


def _lay(session: Session, actor: Actor, form: Form, place: str, subject: str | None, data: Mapping[str, Json]) -> Desk:
    known = choices.context(session, form.name, subject, data) if asks(form.fields) else Context()
    wanted = request.method == "GET" or holds_files(form.fields)
    draft = drafts.find(session, place, actor.person_id) if wanted else None
    values = draft.values if draft else _first(form, known)
    files = uploads.of_draft(session, form.fields, values, actor.person_id)
    context = replace(known, files={**known.files, **files}, today=clock.today(actor.zone))
    return Desk(form, place, context, values, draft.at if draft else None)


def _first(form: Form, context: Context) -> dict[str, Json]:
    """Where a form begins that has no draft: with what is known already of the fields that it asks."""
    asked = [field.name for field in form.group.inputs if not field.read_only]
    return {name: context.current[name] for name in asked if name in context.current}


def asks(fields: tuple[Field, ...]) -> bool:
    """Whether a form shows or offers anything that must be looked up: only then is the engine asked for its data."""
    return any(
        field.options_from or field.read_only or field.bind or (field.rows and asks(field.rows.fields))
        for field in fields
    )


def holds_files(fields: tuple[Field, ...]) -> bool:
    """Whether files may be attached: then what is posted names those of the draft; else the post is the whole."""
    return any(field.kind == "file" or (field.rows and holds_files(field.rows.fields)) for field in fields)


def read(session: Session, actor: Actor, desk: Desk | None) -> tuple[Desk | None, Draft]:
    """What this request posted, its files taken in, and the desk with them on it."""
    if desk is None:
        return None, Draft({})
    sent = uploads.take(session, actor.person_id) if request.files else {}
    draft = forms.parse(desk.form, request.form.to_dict(flat=False), sent, desk.context)
    files = {**desk.context.files, **draft.attached}
    return replace(desk, context=replace(desk.context, files=files), values=draft.values), draft


def keep(session: Session, actor: Actor, desk: Desk | None) -> None:
    """What is on the desk, as a draft."""
    if desk is not None:
        drafts.keep(session, desk.place, actor.person_id, desk.values)


def posted_nonce() -> str:
    """The nonce of the form that was sent. Raises Invalid where the form was not one of ours."""
    found = request.form.get("nonce", "")
    if len(found) != len(new_id()) or not found.isalnum():
        raise Invalid(N_("This form is incomplete. Open the page again and send it from there."))
    journal.sent(submissions.name_in_log(found))
    return found


def nonce() -> str:
    """Made for one shown form, unguessable: the same form sent twice counts once."""
    return new_id()
