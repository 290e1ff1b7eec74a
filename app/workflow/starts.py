"""Starting a procedure by a person's form: permitted, checked, stored and begun in one call."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app import clock, forms
from app.db import new_id
from app.engine import Json, Process, StartForm
from app.errors import N_, Conflict, Denied, NotFound
from app.forms.model import Group
from app.i18n import Text
from app.identity.actors import Actor
from app.workflow import drafts, instances, operations, releases, submissions
from app.workflow.models import Instance
from app.workflow.operations import Context
from app.workflow.submissions import Place, Sender

NOTHING_PUBLISHED = N_("Nothing has been published yet, so nothing can be started.")


@dataclass(frozen=True, slots=True)
class Startable:
    """A procedure that the actor may start, in the newest release."""

    release_id: str
    process: Process
    start: StartForm
    form: forms.Form
    """Without a field where starting takes a press of a button only."""


def listed(session: Session, actor: Actor) -> list[Startable]:
    """All that the actor may start."""
    release = releases.current(session)
    if release is None:
        return []
    loaded = releases.load(session, release.id)
    return [
        Startable(loaded.id, process, process.start, _form(loaded, process.start, process))
        for process in loaded.specification.processes.values()
        if process.start is not None and actor.holds(*process.start.roles)
    ]


def _form(loaded: releases.Loaded, start: StartForm, process: Process) -> forms.Form:
    if start.form:
        return loaded.forms[start.form]
    return forms.Form("", process.name, Text("", ""), Group(()))


def get_start_for(session: Session, actor: Actor, process: str) -> Startable:
    """Fetch and permit in one. NotFound and Denied read the same."""
    release = releases.current(session)
    if release is None:
        raise NotFound(NOTHING_PUBLISHED)
    loaded = releases.load(session, release.id)
    found = loaded.specification.processes.get(process)
    if found is None or found.start is None:
        raise NotFound
    if not actor.holds(*found.start.roles):
        raise Denied(kind="start", id=process)
    return Startable(loaded.id, found, found.start, _form(loaded, found.start, found))


def submit(
    session: Session,
    actor: Actor,
    process: str,
    values: Mapping[str, Json],
    *,
    nonce: str,
    subject: str | None = None,
    context: forms.Context | None = None,
) -> Instance:
    """Send the start form. The same nonce again gives the instance it began. Raises Invalid with the fields.

    The start form's operation, if there is one, gets the checked values as `values`, may say what the instance is
    about (`Context.about`), and what it returns joins the data. `subject`: the thing whose page the form was on.
    """
    startable = get_start_for(session, actor, process)
    earlier = submissions.sent_with(session, nonce)
    if earlier is not None:
        if earlier.by != actor.person_id or earlier.task_id is not None:
            raise Conflict(instances.TOO_LATE)
        return instances.lock(session, earlier.instance_id)
    result = submissions.checked(startable.form, values, context)
    ident, by = new_id(), actor.person_id
    about = Context(session, ident, subject, by, clock.now(), key=f"start:{ident}")
    data = _data(startable, result, about)
    place = Place(ident, startable.release_id, None, about.subject)
    written = submissions.write(startable.form, result, Sender(by, nonce), place)
    submissions.write_bound(session, startable.form, result.values, by, about.subject)
    more: dict[str, Any] = {"subject": about.subject, "body": written.facts, "instance_id": ident}
    instance = instances.start(session, startable.release_id, process, data, by, **more)
    submissions.keep(session, written)
    drafts.drop(session, drafts.of_start(process), by)
    return instance


def _data(startable: Startable, result: forms.Checked, about: Context) -> dict[str, Json]:
    """What the instance begins with; the operation has run, and `about` knows what it is about."""
    start = startable.start
    data = forms.outputs(startable.form, result, start.outputs)
    if start.result:
        data = {start.result: data}
    if start.operation is not None:
        given = operations.find(start.operation).run(about, values=result.values)
        data |= given if isinstance(given, dict) else {}
    return data
