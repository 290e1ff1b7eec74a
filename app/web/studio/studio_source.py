"""The source of any file of the draft in a plain text area: the floor of all editors. Works without JavaScript."""

from typing import Any

from flask import Blueprint, flash, render_template, request
from werkzeug import Response

from app import engine
from app.errors import N_, Conflict, Invalid, NotFound
from app.i18n import gettext
from app.web.access import current_actor, database, open_to, writing
from app.web.numbers import whole
from app.web.redirects import see
from app.web.studio.standing import ANALYST, called, draft
from app.workflow.studio import checking, comparison, drafts, endings, paths, presence, titles
from app.workflow.studio.drafts import Content, Overtaken

blueprint = Blueprint("studio_source", __name__, url_prefix="/studio")

Answer = str | Response | tuple[str, int]

TAKEN = N_("There is a file of this name already: %(path)s.")


@blueprint.get("/source/<path:path>")
@open_to(ANALYST)
def edit(path: str) -> Answer:
    return _page(drafts.read(database(), draft(), path))


@blueprint.post("/source/<path:path>")
@open_to(ANALYST)
def save(path: str) -> Answer:
    """Bytes that nobody touched stay as they were. Where somebody saved since, both texts are shown."""
    sent, revision = request.form.get("content", ""), whole(request.form.get("revision"), 0)
    note, me = request.form.get("note", "").strip()[:500], current_actor().person_id
    with writing() as session:
        before = drafts.read(session, draft(), path).data or b""
        data = endings.kept(before, sent)
        put = drafts.save(session, draft(), path, data, revision, me, note=note)
    if isinstance(put, Overtaken):
        return _conflict(path, put, data, note)
    flash(gettext("Saved"), "done")
    return see("studio_source.edit", path=path)


def _conflict(path: str, put: Overtaken, mine: bytes, note: str) -> Answer:
    """Theirs and mine, and what differs; nothing is decided before one of the buttons is pressed."""
    theirs = put.theirs
    lines = list(comparison.compare_lines(theirs.data or b"", mine))
    page = render_template(
        "studio/source_conflict.html",
        path=path,
        title=_title(path),
        theirs=theirs,
        their_text=(theirs.data or b"").decode("utf-8", "replace"),
        mine=mine.decode("utf-8", "replace"),
        lines=lines,
        note=note,
        names=called([theirs.by]),
    )
    return page, 409


def _page(content: Content, status: int = 200, **more: Any) -> Answer:
    session, path = database(), content.path
    opened = draft()
    whole_draft = drafts.files(session, opened)
    data = content.data or b""
    working = presence.at_work(session, opened).get(path, [])
    others = [one for one in working if one != current_actor().person_id]
    shown: dict[str, Any] = {
        "path": path,
        "title": titles.of(path, whole_draft),
        "kind": titles.kind(path),
        "content": content,
        "text": data.decode("utf-8") if endings.is_text(data) else None,
        "findings": _findings(path, checking.check(whole_draft)),
        "names": called([content.by, *others]),
        "others": others,
        "companion": _companion(path, whole_draft),
    }
    return render_template("studio/source.html", **(shown | more)), status


def _findings(path: str, found: tuple[engine.Finding, ...]) -> list[engine.Finding]:
    return [one for one in found if one.file == path]


def _title(path: str) -> object:
    return titles.of(path, drafts.files(database(), draft()))


def _companion(path: str, files: Any) -> str | None:
    other = paths.companion(path)
    return other if other in files else None


@blueprint.get("/add")
@open_to(ANALYST)
def new() -> Answer:
    """`like`: a file whose content the new one begins with."""
    return _add_page({"path": request.args.get("like", ""), "like": request.args.get("like", "")})


@blueprint.post("/add")
@open_to(ANALYST)
def add() -> Answer:
    """A new file, or a copy of one."""
    typed = {name: request.form.get(name, "").strip()[:200] for name in ("path", "like")}
    try:
        with writing() as session:
            content = drafts.read(session, draft(), typed["like"]).data if typed["like"] else b""
            _put_new(session, typed["path"], content or b"")
    except (Conflict, Invalid) as problem:
        database().rollback()
        return _add_page(typed, problem)
    return see("studio_source.edit", path=typed["path"])


def _add_page(typed: dict[str, str], problem: Any = None) -> Answer:
    known = sorted(drafts.files(database(), draft()))
    page = render_template("studio/add.html", typed=typed, problem=problem, known=known)
    return page, problem.status if problem else 200


