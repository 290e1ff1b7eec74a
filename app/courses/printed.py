"""Appendix 1 as data: what a page, a print or a PDF of the agreement sheet shows, in the order of the form."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.i18n import Text


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
class PrintedRound:
    """A block of the form; `number` 0 is the primary agreement, `reworked` is asked from 1 on."""

    number: int
    heading: Text
    """PRIMARY AGREEMENT OF THE COURSE; REPEAT AGREEMENT OF THE COURSE; … No 2."""
    reviewer: PrintedPerson | None
    reworked: bool | None
    conforms: bool | None
    comments: str
    remarks: tuple[PrintedRemark, ...]
    decided_at: datetime | None
    due: date
    due_changes: tuple[dict[str, str], ...]
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
    rounds: tuple[PrintedRound, ...]


def sheet(session: Session, sheet_id: str) -> PrintedSheet:
    """Everything Appendix 1 shows of a sheet. Raises NotFound."""
    raise NotImplementedError
