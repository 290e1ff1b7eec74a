"""Letters that came back: the notification is read, the letter marked, and somebody told."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.connectors.mail import reports
from app.courses.letters import trail
from app.courses.letters.models import Letter
from app.errors import N_, Invalid
from app.i18n import Text
from app.identity.models import Person
from app.workflow import incidents
from app.workflow.incidents import About

INCIDENT = "letter"
CAME_BACK = Text(
    "Письмо вернулось: получатель его не увидел. Исправьте адрес в списке людей и отправьте письмо еще раз.",
    "A letter came back: its recipient has not seen it. Correct the address in the list of people and send it again.",
)


def take(session: Session, raw: bytes, by: str = "system:mail") -> Letter:
    """Mark the letter that the notification is about and open an incident; the same notification twice changes nothing.

    Invalid says why nothing was marked: no notification, one about a delay only, or about no letter of ours.
    """
    report = reports.read(raw)
    if report is None:
        raise Invalid(N_("This is no notification that a letter could not be delivered. Nothing was marked."))
    failed = [fate for fate in report.fates if fate.action == "failed"]
    if not failed:
        raise Invalid(N_("The mail system is still trying to deliver this letter. Nothing was marked."))
    query = sa.select(Letter).where(Letter.message_id == report.message_id).with_for_update()
    letter = session.scalars(query).one_or_none()
    if letter is None:
        raise Invalid(N_("The notification names no letter of this program. Nothing was marked."))
    if letter.bounced_at is None:
        _mark(session, letter, failed[0], by)
    return letter


def _mark(session: Session, letter: Letter, fate: reports.Fate, by: str) -> None:
    letter.bounced_at = clock.now()
    letter.bounce = " ".join(part for part in (fate.recipient, fate.status, fate.words) if part)
    session.flush()
    trail.keep(session, letter, Kind.LETTER_BOUNCED, by, {"status": fate.status})
    person = session.get(Person, letter.recipient_id)
    name = letter.to_name or (str(person.name) if person else "")
    detail = f"{name} <{fate.recipient}>: {letter.title}\n{fate.status} {fate.words}"
    incidents.open_one(session, None, INCIDENT, CAME_BACK, detail, About(None))
