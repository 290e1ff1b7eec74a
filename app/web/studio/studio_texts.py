"""Letters, documents and style sheets of the draft: both languages beside each other, fields to insert, a preview."""

import re
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, jsonify, render_template, request
from flask import Response as Answer
from werkzeug import Response

from app.courses import register
from app.courses.documents import explained
from app.courses.letters import fields
from app.errors import N_, Conflict, Invalid, NotFound, PermanentFailure
from app.i18n import LOCALES, Locale, format_datetime, gettext
from app.identity import people
from app.web.access import current_actor, database, open_to, writing
from app.web.downloads import closed
from app.web.headers import nonce
from app.web.numbers import whole
from app.web.redirects import see
from app.web.studio import text_previews
from app.web.studio.standing import ANALYST, draft
from app.web.studio.text_previews import Preview
from app.workflow.studio import drafts, paths
from app.workflow.studio.drafts import Content, Overtaken

blueprint = Blueprint("studio_texts", __name__, url_prefix="/studio/texts")
Shown = str | Response | tuple[str, int] | Answer | tuple[Answer, int]
_TEXT = re.compile(r"(processes/(?:[a-z0-9_]+/)?(?:letters|documents)/([a-z0-9_]+))\.(?:(ru|en)\.(txt|html)|(css))")
_FRAME = "default-src 'none'; style-src 'nonce-{nonce}'; sandbox"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file of the text: a language of it, or the style sheet."""

    locale: Locale | None
    path: str
    text: str
    revision: int
    exists: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A letter or document in the list."""

    path: str
    name: str
    languages: tuple[str, ...]
    findings: int


@blueprint.get("")
@open_to(ANALYST)
def listed() -> str:
    return _listed()


def _listed(problem: Invalid | None = None) -> str:
    files = drafts.files(database(), draft())
    folders: dict[str, dict[str, Group]] = {}
    for path in sorted(files):
        found = _TEXT.fullmatch(path)
        if found is None:
            continue
        known = folders.setdefault(path.rpartition("/")[0], {})
        key = f"{found[2]}.{found[4] or found[5]}"
        before = known.get(key)
        languages = (*(before.languages if before else ()), *([found[3]] if found[3] else []))
        count = (before.findings if before else 0) + len(text_previews.findings(path, files[path]))
        known[key] = Group(before.path if before else path, found[2], languages, count)
    procedures = sorted({path.split("/")[1] for path in files if path.endswith(".bpmn")})
    return render_template(
        "studio/texts.html", folders=folders, procedures=procedures, problem=problem, typed=request.form
    )


@blueprint.post("")
@open_to(ANALYST)
def create() -> Shown:
    """A letter or document in both languages, to be written."""
    name, folder, kind = (request.form.get(one, "").strip() for one in ("name", "folder", "kind"))
    place, end = ("documents", "html") if kind == "document" else ("letters", "txt")
    made = {f"processes/{folder}/{place}/{name}.{locale}.{end}": _beginning(end, locale) for locale in LOCALES}
    try:
        if not all(paths.is_allowed(path) for path in made) or not name[:1].isalpha():
            raise Invalid(N_("A text needs a name in small Latin letters and a procedure."))
        with writing() as session:
            known = drafts.touched(session, draft())
            if set(made) & set(drafts.files(session, draft())):
                raise Invalid(N_("There is a text “%(name)s” already."), name=name)
            for path, text in made.items():
                revision = known[path].revision if path in known else 0
                drafts.save(session, draft(), path, text.encode(), revision, current_actor().person_id)
    except Invalid as problem:
        return _listed(problem), 422
    return see("studio_texts.show", path=next(iter(made)))


def _beginning(end: str, locale: Locale) -> str:
    subject = {"ru": "Тема письма", "en": "Subject of the letter"}[locale]
    dear = {"ru": "Здравствуйте", "en": "Dear"}[locale]
    if end == "txt":
        return f"{subject}\n\n{dear}{',' if locale == 'ru' else ''} {{{{ recipient['name'] }}}},\n\n"
    return (
        f'<!doctype html>\n<html lang="{locale}">\n<head>\n<meta charset="utf-8">\n'
        "<title>{{ document['title'] }}</title>\n"
        '<link rel="stylesheet" href="asset:fonts.css">\n<link rel="stylesheet" href="asset:form.css">\n'
        "</head>\n<body>\n"
        "<h1>{{ document['title'] }}</h1>\n</body>\n</html>\n"
    )


@blueprint.get("/<path:path>")
@open_to(ANALYST)
def show(path: str) -> Shown:
    return _page(_sheets(path), path)


def _sheets(path: str) -> list[Sheet]:
    """NotFound where neither language is there."""
    found = _TEXT.fullmatch(path)
    if found is None:
        raise NotFound
    wanted: list[tuple[Locale | None, str]] = (
        [(None, path)] if found[5] else [(locale, f"{found[1]}.{locale}.{found[4]}") for locale in LOCALES]
    )
    made = [_sheet(locale, one) for locale, one in wanted]
    if not any(one.exists for one in made):
        raise NotFound
    return made


def _sheet(locale: Locale | None, path: str) -> Sheet:
    try:
        found = drafts.read(database(), draft(), path)
    except NotFound:
        found = Content(path, None)
    text = (found.data or b"").decode("utf-8", "replace")
    return Sheet(locale, path, text, found.revision, found.data is not None)


