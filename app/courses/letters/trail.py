"""Evidence of a letter: in the course's stream, or where it is about none, in that of its recipient."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.audit import evidence
from app.audit.kinds import Kind
from app.courses.letters.models import Letter
from app.courses.record import record

ELSEWHERE = "letters"
"""Stream of the site for letters to an address of an organisation, about no course."""


def keep(session: Session, letter: Letter, kind: Kind, by: str, facts: Mapping[str, Any] | None = None) -> None:
    body = {"letter": letter.id, "to": letter.recipient_id, **(facts or {})}
    if letter.subject_id:
        record(session, letter.subject_id, kind, by, body)
    elif letter.recipient_id:
        evidence.record(session, "person", letter.recipient_id, kind, by, body)
    else:
        evidence.record(session, "site", ELSEWHERE, kind, by, body)
