"""The job that makes the yearly report as PDF and workbook in both languages and puts it into the archive (9.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

import orjson
from sqlalchemy.orm import Session

from app.connectors import documents
from app.courses import archive, workbooks
from app.courses.documents import making, pages
from app.courses.monitoring import annual, annual_printed
from app.courses.monitoring.models import AnnualReport
from app.engine import Json
from app.files.sniff import WORKBOOK
from app.i18n import LOCALES, Locale, use_locale
from app.workflow import jobs
from app.workflow.operations import Context, Operation, Outside

NAME = "annual_report.make"
KIND = "annual_report"
FOLDER, TEMPLATE, CHART = "monitoring", "annual_report", "views"


@dataclass(frozen=True, slots=True)
class Request:
    pages: Mapping[Locale, documents.Page]
    assets: Mapping[str, bytes]
    books: Mapping[Locale, bytes]
    content: str


@dataclass(frozen=True, slots=True)
class Made:
    pdfs: Mapping[Locale, bytes]
    books: Mapping[Locale, bytes]
    content: str


def wanted(session: Session, report: str, instance_id: str | None, key: str) -> None:
    """Have it made after commit, in a job that nobody waits for: a machine without Pango stops nothing."""
    jobs.enqueue(session, NAME, {"report": report}, key=f"{NAME}:{key}:{report}", instance_id=instance_id)


def _prepare(context: Context, report: str) -> Request | None:
    """None where this very content is archived already."""
    session, found = context.session, annual.get(context.session, report)
    files = making.files_of(session, context.instance_id, FOLDER, TEMPLATE)
    made: dict[Locale, documents.Page] = {}
    books: dict[Locale, bytes] = {}
    assets = dict(pages.assets(files, FOLDER))
    for locale in LOCALES:
        with use_locale(locale):
            title, drawing = str(annual.title(found)), annual_printed.drawing(found)
            chart = f"{CHART}.{locale}.svg" if drawing else ""
            shown: Json = {**annual_printed.facts(session, found), "chart": chart}
            given: dict[str, Json] = {"report": shown, "document": {"title": title}}
            made[locale] = documents.Page(pages.compose(files, FOLDER, TEMPLATE, locale, given), locale, title)
            assets |= {chart: drawing.encode()} if chart else {}
            at = found.prepared_at or context.now
            books[locale] = workbooks.make(annual_printed.tables(session, found), title=title, at=at)
    content = sha256("\f".join(page.html for page in made.values()).encode()).hexdigest()
    if archive.has_document(session, KIND, report, content):
        return None
    return Request(made, assets, books, content)


def _act(request: Request | None, _key: str) -> Made | None:
    if request is None:
        return None
    pdfs = making.finished(list(request.pages.values()), request.assets)
    return Made(dict(zip(request.pages, pdfs, strict=True)), request.books, request.content)


def _keep(context: Context, report: str, answer: Made | None) -> Json:
    session = context.session
    if answer is None or archive.has_document(session, KIND, report, answer.content):
        return {"archived": False}
    found = annual.get(session, report)
    files = [*_attachments(found, "pdf", answer.pdfs), *_attachments(found, "xlsx", answer.books)]
    body = {
        "format": "coomet-document/1",
        "document": KIND,
        "number": found.number,
        "content_sha256": answer.content,
        "sealed": making.is_sealing(),
        "files": [{"name": one.name, "language": one.language, "sha256": one.sha256} for one in files],
    }
    written = orjson.dumps(body, option=orjson.OPT_INDENT_2).decode()
    root = making.store_root()
    entry = archive.add(session, KIND, None, found.id, annual.title(found), written, context.actor, files, root)
    return {"archived": True, "entry": entry.id}


def _attachments(report: AnnualReport, kind: str, made: Mapping[Locale, bytes]) -> list[archive.Attachment]:
    media = "application/pdf" if kind == "pdf" else WORKBOOK
    return [
        archive.Attachment(f"report-{report.number}.{locale}.{kind}", content, media, locale)
        for locale, content in made.items()
    ]


MAKE = Operation(NAME, _keep, {"report": True}, outside=Outside(_prepare, _act))