@blueprint.post("/<path:path>")
@open_to(ANALYST)
def save(path: str) -> Shown:
    """Both languages as typed, right or wrong. Where one was saved by somebody else meanwhile it is kept aside."""
    live, overtaken, problem = "_live" in request.form, None, None
    try:
        with writing() as session:
            for one in _sheets(path):
                text = _typed(one)
                if text is None or text == one.text.replace("\r\n", "\n") or (not one.exists and not text.strip()):
                    continue
                revision = whole(request.form.get(f"revision.{one.locale or 'css'}"))
                put = drafts.save(session, draft(), one.path, text.encode(), revision, current_actor().person_id)
                overtaken = put if isinstance(put, Overtaken) else overtaken
    except Invalid as refused:
        problem = refused
    if overtaken is not None or problem is not None:
        said = _said(overtaken) if overtaken else gettext(problem.message, **problem.params) if problem else ""
        status = 409 if overtaken else 422
        return (jsonify(said=said), status) if live else (_page(_sheets(path), path, said, typed=True), status)
    if live:
        return jsonify(_told(path))
    flash(gettext("Saved"), "done")
    return see("studio_texts.show", path=path, course=request.args.get("course", ""))


def _typed(one: Sheet) -> str | None:
    sent = request.form.get(f"text.{one.locale or 'css'}")
    return None if sent is None else sent.replace("\r\n", "\n")


def _said(put: Overtaken) -> str:
    names = people.names(database(), [put.theirs.by] if put.theirs.by else [])
    return gettext(
        "%(who)s saved this text at %(when)s, after you had opened it. What you sent is kept in the history as set "
        "aside and still stands below: compare and save again.",
        who=str(names.get(str(put.theirs.by), "–")),
        when=format_datetime(put.theirs.at, current_actor().zone) if put.theirs.at else "–",
    )


def _told(path: str) -> dict[str, Any]:
    made = _sheets(path)
    return {
        "said": gettext("Saved"),
        "revisions": {one.locale or "css": one.revision for one in made},
        "findings": render_template("studio/text_findings.html", findings=_findings(made)),
        "previews": render_template("studio/text_previews.html", **_shown(made, path)),
    }


def _findings(made: list[Sheet]) -> list[Any]:
    return [found for one in made if one.exists for found in text_previews.findings(one.path, one.text.encode())]


def _shown(made: list[Sheet], path: str) -> dict[str, Any]:
    course = request.values.get("course", "")
    previews = [_preview(one, course) for one in made if one.locale and one.exists]
    return {"previews": previews, "course": course, "path": path, "letter": text_previews.is_letter(path)}


def _preview(one: Sheet, course: str) -> Preview:
    assert one.locale is not None
    fill = text_previews.letter if text_previews.is_letter(one.path) else text_previews.document
    return fill(database(), current_actor(), one.text, one.locale, course)


def _page(made: list[Sheet], path: str, problem: str = "", *, typed: bool = False) -> str:
    texts = {one.path: (_typed(one) if typed else None) or one.text for one in made}
    files = drafts.files(database(), draft())
    name = path.rpartition("/")[2].split(".")[0]
    return render_template(
        "studio/text.html",
        sheets=made,
        texts=texts,
        problem=problem,
        findings=_findings(made),
        facts=list(fields.offered()) if text_previews.is_letter(path) else [],
        names=explained.NAMES if path.endswith(".html") else {},
        calls=_calls(files, name),
        courses=register.query(database(), current_actor(), size=20).courses,
        **_shown(made, path),
    )


def _calls(files: dict[str, bytes], name: str) -> list[tuple[str, list[int]]]:
    """Lines of diagrams that name it: in a call, or as the task whose letter it is."""
    mark = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
    found = []
    for path in sorted(files):
        if path.endswith(".bpmn") and name.encode() in files[path]:
            lines = files[path].decode("utf-8", "replace").splitlines()
            named = [n for n, line in enumerate(lines, 1) if mark.search(line)]
            numbers = [n for n in named if "letter" in lines[n - 1] or "userTask" in lines[n - 1]]
            found += [(path, numbers[:10])] if numbers else []
    return found


@blueprint.get("/<path:path>/page")
@open_to(ANALYST)
def page(path: str) -> Response:
    """A document in one language as its own page, in a policy that lets it do nothing but be looked at (S23)."""
    one, preview = _document(path)
    files = drafts.files(database(), draft())
    answer = closed(Answer(text_previews.whole_page(preview, files, one.path, nonce()), mimetype="text/html"))
    answer.headers["Content-Security-Policy"] = _FRAME.format(nonce=nonce())
    return answer


@blueprint.get("/<path:path>/pdf")
@open_to(ANALYST)
def as_pdf(path: str) -> Response:
    one, preview = _document(path)
    try:
        made = text_previews.pdf(preview, drafts.files(database(), draft()), one.path)
    except PermanentFailure as failure:
        raise Conflict(N_("The document could not be made: %(why)s"), why=str(failure)) from None
    answer = Answer(made, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{one.path.rpartition('/')[2]}.pdf")
    return closed(answer)


def _document(path: str) -> tuple[Sheet, Preview]:
    one = next((one for one in _sheets(path) if one.path == path and one.exists and one.locale), None)
    if one is None or text_previews.is_letter(path):
        raise NotFound
    preview = _preview(one, request.args.get("course", ""))
    if preview.fault:
        raise Conflict(N_("The document cannot be filled in: %(why)s"), why=preview.fault)
    return one, preview
