"""Recorded runs of the draft: which hold, where one stops and why, what of the diagrams they take, and their source."""

import time
from dataclasses import dataclass

from flask import Blueprint, flash, render_template, request
from flask import Response as Answer
from werkzeug import Response

from app.engine import Process
from app.errors import N_, Conflict, Invalid, NotFound, Problem
from app.i18n import format_datetime, gettext
from app.identity import people
from app.web.access import current_actor, database, open_to, visitor, writing
from app.web.numbers import whole
from app.web.redirects import see
from app.web.studio import sandbox
from app.web.studio.standing import ANALYST, draft
from app.workflow import scenarios as recorded
from app.workflow.sandbox import Compiled, keeping, open_scenario
from app.workflow.scenarios import Outcome, Scenario, Taken, Unreadable, sources, strict_yaml
from app.workflow.scenarios.coverage import line_of
from app.workflow.scenarios.reading import FILE
from app.workflow.studio import drafts
from app.workflow.studio.drafts import Content, Overtaken

blueprint = Blueprint("scenarios", __name__, url_prefix="/studio/scenarios")

KINDS = {"sequenceFlow": N_("flow"), "boundaryEvent": N_("boundary event"), "rule": N_("rule")}


@dataclass(frozen=True, slots=True)
class Way:
    """A flow, boundary event or rule, and which scenarios take it."""

    id: str
    kind: str
    name: str
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Covered:
    """One procedure of the folder."""

    process: Process
    ways: tuple[Way, ...]

    @property
    def taken(self) -> int:
        return sum(bool(way.by) for way in self.ways)

    @property
    def missed(self) -> tuple[Way, ...]:
        return tuple(way for way in self.ways if not way.by)


@dataclass(frozen=True, slots=True)
class Row:
    """One scenario of the list."""

    outcome: Outcome
    line: int | None
    step: str
    """The step at which it stops."""


@blueprint.get("")
@open_to(ANALYST)
def listed() -> str:
    files = drafts.files(database(), draft())
    began = time.perf_counter()
    found = recorded.check(files)
    seconds = time.perf_counter() - began
    compiled = Compiled.of(files)
    folders: dict[str, list[Covered]] = {}
    for process in compiled.specification.processes.values():
        folders.setdefault(process.folder, []).append(_covered(process, found))
    told = {folder: [one for one in found.outcomes if one.scenario.folder == folder] for folder in folders}
    unreadable = {one.file.split("/")[-2]: one for one in found.unreadable}
    return render_template(
        "studio/scenarios.html", folders=folders, told=told, unreadable=unreadable, seconds=seconds, played=found.played
    )


@blueprint.get("/<folder>")
@open_to(ANALYST)
def show(folder: str) -> tuple[str, int]:
    return _page(folder)


@blueprint.post("/<folder>")
@open_to(ANALYST)
def save(folder: str) -> Response | tuple[str, int]:
    """The source as it was typed; what cannot be read is kept all the same and said."""
    sent = request.form.get("content", "").replace("\r\n", "\n")
    with writing() as session:
        content, path = _content(folder), _path(folder)
        if content.data is not None and b"\r\n" in content.data:
            sent = sent.replace("\n", "\r\n")
        if len(sent.encode("utf-8", "replace")) > strict_yaml.MOST_BYTES:
            size = strict_yaml.MOST_BYTES // 1024
            return _page(folder, sent, Invalid(N_("A file of scenarios may have at most %(size)s kB."), size=size))
        revision = whole(request.form.get("revision"), 0)
        put = drafts.save(session, draft(), path, sent.encode("utf-8", "replace"), revision, current_actor().person_id)
    if isinstance(put, Overtaken):
        return _page(folder, sent, _overtaken(put))
    flash(gettext("The scenarios are saved in the draft."), "done")
    return see("scenarios.show", folder=folder)


@blueprint.get("/<folder>/diagrams/<process>")
@open_to(ANALYST)
def diagram(folder: str, process: str) -> Answer:  # noqa: ARG001 - the address names the page it stands on
    return sandbox.drawn(process)


@blueprint.post("/<folder>/<ident>/remove")
@open_to(ANALYST)
def remove(folder: str, ident: str) -> Response | tuple[str, int]:
    """Its lines are taken out of the file; the history of the draft keeps them."""
    with writing() as session:
        content = _content(folder)
        _find(folder, ident)
        left = sources.remove(content.data or b"", ident)
        revision = whole(request.form.get("revision"), content.revision)
        put = drafts.save(session, draft(), _path(folder), left, revision, current_actor().person_id)
    if isinstance(put, Overtaken):
        return _page(folder, None, _overtaken(put))
    flash(gettext("The scenario %(name)s is removed. The history of the draft keeps it.", name=ident), "done")
    return see("scenarios.show", folder=folder)


