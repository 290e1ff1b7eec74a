"""The job that makes a document: fill both languages, render and seal apart from any transaction, archive for good."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import orjson
from sqlalchemy.orm import Session

from app.connectors import documents
from app.courses import archive, register
from app.courses.documents import pages
from app.courses.documents.kinds import ANALYSIS, CERTIFICATE, DECISION, FORM, MADE_OF, QUESTIONNAIRE, SHEET, Kind
from app.courses.documents.models import ArchivedFile
from app.courses.models import Course
from app.engine import Json
from app.errors import PermanentFailure, TemporaryFailure
from app.files.store import path_of
from app.i18n import LOCALES, Locale, Text, use_locale
from app.workflow import jobs, releases
from app.workflow.models import Instance
from app.workflow.operations import Context, Operation, Outside

__all__ = ["ANALYSIS", "CERTIFICATE", "DECISION", "FORM", "MAKE", "NAME", "QUESTIONNAIRE", "SHEET"]
__all__ += ["Kind", "Made", "Request", "act", "install", "is_sealing", "keep", "prepare", "read", "wanted"]

NAME = "documents.make"


Renderer = Callable[[Sequence[documents.Page], Mapping[str, bytes]], list[bytes]]
"""The PDFs of pages that refer to these assets."""


def typeset(pages: Sequence[documents.Page], assets: Mapping[str, bytes]) -> list[bytes]:
    """In a confined process; where Pango is missing the job waits until the operator has installed it."""
    reason = documents.available()
    if reason is not None:
        raise TemporaryFailure(reason)
    return documents.render_all(pages, assets)


@dataclass(slots=True)
class _Tools:
    """What documents are made with in this process."""

    store: Path = Path("data/files")
    fonts: Mapping[str, bytes] = field(default_factory=dict)
    seal: documents.Seal | None = None
    render: Renderer = typeset


_tools = _Tools()


def install(
    store: Path, fonts: Mapping[str, bytes], seal: documents.Seal | None, render: Renderer = typeset
) -> None:  # fmt: skip
    """Called once when the program is joined."""
    _tools.store, _tools.fonts, _tools.seal, _tools.render = store, fonts, seal, render


def finished(made: Sequence[documents.Page], assets: Mapping[str, bytes]) -> list[bytes]:
    """The PDFs of these pages, sealed where there is a seal; takes a process of its own and seconds."""
    rendered = _tools.render(made, {**_tools.fonts, **assets})
    return [documents.seal(pdf, _tools.seal) if _tools.seal else pdf for pdf in rendered]


def drafted(page: documents.Page, assets: Mapping[str, bytes]) -> bytes:
    """The PDF of a page that is only looked at: never sealed, never kept. Raises PermanentFailure."""
    return documents.render_all([page], {**_tools.fonts, **assets})[0]


def store_root() -> Path:
    """Where this process keeps the files it makes."""
    return _tools.store


def read(file: ArchivedFile) -> bytes:
    """A file of the archive as it was made."""
    return path_of(_tools.store, file.sha256).read_bytes()


def is_sealing() -> bool:
    """Whether documents are sealed here."""
    return _tools.seal is not None


@dataclass(frozen=True, slots=True)
class Request:
    """Everything that rendering needs; `content` is the SHA-256 of it."""

    pages: Mapping[Locale, documents.Page]
    assets: Mapping[str, bytes]
    content: str


@dataclass(frozen=True, slots=True)
class Made:
    content: str
    pdfs: Mapping[Locale, bytes]
    sealed: bool


def wanted(session: Session, kind: Kind, source: str, instance_id: str | None, key: str) -> None:
    """Have the document made after commit, in a job that nobody waits for: a machine without Pango stops nothing."""
    jobs.enqueue(session, NAME, {"kind": kind, "source": source}, key=f"{NAME}:{key}:{source}", instance_id=instance_id)


def prepare(context: Context, kind: Kind, source: str) -> Request | None:
    """None where this very content is archived already."""
    session = context.session
    made_of = MADE_OF[kind]
    folder, template = made_of.folder, made_of.template
    files = files_of(session, context.instance_id, folder, template)
    made: dict[Locale, documents.Page] = {}
    drawings: dict[str, bytes] = {}
    for locale in LOCALES:
        with use_locale(locale):
            title, data = made_of.facts(session, source)
            given: dict[str, Json] = {**data, "document": {"title": title}}
            made[locale] = documents.Page(pages.compose(files, folder, template, locale, given), locale, title)
            drawings |= made_of.drawings(session, source)
    asked = request(made, files, folder, drawings)
    return None if archive.has_document(session, kind, source, asked.content) else asked


def request(
    made: Mapping[Locale, documents.Page],
    files: Mapping[str, bytes],
    folder: str,
    drawings: Mapping[str, bytes] | None = None,
) -> Request:
    """The pages with all that they refer to."""
    content = sha256("\f".join(page.html for page in made.values()).encode()).hexdigest()
    return Request(made, {**pages.assets(files, folder), **(drawings or {})}, content)


def files_of(session: Session, instance_id: str | None, folder: str, template: str) -> Mapping[str, bytes]:
    """Of the instance's release; of the newest where that one is older than the document."""
    instance = session.get(Instance, instance_id) if instance_id else None
    if instance is not None:
        files = releases.load(session, instance.release_id).files
        if f"processes/{folder}/documents/{template}.ru.html" in files:
            return files
    return newest_files(session)


def newest_files(session: Session) -> Mapping[str, bytes]:
    """Of the newest release, for a document that belongs to no instance."""
    newest = releases.current(session)
    if newest is None:
        raise PermanentFailure("no release is published", "no_document")
    return releases.load(session, newest.id).files


def act(request: Request | None, _key: str) -> Made | None:
    """Render and seal: the part of a document's job that touches no transaction."""
    if request is None:
        return None
    made = finished(list(request.pages.values()), request.assets)
    return Made(request.content, dict(zip(request.pages, made, strict=True)), _tools.seal is not None)


def keep(context: Context, kind: Kind, source: str, answer: Made | None) -> Json:
    session = context.session
    if answer is None or archive.has_document(session, kind, source, answer.content):
        return {"archived": False}
    course, number, title = _named(session, kind, source)
    stem = f"{kind.replace('_', '-')}-{number.replace('/', '-')}"
    files = [
        archive.Attachment(f"{stem}.{locale}.pdf", pdf, "application/pdf", locale)
        for locale, pdf in answer.pdfs.items()
    ]
    body = {
        "format": "coomet-document/1",
        "document": kind,
        "number": number,
        "content_sha256": answer.content,
        "sealed": answer.sealed,
        "files": [
            {"name": one.name, "language": one.language, "size": len(one.content), "sha256": one.sha256}
            for one in files
        ],
    }
    written = orjson.dumps(body, option=orjson.OPT_INDENT_2).decode()
    entry = archive.add(session, kind, course, source, title, written, context.actor, files, _tools.store)
    return {"archived": True, "entry": entry.id}


def _named(session: Session, kind: Kind, source: str) -> tuple[Course, str, Text]:
    course, number, name = MADE_OF[kind].named(session, source)
    ru, en = (name.into(locale).format(number=number) for locale in LOCALES)
    title = register.title(course)  # a course in one language has no title in the other
    return course, number, Text(f"{ru}: «{title.into('ru')}»", f"{en}: “{title.into('en')}”")


MAKE = Operation(NAME, keep, {"kind": True, "source": True}, outside=Outside(prepare, act))
