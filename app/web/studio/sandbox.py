"""Trying a procedure of the draft out: a run goes on by what is done on these pages, and nothing real is reached."""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, flash, render_template, request
from flask import Response as Answer
from werkzeug import Response

from app.courses.letters import samples
from app.courses.letters.composing import Composed
from app.errors import N_, Invalid, NotFound
from app.i18n import LOCALES, Locale, current_locale, format_date, gettext
from app.identity import calendars
from app.web import diagrams, progress
from app.web.access import database, open_to, visitor, writing
from app.web.numbers import day, whole
from app.web.redirects import see
from app.web.studio import sandbox_stand
from app.web.studio.sandbox_stand import Stand
from app.web.studio.standing import ANALYST, draft
from app.workflow import sandbox, scenarios
from app.workflow.sandbox import Act, Compiled, keeping
from app.workflow.sandbox.telling import Told
from app.workflow.studio import drafts

blueprint = Blueprint("sandbox", __name__, url_prefix="/studio/sandbox")

PAGE = 20
FURTHEST = 3660
"""Days in one move of the clock: a procedure waits three years at most."""
AT_ONCE = "operations"


@blueprint.get("")
@open_to(ANALYST)
def listed() -> str:
    """The runs, and the procedures of the draft to try out."""
    page = whole(request.args.get("page"), 1)
    runs = keeping.listed(database(), (page - 1) * PAGE, PAGE + 1)
    compiled = Compiled.of(drafts.files(database(), draft()))
    processes = sorted(compiled.specification.processes.values(), key=lambda one: (one.folder, one.id != one.folder))
    return render_template(
        "studio/sandbox_runs.html",
        runs=runs[:PAGE],
        page=page,
        more=len(runs) > PAGE,
        processes=processes,
        names={one.id: one.name for one in processes},
        broken=compiled.broken,
    )


@blueprint.get("/<run_id>")
@open_to(ANALYST)
def show(run_id: str) -> str:
    return page_of(sandbox_stand.of(database(), run_id))


def page_of(stand: Stand, problem: Any = None) -> str:
    """The page of a run; with what could not be done, where something could not."""
    me = visitor()
    zone = me.zone if me else "UTC"
    charts = stand.charts
    chart = next(
        (one for one in charts if one.process.id == request.args.get("diagram")), charts[0] if charts else None
    )
    return render_template(
        "studio/sandbox_run.html",
        stand=stand,
        run=stand.run,
        tasks=stand.tasks(zone),
        timers=stand.timers(zone),
        letters=[(number, one, _subject(stand, one)) for number, one in stand.letters()],
        receivers=stand.snapshot.receivers if stand.snapshot else (),
        charts=charts,
        chart=chart,
        statuses=progress.STATUSES,
        problem=problem,
        zone=zone,
    )


@blueprint.get("/<run_id>/diagrams/<process>")
@open_to(ANALYST)
def diagram(run_id: str, process: str) -> Answer:
    keeping.get(database(), run_id)
    return drawn(process)


def drawn(process: str) -> Answer:
    """A diagram of the draft for the viewer, names in the reader's language."""
    files = drafts.files(database(), draft())
    found = Compiled.of(files).specification.processes.get(process)
    if found is None:
        raise NotFound
    return Answer(diagrams.in_language(files[found.file], current_locale()), mimetype="application/xml")


@blueprint.post("/<run_id>/clock")
@open_to(ANALYST)
def move(run_id: str) -> Response | tuple[str, int]:
    """On to a timer, by days, to the next working day or to the end of a day."""
    return act(run_id, lambda stand: Act("clock", until=_moment(stand)))


def _moment(stand: Stand) -> datetime:
    how, now = request.form.get("to", ""), stand.now
    if how == "timer":
        first = stand.world.waiting.next_timer(now + timedelta(days=FURTHEST))
        if first is None or first.due is None:
            raise Invalid(N_("No timer is set that could fire."))
        return max(first.due, now)
    if how == "days":
        days = whole(request.form.get("days"), 0)
        if not 0 < days <= FURTHEST:
            raise Invalid(N_("Give a number of days from 1 to %(most)s."), most=FURTHEST)
        return now + timedelta(days=days)
    until = calendars.end_of_day(day(request.form.get("date", "")), stand.world.times.place().zone)
    if not now < until <= now + timedelta(days=FURTHEST):
        raise Invalid(N_("The clock goes forward only, by ten years at most."))
    return until


@blueprint.post("/<run_id>/message")
@open_to(ANALYST)
def send(run_id: str) -> Response | tuple[str, int]:
    """A message comes from outside for which something waits."""
    name, key = request.form.get("name", "")[:200], request.form.get("key", "")[:200]
    return act(run_id, lambda _: Act("message", name, key or None))


def act(run_id: str, make: Any) -> Response | tuple[str, int]:
    """Do one thing more, if the draft takes it; else the page says why and nothing has changed."""
    with writing() as session:
        stand = sandbox_stand.of(session, run_id)
        try:
            done = carry_out(stand, make(stand))
        except Invalid as problem:
            return page_of(stand, problem), problem.status
    return onward(done)


def carry_out(stand: Stand, one: Act) -> Stand:
    """The run with one act more, kept. Invalid: the procedure does not take it. Conflict: somebody was faster."""
    session = database()
    if stand.found.unfit is not None:
        raise Invalid(N_("The draft does not take an earlier step of this run any more. Take that one back first."))
    acts = [*stand.acts, one]
    keeping.change(session, stand.run, acts, whole(request.form.get("revision"), stand.run.revision))
    done = Stand(session, stand.run)
    if done.found.unfit is not None:
        session.rollback()
        raise Invalid(N_("This cannot be done: %(why)s."), why=str(done.found.why))
    return done


