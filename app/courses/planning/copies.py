"""The list as a PDF in both languages, made by a job that nobody waits for and kept for whoever asks again."""

from datetime import datetime
from io import BytesIO

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.connectors import documents
from app.courses.documents import making, pages
from app.courses.planning import listing, tables
from app.courses.planning.listing import Wanted
from app.courses.planning.models import RegisterCopy
from app.engine import Json
from app.errors import NotFound
from app.files.models import File
from app.files.store import store
from app.i18n import LOCALES, Locale, use_locale
from app.workflow import jobs
from app.workflow.operations import Context, Operation, Outside

NAME = "register.print"
FOLDER, TEMPLATE = "planning", "register"
BY = "system:documents"


def read(session: Session, year: int, until: datetime) -> tables.Listed:
    return tables.Listed(year, until, listing.query(session, Wanted(year, until)).entries)


def wanted(session: Session, year: int, until: datetime, key: str) -> None:
    """Have the list of that moment made after commit; the same moment once."""
    params: dict[str, Json] = {"year": year, "until": until.isoformat()}
    jobs.enqueue(session, NAME, params, key=f"{NAME}:{key}")


def of_moment(session: Session, year: int, until: datetime) -> RegisterCopy | None:
    """The copy made of exactly that moment's list."""
    return session.scalar(sa.select(RegisterCopy).where(RegisterCopy.year == year, RegisterCopy.until == until))


def latest(session: Session, year: int, until: datetime) -> RegisterCopy | None:
    """The last copy that shows the list as it stood then: nothing of it has changed between the two moments."""
    query = sa.select(RegisterCopy).where(RegisterCopy.year == year, RegisterCopy.until <= until)
    found = session.scalar(query.order_by(RegisterCopy.until.desc()).limit(1))
    return found if found is not None and not listing.has_changed(session, found.until, until) else None


def get_file(session: Session, copy_id: str, locale: Locale) -> File:
    """Raises NotFound; whoever asks has made sure that the reader may have it."""
    found = session.get(RegisterCopy, copy_id)
    if found is None:
        raise NotFound
    return session.get_one(File, found.file_ru if locale == "ru" else found.file_en)


def _prepare(context: Context, year: int, until: str) -> making.Request | None:
    """None where this very moment has been printed already."""
    session, moment = context.session, datetime.fromisoformat(until)
    if of_moment(session, year, moment) is not None:
        return None
    files = making.newest_files(session)
    listed = read(session, year, moment)
    made = {}
    for locale in LOCALES:
        with use_locale(locale):
            title = str(listed.title)
            given: dict[str, Json] = {"list": tables.as_facts(session, listed), "document": {"title": title}}
            made[locale] = documents.Page(pages.compose(files, FOLDER, TEMPLATE, locale, given), locale, title)
    return making.request(made, files, FOLDER)


def _keep(context: Context, year: int, until: str, answer: making.Made | None) -> Json:
    session, moment = context.session, datetime.fromisoformat(until)
    if answer is None or of_moment(session, year, moment) is not None:
        return {"made": False}
    kept = {}
    for locale, pdf in answer.pdfs.items():
        name = f"coomet-courses-{year}-{moment:%Y-%m-%d}.{locale}.pdf"
        kept[locale] = store(making.store_root(), session, BytesIO(pdf), name, BY, len(pdf)).id
    row = RegisterCopy(year=year, until=moment, content=answer.content, file_ru=kept["ru"], file_en=kept["en"])
    session.add(row)
    session.flush()
    return {"made": True}


PRINT = Operation(NAME, _keep, {"year": True, "until": True}, outside=Outside(_prepare, making.act))
