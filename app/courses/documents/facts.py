"""What a document's template may speak of: plain data in one language, boxes already ticked, dates already written."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.courses.approvals.printed import PrintedForm
from app.courses.printed import PrintedPerson, PrintedRound, PrintedSheet
from app.engine import Json
from app.i18n import Text, format_date, format_datetime
from app.identity.places import default_place

TICKED, EMPTY = "☑", "☐"
Facts = dict[str, Json]
SHEET = Text("Лист согласования курса КООМЕТ № {number}", "Agreement sheet for a COOMET course No {number}")
FORM = Text("Форма для утверждения курса КООМЕТ № {number}", "Form for approval of a COOMET course No {number}")


def boxes(value: bool | None) -> Facts:
    """The pair YES and NO of a form; both empty while nothing is decided."""
    return {"yes": TICKED if value is True else EMPTY, "no": TICKED if value is False else EMPTY}


def moment(at: datetime, zone: str) -> str:
    """22 ноября 2026, 14:05 (UTC+3): on paper the reader's own zone is unknown."""
    written = format_datetime(at, zone)
    offset = at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    minutes = int(offset.total_seconds()) // 60
    sign = "+" if minutes >= 0 else "−"
    hours, rest = divmod(abs(minutes), 60)
    return f"{written} (UTC{sign}{hours}{f':{rest:02}' if rest else ''})"


def of_sheet(session: Session, sheet: PrintedSheet) -> Facts:
    """Appendix 1 in the current language."""
    zone = default_place(session).zone
    return {
        "number": sheet.number,
        "title": str(sheet.title),
        "body": str(sheet.body),
        "part": sheet.part,
        "creator": _person(sheet.creator),
        "coordinators": [_person(one) for one in sheet.coordinators or (None,)],
        "executor": _person(sheet.executor),
        "initiator": str(sheet.initiator),
        "chair": str(sheet.chair) if sheet.chair else "",
        "agreed": moment(sheet.agreed_at, zone) if sheet.agreed_at else "",
        "rounds": [_round(position, one, zone) for position, one in enumerate(sheet.rounds, 1)],
    }


def _round(position: int, one: PrintedRound, zone: str) -> Facts:
    decided = one.decided_at
    return {
        "position": position,
        "number": one.number,
        "heading": _in_capitals(str(one.heading)),
        "reviewer": _person(one.reviewer),
        "reworked": boxes(one.reworked),
        "conforms": boxes(one.conforms),
        "comments": one.comments,
        "remarks": [remark.text for remark in one.remarks],
        "day": format_date(decided.astimezone(ZoneInfo(zone)).date()) if decided else "",
        "moment": moment(decided, zone) if decided else "",
        "signer": str(one.reviewer.name) if decided and one.reviewer else "",
        "due": format_date(one.due),
        "changes": [{"before": format_date(change.before), "reason": change.reason} for change in one.due_changes],
        "version": one.version,
        "sha256": one.version_sha256,
    }


def _in_capitals(heading: str) -> str:
    """As the form writes it; the abbreviation before a number is none of its words."""
    return heading.upper().replace(" NO ", " No ")


def _person(one: PrintedPerson | None) -> Facts:
    if one is None:
        return {"organisation": "", "name": "", "contact": ""}
    return {"organisation": str(one.organisation), "name": str(one.name), "contact": one.contact}


def of_form(session: Session, form: PrintedForm) -> Facts:
    """Appendix 2 in the current language; names and contacts as they were on the day of the decision."""
    zone = default_place(session).zone
    return {
        "number": form.number,
        "title": str(form.title),
        "administrator": _person(form.administrator),
        "recommendation": form.recommendation,
        "description": boxes(form.description),
        "content": boxes(form.content),
        "copyright": boxes(form.copyright),
        "may_place": boxes(form.may_place),
        "needs_rework": boxes(form.needs_rework),
        "remarks": form.remarks,
        "day": format_date(form.decided_at.astimezone(ZoneInfo(zone)).date()),
        "moment": moment(form.decided_at, zone),
        "version": form.version,
        "sha256": form.version_sha256,
        "platform_id": form.platform_id,
        "platform_url": form.platform_url,
        "sheets": ", ".join(form.sheet_numbers),
        "editions": [
            {"title": str(one.title), "code": one.code, "number": one.number, "edition": one.edition}
            for one in form.editions
        ],
    }
