"""The questionnaire of a course (11.1, Appendix 3): public, for a telephone, and without a trace of who answers.

No cookie is set and none is read but the language; no session, no token of one, no line in the log of requests (see
`journal`). Instead the page carries a nonce that knows when it was shown and nothing of whom it was shown to.
"""

from collections.abc import Mapping

from flask import Blueprint, current_app, render_template, request, url_for
from werkzeug import Response
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.utils import redirect

from app import forms
from app.courses import register
from app.courses.models import Course
from app.courses.surveys import answering, pages, questionnaires
from app.courses.surveys.pace import Pace
from app.errors import N_, Invalid, Problem
from app.forms import Context, Draft, Form
from app.i18n import as_locale, current_locale, set_locale
from app.web.access import database, public, untied, writing

blueprint = Blueprint("survey", __name__, url_prefix="/survey")

TRAP = "_website"
"""A field that people do not see and robots fill in."""
TOO_FAST = N_("Please send the questionnaire once more: it came faster than four questions can be read.")
TOO_OLD = N_("This page was open for very long. What you typed is still here: send it once more.")
BUSY = N_("Very many questionnaires are coming in at this moment. What you typed is still here: try again in a minute.")
TOO_LARGE = N_("That is more text than a questionnaire can hold. Nothing was stored: go back and shorten it.")

Answer = str | Response | tuple[str, int]


@blueprint.get("/<questionnaire>")
@public
def show(questionnaire: str) -> Answer:
    _speak()
    course = questionnaires.find(database(), questionnaire)
    if not questionnaires.is_open(course):
        return _closed(course)
    return _page(questionnaire, course, answering.form(database()))


@blueprint.post("/<questionnaire>")
@public
@untied
def take(questionnaire: str) -> Answer:
    """Keep the answer, or show the page again with what was typed."""
    _speak()
    request.max_content_length = answering.LARGEST
    course = questionnaires.find(database(), questionnaire)
    if not questionnaires.is_open(course):
        return _closed(course)
    form = answering.form(database())
    try:
        posted = request.form.to_dict(flat=False)
    except RequestEntityTooLarge:
        return _page(questionnaire, course, form, status=413, problem=Problem(TOO_LARGE))
    if any(posted.get(TRAP, [])):
        return _thank(questionnaire)  # a robot is told what it hopes for
    return _keep(questionnaire, course, form, posted)


def _keep(code: str, course: Course, form: Form, posted: Mapping[str, list[str]]) -> Answer:
    draft = forms.parse(form, posted)
    try:
        shown = _shown(code, course)
        random, values = shown.random, _checked(form, draft, posted)
        with writing() as session:
            answering.take(session, course, values, random)
    except Problem as problem:
        database().rollback()
        return _page(code, course, form, status=problem.status, problem=problem, draft=draft)
    return _thank(code)


def _shown(code: str, course: Course) -> pages.Shown:
    """The page from which the answer comes. Raises Invalid for what is too fast or too old, Full for a flood."""
    shown = pages.read(_secret(), code, request.form.get("csrf_token", ""))
    if shown is None or shown.age > pages.LONGEST:
        raise Invalid(TOO_OLD)
    if shown.age < pages.SHORTEST:
        raise Invalid(TOO_FAST)
    pace: Pace = current_app.extensions["survey_pace"]
    if not pace.allows(course.id):
        raise answering.Full(BUSY)
    return shown


def _checked(form: Form, draft: Draft, posted: Mapping[str, list[str]]) -> Mapping[str, object]:
    """Raises Invalid with the fields."""
    checked = forms.check(form, draft, Context())
    faults = {**checked.errors, **draft.faults, **answering.check_marks(posted)}
    if faults:
        raise Invalid(N_("Some answers need another look."), faults)
    return checked.values


@blueprint.get("/<questionnaire>/thanks")
@public
def thanked(questionnaire: str) -> str:
    """A page of its own: reloading it sends nothing again."""
    _speak()
    course = questionnaires.find(database(), questionnaire)
    shown = {"code": questionnaire, "title": register.title(course), "course": course}
    return render_template("survey_end.html", end="thanks", **shown)


def _thank(code: str) -> Response:
    return redirect(url_for("survey.thanked", questionnaire=code, lang=current_locale()), 303)


def _closed(course: Course) -> tuple[str, int]:
    """Not yet published, or annulled: each in its own words."""
    end, status = ("over", 410) if questionnaires.is_closed(course) else ("early", 404)
    code = str((request.view_args or {})["questionnaire"])
    shown = {"code": code, "title": register.title(course), "course": course}
    return render_template("survey_end.html", end=end, **shown), status


def _page(
    code: str,
    course: Course,
    form: Form,
    *,
    status: int = 200,
    problem: Problem | None = None,
    draft: Draft | None = None,
) -> tuple[str, int]:
    faults = problem.fields if isinstance(problem, Invalid) else None
    text = render_template(
        "survey.html",
        code=code,
        title=register.title(course),
        view=forms.view(form, draft or {}, faults, Context()),
        problem=None if faults else problem,
        nonce_value=_nonce(code),
        trap=TRAP,
    )
    return text, status


def _nonce(code: str) -> str:
    """That of the page before, as long as it holds: the same questionnaire mended and sent again is still one."""
    sent = request.form.get("csrf_token", "") if request.method == "POST" and not _is_large() else ""
    shown = pages.read(_secret(), code, sent)
    return sent if shown is not None and shown.age <= pages.LONGEST else pages.issue(_secret(), code)


def _is_large() -> bool:
    return (request.content_length or 0) > answering.LARGEST


def _secret() -> str:
    return str(current_app.secret_key)


def _speak() -> None:
    """The language of the address comes before that of the browser: the course links to one of them."""
    wanted = as_locale(request.args.get("lang"))
    if wanted:
        set_locale(wanted)
