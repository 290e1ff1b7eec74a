"""Prospective topics (6.1, A51): ideas for later courses, beside this year's list until one is promoted into it."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import evidence
from app.audit.kinds import Kind
from app.courses.models import Course
from app.courses.planning.models import ProspectiveTopic, SurveyCampaign
from app.errors import N_, Conflict, Denied, Invalid, NotFound, Problem
from app.i18n import Text, fold
from app.identity.actors import Actor
from app.identity.models import Organisation

READERS = ("secretariat", "administrator", "tc4_secretariat", "auditor")
KEEPERS = ("secretariat", "administrator", "tc4_secretariat")
STREAM = "prospective-topics"
LONGEST_TITLE, LONGEST_REASON = 300, 3000
SETTLED = N_("This topic is settled already.")


@dataclass(frozen=True, slots=True)
class Idea:
    """What is known of a topic when it comes in."""

    title: str
    reason: str = ""
    wanted_year: int | None = None
    organisation_id: str | None = None
    campaign_id: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A topic as the list shows it."""

    topic: ProspectiveTopic
    proposer: Text | None
    survey_year: int | None
    course: Course | None


@dataclass(frozen=True, slots=True)
class Found:
    topics: tuple[Line, ...]
    total: int


def add(session: Session, idea: Idea, by: str) -> ProspectiveTopic:
    """Put an idea beside the list. Raises Invalid with the fields that are wrong."""
    title = " ".join(idea.title.split())
    problems: dict[str, Problem] = {}
    if len(title) < 3:
        problems["title"] = Problem(N_("Name the topic."))
    if len(title) > LONGEST_TITLE:
        problems["title"] = Problem(N_("This is too long: at most %(number)s characters."), number=LONGEST_TITLE)
    if len(idea.reason) > LONGEST_REASON:
        problems["reason"] = Problem(N_("This is too long: at most %(number)s characters."), number=LONGEST_REASON)
    if problems:
        raise Invalid(N_("Some answers need another look."), problems)
    made = ProspectiveTopic(
        title=title,
        reason=idea.reason.strip(),
        wanted_year=idea.wanted_year,
        organisation_id=idea.organisation_id,
        campaign_id=idea.campaign_id,
        search=fold(title),
        added_by=by,
    )
    session.add(made)
    session.flush()
    body = {"topic": made.id, "title": title, "campaign": idea.campaign_id, "organisation": idea.organisation_id}
    evidence.record(session, "register", STREAM, Kind.TOPIC_ADDED, by, body)
    return made


def query(session: Session, actor: Actor, *, search: str = "", state: str = "", page: int = 1, size: int = 50) -> Found:
    """Topics, the newest first. Raises Denied."""
    if not actor.holds(*READERS):
        raise Denied
    wanted = [ProspectiveTopic.search.contains(word, autoescape=True) for word in fold(search[:200]).split()]
    if state:
        wanted.append(ProspectiveTopic.state == state)
    total = session.scalar(sa.select(sa.func.count()).select_from(ProspectiveTopic).where(*wanted)) or 0
    rows = (
        sa.select(ProspectiveTopic, Organisation, SurveyCampaign.year, Course)
        .outerjoin(Organisation, Organisation.id == ProspectiveTopic.organisation_id)
        .outerjoin(SurveyCampaign, SurveyCampaign.id == ProspectiveTopic.campaign_id)
        .outerjoin(Course, Course.id == ProspectiveTopic.course_id)
        .where(*wanted)
        .order_by(ProspectiveTopic.added_at.desc(), ProspectiveTopic.id.desc())
        .limit(size)
        .offset((page - 1) * size)
    )
    return Found(tuple(_line(*row) for row in session.execute(rows)), total)


def _line(topic: ProspectiveTopic, home: Organisation | None, year: int | None, course: Course | None) -> Line:
    proposer = (home.code if home.kind == "body" else home.name) if home else None
    return Line(topic, proposer, year, course)


def open_ones(session: Session) -> list[ProspectiveTopic]:
    """Those that a new entry of the list may take up."""
    query = sa.select(ProspectiveTopic).where(ProspectiveTopic.state == "open")
    return list(session.scalars(query.order_by(ProspectiveTopic.added_at, ProspectiveTopic.id)))


def get_for(session: Session, actor: Actor, topic_id: str) -> ProspectiveTopic:
    """Raises NotFound, Denied."""
    if not actor.holds(*READERS):
        raise Denied
    found = session.get(ProspectiveTopic, topic_id)
    if found is None:
        raise NotFound
    return found


def promote(session: Session, topic_id: str, course_id: str, by: str) -> None:
    """A course of the list has taken the topic up. Raises Invalid where it is no open topic."""
    topic = session.get(ProspectiveTopic, topic_id, with_for_update=True)
    if topic is None or topic.state != "open":
        raise Invalid(SETTLED, {"topic": Problem(SETTLED)})
    topic.state, topic.course_id = "promoted", course_id
    session.flush()
    evidence.record(session, "register", STREAM, Kind.TOPIC_PROMOTED, by, {"topic": topic.id, "course": course_id})


def drop(session: Session, actor: Actor, topic_id: str, reason: str) -> None:
    """Not to be pursued any more; the reason is kept. Raises Invalid, Conflict, NotFound, Denied."""
    if not actor.holds(*KEEPERS):
        raise Denied
    topic = get_for(session, actor, topic_id)
    session.refresh(topic, with_for_update=True)
    if topic.state != "open":
        raise Conflict(SETTLED)
    if not reason.strip():
        message = N_("Give a reason: it stays with the topic.")
        raise Invalid(message, {"reason": Problem(message)})
    topic.state, topic.note = "dropped", reason.strip()[:LONGEST_REASON]
    session.flush()
    evidence.record(
        session, "register", STREAM, Kind.TOPIC_DROPPED, actor.person_id, {"topic": topic.id, "reason": topic.note}
    )
