"""Archived documents of a course, for those who may read them: the newest of every sheet, form and decision."""

from dataclasses import dataclass

import orjson
from sqlalchemy.orm import Session

from app.connectors.mail import Attachment
from app.courses import archive, sheets
from app.courses.documents import making
from app.courses.documents.making import ANALYSIS, CERTIFICATE, DECISION, FORM, QUESTIONNAIRE, SHEET
from app.courses.documents.models import ArchivedFile
from app.courses.models_kept import ArchiveEntry
from app.courses.register import get_course_for
from app.courses.surveys import readers
from app.errors import Denied, NotFound
from app.files.models import File
from app.i18n import Text
from app.identity.actors import Actor


@dataclass(frozen=True, slots=True)
class Kept:
    """A document and its files, Russian first."""

    entry: ArchiveEntry
    files: tuple[ArchivedFile, ...]

    @property
    def title(self) -> Text:
        return Text(self.entry.title_ru, self.entry.title_en)


def of_source(session: Session, kind: str, source_id: str) -> Kept | None:
    """The newest document of a sheet or form; who may see that one may see this."""
    entry = archive.newest_of(session, kind, source_id)
    return Kept(entry, tuple(archive.files_of(session, entry.id))) if entry else None


def of_course_for(session: Session, actor: Actor, course_id: str) -> list[Kept]:
    """The newest of every document that the actor may read, newest first. Raises NotFound, Denied."""
    readable = {sheet.id for sheet in sheets.of_course_for(session, actor, course_id)}
    newest: dict[str, ArchiveEntry] = {}
    for entry in archive.of_course(session, course_id, SHEET, FORM, DECISION, QUESTIONNAIRE):
        if entry.kind != SHEET or entry.source_id in readable:
            newest.setdefault(entry.source_id, entry)
    return [Kept(entry, tuple(archive.files_of(session, entry.id))) for entry in newest.values()]


def get_file_for(session: Session, actor: Actor, entry_id: str, position: int) -> File:
    """A file of a document, for those who may read the sheet or form itself. Raises NotFound, Denied."""
    entry = session.get(ArchiveEntry, entry_id)
    if entry is None:
        raise NotFound
    get_course_for(session, actor, entry.course_id)
    if entry.kind == SHEET:
        sheets.get_sheet_for(session, actor, entry.source_id)
    elif entry.kind == ANALYSIS:
        readers.get_course_for(session, actor, entry.course_id)
    elif entry.kind not in (FORM, DECISION, QUESTIONNAIRE):
        raise Denied
    return archive.get_file(session, entry_id, position)


def attachments(session: Session, entry_id: str) -> list[Attachment]:
    """The files of an entry as they go with a letter."""
    return [Attachment(one.name, one.media_type, making.read(one)) for one in archive.files_of(session, entry_id)]


def is_sealed(entry: ArchiveEntry) -> bool:
    """Whether its files bear the organisation's electronic seal."""
    known = (SHEET, FORM, DECISION, QUESTIONNAIRE, ANALYSIS, CERTIFICATE)
    return entry.kind in known and bool(orjson.loads(entry.body)["sealed"])
