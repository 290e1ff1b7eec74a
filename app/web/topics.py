"""Prospective topics (6.1, A51): the backlog beside the list, and the way from it into the list."""

from flask import Blueprint, flash, render_template, request
from werkzeug import Response

from app.courses.planning import topics
from app.courses.planning.topics import Idea
from app.errors import N_, Conflict, Denied, Invalid, Problem
from app.i18n import gettext
from app.web.access import current_actor, database, open_to, writing
from app.web.numbers import whole
from app.web.redirects import see
from app.workflow import drafts, starts

blueprint = Blueprint("topics", __name__, url_prefix="/topics")
SIZE = 50
STATES = {"open": N_("awaits its time"), "promoted": N_("promoted into the list"), "dropped": N_("dropped")}
MARKS = {"open": "others", "promoted": "done", "dropped": "others"}


@blueprint.get("")
@open_to(*topics.READERS)
def listed() -> str:
    return _page({}, {})


def _page(typed: dict[str, str], errors: dict[str, Problem]) -> str:
    values = request.args
    page, search = max(whole(values.get("page"), 1), 1), values.get("q", "")[:200]
    state = values.get("state", "open")
    known = state if state in STATES else ""
    found = topics.query(database(), current_actor(), search=search, state=known, page=page, size=SIZE)
    return render_template(
        "topics.html",
        found=found,
        search=search,
        state_wanted=known,
        states=STATES,
        marks=MARKS,
        page=page,
        more=page * SIZE < found.total,
        keeper=current_actor().holds(*topics.KEEPERS),
        may_enter=current_actor().holds("secretariat", "administrator"),
        typed={"title": "", "reason": "", "year": "", **typed},
        errors=errors,
    )


@blueprint.post("")
@open_to(*topics.KEEPERS)
def add() -> Response | tuple[str, int]:
    typed = {name: request.form.get(name, "").strip()[:5000] for name in ("title", "reason", "year")}
    try:
        with writing() as session:
            year = whole(typed["year"]) or None
            home = current_actor().organisation_id
            topics.add(session, Idea(typed["title"], typed["reason"], year, home), current_actor().person_id)
    except Invalid as problem:
        database().rollback()
        return _page(typed, dict(problem.fields) or {"": problem}), problem.status
    flash(gettext("The topic is kept beside the list."), "done")
    return see("topics.listed")


@blueprint.get("/<topic_id>")
@open_to(*topics.READERS)
def show(topic_id: str) -> str:
    return _one(topic_id, "", {})


def _one(topic_id: str, reason: str, errors: dict[str, Problem]) -> str:
    topic = topics.get_for(database(), current_actor(), topic_id)
    return render_template(
        "topic.html",
        topic=topic,
        states=STATES,
        marks=MARKS,
        keeper=current_actor().holds(*topics.KEEPERS) and topic.state == "open",
        may_enter=current_actor().holds("secretariat", "administrator") and topic.state == "open",
        typed={"reason": reason},
        errors=errors,
    )


@blueprint.post("/<topic_id>/drop")
@open_to(*topics.KEEPERS)
def drop(topic_id: str) -> Response | tuple[str, int]:
    reason = request.form.get("reason", "")[:5000]
    try:
        with writing() as session:
            topics.drop(session, current_actor(), topic_id, reason)
    except (Invalid, Conflict) as problem:
        database().rollback()
        fields = problem.fields if isinstance(problem, Invalid) else {}
        errors: dict[str, Problem] = dict(fields) or {"": problem}
        return _one(topic_id, reason, errors), problem.status
    flash(gettext("The topic is dropped; its reason is kept."), "done")
    return see("topics.listed")


@blueprint.post("/<topic_id>/promote")
@open_to("secretariat", "administrator")
def promote(topic_id: str) -> Response:
    """To the form that enters a course in the list, begun with the topic; what was typed there before is replaced."""
    actor = current_actor()
    with writing() as session:
        topic = topics.get_for(session, actor, topic_id)
        if topic.state != "open":
            raise Conflict(topics.SETTLED)
        if starts.get_start_for(session, actor, "creation") is None:
            raise Denied
        values = {"topic": topic.id, "title_ru": topic.title, "source_note": gettext("Prospective topic")}
        if topic.organisation_id:
            kind = "nmi" if topic.organisation_id.startswith("nmi-") else "sb"
            values |= {"initiator_kind": kind, kind: topic.organisation_id}
        drafts.keep(session, drafts.of_start("creation"), actor.person_id, values)
    return see("procedures.show", process="creation")
