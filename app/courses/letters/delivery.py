"""Handing a composed letter to the mail; the worker tries again, the recipient's mail program knows it by its id."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.connectors.mail import SYSTEM, Attachment, Message, Sender, Uncertain
from app.courses.letters.models import Letter
from app.courses.record import record
from app.engine import Json
from app.errors import PermanentFailure
from app.identity import links
from app.identity.models import Person
from app.workflow.models import Job
from app.workflow.operations import Context, Operation, Outside

NAME = "letters.deliver"
AT_A_TIME = 8
"""Letters on their way at the same time, on all machines; a mail server's own limit is in SMTP_URL."""
LINK = "⟦…⟧"
"""Stands in the text of a letter where its one-time link goes; the token itself is never stored (S48)."""
KEY = "⟦⋯⟧"
"""Stands where an enrolment key goes; in the database it is only ever encrypted (R4.6-c)."""


@dataclass(slots=True)
class _Post:
    """What delivers letters in this process, and the address that links begin with."""

    sender: Sender | None = None
    address: str = ""
    attach: Callable[[Session, str], Sequence[Attachment]] | None = None
    secret_of: Callable[[Session, str], str] | None = None


_post = _Post()


def install(sender: Sender, public_url: str) -> None:
    """Called once when the program is joined."""
    _post.sender, _post.address = sender, public_url.rstrip("/")


def take_in(
    attach: Callable[[Session, str], Sequence[Attachment]], secret_of: Callable[[Session, str], str]
) -> None:  # fmt: skip
    """Install what reads the files of an archive's entry, and what opens an enrolment key for a letter."""
    _post.attach, _post.secret_of = attach, secret_of


def address() -> str:
    return _post.address


def job_key(letter_id: str) -> str:
    """Key of the job that delivers the letter."""
    return f"{NAME}:{letter_id}"


def _prepare(context: Context, letter: str) -> Message | None:
    """The finished message, or None where the mail has taken it already or its link is good for nothing any more."""
    session = context.session
    found = session.get_one(Letter, letter)
    if found.sent_at is not None or (found.link_id and not links.is_live(session, found.link_id)):
        return None
    message = message_of(session, found)
    found.attempts += 1
    found.uncertain += _was_uncertain(session, context.key)
    return message


def _was_uncertain(session: Session, key: str) -> int:
    """1 where the attempt before may have reached the recipient."""
    error = session.scalar(sa.select(Job.last_error).where(Job.key == key))
    return int(error is not None and error.startswith(f"{Uncertain.__name__}:"))


def message_of(session: Session, letter: Letter) -> Message:
    """Raises PermanentFailure where the recipient has no address any more."""
    to_name, to_address = _addressee(session, letter)
    return Message(
        message_id=letter.message_id,
        to_name=to_name,
        to_address=to_address,
        subject=letter.title,
        text=_text(session, letter),
        locale=letter.locale,
        calendar=letter.calendar,
        home=address(),
        attachments=tuple(_post.attach(session, letter.attached_id)) if letter.attached_id and _post.attach else (),
    )


def _text(session: Session, letter: Letter) -> str:
    """What is secret is put in here and stands nowhere else. Raises PermanentFailure where it was forgotten."""
    if letter.secret_id is not None and _post.secret_of is not None:
        return letter.text.replace(KEY, _post.secret_of(session, letter.secret_id))
    if letter.link_id is None:
        return letter.text
    return letter.text.replace(LINK, f"{address()}/link/{links.token_of(letter.link_id)}")


def _addressee(session: Session, letter: Letter) -> tuple[str, str]:
    """The address that the letter names, else the person's as it is now."""
    if letter.to_address:
        return letter.to_name, letter.to_address
    person = session.get_one(Person, letter.recipient_id)
    if not person.email or not person.active:
        raise PermanentFailure("the recipient has no address any more", "no_address")
    return person.name.into("ru" if letter.locale == "ru" else "en"), person.email


def _act(message: Message | None, _key: str) -> str | None:
    if message is None:
        return None
    if _post.sender is None:
        raise PermanentFailure("no mail is set up", "no_mail")
    _post.sender.send(message)
    return message.message_id


def _keep(context: Context, letter: str, answer: str | None) -> Json:
    found = context.session.get_one(Letter, letter)
    if answer is not None and found.sent_at is None:
        found.sent_at = clock.now()
        if found.subject_id:
            body = {"letter": found.id, "template": found.template, "to": found.recipient_id, "message": answer}
            record(context.session, found.subject_id, Kind.LETTER_SENT, "system:mail", body)
    return answer


DELIVER = Operation(NAME, _keep, {"letter": True}, outside=Outside(_prepare, _act), system=SYSTEM, at_a_time=AT_A_TIME)
