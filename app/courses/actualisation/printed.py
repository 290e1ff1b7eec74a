"""TC 4's decision to annul a course as data: what a page and a PDF of it show, as it was on that day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.courses.actualisation import checking, deciding
from app.courses.actualisation.shown import OUTCOMES
from app.courses.documents.facts import moment
from app.courses.models import Course
from app.courses.register import get_course_for
from app.engine import Json
from app.errors import NotFound
from app.files.models import File
from app.i18n import Text, _, format_date
from app.identity.actors import Actor
from app.identity.places import default_place

TITLE = Text(
    "Решение ТК 4 об аннулировании курса КООМЕТ № {number}", "Decision of TC 4 No {number} to annul a COOMET course"
)


@dataclass(frozen=True, slots=True)
class PrintedConclusion:
    """What one of the three held; `outcome` is a code."""

    part: Text
    name: Text
    outcome: str
    grounds: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PrintedDecision:
    """A decision to annul; texts in both languages, so that one object prints twice."""

    id: str
    number: str
    course_id: str
    course_number: str
    title: Text
    decided_on: date
    meeting: str
    reason: str
    recommendation: str
    signer: Text
    recorded_at: datetime
    published: datetime | None
    platform_id: int | None
    platform_url: str
    conclusions: tuple[PrintedConclusion, ...]
    minutes: File | None


def decision(session: Session, decision_id: str) -> PrintedDecision:
    """Raises NotFound, also for a decision that annuls nothing: that one has no document."""
    found = deciding.get_decision(session, decision_id)
    if found.act != "annul":
        raise NotFound
    head = found.header
    published = str(head.get("published") or "")
    return PrintedDecision(
        id=found.id,
        number=found.number,
        course_id=found.course_id,
        course_number=session.get_one(Course, found.course_id).number,
        title=Text(head["title_ru"] or head["title_en"], head["title_en"] or head["title_ru"]),
        decided_on=found.decided_on,
        meeting=found.meeting,
        reason=found.reason,
        recommendation=found.recommendation,
        signer=Text(head["signer"]["name_ru"], head["signer"]["name_en"]),
        recorded_at=found.recorded_at,
        published=datetime.fromisoformat(published) if published else None,
        platform_id=head.get("platform_id"),
        platform_url=str(head.get("platform_url") or ""),
        conclusions=tuple(_conclusion(one) for one in head["conclusions"]),
        minutes=session.get(File, found.minutes_id) if found.minutes_id else None,
    )


def _conclusion(row: Mapping[str, Any]) -> PrintedConclusion:
    return PrintedConclusion(
        part=checking.NAMES[row["part"]],
        name=Text(row["name_ru"], row["name_en"]),
        outcome=row["outcome"],
        grounds=row["grounds"],
        at=datetime.fromisoformat(row["at"]),
    )


def decision_for(session: Session, actor: Actor, decision_id: str) -> PrintedDecision:
    """The decision, if the actor may see its course. Raises NotFound, Denied."""
    found = decision(session, decision_id)
    get_course_for(session, actor, found.course_id)
    return found


def facts(session: Session, found: PrintedDecision) -> dict[str, Json]:
    """For the template, in the current language."""
    zone = default_place(session).zone

    def day(at: datetime) -> str:
        return format_date(at.astimezone(ZoneInfo(zone)).date())

    return {
        "number": found.number,
        "course": found.course_number,
        "title": str(found.title),
        "day": format_date(found.decided_on),
        "meeting": found.meeting,
        "reason": found.reason,
        "recommendation": found.recommendation,
        "signer": str(found.signer),
        "recorded": day(found.recorded_at),
        "moment": moment(found.recorded_at, zone),
        "published": day(found.published) if found.published else "–",
        "platform_id": found.platform_id,
        "platform_url": found.platform_url,
        "minutes": {"name": found.minutes.name, "sha256": found.minutes.sha256} if found.minutes else None,
        "conclusions": [
            {
                "part": str(one.part)[:1].upper() + str(one.part)[1:],
                "name": str(one.name),
                "outcome": _(OUTCOMES[one.outcome]),
                "grounds": one.grounds,
                "day": day(one.at),
            }
            for one in found.conclusions
        ],
    }