@blueprint.post("/<folder>/<ident>/open")
@open_to(ANALYST)
def open_as_run(folder: str, ident: str) -> Response:
    """As a run of the sandbox, to look at it step by step; one that does not hold, up to where it stops."""
    with writing() as session:
        found = _find(folder, ident)
        compiled = Compiled.of(drafts.files(session, draft()))
        number = recorded.play(compiled, found).number
        setting, acts = open_scenario(found, number or None)
        run = keeping.begin(session, setting, acts, current_actor().person_id, source=ident)
    return see("sandbox.show", run_id=run.id)


def _find(folder: str, ident: str) -> Scenario:
    path, content = _path(folder), _content(folder)
    try:
        known = recorded.read({path: content.data or b""})
    except Unreadable as problem:
        raise Conflict(N_("The file of scenarios cannot be read: mend it first.")) from problem
    found = next((one for one in known if one.id == ident), None)
    if found is None:
        raise NotFound
    return found


def _path(folder: str) -> str:
    return f"processes/{folder}/{FILE}"


def _content(folder: str) -> Content:
    """As the draft has it; of a folder that has no scenarios yet, nothing at revision 0. NotFound: no such folder."""
    files = drafts.files(database(), draft())
    if not any(path.startswith(f"processes/{folder}/") and path.endswith(".bpmn") for path in files):
        raise NotFound
    try:
        return drafts.read(database(), draft(), _path(folder))
    except NotFound:
        return Content(_path(folder), None)


def _overtaken(put: Overtaken) -> Problem:
    names = people.names(database(), [put.theirs.by] if put.theirs.by else [])
    me, at = visitor(), put.theirs.at
    when = format_datetime(at, me.zone) if at and me else "–"
    return Conflict(
        N_("%(who)s saved these scenarios at %(when)s. What you sent is kept in the history; it is still below."),
        who=str(names.get(str(put.theirs.by), "–")),
        when=when,
    )


def _page(folder: str, typed: str | None = None, problem: Problem | None = None) -> tuple[str, int]:
    content = _content(folder)
    files = drafts.files(database(), draft())
    began = time.perf_counter()
    found = recorded.check(files)
    seconds = time.perf_counter() - began
    path, compiled = _path(folder), Compiled.of(files)
    covered = [_covered(one, found) for one in compiled.specification.processes.values() if one.folder == folder]
    covered.sort(key=lambda one: one.process.id != folder)
    wanted = request.args.get("diagram")
    source = (content.data or b"").decode("utf-8", "replace") if typed is None else typed
    return render_template(
        "studio/scenarios_folder.html",
        folder=folder,
        rows=[_row(one, files[path]) for one in found.outcomes if one.scenario.folder == folder],
        unreadable=next((one for one in found.unreadable if one.file == path), None),
        covered=covered,
        chart=next((one for one in covered if one.process.id == wanted), covered[0] if covered else None),
        kinds=KINDS,
        seconds=seconds,
        source=source,
        revision=content.revision,
        problem=problem,
        broken=[one for one in compiled.broken if one.file.startswith(f"processes/{folder}/")],
    ), problem.status if problem else 200


def _row(outcome: Outcome, content: bytes) -> Row:
    steps = outcome.scenario.steps
    step = str(steps[outcome.number - 1]) if 0 < outcome.number <= len(steps) else ""
    return Row(outcome, line_of(content, outcome.scenario.id), step)


def _covered(process: Process, found: Taken) -> Covered:
    by: dict[str, list[str]] = {}
    for outcome in sorted(found.outcomes, key=lambda one: one.scenario.folder != process.folder):
        for ident in outcome.passed.get(process.id, ()):
            by.setdefault(ident, []).append(outcome.scenario.id)
    wanted = found.wanted.get(process.id, {})
    ways = [Way(ident, kind, _named(process, ident), tuple(by.get(ident, ()))) for ident, kind in wanted.items()]
    return Covered(process, tuple(ways))


def _named(process: Process, ident: str) -> str:
    """A flow by its name or from where to where it leads."""
    element = process.elements.get(ident)
    if element is None:
        return ident
    if str(element.name):
        return str(element.name)
    told = [process.elements[one] for one in (element.source, element.target) if one is not None]
    return " → ".join(str(one.name) or one.id for one in told) or ident
