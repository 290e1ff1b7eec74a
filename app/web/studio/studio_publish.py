"""From the draft to the release in force: what changes, what keeps it from going, a note, a second analyst."""

from typing import Any

from flask import Blueprint, flash, render_template, request
from werkzeug import Response

from app.courses import settings
from app.errors import Conflict, Invalid, Problem
from app.i18n import gettext
from app.web.access import current_actor, database, open_to, writing
from app.web.numbers import whole
from app.web.redirects import see
from app.web.studio.standing import ANALYST, called
from app.workflow import releases
from app.workflow.models import Release
from app.workflow.models_studio import StudioRequest
from app.workflow.studio import comparison, drafts, publishing, rehearsal
from app.workflow.studio.publishing import Content
from app.workflow.studio.rehearsal import Rehearsal

blueprint = Blueprint("studio_publish", __name__, url_prefix="/studio/publish")

Answer = str | Response | tuple[str, int]


@blueprint.get("")
@open_to(ANALYST)
def overview() -> Answer:
    """`again`: the number of an older release that is to be published anew."""
    return _page(request.args.get("again", ""))


@blueprint.post("")
@open_to(ANALYST)
def publish() -> Answer:
    """At once, unless the organisation wants a second analyst to agree: then it is a request."""
    again, seen, note = _sent()
    try:
        rehearsed = _rehearsed(_content(again))
        with writing() as session:
            content = _content(again)
            if _second(session):
                publishing.ask(session, content, seen, rehearsed.findings, current_actor(), note)
                made = None
            else:
                made = publishing.publish(session, content, seen, rehearsed.findings, current_actor(), note)
    except (Conflict, Invalid) as problem:
        database().rollback()
        return _page(again, problem, note)
    return _after(made)


@blueprint.post("/ask")
@open_to(ANALYST)
def ask() -> Answer:
    """Ask a second analyst, also where the organisation does not demand it."""
    again, seen, note = _sent()
    try:
        rehearsed = _rehearsed(_content(again))
        with writing() as session:
            publishing.ask(session, _content(again), seen, rehearsed.findings, current_actor(), note)
    except (Conflict, Invalid) as problem:
        database().rollback()
        return _page(again, problem, note)
    return _after(None)


@blueprint.post("/requests/<asked_id>/approve")
@open_to(ANALYST)
def approve(asked_id: str) -> Answer:
    asked = publishing.get(database(), asked_id)
    try:
        rehearsed = _rehearsed(publishing.of_request(database(), asked))
        with writing() as session:
            made = publishing.approve(session, publishing.get(session, asked_id), rehearsed.findings, current_actor())
    except (Conflict, Invalid) as problem:
        database().rollback()
        return _page(_again_of(publishing.get(database(), asked_id)), problem)
    return _after(made)


@blueprint.post("/requests/<asked_id>/return")
@open_to(ANALYST)
def send_back(asked_id: str) -> Answer:
    reason = request.form.get("reason", "").strip()[: publishing.NOTE]
    try:
        with writing() as session:
            publishing.send_back(session, publishing.get(session, asked_id), current_actor(), reason)
    except (Conflict, Invalid) as problem:
        database().rollback()
        return _page(_again_of(publishing.get(database(), asked_id)), problem, reason=reason)
    flash(gettext("The request is closed. The draft stays as it is."), "done")
    return see("studio_publish.overview")


def _sent() -> tuple[str, str, str]:
    note = request.form.get("note", "").strip()[: publishing.NOTE]
    return request.form.get("again", ""), request.form.get("sha256", ""), note


def _after(made: Release | None) -> Response:
    if made is None:
        flash(gettext("The request waits for a second analyst. Whatever is saved from now on needs a new one."), "done")
        return see("studio_publish.overview")
    flash(gettext("Release %(number)s is in force: new courses begin on it.", number=made.number), "done")
    return see("studio_releases.listed")


def _content(again: str) -> Content:
    session = database()
    if again:
        return publishing.of_release(session, releases.get(session, whole(again)))
    return publishing.of_draft(session, drafts.current(session))


def _rehearsed(content: Content) -> Rehearsal:
    """Checked to the end, without keeping the database from others meanwhile."""
    database().rollback()
    rehearsed = rehearsal.of(content.files)
    rehearsed.wait()
    return rehearsed


def _second(session: Any) -> bool:
    return settings.read(session, "publishing_second", settings.today(session)) == "yes"


def _again_of(asked: StudioRequest) -> str:
    release = database().get(Release, asked.again_id) if asked.again_id else None
    return str(release.number) if release else ""


def _page(again: str, problem: Problem | None = None, note: str = "", reason: str = "") -> Answer:
    session, newest = database(), releases.current(database())
    if not again and drafts.find(session) is None:
        if problem is not None:
            raise problem
        return render_template("studio/publish_none.html", newest=newest, **_waiting(None))
    content = _content(again)
    rehearsed = rehearsal.of(content.files)
    if not rehearsed.wait(rehearsal.PATIENCE):
        return render_template("studio/publish_wait.html", rehearsed=rehearsed, again=again)
    before = releases.export(session, newest.id) if newest else {}
    changes = comparison.compare(before, content.files)
    counted = publishing.running(session)
    shown = {
        "content": content,
        "again": again,
        "newest": newest,
        "changes": changes,
        "serious": rehearsed.serious,
        "minor": [one for one in rehearsed.findings if one.severity == "warning"],
        "played": rehearsed.total,
        "running": sum(counted.values()),
        "behind": content.draft is not None and newest is not None and content.draft.base_release_id != newest.id,
        "second": _second(session),
        "problem": problem,
        "typed": {"note": note, "reason": reason},
        **_waiting(content),
    }
    page = render_template("studio/publish.html", **shown)
    return (page, problem.status) if problem is not None else page


def _waiting(content: Content | None) -> dict[str, Any]:
    """The request that waits, and what was last sent back."""
    session, me = database(), current_actor()
    asked = publishing.waiting(session)
    returned = publishing.answered(session, content.draft) if content and content.draft else None
    people = [one for request_ in (asked, returned) if request_ for one in (request_.by, request_.answered_by)]
    return {
        "asked": asked,
        "asked_again": _again_of(asked) if asked else "",
        "still": asked is not None and publishing.of_request(session, asked).sha256 == asked.sha256,
        "may_answer": asked is not None and publishing.may_answer(asked, me),
        "own": asked is not None and asked.by == me.person_id,
        "returned": returned,
        "names": called(people),
    }
