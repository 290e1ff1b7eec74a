"""Letters about coming in: an invitation, and another password. Their words belong to the program, not to analysts.

The row holds a mark in place of the link: the token is put in when the letter goes out and is never stored (S48).
"""

from sqlalchemy.orm import Session

from app.courses.letters import delivery
from app.courses.letters.models import Letter
from app.courses.letters.sending import language_of, message_id
from app.db import new_id
from app.engine import Json
from app.errors import N_
from app.i18n import format_datetime, gettext, use_locale
from app.identity import accounts
from app.identity.models import OneTimeLink, Person
from app.identity.places import place_of
from app.workflow import jobs
from app.workflow.operations import Context, Operation

FORGOTTEN_NAME = "accounts.forgotten"
TITLES = {
    "invite": N_("Your invitation to COOMET Courses"),
    "reset": N_("A new password for COOMET Courses"),
}
WORDS = {
    "invite": N_(
        "Hello, %(name)s!\n\nYou have been invited to COOMET Courses, where the procedures of COOMET's e-learning "
        "courses are carried out. Choose a password on this page:\n\n%(link)s\n\nThe link works once and until "
        "%(until)s. If you did not expect this letter, do nothing: nobody comes in without the link."
    ),
    "reset": N_(
        "Hello, %(name)s!\n\nSomebody, probably you, asked for a new password for COOMET Courses. Choose it on this "
        "page:\n\n%(link)s\n\nThe link works once and until %(until)s. If it was not you, do nothing: your password "
        "stays as it is."
    ),
}


def send_link(session: Session, link: OneTimeLink) -> Letter:
    """Compose the letter with this link and have it delivered after commit."""
    person = session.get_one(Person, link.person_id)
    zone = place_of(session, person=person.id).zone
    locale = language_of(person)
    with use_locale(locale):
        facts = {"name": person.name, "link": delivery.LINK, "until": format_datetime(link.expires_at, zone)}
        title, text = gettext(TITLES[link.purpose]), gettext(WORDS[link.purpose], **facts)
    key = f"link:{link.id}"
    letter = Letter(
        key=key,
        template=link.purpose,
        recipient_id=person.id,
        locale=locale,
        title=title,
        text=f"{text}\n",
        link_id=link.id,
        message_id=message_id(key, person.id),
    )
    session.add(letter)
    session.flush()
    jobs.enqueue(session, delivery.NAME, {"letter": letter.id}, key=delivery.job_key(letter.id))
    return letter


def ask_for_password(session: Session, person_id: str | None) -> None:
    """Somebody forgot a password; for an address that nobody has the same is written and nothing comes of it (S55)."""
    jobs.enqueue(session, FORGOTTEN_NAME, {"person": person_id or ""}, key=f"{FORGOTTEN_NAME}:{new_id()}")


def _forgotten(context: Context, person: str) -> Json:
    link = accounts.forgotten(context.session, person) if person else None
    if link is not None:
        send_link(context.session, link)
    return None


FORGOTTEN = Operation(FORGOTTEN_NAME, _forgotten, {"person": True})
