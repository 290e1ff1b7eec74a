"""Decision tables of the draft: an HTML table that is filled in, its overlaps and gaps, and values tried."""

from typing import Any

from flask import Blueprint, jsonify, render_template, request
from flask import Response as Answer
from werkzeug import Response

from app import engine
from app.engine.decisions_editing import KINDS, POLICIES, File, NotEditable, Sheet
from app.engine.decisions_fresh import fresh
from app.engine.decisions_trying import Tried, attempt, faults
from app.errors import N_, Conflict, Invalid, NotFound
from app.i18n import format_datetime, gettext
from app.identity import people
from app.web.access import current_actor, database, open_to, writing
from app.web.numbers import whole
from app.web.redirects import see
from app.web.studio import decision_posts
from app.web.studio.decision_posts import WINDOW
from app.web.studio.standing import ANALYST, draft
from app.workflow.studio import drafts, paths
from app.workflow.studio.drafts import Content, Overtaken

blueprint = Blueprint("studio_decisions", __name__, url_prefix="/studio/decisions")
Shown = str | Response | tuple[str, int] | Answer | tuple[Answer, int]


class Behind(Conflict):
    """Somebody saved since the page was read; what was sent is kept aside."""

    def __init__(self, theirs: Content) -> None:
        super().__init__(N_("Somebody else has saved this table since you opened it."))
        self.theirs = theirs


@blueprint.get("")
@open_to(ANALYST)
def listed() -> str:
    return _listed()


def _listed(problem: Invalid | None = None) -> str:
    files = drafts.files(database(), draft())
    tables = [(path, _sheets(files[path]), _used(files, path)) for path in sorted(files) if path.endswith(".dmn")]
    folders = sorted({path.split("/")[1] for path in files if path.endswith(".bpmn")})
    return render_template("studio/decisions.html", tables=tables, folders=folders, problem=problem, typed=request.form)


def _sheets(content: bytes) -> list[Sheet]:
    try:
        return [table.sheet() for table in File(content).tables.values()]
    except NotEditable:
        return []


def _used(files: dict[str, bytes], path: str) -> list[str]:
    """Diagrams that ask a decision of the file."""
    marks = [f'table="{one.id}"'.encode() for one in _sheets(files[path])]
    return [one for one in sorted(files) if one.endswith(".bpmn") and any(mark in files[one] for mark in marks)]


@blueprint.post("")
@open_to(ANALYST)
def create() -> Shown:
    name, folder = decision_posts.line("name"), decision_posts.line("folder")
    path = f"processes/{folder}/{name}.dmn"
    ru, en = decision_posts.line("ru"), decision_posts.line("en")
    try:
        if not paths.is_allowed(path) or not name[:1].isalpha() or not ru or not en:
            raise Invalid(N_("A table needs a name in small Latin letters, a procedure and a title in both languages."))
        with writing() as session:
            files = drafts.files(session, draft())
            tables = [one for other in files if other.endswith(".dmn") for one in _sheets(files[other])]
            if path in files or name in [one.id for one in tables]:
                raise Invalid(N_("There is a decision “%(name)s” already."), name=name)
            revision = drafts.touched(session, draft()).get(path, Content(path, None)).revision
            drafts.save(session, draft(), path, fresh(name, ru, en), revision, current_actor().person_id)
    except Invalid as problem:
        return _listed(problem), 422
    return see("studio_decisions.show", path=path)


def _read(path: str) -> Content:
    found = drafts.read(database(), draft(), path)
    if found.data is None or not path.endswith(".dmn"):
        raise NotFound
    return found


@blueprint.get("/<path:path>")
@open_to(ANALYST)
def show(path: str) -> Shown:
    found = _read(path)
    wanted = request.args.get("table", "")
    tried = _tried(found, wanted) if "try" in request.args else None
    if "_part" in request.args and tried is not None:
        return render_template("studio/decision_tried.html", **tried)
    return _page(found, tried=tried)


def _tried(found: Content, name: str) -> dict[str, Any]:
    sheets = _sheets(found.data or b"")
    sheet = next((one for one in sheets if one.id == name), None)
    if sheet is None:
        raise NotFound
    typed = [request.args.get(f"x.{number}", "")[:2000] for number in range(len(sheet.inputs))]
    result: Tried = attempt(found.data or b"", name, typed, [one.kind for one in sheet.inputs])
    numbers = {rule.id: number for number, rule in enumerate(sheet.rules, 1)}
    lead = "" if len(sheets) == 1 else f"{name}-"
    return {"sheet": sheet, "typed": typed, "result": result, "numbers": numbers, "lead": lead}


