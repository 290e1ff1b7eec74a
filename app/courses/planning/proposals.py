"""What becomes of an answer: materials enter the list of the year or wait beside it, topics go into the backlog (6.1).

Each line of an answer is decided on once; whoever decides again changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.kinds import Kind
from app.courses import register
from app.courses.planning import campaigns, topics
from app.courses.planning.models import SurveyCampaign, SurveyDecision
from app.courses.planning.topics import Idea
from app.errors import N_, Invalid, Problem
from app.i18n import Text
from app.identity import organisations
from app.identity.models import Organisation
from app.workflow import subjects

MATERIAL, TOPIC = "material", "topic"
NOTE = Text("Опрос {year} года, {who}", "Survey of {year}, {who}")
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Origin:
    """The answer with which a course began; `answered_at` None: the answer is not kept any more."""

    campaign: SurveyCampaign
    organisation: Organisation
    answered_at: datetime | None


def decide_materials(
    session: Session, campaign: SurveyCampaign, organisation_id: str, given: Rows, by: str
) -> list[str]:
    """Ids of the courses that entered the list. Raises Invalid where an entry cannot be made."""
    offered = campaigns.materials(campaigns.answers(session, campaign).get(organisation_id))
    home = organisations.get(session, organisation_id)
    decided = _decided(session, campaign, organisation_id, MATERIAL)
    _check(offered, given, "materials")
    entered = []
    for position, (line, said) in enumerate(zip(offered, given, strict=False)):
        if position in decided:
            continue
        row = _row(campaign, organisation_id, MATERIAL, position, said, by)
        if said["decision"] == "enter":
            row.course_id = _enter(session, campaign, home, line, said, by)
            row.decision = "entered"
            entered.append(row.course_id)
        elif said["decision"] == "later":
            title = str(line.get("title_ru") or line.get("title_en") or "")
            reason = str(line.get("field") or "")
            row.topic_id = topics.add(session, Idea(title, reason, None, home.id, campaign.id), by).id
            row.decision = "backlog"
        session.add(row)
        session.flush()
    _record(session, campaign, organisation_id, MATERIAL, given, by)
    return entered


def decide_topics(session: Session, campaign: SurveyCampaign, organisation_id: str, given: Rows, by: str) -> int:
    """How many topics went into the backlog."""
    wished = campaigns.wishes(campaigns.answers(session, campaign).get(organisation_id))
    decided = _decided(session, campaign, organisation_id, TOPIC)
    _check(wished, given, "topics")
    kept = 0
    for position, (line, said) in enumerate(zip(wished, given, strict=False)):
        if position in decided:
            continue
        row = _row(campaign, organisation_id, TOPIC, position, said, by)
        if said["decision"] == "keep":
            idea = Idea(
                str(line["title"]), str(line.get("reason") or ""), line.get("year"), organisation_id, campaign.id
            )
            row.topic_id, row.decision = topics.add(session, idea, by).id, "backlog"
            kept += 1
        session.add(row)
        session.flush()
    _record(session, campaign, organisation_id, TOPIC, given, by)
    return kept


def _enter(
    session: Session,
    campaign: SurveyCampaign,
    home: Organisation,
    line: Mapping[str, Any],
    said: Mapping[str, Any],
    by: str,
) -> str:
    """The material as an entry of the year's list; its creation begins by an event of the diagram."""
    kind = "nmi" if home.kind == "nmi" else "sb"
    note = NOTE.into("ru").format(year=campaign.year, who=home.code_ru if kind == "sb" else home.name_ru)
    values = {
        "language": line["language"],
        "title_ru": line.get("title_ru"),
        "title_en": line.get("title_en"),
        "initiator_kind": kind,
        kind: home.id,
        "executor": said.get("executor"),
        "year": campaign.year,
        "field": line.get("field"),
        "procedural": line.get("procedural") == "yes",
        "source_note": note,
    }
    course = register.enter(session, values, by, source="survey")
    if line.get("format"):
        course.format = str(line["format"])
    if line.get("access"):
        course.access = str(line["access"])
    session.flush()
    subjects.put(session, course.id, course.title_ru or course.title_en, course.title_en or course.title_ru)
    return course.id


def _check(lines: Rows, given: Rows, field: str) -> None:
    if len(given) < len(lines):
        message = N_("Decide on each line of the answer.")
        raise Invalid(message, {field: Problem(message)})


def _decided(session: Session, campaign: SurveyCampaign, organisation_id: str, kind: str) -> set[int]:
    query = sa.select(SurveyDecision.position).where(
        SurveyDecision.campaign_id == campaign.id,
        SurveyDecision.organisation_id == organisation_id,
        SurveyDecision.kind == kind,
    )
    return set(session.scalars(query))


def of_campaign(session: Session, campaign: SurveyCampaign) -> list[SurveyDecision]:
    """All decisions on the answers of a survey."""
    query = sa.select(SurveyDecision).where(SurveyDecision.campaign_id == campaign.id)
    return list(session.scalars(query.order_by(SurveyDecision.organisation_id, SurveyDecision.position)))


def origin(session: Session, course_id: str) -> Origin | None:
    """Where a course that entered the list from a survey comes from (R1-a); None for all others."""
    query = sa.select(SurveyDecision, SurveyCampaign, Organisation)
    query = query.join(SurveyCampaign, SurveyCampaign.id == SurveyDecision.campaign_id)
    query = query.join(Organisation, Organisation.id == SurveyDecision.organisation_id)
    row = session.execute(query.where(SurveyDecision.course_id == course_id).limit(1)).one_or_none()
    if row is None:
        return None
    answer = campaigns.answers(session, row.SurveyCampaign).get(row.Organisation.id)
    return Origin(row.SurveyCampaign, row.Organisation, answer.at if answer else None)


def _row(
    campaign: SurveyCampaign, organisation_id: str, kind: str, position: int, said: Mapping[str, Any], by: str
) -> SurveyDecision:
    return SurveyDecision(
        campaign_id=campaign.id,
        organisation_id=organisation_id,
        kind=kind,
        position=position,
        decision="declined",
        reason=str(said.get("reason") or "").strip(),
        decided_by=by,
    )


def _record(session: Session, campaign: SurveyCampaign, organisation_id: str, kind: str, given: Rows, by: str) -> None:
    body = {"organisation": organisation_id, "of": kind, "decisions": [str(said["decision"]) for said in given]}
    reasons = {"reasons": [str(said.get("reason") or "") for said in given]}
    campaigns.record(session, campaign, Kind.SURVEY_DECIDED, by, body, reasons)
