"""What the forms of planning show besides what they ask (6.1, 6.2)."""

from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from app.courses.letters.publication import ACCESS, LANGUAGES
from app.courses.planning import campaigns, topics
from app.courses.planning.models import RegisterRequest, SurveyCampaign
from app.courses.planning.tables import FORMATS
from app.engine import Json
from app.forms import Option
from app.i18n import Text, _, current_locale, format_date
from app.identity.models import Organisation, Person

Data = Mapping[str, Json]
_NAMES = ("recipient", "body", "nmi", "other")
"""Variables of the diagrams that hold the recipient."""
Values = dict[str, Json]


def values(session: Session, form: str, subject: str | None, data: Data) -> Values:
    """Fields of the forms about a survey or a request; nothing for other forms."""
    campaign = session.get(SurveyCampaign, subject) if subject else None
    if campaign is not None and form in _OF_A_SURVEY:
        return _OF_A_SURVEY[form](session, campaign, data)
    asked = session.get(RegisterRequest, subject) if subject else None
    return _request(session, asked) if asked is not None else {}


def _answer(session: Session, campaign: SurveyCampaign, data: Data) -> Values:
    return {
        "recipient": _recipient(session, data),
        "survey_year": str(campaign.year),
        "answer_until": format_date(campaign.deadline),
        "message": Text(campaign.message_ru, campaign.message_en).into(current_locale()),
    }


def _recipient(session: Session, data: Data) -> str:
    known = next((data[name] for name in _NAMES if data.get(name)), None)
    home = session.get(Organisation, known) if isinstance(known, str) else None
    if home is None:
        return ""
    return f"{home.code} – {home.name}" if home.kind == "body" else str(home.name)


def _contacts(session: Session, campaign: SurveyCampaign, _data: Data) -> Values:
    lines: list[Json] = []
    for _row, one in campaigns.unreached(session, campaign):
        body = one.kind == "body"
        trouble = _("no chair is appointed") if body else _("no representative is appointed and there is no address")
        lines.append({"recipient": f"{one.code} – {one.name}" if body else str(one.name), "trouble": trouble})
    return {"unreached": lines}


def _closing(session: Session, campaign: SurveyCampaign, _data: Data) -> Values:
    found = [one for one in campaigns.recipients(session, campaign) if one.row.way in campaigns.ASKED]
    missing = [str(one.name) for one in found if one.answer is None]
    return {
        "answered": _("%(answered)s of %(asked)s", answered=len(found) - len(missing), asked=len(found)),
        "missing": "\n".join(missing) or _("all have answered"),
        "answer_until": format_date(campaign.deadline),
    }


def _materials(session: Session, campaign: SurveyCampaign, data: Data) -> Values:
    answer = campaigns.answers(session, campaign).get(str(data.get("recipient")))
    lines: list[Json] = [{"offer": _offer(line), "decision": "enter"} for line in campaigns.materials(answer)]
    contact = str(answer.values.get("contact") or "") if answer else ""
    return {"recipient": _recipient(session, data), "contact": contact, "materials": lines}


def _offer(line: Mapping[str, Json]) -> str:
    titles = " / ".join(f"«{title}»" for title in (line.get("title_ru"), line.get("title_en")) if title)
    parts = [
        titles,
        _(LANGUAGES[str(line["language"])]) if line.get("language") in LANGUAGES else "",
        FORMATS.get(str(line.get("format")), ""),
        str(line.get("field") or ""),
        _("concerns: %(bodies)s", bodies=line["bodies"]) if line.get("bodies") else "",
        _("procedural matters of COOMET") if line.get("procedural") == "yes" else "",
        _(ACCESS[str(line["access"])]) if line.get("access") in ACCESS else "",
    ]
    return "; ".join(part for part in parts if part)


def _topics(session: Session, campaign: SurveyCampaign, data: Data) -> Values:
    answer = campaigns.answers(session, campaign).get(str(data.get("recipient")))
    lines: list[Json] = [{"topic": _topic(line), "decision": "keep"} for line in campaigns.wishes(answer)]
    return {"recipient": _recipient(session, data), "topics": lines}


def _topic(line: Mapping[str, Json]) -> str:
    year = str(line["year"]) if line.get("year") else ""
    return "; ".join(part for part in (str(line.get("title") or ""), str(line.get("reason") or ""), year) if part)


def _request(session: Session, asked: RegisterRequest) -> Values:
    person = session.get(Person, asked.asked_by)
    home = session.get(Organisation, asked.organisation_id)
    return {
        "asker": str(person.name) if person else "",
        "participant": str(home.name) if home else "",
        "list_year": str(asked.year),
        "purpose": asked.purpose,
    }


_OF_A_SURVEY: Mapping[str, Callable[[Session, SurveyCampaign, Data], Values]] = {
    campaigns.FORM: _answer,
    "survey_contacts": _contacts,
    "survey_closing": _closing,
    "survey_materials": _materials,
    "survey_topics": _topics,
}
FORMS = frozenset({*_OF_A_SURVEY, "register_request", "survey_campaign"})


def may_be_asked(session: Session) -> list[Option]:
    """Bodies and NMIs of which a survey may name some."""
    return [_option(one) for one in campaigns.may_be_asked(session)]


def _option(one: Organisation) -> Option:
    if one.kind == "nmi":
        return Option(one.id, one.name)
    return Option(one.id, Text(f"{one.code_ru} – {one.name_ru}", f"{one.code_en} – {one.name_en}"))


def open_topics(session: Session) -> list[Option]:
    """Topics that a new entry of the list may take up."""
    return [Option(one.id, Text(one.title, one.title)) for one in topics.open_ones(session)]
