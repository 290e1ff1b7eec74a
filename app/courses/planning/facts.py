"""What letters may speak of: the survey that an instance runs, and a request for the list."""

from sqlalchemy.orm import Session

from app.courses.planning import campaigns
from app.courses.planning.models import RegisterRequest, SurveyCampaign
from app.engine import Json
from app.i18n import Text, current_locale, format_date
from app.identity.models import Organisation
from app.workflow.models import Instance


def of_instance(session: Session, instance: Instance, address: str) -> dict[str, Json]:
    """`survey` and `list`, None where the instance is about none."""
    subject = instance.subject or ""
    campaign = session.get(SurveyCampaign, subject)
    asked = session.get(RegisterRequest, subject) if campaign is None else None
    return {
        "survey": _survey(session, campaign, address) if campaign else None,
        "list": _list(session, asked, address) if asked else None,
    }


def _survey(session: Session, campaign: SurveyCampaign, address: str) -> dict[str, Json]:
    found = campaigns.rows(session, campaign)
    answered = campaigns.answers(session, campaign)
    asked = [one.id for row, one in found if row.way in campaigns.ASKED]
    return {
        "year": campaign.year,
        "deadline": format_date(campaign.deadline),
        "message": Text(campaign.message_ru, campaign.message_en).into(current_locale()),
        "link": f"{address}/surveys/{campaign.id}",
        "asked": len(asked),
        "answered": len(answered),
    }


def _list(session: Session, asked: RegisterRequest, address: str) -> dict[str, Json]:
    home = session.get(Organisation, asked.organisation_id)
    return {
        "year": asked.year,
        "organisation": str(home.name) if home else "",
        "reason": asked.reason,
        "link": f"{address}/register/requests/{asked.id}",
    }
