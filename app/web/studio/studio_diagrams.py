"""The diagram editor's page, and what it asks for: saving into the old bytes, advice on an expression, fixes."""

import re
from typing import Any

import orjson
from flask import Blueprint, flash, jsonify, render_template, request, url_for
from flask import Response as Answer
from flask_wtf.csrf import generate_csrf
from werkzeug import Response

from app.engine import advice, mending, offering, playing
from app.engine.lint_diagram import Release
from app.engine.lint_variables import OPEN
from app.engine.markup import read_source
from app.engine.splicing import Unreadable, splice
from app.errors import N_, Invalid, NotFound
from app.i18n import current_locale, gettext
from app.web.access import current_actor, database, open_to, writing
from app.web.numbers import whole
from app.web.redirects import see
from app.web.studio import studio_kit, studio_outline
from app.web.studio.standing import ANALYST, draft
from app.web.studio.studio_files import EMPTY, told_of
from app.workflow import releases
from app.workflow.studio import checking, drafts
from app.workflow.studio.drafts import Overtaken

blueprint = Blueprint("studio_diagrams", __name__, url_prefix="/studio")

_UNSHOWN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
UNREADABLE = N_("What was sent is not XML. Nothing was changed.")
_scopes: dict[tuple[str, str], dict[str, frozenset[str]]] = {}


def diagram(path: str) -> drafts.Content:
    """A diagram of the draft; NotFound for other files and for one that was removed."""
    found = drafts.read(database(), draft(), path)
    if not path.endswith(".bpmn") or found.data is None:
        raise NotFound
    return found


@blueprint.get("/diagrams/<path:path>")
@open_to(ANALYST)
def show(path: str) -> str:
    return page(path)


def page(path: str, **more: Any) -> str:
    """The editor, the outline and the source; `more` is what a form that was refused brings along."""
    found = diagram(path)
    files = drafts.files(database(), draft())
    source = _UNSHOWN.sub("\ufffd", (found.data or b"").decode(errors="replace"))
    kit = {
        "path": path,
        "lang": current_locale(),
        "revision": found.revision,
        "token": generate_csrf(),
        "words": studio_kit.words(),
        "offer": studio_kit.offer(),
        "catalogue": studio_kit.named(files),
        "icons": studio_kit.icons(),
        "addresses": {
            "source": url_for("studio_files.read", path=path),
            "save": url_for("studio_diagrams.save", path=path),
            "findings": url_for("studio_files.findings"),
            "presence": url_for("studio_files.touch", path=path),
            "expressions": url_for("studio_diagrams.expression"),
            "mend": url_for("studio_diagrams.mend"),
            "play": url_for("studio_diagrams.trial"),
        },
    }
    shown = {
        "path": path,
        "kit": kit,
        "source": source,
        "revision": found.revision,
        "outline": studio_outline.read(files, path),
        "chosen": studio_outline.chosen(found, request.values.get("element", "")),
        "findings": [one for one in checking.check(files) if one.file == path] if "check" in request.args else None,
        "mendable": mending.FIXES,
    } | more
    return render_template("studio/diagram.html", **shown)


@blueprint.post("/diagrams/<path:path>")
@open_to(ANALYST)
def save(path: str) -> Answer | Response | str | tuple[Answer | str, int]:
    """From the editor (`xml`, JSON) or from the text area (`content`, a page). Only what was changed is replaced."""
    form, editor = request.form, "xml" in request.files
    with writing() as session:
        found = diagram(path)
        revision = whole(form.get("revision"), 0)
        data = _put_in(found, revision)
        put = drafts.save(session, draft(), path, data, revision, current_actor().person_id)
        told = told_of(put)
    if editor:
        return (jsonify(told), 409) if isinstance(put, Overtaken) else jsonify(told)
    if isinstance(put, Overtaken):
        return page(path, problem=told["said"], source=form["content"], revision=put.theirs.revision), 409
    flash(gettext("Saved"), "done")
    return see("studio_diagrams.show", path=path)


def _put_in(found: drafts.Content, revision: int) -> bytes:
    """The bytes to keep: the editor's changes put into those of the draft, a text just as it is."""
    if "xml" not in request.files:
        if "content" not in request.form:
            raise Invalid(EMPTY)
        return request.form["content"].replace("\r\n", "\n").encode()
    sent, seen = (request.files[name].read() if name in request.files else b"" for name in ("xml", "seen"))
    if revision != found.revision:
        return sent
    try:
        return splice(found.data or b"", sent, seen or None)
    except Unreadable:
        raise Invalid(UNREADABLE) from None