def _page(found: Content, tried: dict[str, Any] | None = None, problem: str = "") -> str:
    files = drafts.files(database(), draft())
    first = whole(request.args.get("first"))
    sheets = _sheets(found.data or b"")
    return render_template(
        "studio/decision.html",
        found=found,
        sheets=sheets,
        source=(found.data or b"").decode("utf-8", "replace"),
        faults={one.id: faults(_window(one, first), first) for one in sheets},
        findings=_findings(found),
        used=_used(files, found.path),
        tried=tried,
        problem=problem,
        policies=POLICIES,
        kinds=KINDS,
        first=first,
        window=WINDOW,
    )


def _window(sheet: Sheet, first: int) -> Sheet:
    return Sheet(
        sheet.id, sheet.ru, sheet.en, sheet.policy, sheet.inputs, sheet.outputs, sheet.rules[first : first + WINDOW]
    )


def _findings(found: Content) -> list[engine.Finding]:
    return engine.check({found.path: found.data or b""})


@blueprint.post("/<path:path>")
@open_to(ANALYST)
def change(path: str) -> Shown:
    """All cells as typed, then the step of the button. With `_live` the answer is JSON for the script."""
    live = "_live" in request.form
    found, anchor = _read(path), ""
    try:
        data, anchor = _changed(found)
        saved = _save(path, data)
    except Behind as behind:
        said = _said(behind.theirs)
        return (jsonify(said=said), 409) if live else (_overtaken(found, said), 409)
    except Invalid as problem:
        said = gettext(problem.message, **problem.params)
        return (jsonify(said=said), 422) if live else (_overtaken(found, said), 422)
    if live:
        return jsonify(_told(saved))
    shown = whole(anchor.partition("-")[2]) if anchor.startswith("rule-") else decision_posts.first()
    start = str(shown // WINDOW * WINDOW)
    return see("studio_decisions.show", path=path, first=start, _anchor=anchor)


def _changed(found: Content) -> tuple[bytes, str]:
    """The file with what was posted in it."""
    if "source" in request.form:
        return request.form["source"].replace("\r\n", "\n").encode(), ""
    try:
        file = File(found.data or b"")
    except NotEditable:
        raise Invalid(N_("The file cannot be edited as a table. Mend it in the source.")) from None
    table = file.tables.get(request.form.get("table", ""))
    if table is None:
        raise NotFound
    table.fill(decision_posts.sheet(table.sheet()), decision_posts.first())
    anchor = decision_posts.step(table)
    return file.written(), anchor


def _save(path: str, data: bytes) -> Content:
    """Raises Behind, after what was sent was kept aside."""
    with writing() as session:
        now = drafts.read(session, draft(), path)
        if now.data == data:
            return now
        revision = whole(request.form.get("revision"))
        put = drafts.save(session, draft(), path, data, revision, current_actor().person_id)
    if isinstance(put, Overtaken):
        raise Behind(put.theirs)
    return _read(path)


def _told(saved: Content) -> dict[str, Any]:
    table = next((one for one in _sheets(saved.data or b"") if one.id == request.form.get("table")), None)
    first = decision_posts.first()
    wrong = faults(_window(table, first), first) if table else {}
    return {
        "said": gettext("Saved"),
        "revision": saved.revision,
        "faults": {place: f"{message} {hint}" for place, (message, hint) in wrong.items()},
        "findings": render_template("studio/decision_findings.html", findings=_findings(saved)),
    }


def _said(theirs: Content) -> str:
    who = people.names(database(), [theirs.by]).get(theirs.by) if theirs.by else None
    when = format_datetime(theirs.at, current_actor().zone) if theirs.at else "–"
    return gettext(
        "%(who)s saved this table at %(when)s, after you had opened it. What you sent was not applied; it is below to "
        "copy from, and in the history as set aside.",
        who=str(who or "–"),
        when=when,
    )


def _overtaken(found: Content, said: str) -> str:
    """What was typed, to be copied from, and the way to the table as it is now."""
    typed = [
        (name, value) for name, value in request.form.items() if value and name not in ("csrf_token", "revision", "do")
    ]
    return render_template("studio/decision_conflict.html", found=found, said=said, typed=typed)