def onward(stand: Stand) -> Response:
    """To the question that waits, else to the run."""
    endpoint = "sandbox_answers.show" if stand.world.question is not None else "sandbox.show"
    return see(endpoint, run_id=stand.run.id)


@blueprint.post("/<run_id>/back")
@open_to(ANALYST)
def step_back(run_id: str) -> Response:
    """Take the last thing back: an answer that was asked for, else the whole act; an act that does not fit first."""
    with writing() as session:
        stand = sandbox_stand.of(session, run_id)
        acts, unfit = stand.acts, stand.found.unfit
        kept = acts[: unfit - 1] if unfit else _shortened(acts, stand.setting.asks)
        keeping.change(session, stand.run, kept, whole(request.form.get("revision"), stand.run.revision))
    return see("sandbox.show", run_id=run_id)


def _shortened(acts: list[Act], asks: bool) -> list[Act]:
    if asks and acts and acts[-1].answers:
        last = acts[-1]
        return [
            *acts[:-1],
            Act(last.kind, last.name, last.of, last.by, last.values, last.nr, last.until, last.answers[:-1]),
        ]
    return acts[:-1]


@blueprint.post("/<run_id>/restart")
@open_to(ANALYST)
def restart(run_id: str) -> Response:
    """Back to the beginning: the first act stays, the answers given to it do not."""
    with writing() as session:
        run = keeping.get(session, run_id)
        first = [Act(one.kind, one.name, one.of, one.by, one.values) for one in keeping.acts_of(run)[:1]]
        keeping.change(session, run, first, whole(request.form.get("revision"), run.revision))
    return see("sandbox.show", run_id=run_id)


@blueprint.post("/<run_id>/asking")
@open_to(ANALYST)
def set_asking(run_id: str) -> Response:
    """Whether each operation is asked about, or answers by itself."""
    with writing() as session:
        run = keeping.get(session, run_id)
        setting = keeping.setting_of(run)
        asks = request.form.get("asks") == "1"
        changed = sandbox.Setting(
            setting.folder, setting.process, setting.people, setting.book, setting.begun, asks
        )  # fmt: skip
        acts = sandbox_stand.of(session, run_id)
        kept = _answered(acts) if asks else acts.acts
        keeping.change(session, run, kept, whole(request.form.get("revision"), run.revision), changed)
    return see("sandbox.show", run_id=run_id)


def _answered(stand: Stand) -> list[Act]:
    """What was answered by itself so far is said from now on: it would be asked about anew."""
    told: dict[int, list[sandbox.Answer]] = {}
    for one in stand.world.told:
        if one.kind == "asked" and one.answer is not None:
            told.setdefault(one.act, []).append(one.answer)
    return [
        Act(act.kind, act.name, act.of, act.by, act.values, act.nr, act.until, tuple(told.get(number, act.answers)))
        for number, act in enumerate(stand.acts, 1)
    ]


@blueprint.post("/<run_id>/delete")
@open_to(ANALYST)
def delete(run_id: str) -> Response:
    with writing() as session:
        keeping.delete(session, keeping.get(session, run_id))
    flash(gettext("The run is deleted. Scenarios kept from it stay."), "done")
    return see("sandbox.listed")


@blueprint.get("/<run_id>/letters/<int:number>")
@open_to(ANALYST)
def letter(run_id: str, number: int) -> str:
    """A letter of the sandbox's mailbox in both languages, with sample facts; it is sent nowhere."""
    stand = sandbox_stand.of(database(), run_id)
    found = dict(stand.letters()).get(number)
    if found is None:
        raise NotFound
    shown: dict[str, Any] = {}
    for locale in LOCALES:
        try:
            shown[locale] = _written(stand, found, locale)
        except Invalid as problem:
            shown[locale] = problem
    return render_template("studio/sandbox_letter.html", stand=stand, run=stand.run, letter=found, shown=shown)


def _written(stand: Stand, one: Told, locale: Locale) -> Composed:
    known = stand.compiled.specification.processes.get(one.process or stand.setting.process)
    folder = known.folder if known else stand.setting.folder
    return samples.preview(stand.files, folder, one.name, locale, lambda: _known(stand, one))


def _subject(stand: Stand, one: Told) -> str:
    """Its subject in the reader's language; its name where it cannot be written."""
    try:
        return _written(stand, one, current_locale()).title or one.name
    except Invalid:
        return one.name


def _known(stand: Stand, letter: Told) -> dict[str, Any]:
    """What the run itself knows about the task that the letter is about."""
    facts: dict[str, Any] = {}
    if len(letter.to) == 1:
        facts["recipient"] = {"name": stand.person(letter.to[0])}
    if letter.task is not None:
        element = stand.element(letter.process, letter.element)
        name = letter.task.title or stand.title(letter.process, letter.element)
        due = format_date(letter.due.date()) if letter.due else None
        facts["task"] = {"name": name, "clause": element.clause if element else None, "due": due,
                         "link": f"{samples.HOME}/tasks/1"}  # fmt: skip
    return facts


def told_in(folder: str, files: dict[str, bytes]) -> list[scenarios.Scenario]:
    """The scenarios that can be read, those of the folder first; a file that cannot be read is none."""
    found = []
    for path in sorted(files, key=lambda one: (f"/{folder}/" not in one, one)):
        if path.endswith("/scenarios.yaml"):
            try:
                found += scenarios.read({path: files[path]})
            except scenarios.Unreadable:
                continue
    return found