@blueprint.post("/outline/<path:path>")
@open_to(ANALYST)
def outline(path: str) -> Response | tuple[str, int]:
    """One element's fields from the outline, put into the bytes of the diagram; all others stay as they are."""
    form, element = request.form, request.form.get("element", "")
    with writing() as session:
        found = diagram(path)
        try:
            data = studio_outline.edited(found.data or b"", path, element, form)
        except Invalid:
            return page(path, chosen=studio_outline.chosen(found, element, form)), 422
        put = drafts.save(session, draft(), path, data, whole(form.get("revision"), 0), current_actor().person_id)
    if isinstance(put, Overtaken):
        told = told_of(put)["said"]
        return page(path, problem=told, chosen=studio_outline.chosen(diagram(path), element, form)), 409
    flash(gettext("Saved"), "done")
    return see("studio_diagrams.show", path=path, element=element, _anchor="step")


@blueprint.post("/expressions")
@open_to(ANALYST)
def expression() -> Answer:
    """Whether one expression is of our language, and what it may speak of where it stands."""
    form = request.form
    position = form.get("position", "")
    if position not in advice.POSITIONS:
        raise Invalid(N_("There is no such place for an expression."))
    names = _variables(form.get("process", ""))
    found = advice.advise(form.get("source", ""), position, names)  # type: ignore[arg-type]  # looked up just above
    return jsonify(
        fault=str(found.fault) if found.fault else None,
        hint=str(found.hint) if found.hint else "",
        line=found.line,
        column=found.column,
        unknown=found.unknown,
        names=sorted(names - {OPEN}),
        functions=offering.functions(position),
    )


def _variables(process: str) -> frozenset[str]:
    """The variables of a process of the draft; read anew when any file was saved."""
    session, mine = database(), draft()
    key = (mine.id, drafts.mark(session, mine))
    if key not in _scopes:
        _scopes.clear()
        files = drafts.files(session, mine)
        _scopes[key] = advice.scopes(files, Release(files, releases.catalogue()))
    return _scopes[key].get(process, frozenset((OPEN,)))


@blueprint.post("/play")
@open_to(ANALYST)
def trial() -> Answer | tuple[Answer, int]:
    """Where the tokens of a diagram are after these moves: the engine plays its way, and nothing of its content."""
    form = request.form
    found = diagram(form.get("path", ""))
    try:
        standing = playing.play(found.data or b"", form.get("process", ""), _moves(form.get("moves", "[]")))
    except playing.Unplayable as reason:
        why = " ".join(str(one.message) for one in reason.findings[:3])
        return jsonify(said=gettext("The engine cannot make anything of the diagram yet: %(why)s", why=why)), 422
    moves = [{"element": one.element, "what": one.what, "ways": one.ways, "many": one.many} for one in standing.moves]
    return jsonify(moves=moves, been=standing.been, ended=standing.ended, played=standing.played)


def _moves(text: str) -> list[tuple[str, tuple[str, ...]]]:
    try:
        return [(str(element), tuple(str(way) for way in ways)) for element, ways in orjson.loads(text)]
    except (ValueError, TypeError):
        raise Invalid(N_("That is no list of moves.")) from None


@blueprint.post("/mending")
@open_to(ANALYST)
def mend() -> Answer:
    """What a fix would do to the draft as it stands: words, and the whole diagram with it done. Nothing is saved."""
    form = request.form
    path = form.get("path", "")
    diagram(path)
    files = drafts.files(database(), draft())
    element = form.get("element") or None
    found = mending.mend(files, path, form.get("rule", ""), element, form.get("choice", ""), releases.catalogue())
    return jsonify(
        said=str(found.said),
        xml=read_source(found.content).text if found.content else None,
        choices=[(value, str(label)) for value, label in found.choices],
    )


@blueprint.post("/mended/<path:path>")
@open_to(ANALYST)
def mended(path: str) -> Response | tuple[str, int]:
    """The same without a script: the fix is made and kept; the history has the file as it was."""
    form = request.form
    with writing() as session:
        found = diagram(path)
        files = drafts.files(session, draft())
        element, choice = form.get("element") or None, form.get("choice", "")
        made = mending.mend(files, path, form.get("rule", ""), element, choice, releases.catalogue())
        if made.content is not None:
            drafts.save(session, draft(), path, made.content, found.revision, current_actor().person_id)
    if made.choices:
        fields = {"rule": form.get("rule", ""), "element": element or ""}
        return page(path, asked=made, asked_for=fields), 422
    flash(str(made.said), "done" if made.content is not None else "info")
    return see("studio_diagrams.show", path=path)
