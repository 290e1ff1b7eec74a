"""The log of invitations, recipient by recipient: what was sent, what is on its way, what did not arrive (12.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.courses.announcements.models import Invitation
from app.courses.letters.delivery import NAME as DELIVER
from app.courses.letters.models import Letter
from app.errors import N_
from app.i18n import Text, _
from app.identity.models import Organisation
from app.workflow.models import Job

State = Literal["waiting", "sent", "refused"]
STATES = {"waiting": N_("waiting to be sent"), "sent": N_("sent"), "refused": N_("could not be delivered")}


@dataclass(frozen=True, slots=True)
class Entry:
    """One invitation; `trouble` in the reader's language, where it did not arrive."""

    invitation: Invitation
    organisation: Organisation
    state: State
    at: datetime | None
    trouble: str = ""

    @property
    def name(self) -> Text:
        return Text(self.invitation.name_ru, self.invitation.name_en)

    @property
    def open(self) -> bool:
        """Nobody has said yet what becomes of it."""
        return self.state == "refused" and self.invitation.answered_at is None


def entries(session: Session, course_id: str) -> list[Entry]:
    """By institute, the newest attempt of a contact first."""
    query = (
        sa.select(Invitation, Organisation, Letter, Job)
        .join(Organisation, Organisation.id == Invitation.organisation_id)
        .outerjoin(Letter, Letter.id == Invitation.letter_id)
        .outerjoin(Job, Job.key == sa.literal(f"{DELIVER}:") + Letter.id)
        .where(Invitation.course_id == course_id)
        .order_by(Organisation.code_en, Invitation.contact, Invitation.attempt.desc())
    )
    return [_entry(*row) for row in session.execute(query)]


def _entry(invitation: Invitation, organisation: Organisation, letter: Letter | None, job: Job | None) -> Entry:
    if letter is None:
        trouble = _("the institute has no representative and no address")
        return Entry(invitation, organisation, "refused", None, trouble)
    if letter.bounced_at is not None:
        return Entry(invitation, organisation, "refused", letter.bounced_at, letter.bounce or _("came back"))
    if letter.sent_at is not None:
        return Entry(invitation, organisation, "sent", letter.sent_at)
    if job is not None and job.outcome in ("dead", "cancelled"):
        return Entry(invitation, organisation, "refused", job.finished_at, job.last_error or "")
    return Entry(invitation, organisation, "waiting", None)


def unanswered(session: Session, course_id: str) -> list[Entry]:
    """Those that did not arrive and that nobody has dealt with, in the order in which the form shows them."""
    return [one for one in entries(session, course_id) if one.open]


def count(found: Sequence[Entry]) -> dict[str, int]:
    """How many there are of each state, and how many of them still want an answer."""
    counted: dict[str, int] = {state: sum(1 for one in found if one.state == state) for state in STATES}
    return {**counted, "open": sum(1 for one in found if one.open)}
