"""What a letter's template can speak of, in the recipient's language: plain data with texts, dates in words, links."""

from typing import TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.courses import due_dates, materials, printed, register, sheets, submitted
from app.courses.letters.recipients import Addressee
from app.courses.models import Course, Package, Sheet
from app.engine import Json
from app.i18n import Text, current_locale, format_date
from app.identity.models import Organisation, Person
from app.workflow.models import Task

Facts: TypeAlias = dict[str, Json]


def of_person(person: Person | Addressee) -> Facts:
    return {"name": str(person.name)}


def of_course(session: Session, course: Course, address: str) -> Facts:
    """`creator` and `platform` are empty where there is none yet; `request`: what was written to the executor."""
    creator = session.get(Person, course.creator_id) if course.creator_id else None
    return {
        "number": course.number,
        "title": str(register.title(course)),
        "link": f"{address}/courses/{course.id}",
        "creator": str(creator.name) if creator else "",
        "platform": course.platform_url,
        "request": submitted.text(submitted.about(session, course.id, "creation_request"), "message"),
    }


def of_sheet(session: Session, sheet: Sheet, address: str) -> Facts:
    """The sheet, its body, and the newest round with remarks; `round` is None before the first."""
    body = session.get_one(Organisation, sheet.body_id)
    return {
        "number": sheet.number,
        "body": str(body.code),
        "body_name": str(body.name),
        "part": sheet.part,
        "link": f"{address}/courses/{sheet.course_id}/sheets/{sheet.id}",
        "round": _round(session, sheet),
    }


def _round(session: Session, sheet: Sheet) -> Facts | None:
    last = sheets.last_round(session, sheet.id)
    if last is None:
        return None
    moved = due_dates.current(session, sheet, last)
    return {
        "heading": str(printed.heading(last.number)),
        "number": last.number,
        "due": format_date(moved),
        "late": due_dates.is_over(session, sheet, last),
        "comments": last.comments,
        "remarks": [one.text for one in sheets.remarks(session, last.id)],
        "message": last.message,
    }


def of_package(session: Session, package: Package, address: str) -> Facts:
    files: list[Json] = [file.name for file in materials.files_of(session, package.version_id)]
    numbers: list[Json] = [sheet.number for sheet in sheets.of_agreement(session, package.agreement_id)]
    link = f"{address}/courses/{package.course_id}"
    return {"sha256": package.sha256, "files": files, "sheets": numbers, "link": link}


def of_task(task: Task, name: Text, clause: str | None, zone: str, address: str) -> Facts:
    """The task by its title; `due` in words or None."""
    due = format_date(task.due.astimezone(ZoneInfo(zone)).date()) if task.due else None
    shown = name if task.title is None else Text(task.title, task.title)
    text = shown.ru if current_locale() == "ru" else shown.en
    return {"name": text, "clause": clause, "due": due, "link": f"{address}/tasks/{task.id}"}
