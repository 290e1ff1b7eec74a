"""The yearly survey (6.1): whom it asks, how each is reached, what has been answered, when it is over (A11)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit import evidence
from app.audit.kinds import Kind
from app.courses import people
from app.courses.planning.models import SurveyCampaign, SurveyRecipient
from app.db import lock_table
from app.errors import N_, Invalid, NotFound, Problem
from app.i18n import Text
from app.identity import appointments, organisations
from app.identity.models import Organisation, Person
from app.workflow.models import Submission, Task

FORM = "survey_answer"
LIMIT = 200
"""Recipients of one survey: as many tasks as a diagram may open side by side."""
TITLE = Text("Опрос о курсах {year} года", "Survey about the courses of {year}")
KINDS = {"sb": ("body",), "nmi": ("nmi",), "both": ("body", "nmi")}
ASKED = ("task", "address", "other")
"""Ways by which an answer is expected."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """A recipient with its organisation and what it has answered."""

    row: SurveyRecipient
    organisation: Organisation
    answer: Submission | None

    @property
    def name(self) -> Text:
        """A body by code and name, an institute by its name."""
        one = self.organisation
        if one.kind != "body":
            return one.name
        return Text(f"{one.code_ru} – {one.name_ru}", f"{one.code_en} – {one.name_en}")


def stream_of(campaign_id: str) -> str:
    return f"survey-{campaign_id}"


def title(campaign: SurveyCampaign) -> Text:
    return Text(*(TITLE.into(locale).format(year=campaign.year) for locale in ("ru", "en")))


def get(session: Session, campaign_id: str) -> SurveyCampaign:
    """Raises NotFound."""
    found = session.get(SurveyCampaign, campaign_id)
    if found is None:
        raise NotFound
    return found


def listed(session: Session) -> list[SurveyCampaign]:
    """All surveys, the latest year first."""
    return list(session.scalars(sa.select(SurveyCampaign).order_by(SurveyCampaign.year.desc())))


def begin(session: Session, values: Mapping[str, Any], instance_id: str | None, by: str) -> SurveyCampaign:
    """Open the survey of a year for everybody whom the form names. Raises Invalid with the fields that are wrong."""
    year = int(values["year"])
    lock_table(session, SurveyCampaign)
    known = session.scalar(sa.select(SurveyCampaign).where(SurveyCampaign.year == year))
    if known is not None:
        message = N_(
            "The survey of %(year)s was begun already, and there is one a year. Open it to extend its deadline or to "
            "remind those who have not answered."
        )
        raise Invalid(message, {"year": Problem(message, year=year)}, year=year)
    chosen = _chosen(session, values)
    made = SurveyCampaign(
        year=year,
        deadline=date.fromisoformat(str(values["answer_by"])),
        message_ru=str(values.get("message_ru") or ""),
        message_en=str(values.get("message_en") or ""),
        instance_id=instance_id,
        opened_by=by,
    )
    session.add(made)
    session.flush()
    for position, one in enumerate(chosen):
        way, email = _way(session, one)
        row = SurveyRecipient(campaign_id=made.id, organisation_id=one.id, position=position, way=way, email=email)
        session.add(row)
    session.flush()
    body = {"year": year, "deadline": made.deadline.isoformat(), "recipients": [one.id for one in chosen]}
    record(session, made, Kind.SURVEY_OPENED, by, body)
    return made


def record(
    session: Session,
    campaign: SurveyCampaign,
    kind: Kind,
    by: str,
    body: Mapping[str, Any],
    personal: Mapping[str, Any] | None = None,
) -> None:
    """Append to the survey's stream; what somebody wrote is `personal`."""
    evidence.record(session, "register", stream_of(campaign.id), kind, by, body, personal, by if personal else None)


def _chosen(session: Session, values: Mapping[str, Any]) -> list[Organisation]:
    if values["audience"] == "chosen":
        ids = dict.fromkeys(str(row["organisation"]) for row in values.get("chosen") or [])
        found = [one for one in may_be_asked(session) if one.id in ids]
    else:
        found = organisations.search(session, kinds=KINDS[str(values["audience"])])  # type: ignore[arg-type]  # literal kinds above
    field = "chosen" if values["audience"] == "chosen" else "audience"
    if not found:
        message = N_("Nobody would be asked: choose at least one structural body or NMI.")
        raise Invalid(message, {field: Problem(message)})
    if len(found) > LIMIT:
        message = N_("A survey can ask %(limit)s recipients at most; these are %(number)s.")
        raise Invalid(
            message, {field: Problem(message, limit=LIMIT, number=len(found))}, limit=LIMIT, number=len(found)
        )
    return found


def may_be_asked(session: Session) -> list[Organisation]:
    """Active structural bodies and NMIs."""
    return organisations.search(session, kinds=["body", "nmi"])