def _put_new(session: Any, path: str, content: bytes) -> None:
    """Conflict: a file of that name is there. One that was removed comes back with the new content."""
    paths.demand_allowed(path)
    try:
        known = drafts.read(session, draft(), path)
    except NotFound:
        known = Content(path, None)
    if known.data is not None:
        raise Conflict(TAKEN, path=path)
    drafts.save(session, draft(), path, content, known.revision, current_actor().person_id)


@blueprint.get("/rename/<path:path>")
@open_to(ANALYST)
def rename_form(path: str) -> Answer:
    return _rename_page(path, path)


@blueprint.post("/rename/<path:path>")
@open_to(ANALYST)
def rename(path: str) -> Answer:
    """With the other half of a form, or the other language, unless told otherwise; what named it is told after."""
    new = request.form.get("new", "").strip()[:200]
    pair = "pair" in request.form
    try:
        with writing() as session:
            for old, called_now in _moves(path, new, pair):
                known = drafts.read(session, draft(), old)
                if known.data is None:
                    raise NotFound
                _put_new(session, called_now, known.data)
                drafts.save(session, draft(), old, None, known.revision, current_actor().person_id, how="removed")
    except (Conflict, Invalid) as problem:
        database().rollback()
        return _rename_page(path, new, problem)
    flash(gettext("Renamed. Whatever names the old file is among the findings now."), "done")
    return see("studio_source.edit", path=new)


def _moves(path: str, new: str, pair: bool) -> list[tuple[str, str]]:
    other = _companion(path, drafts.files(database(), draft())) if pair else None
    called_now = paths.renamed(path, new, other) if other else None
    return [(path, new), *([(other, called_now)] if other and called_now else [])]


def _rename_page(path: str, new: str, problem: Any = None) -> Answer:
    content = drafts.read(database(), draft(), path)
    whole_draft = drafts.files(database(), draft())
    if content.data is None:
        raise NotFound
    page = render_template(
        "studio/rename.html",
        path=path,
        title=titles.of(path, whole_draft),
        new=new,
        problem=problem,
        companion=_companion(path, whole_draft),
        used=_new_findings(whole_draft, _pair(path, whole_draft)),
    )
    return page, problem.status if problem else 200


@blueprint.get("/remove/<path:path>")
@open_to(ANALYST)
def remove_form(path: str) -> Answer:
    """What would be found wrong without the file is told before it goes."""
    return _remove_page(path)


@blueprint.post("/remove/<path:path>")
@open_to(ANALYST)
def remove(path: str) -> Answer:
    whole_draft = drafts.files(database(), draft())
    wanted = _together(path, whole_draft)
    database().rollback()
    broken = [one for one in _new_findings(whole_draft, wanted) if one.severity != "warning"]
    if broken and "sure" not in request.form:
        return _remove_page(path, unsure=True)
    try:
        with writing() as session:
            for one in wanted:
                known = drafts.read(session, draft(), one)
                seen = whole(request.form.get("revision"), 0) if one == path else known.revision
                put = drafts.save(session, draft(), one, None, seen, current_actor().person_id, how="removed")
                if isinstance(put, Overtaken):
                    raise Conflict(N_("Somebody has saved this file since you looked at it. Look at it again first."))
    except Conflict as problem:
        database().rollback()
        return _remove_page(path, problem=problem)
    flash(gettext("Removed. It can be restored from the history."), "done")
    return see("studio.overview")


def _together(path: str, files: Any) -> list[str]:
    return _pair(path, files) if "pair" in request.form else [path]


def _pair(path: str, files: Any) -> list[str]:
    other = _companion(path, files)
    return [path, other] if other else [path]


def _remove_page(path: str, unsure: bool = False, problem: Any = None) -> Answer:
    content = drafts.read(database(), draft(), path)
    whole_draft = drafts.files(database(), draft())
    if content.data is None:
        raise NotFound
    page = render_template(
        "studio/remove.html",
        path=path,
        title=titles.of(path, whole_draft),
        kind=titles.kind(path),
        content=content,
        companion=_companion(path, whole_draft),
        used=_new_findings(whole_draft, _pair(path, whole_draft)),
        unsure=unsure,
        problem=problem,
    )
    return page, problem.status if problem else 422 if unsure else 200


def _new_findings(files: Any, gone: list[str]) -> list[engine.Finding]:
    """What the check finds without these files and does not find with them, but for the files themselves."""
    known = set(checking.check(files))
    without = checking.check({path: data for path, data in files.items() if path not in gone})
    return [one for one in without if one not in known and one.file not in gone]
