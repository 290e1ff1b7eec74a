"""Appendix 2 as data: what a page, a print or a PDF of the form for approval shows, in the order of the form."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.courses.approvals import kept
from app.courses.printed import PrintedPerson
from app.i18n import Text


@dataclass(frozen=True, slots=True)
class PrintedEdition:
    """A document that the decision rests on, as it was in force that day."""

    code: str
    title: Text
    number: str
    edition: str


@dataclass(frozen=True, slots=True)
class PrintedForm:
    """A whole form; texts in both languages, so that one object prints twice."""

    id: str
    number: str
    course_id: str
    title: Text
    administrator: PrintedPerson
    recommendation: str
    description: bool
    content: bool
    copyright: bool
    may_place: bool
    needs_rework: bool
    decided_at: datetime
    remarks: str
    repeat_agreement: bool
    version: int | None
    version_sha256: str
    platform_id: int | None
    platform_url: str
    sheet_numbers: tuple[str, ...]
    editions: tuple[PrintedEdition, ...]
    items: Mapping[str, Mapping[str, bool]]


def form(session: Session, form_id: str) -> PrintedForm:
    """Everything Appendix 2 shows. Raises NotFound."""
    found = kept.get_form(session, form_id)
    head = found.header
    return PrintedForm(
        id=found.id,
        number=found.number,
        course_id=found.course_id,
        title=Text(head["title_ru"], head["title_en"]),
        administrator=_person(head["administrator"]),
        recommendation=found.recommendation,
        description=found.description,
        content=found.content,
        copyright=found.copyright,
        may_place=found.may_place,
        needs_rework=found.needs_rework,
        decided_at=found.decided_at,
        remarks=found.remarks,
        repeat_agreement=found.repeat_agreement,
        version=found.version,
        version_sha256=found.version_sha256,
        platform_id=found.platform_id,
        platform_url=found.platform_url,
        sheet_numbers=tuple(found.sheet_numbers),
        editions=tuple(_edition(one) for one in found.editions),
        items=found.items,
    )


def _edition(kept_one: Mapping[str, str]) -> PrintedEdition:
    title = Text(kept_one["title_ru"], kept_one["title_en"])
    return PrintedEdition(kept_one["code"], title, kept_one["number"], kept_one["edition"])


def _person(known: Mapping[str, Any]) -> PrintedPerson:
    return PrintedPerson(
        Text(known["organisation_ru"], known["organisation_en"]),
        Text(known["name_ru"], known["name_en"]),
        known["contact"],
    )
