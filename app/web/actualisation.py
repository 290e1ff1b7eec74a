"""Checks of topicality on pages: the overdue list, a check begun before its date, decisions of TC 4 (section 13)."""

from dataclasses import dataclass

from flask import Blueprint, flash, render_template, request
from sqlalchemy.orm import Session
from werkzeug import Response

from app.courses import register
from app.courses.actualisation import checking, deciding, overdue, printed, renewing
from app.courses.actualisation.models import Annulment, BodyDecision, Conclusion, Edition, TopicalityCheck
from app.courses.actualisation.shown import ACTS, OUTCOMES
from app.courses.documents import kept, making
from app.courses.models import Course
from app.courses.stages import is_open_to_learners
from app.errors import N_, NotFound
from app.i18n import gettext
from app.identity.actors import Actor
from app.web.access import current_actor, database, open_to, writing
from app.web.numbers import whole
from app.web.redirects import see

blueprint = Blueprint("actualisation", __name__)

SIZE = 50
TITLES = {"overdue": N_("Overdue"), "soon": N_("Overdue and soon"), "all": N_("All published courses")}
RESULTS = {"topical": N_("topical"), "updated": N_("updated"), "annulled": N_("annulled")}


@dataclass(frozen=True, slots=True)
class Checked:
    """A check with what was concluded, and what came of it."""

    check: TopicalityCheck
    conclusions: tuple[Conclusion, ...]
    decision: BodyDecision | None
    edition: Edition | None


@dataclass(frozen=True, slots=True)
class Topicality:
    """What a course's pages say of its topicality."""

    checks: tuple[Checked, ...]
    """The newest first."""
    annulment: Annulment | None
    open: bool
    """A check is going on."""
    may_begin: bool
    """The reader may have the next check begun before its date."""


def of_course(session: Session, actor: Actor, course: Course) -> Topicality:
    decided = {one.check_id: one for one in reversed(deciding.of_course(session, course.id))}
    editions = {one.check_id: one for one in renewing.of_course(session, course.id)}
    found = tuple(
        Checked(
            one, tuple(checking.conclusions(session, one.id)), decided.get(one.id), editions.get(one.id)
        )
        for one in checking.of_course(session, course.id)
    )  # fmt: skip
    going_on = any(one.check.closed_at is None for one in found)
    may_begin = actor.holds(*checking.STARTERS) and is_open_to_learners(course) and not going_on
    return Topicality(found, session.get(Annulment, course.id), going_on, may_begin)


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    """Words for the macros that show checks on several pages."""
    return {"check_words": {"parts": checking.NAMES, "outcomes": OUTCOMES, "acts": ACTS, "results": RESULTS}}


@blueprint.get("/checks")
@open_to(*overdue.READERS)
def listed() -> str:
    """Courses by the day by which they must be checked, the longest overdue first."""
    view = request.args.get("view", "")
    view = view if view in TITLES else "overdue"
    page, search = max(whole(request.args.get("page"), 1), 1), request.args.get("q", "")[:200]
    found = overdue.listed(database(), current_actor(), view=view, search=search, page=page, size=SIZE)
    return render_template(
        "checks.html", found=found, view=view, titles=TITLES, search=search, page=page, more=page * SIZE < found.total
    )


@blueprint.post("/courses/<course_id>/check")
@open_to(*checking.STARTERS)
def begin(course_id: str) -> Response:
    """The check of a course begins before its date."""
    actor = current_actor()
    with writing() as session:
        course = register.get_course_for(session, actor, course_id)
        checking.begin_early(session, actor, course, request.form.get("reason", ""))
    flash(gettext("The check has begun: the Secretariat, TC 4 and the coordinator each get a task."), "done")
    return see("courses.show", course_id=course_id)


@blueprint.get("/courses/<course_id>/decisions/<decision_id>")
def decision(course_id: str, decision_id: str) -> str:
    """TC 4's decision to annul, for the screen and for paper."""
    session = database()
    found = printed.decision_for(session, current_actor(), decision_id)
    if found.course_id != course_id:
        raise NotFound
    return render_template("decision.html", printed=found, kept=kept.of_source(session, making.DECISION, found.id))
