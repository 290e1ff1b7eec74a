"""Running procedures and releases: how many stand where, what a move would do, moving them, and the way back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, flash, render_template, request
from werkzeug import Response

from app.errors import Invalid, NotFound
from app.i18n import current_locale, gettext, ngettext
from app.web import diagrams, progress
from app.web.access import current_actor, database, open_to, writing
from app.web.redirects import see
from app.web.studio import moves_shown
from app.web.studio.standing import ANALYST
from app.workflow import releases
from app.workflow.models import Release
from app.workflow.moves import batches, previewing, standing, undoing
from app.workflow.moves.batches import Order
from app.workflow.moves.previewing import Account

blueprint = Blueprint("moves", __name__, url_prefix="/studio/moves")
PAGE = 50
SHOWN = ("all", "ready", "refused")


@blueprint.get("")
@open_to(ANALYST)
def overview() -> str:
    session = database()
    orders = [(one, batches.numbers(session, one)) for one in batches.recent(session)]
    return render_template(
        "studio/moves.html",
        running=standing.running(session),
        newest=releases.current(session),
        names=moves_shown.names(session),
        orders=orders,
    )


@blueprint.get("/<process>/<int:number>")
@open_to(ANALYST)
def places(process: str, number: int) -> str:
    """How many stand where under one release; and where to they could be moved."""
    session = database()
    release = _release(process, number)
    counted = standing.places(session, process, release.id)
    charts = moves_shown.charts(releases.specification(session, release.id), process, counted)
    wanted = request.args.get("diagram", process)
    return render_template(
        "studio/moves_places.html",
        process=releases.specification(session, release.id).processes[process],
        release=release,
        running=next((one for one in standing.running(session) if _is(one, process, release)), None),
        charts=charts,
        chart=next((one for one in charts if one.process.id == wanted), charts[0]),
        statuses=progress.STATUSES,
        targets=moves_shown.targets(session, release),
    )


@blueprint.get("/<process>/<int:number>/diagrams/<drawn>")
@open_to(ANALYST)
def diagram(process: str, number: int, drawn: str) -> Response:
    loaded = releases.load(database(), _release(process, number).id)
    if drawn not in loaded.specification.processes:
        raise NotFound
    source = loaded.files[loaded.specification.processes[drawn].file]
    return Response(diagrams.in_language(source, current_locale()), mimetype="application/xml")


@blueprint.get("/<process>/<int:number>/to")
@open_to(ANALYST)
def choose(process: str, number: int) -> Response:
    """The form that names a release leads to its preview."""
    target = request.args.get("target", "")
    if not target.isdecimal():
        raise NotFound
    return see("moves.preview", process=process, number=str(number), target=str(int(target)))


@dataclass(frozen=True, slots=True)
class _Asked:
    """The two releases of a page, and the steps that are said to have another id."""

    old: Release
    new: Release
    names: tuple[tuple[str, str, str], ...]


@blueprint.get("/<process>/<int:number>/to/<int:target>")
@open_to(ANALYST)
def preview(process: str, number: int, target: int) -> str:
    asked = _asked(process, number, target)
    return _page(process, asked, _account(process, asked))


@blueprint.post("/<process>/<int:number>/to/<int:target>")
@open_to(ANALYST)
def order(process: str, number: int, target: int) -> Response | tuple[str, int]:
    """Move those that are chosen, or all that can be, as they were previewed."""
    asked = _asked(process, number, target)
    try:
        with writing() as session:
            wanted = _everybody(process, asked) if "_all" in request.form else _chosen()
            note = request.form.get("note", "").strip()[:2000]
            ordered = Order(process, asked.old.id, asked.new.id, asked.names, note)
            batch = batches.give(session, current_actor(), ordered, wanted)
    except Invalid as problem:
        return _page(process, asked, _account(process, asked), gettext(problem.message)), 422
    return see("moves.report", order_id=batch.id)


@blueprint.get("/orders/<order_id>")
@open_to(ANALYST)
def report(order_id: str) -> str:
    session = database()
    found = batches.report_for(session, current_actor(), order_id)
    page = _page_number()
    lines = batches.lines(session, found.batch, (page - 1) * PAGE, PAGE + 1)
    return render_template(
        "studio/moves_report.html",
        report=found,
        numbers=batches.numbers(session, found.batch),
        name=moves_shown.names(session).get(found.batch.process),
        lines=lines[:PAGE],
        page=page,
        more=len(lines) > PAGE,
        outcomes=moves_shown.OUTCOMES,
    )


@blueprint.post("/orders/<order_id>/stop")
@open_to(ANALYST)
def stop(order_id: str) -> Response:
    with writing() as session:
        batches.stop(session, current_actor(), order_id)
    flash(gettext("Stopped. What has not been moved yet stays in its release."), "done")
    return see("moves.report", order_id=order_id)


@blueprint.post("/orders/<order_id>/undo")
@open_to(ANALYST)
def undo_all(order_id: str) -> Response:
    with writing() as session:
        number = batches.undo_all(session, current_actor(), order_id)
    told = ngettext("%(num)s procedure is being put back.", "%(num)s procedures are being put back.", number)
    flash(told, "done")
    return see("moves.report", order_id=order_id)


@blueprint.post("/undo/<move_id>")
@open_to(ANALYST)
def undo(move_id: str) -> Response:
    with writing() as session:
        found = undoing.undo(session, current_actor(), move_id)
    flash(gettext("The procedure is back in the release and the place that it had before the move."), "done")
    return see("moves.report", order_id=found.batch_id)


def _page(process: str, asked: _Asked, account: Account, problem: str = "") -> str:
    session = database()
    show = request.args.get("show", "all")
    show = show if show in SHOWN else "all"
    found = [one for one in account.previews if show == "all" or one.ready is (show == "ready")]
    page = _page_number()
    first = (page - 1) * PAGE
    old, new = (releases.specification(session, one.id) for one in (asked.old, asked.new))
    return render_template(
        "studio/moves_preview.html",
        process=old.processes[process],
        old=asked.old,
        new=asked.new,
        account=account,
        show=show,
        previews=found[first : first + PAGE],
        page=page,
        more=len(found) > first + PAGE,
        renaming=moves_shown.renaming(old, new, account, asked.names),
        asked_names=[":".join(one) for one in asked.names],
        words=moves_shown,
        ahead=moves_shown.ahead(old, new, process),
        problem=problem,
    )


def _account(process: str, asked: _Asked) -> Account:
    return previewing.preview(database(), process, asked.old.id, asked.new.id, asked.names)


def _everybody(process: str, asked: _Asked) -> dict[str, int]:
    return {one.instance.id: one.instance.revision for one in _account(process, asked).previews if one.ready}


def _chosen() -> Mapping[str, int]:
    """What the boxes say: instance and the revision that the page has shown."""
    found = {}
    for box in request.form.getlist("instance"):
        ident, _, revision = box.partition(":")
        if not revision.isdecimal():
            raise NotFound
        found[ident] = int(revision)
    return found


def _asked(process: str, number: int, target: int) -> _Asked:
    old = _release(process, number)
    new = _by_number(target)
    names = [tuple(one.split(":")) for one in request.values.getlist("name") if not one.endswith(":")]
    if any(len(one) != 3 for one in names):
        raise NotFound
    return _Asked(old, new, cast(tuple[tuple[str, str, str], ...], tuple(names)))


def _release(process: str, number: int) -> Release:
    release = _by_number(number)
    if process not in releases.specification(database(), release.id).processes:
        raise NotFound
    return release


def _by_number(number: int) -> Release:
    found = moves_shown.by_number(database(), number)
    if found is None:
        raise NotFound
    return found


def _is(one: standing.Running, process: str, release: Release) -> bool:
    return (one.process, one.release.id) == (process, release.id)


def _page_number() -> int:
    given = request.args.get("page", "1")
    return max(1, int(given)) if given.isdecimal() and len(given) < 6 else 1
