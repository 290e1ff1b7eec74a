"""Letters and documents of the draft as they would come out. Nothing is sent or kept."""

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from app.connectors import documents
from app.connectors.mail import Message
from app.courses import printed, register, sheets
from app.courses.documents import facts as document_facts
from app.courses.documents import making, pages
from app.courses.letters import composing, delivery, facts, fields, publication, topicality
from app.engine import Finding, Json, check
from app.engine.expressions_errors import ExpressionError
from app.engine.templates import compile_template
from app.engine.templates_shape import example, shape_of
from app.errors import N_, PermanentFailure, Unavailable
from app.i18n import Locale, gettext, use_locale
from app.identity.actors import Actor

_STYLE = re.compile(r"<link\b[^>]*\bhref=[\"']asset:([a-z0-9_.]+\.css)[\"'][^>]*>", re.IGNORECASE)
_BODY = re.compile(r"<body>(.*)</body>", re.DOTALL)
NOTHING = Markup("")
_one_at_a_time = threading.BoundedSemaphore(1)


@dataclass(frozen=True, slots=True)
class Preview:
    """A letter (`title`, `text`, `html` as it is sent) or a document (`html`: its whole page), or what is wrong."""

    locale: Locale
    title: str = ""
    text: str = ""
    html: Markup = NOTHING
    fault: str = ""


def is_letter(path: str) -> bool:
    return path.endswith(".txt")


def findings(path: str, content: bytes) -> list[Finding]:
    """All that the check says of this one file, and of a letter the fields that it does not have."""
    found = [one for one in check({path: content}) if one.rule != "letter-language"]
    if is_letter(path) and not any(one.severity == "error" for one in found):
        found += fields.unknown(path, content.decode())
    return found


def letter(session: Session, actor: Actor, source: str, locale: Locale, course_id: str) -> Preview:
    """Filled as the program does it."""
    with use_locale(locale):
        try:
            data = {**fields.sample(locale), **_of_course(session, actor, course_id)}
            composed = composing.compose({_ANY: source.encode()}, "x", "x", locale, data)
        except ExpressionError as fault:
            return Preview(locale, fault=_told(fault))
        home = delivery.address()
        message = Message("<preview@x>", "", "", composed.title, composed.text, locale, home=home)
    body = _BODY.search(message.html)
    # composed by the mailer of escaped paragraphs and links of ours
    return Preview(locale, composed.title, composed.text, Markup(body.group(1) if body else ""))  # noqa: S704


_ANY = "processes/x/letters/x.ru.txt"


def _of_course(session: Session, actor: Actor, course_id: str) -> dict[str, Json]:
    """Facts of a course that the actor may read. Raises NotFound, Denied."""
    if not course_id:
        return {}
    course, address = register.get_course_for(session, actor, course_id), delivery.address()
    own = sheets.of_course_for(session, actor, course.id)
    return {
        "course": facts.of_course(session, course, address),
        "publication": publication.of_course(session, course, address),
        "topicality": topicality.of_course(session, course, address),
        **({"sheet": facts.of_sheet(session, own[0], address)} if own else {}),
    }


def document(session: Session, actor: Actor, source: str, locale: Locale, course_id: str) -> Preview:
    """The page as HTML; fields of which nothing is known show their names."""
    with use_locale(locale):
        known: dict[str, Json] = {"document": {"title": gettext("Example")}}
        if course_id:
            course = register.get_course_for(session, actor, course_id)
            own = sheets.of_course_for(session, actor, course.id)
            known |= {"sheet": document_facts.of_sheet(session, printed.sheet(session, own[0].id))} if own else {}
        try:
            data = example(shape_of(source), "", known)
            assert isinstance(data, dict)
            page = compile_template(source, html=True).render(data)
        except ExpressionError as fault:
            return Preview(locale, fault=_told(fault))
    return Preview(locale, html=Markup(page))  # noqa: S704 - shown only in a policy that lets it do nothing


def _told(fault: ExpressionError) -> str:
    line = gettext("line %(line)s", line=fault.line) if fault.line else ""
    return f"{line}: {fault.message} {fault.hint}".lstrip(": ")


def whole_page(preview: Preview, files: Mapping[str, bytes], path: str, nonce: str) -> str:
    """The document with its style sheets written into it."""
    sheets_ = _assets(files, path)

    def written(found: re.Match[str]) -> str:
        css = sheets_.get(found.group(1), b"").decode("utf-8", "replace").replace("</", "<\\/")
        return f'<style nonce="{escape(nonce)}">{css}</style>'

    return _STYLE.sub(written, str(preview.html))


def _assets(files: Mapping[str, bytes], path: str) -> dict[str, bytes]:
    pure = PurePosixPath(path)
    folder = pure.parts[1] if len(pure.parts) == 4 else ""
    return pages.assets(files, folder)


def pdf(preview: Preview, files: Mapping[str, bytes], path: str) -> bytes:
    """By the very process that makes the real ones: closed, limited, given up in time. Raises PermanentFailure."""
    if not _one_at_a_time.acquire(blocking=False):
        raise Unavailable(N_("Another preview is being made. Try again in a moment."))
    try:
        page = documents.Page(str(preview.html), preview.locale, gettext("Preview"))
        return making.drafted(page, _assets(files, path))
    finally:
        _one_at_a_time.release()


__all__ = ["PermanentFailure", "Preview", "document", "findings", "is_letter", "letter", "pdf", "whole_page"]
