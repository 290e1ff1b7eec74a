"""The list as a table: for a workbook, for CSV, and what its document speaks of – in the reader's language."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.courses import settings, workbooks
from app.courses.documents.facts import moment
from app.courses.letters.publication import LANGUAGES
from app.courses.planning.listing import Entry, Who
from app.courses.portal import harmless
from app.courses.stages import NAMES as STAGES
from app.engine import Json
from app.errors import N_
from app.i18n import Text, _
from app.identity.places import default_place

TITLE = Text("Перечень создаваемых курсов КООМЕТ, {year} год", "List of COOMET courses being created, {year}")
FORMATS = {"h5p": "h5p", "ppt": "PowerPoint", "pdf": "Adobe PDF"}
SOURCES = {
    "survey": N_("survey"),
    "administrator": N_("section administrator"),
    "secretariat": N_("Secretariat"),
}
HEADS = (
    N_("Number"),
    N_("Title in Russian"),
    N_("Title in English"),
    N_("Initiator"),
    N_("Structural bodies"),
    N_("Year"),
    N_("Field"),
    N_("Format"),
    N_("Language"),
    N_("Contact"),
    N_("Course creator"),
    N_("Coordinators"),
    N_("Stage"),
    N_("Source"),
    N_("Remarks"),
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A year's list as it stood at a moment."""

    year: int
    until: datetime
    entries: Sequence[Entry]

    @property
    def title(self) -> Text:
        return Text(*(TITLE.into(locale).format(year=self.year) for locale in ("ru", "en")))


def as_workbook(listed: Listed) -> bytes:
    rows = [[one.year if name == N_("Year") else cell for name, cell in zip(HEADS, _row(one), strict=True)]
            for one in listed.entries]  # fmt: skip
    sheet = workbooks.Sheet(str(listed.year), [_(head) for head in HEADS], rows)
    return workbooks.make([sheet], title=str(listed.title), at=listed.until)


def as_csv(listed: Listed) -> str:
    """With no cell that a spreadsheet would calculate (S62)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_(head) for head in HEADS])
    writer.writerows([harmless(cell) for cell in _row(one)] for one in listed.entries)
    return out.getvalue()


def _row(one: Entry) -> list[str]:
    return [
        one.number,
        one.title.ru,
        one.title.en,
        str(one.initiator),
        ", ".join(str(body) for body in one.bodies),
        str(one.year),
        one.field,
        FORMATS.get(one.format, ""),
        _(LANGUAGES[one.language]),
        named(one.contact),
        named(one.creator),
        "; ".join(named(who) for who in one.coordinators),
        _(STAGES[one.stage]),
        _(SOURCES[one.source]),
        one.remarks,
    ]


def named(who: Who | None) -> str:
    """Name, home and contact in one line."""
    return ", ".join(part for part in (str(who.name), str(who.home), who.contact) if part) if who else ""


def as_facts(session: Session, listed: Listed) -> dict[str, Json]:
    """What the document may speak of, in the current language."""
    zone = default_place(session).zone
    today = settings.today(session)
    return {
        "year": listed.year,
        "until": moment(listed.until, zone),
        "recommendation": settings.recommendation_in_full(session, today),
        "total": len(listed.entries),
        "entries": [_facts(number, one) for number, one in enumerate(listed.entries, 1)],
    }


def _facts(number: int, one: Entry) -> dict[str, Json]:
    return {
        "position": number,
        "number": one.number,
        "title_ru": one.title.ru,
        "title_en": one.title.en,
        "initiator": str(one.initiator),
        "bodies": ", ".join(str(body) for body in one.bodies),
        "field": one.field,
        "format": FORMATS.get(one.format, ""),
        "language": _(LANGUAGES[one.language]),
        "contact": named(one.contact),
        "creator": str(one.creator.name) if one.creator else "",
        "coordinators": ", ".join(str(who.name) for who in one.coordinators),
        "stage": _(STAGES[one.stage]),
        "remarks": one.remarks,
    }
