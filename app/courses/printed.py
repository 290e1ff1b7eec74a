"""Appendix 1 as data: what a page, a print or a PDF of the agreement sheet shows, in the order of the form."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.courses import due_dates, header, sheets
from app.courses.models import MaterialVersion, Sheet, SheetRound
from app.i18n import Text
from app.identity.models import Person

PRIMARY = Text("Первичное согласование курса", "Primary agreement of the course")
REPEAT = Text("Повторное согласование курса", "Repeat agreement of the course")


@dataclass(frozen=True, slots=True)
class PrintedPerson:
    """Three lines of Appendix 1: NMI (or body), full name, contacts."""

    organisation: Text
    name: Text
    contact: str


@dataclass(frozen=True, slots=True)
class PrintedRemark:
    number: int
    text: str
    answer: str


@dataclass(frozen=True, slots=True)
class PrintedChange:
    """The deadline was moved: from, to, why, and when."""

    before: date
    after: date
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PrintedRound:
    """A block of the form; `number` 0 is the primary agreement, `reworked` is asked from 1 on."""

    number: int
    heading: Text
    """Primary agreement of the course; repeat agreement of the course; … No 2."""
    reviewer: PrintedPerson | None
    reworked: bool | None
    conforms: bool | None
    comments: str
    remarks: tuple[PrintedRemark, ...]
    decided_at: datetime | None
    due: date
    due_changes: tuple[PrintedChange, ...]
    version: int
    version_sha256: str


@dataclass(frozen=True, slots=True)
class PrintedSheet:
    """A whole sheet; texts in both languages, so that one object prints twice."""

    id: str
    number: str
    course_id: str
    title: Text
    body: Text
    part: str
    creator: PrintedPerson | None
    coordinators: tuple[PrintedPerson, ...]
    executor: PrintedPerson
    initiator: Text
    state: str
    chair: Text | None
    """Responsible for the content (7.5), once agreed."""
    agreed_at: datetime | None
    rounds: tuple[PrintedRound, ...]


def sheet(session: Session, sheet_id: str) -> PrintedSheet:
    """Everything Appendix 1 shows of a sheet. Raises NotFound."""
    found = sheets.get_sheet(session, sheet_id)
    head = found.header or header.of_sheet(session, found)
    executor = _person(head["executor"])
    return PrintedSheet(
        id=found.id,
        number=found.number,
        course_id=found.course_id,
        title=_text(head, "title"),
        body=_text(head, "body"),
        part=found.part,
        creator=_person(head["creator"]) if head["creator"] else None,
        coordinators=tuple(_person(one) for one in head["coordinators"]),
        executor=executor,
        initiator=_text(head, "initiator"),
        state=found.state,
        chair=_chair(session, found),
        agreed_at=found.closed_at,
        rounds=tuple(_round(session, found, one) for one in sheets.rounds(session, sheet_id)),
    )


def heading(number: int) -> Text:
    """Title of a round; from the second repeat on it carries its number (A5)."""
    if number == 0:
        return PRIMARY
    return REPEAT if number == 1 else Text(f"{REPEAT.ru} № {number}", f"{REPEAT.en} No {number}")


def _chair(session: Session, found: Sheet) -> Text | None:
    chair = session.get(Person, found.chair_id) if found.chair_id else None
    return chair.name if chair else None


def _round(session: Session, owner: Sheet, row: SheetRound) -> PrintedRound:
    version = session.get_one(MaterialVersion, row.version_id)
    return PrintedRound(
        number=row.number,
        heading=heading(row.number),
        reviewer=_person(row.reviewer) if row.reviewer else None,
        reworked=row.reworked,
        conforms=row.conforms,
        comments=row.comments,
        remarks=tuple(PrintedRemark(one.number, one.text, one.answer) for one in sheets.remarks(session, row.id)),
        decided_at=row.decided_at,
        due=due_dates.current(session, owner, row),
        due_changes=tuple(_change(change) for change in due_dates.changes(session, owner, row)),
        version=version.number,
        version_sha256=version.sha256,
    )


def _change(change: Mapping[str, str]) -> PrintedChange:
    moved = date.fromisoformat(change["from"]), date.fromisoformat(change["to"])
    return PrintedChange(*moved, change["reason"], datetime.fromisoformat(change["at"]))


def _text(head: Mapping[str, Any], name: str) -> Text:
    return Text(head[f"{name}_ru"], head[f"{name}_en"])


def _person(kept: Mapping[str, Any]) -> PrintedPerson:
    return PrintedPerson(_text(kept, "organisation"), _text(kept, "name"), kept["contact"])