def holders(session: Session, organisation: Organisation) -> list[Person]:
    """Who answers for it: the chair of a body, the representatives of an NMI – those with an address."""
    if organisation.kind == "body":
        found = people.chairs(session, organisation.id)
    else:
        found = appointments.holders(session, "representative", organisation.id)
    return [one for one in found if one.active and one.email]


def _way(session: Session, organisation: Organisation) -> tuple[str, str]:
    if holders(session, organisation):
        return "task", ""
    return ("address", organisation.email) if organisation.email else ("none", "")


def rows(session: Session, campaign: SurveyCampaign) -> list[tuple[SurveyRecipient, Organisation]]:
    query = (
        sa.select(SurveyRecipient, Organisation)
        .join(Organisation, Organisation.id == SurveyRecipient.organisation_id)
        .where(SurveyRecipient.campaign_id == campaign.id)
        .order_by(SurveyRecipient.position)
    )
    return [(row, one) for row, one in session.execute(query)]


def recipients(session: Session, campaign: SurveyCampaign) -> list[Recipient]:
    """Everybody who was chosen, each with the answer if there is one."""
    answered = answers(session, campaign)
    return [Recipient(row, one, answered.get(one.id)) for row, one in rows(session, campaign)]


def answers(session: Session, campaign: SurveyCampaign) -> dict[str, Submission]:
    """Organisation -> its answer."""
    query = (
        sa.select(Task.organisation, Submission)
        .join(Task, Task.id == Submission.task_id)
        .where(Submission.instance_id == campaign.instance_id, Submission.form == FORM)
        .order_by(Submission.at, Submission.id)
    )
    return {str(organisation): sent for organisation, sent in session.execute(query)}


def unreached(session: Session, campaign: SurveyCampaign) -> list[tuple[SurveyRecipient, Organisation]]:
    """Those who have nobody to write to, in the order in which the form shows them."""
    return [(row, one) for row, one in rows(session, campaign) if row.way == "none"]


def settle(session: Session, campaign: SurveyCampaign, given: Sequence[Mapping[str, Any]], by: str) -> None:
    """What the Secretariat found out about those who could not be reached. Raises Invalid where a line is missing."""
    waiting = unreached(session, campaign)
    if len(given) < len(waiting):
        message = N_("Say of each recipient how it is reached.")
        raise Invalid(message, {"unreached": Problem(message)})
    for (row, one), said in zip(waiting, given, strict=False):
        row.way = str(said["act"])
        row.email = str(said.get("email") or "").strip() if row.way == "address" else ""
        row.note = str(said.get("note") or "").strip()
        if row.way == "task" and not holders(session, one):
            message = N_(
                "Nobody is appointed there who could answer: enter the appointment first, or choose otherwise."
            )
            raise Invalid(message, {"unreached": Problem(message)})
    session.flush()
    settled = [[row.organisation_id, row.way] for row, _one in waiting]
    notes = {row.organisation_id: row.email or row.note for row, _one in waiting}
    record(session, campaign, Kind.SURVEY_CONTACTS_SETTLED, by, {"settled": settled}, {"notes": notes})


def asked(session: Session, campaign: SurveyCampaign) -> dict[str, dict[str, str]]:
    """Whom the diagram asks: `bodies` and `nmis` by a task of their own, for `others` the survey's owner answers."""
    found: dict[str, dict[str, str]] = {"bodies": {}, "nmis": {}, "others": {}}
    for row, one in rows(session, campaign):
        if row.way == "task":
            found["bodies" if one.kind == "body" else "nmis"][one.id] = one.id
        elif row.way in ASKED:
            found["others"][one.id] = one.id
    return found


def close(session: Session, campaign: SurveyCampaign, by: str) -> list[str]:
    """The survey is over; returns who has answered with something to decide on. Closing it again changes nothing."""
    answered = answers(session, campaign)
    if campaign.closed_at is None:
        campaign.closed_at = clock.now()
        session.flush()
        missing = [one.id for row, one in rows(session, campaign) if row.way in ASKED and one.id not in answered]
        record(session, campaign, Kind.SURVEY_CLOSED, by, {"answers": sorted(answered), "missing": missing})
    order = [one.id for _row, one in rows(session, campaign)]
    return [one for one in order if one in answered and (materials(answered[one]) or wishes(answered[one]))]


def materials(answer: Submission | None) -> list[dict[str, Any]]:
    """Materials that can be placed this year, as the answer has them."""
    return _lines(answer, "has_materials", "materials")


def wishes(answer: Submission | None) -> list[dict[str, Any]]:
    """Topics wished for."""
    return _lines(answer, "has_topics", "topics")


def _lines(answer: Submission | None, question: str, field: str) -> list[dict[str, Any]]:
    if answer is None or answer.values.get(question) != "yes":
        return []
    value = answer.values.get(field)
    return value if isinstance(value, list) else []
