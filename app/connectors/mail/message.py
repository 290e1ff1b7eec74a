"""A message whose words, language and recipient are decided; and its form on the wire."""

import re
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from typing import Protocol

from app import clock
from app.connectors.mail import headers
from app.errors import PermanentFailure

_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:)»”]")
_POLICY = SMTP.clone(cte_type="7bit")
"""Every server takes it, also those that know no 8BITMIME."""
_HEADERS = [
    "message-id",
    "from",
    "to",
    "subject",
    "date",
    "auto-submitted",
    "mime-version",
    "content-type",
    "content-language",
]
_PAGE = '<!doctype html><html lang="{locale}"><meta charset="utf-8"><body>{body}</body></html>'


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message; its name is one of ours, never one that somebody typed."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one address. `message_id` is the same in every attempt, in angle brackets."""

    message_id: str
    to_name: str
    to_address: str
    subject: str
    text: str
    locale: str = "en"
    calendar: str | None = None
    """An iCalendar entry."""
    home: str = ""
    """The address of our pages: only what begins with it becomes a link."""
    attachments: tuple[Attachment, ...] = ()

    @property
    def html(self) -> str:
        """The text as paragraphs, our own addresses as links; nothing is loaded from anywhere."""
        paragraphs = (part.strip() for part in self.text.split("\n\n"))
        body = "".join(f"<p>{_linked(part, self.home)}</p>" for part in paragraphs if part)
        return _PAGE.format(locale=escape(self.locale), body=body)


class Sender(Protocol):
    """Takes a message or raises TemporaryFailure or PermanentFailure; may be asked for the same message again."""

    def send(self, message: Message) -> None: ...


def _linked(text: str, home: str) -> str:
    parts, end = [], 0
    for found in _LINK.finditer(text):
        if not home or not (found.group() == home or found.group().startswith(f"{home}/")):
            continue
        address = escape(found.group(), quote=True)
        parts += [escape(text[end : found.start()]), f'<a href="{address}">{address}</a>']
        end = found.end()
    return "".join([*parts, escape(text[end:])]).replace("\n", "<br>")


def as_email(message: Message, sender: str) -> EmailMessage:
    """Text, HTML and the calendar entry as RFC 5322. PermanentFailure for what may not stand in a header."""
    try:
        mail = _built(message, sender)
        _demand_headers(mail)
    except (ValueError, IndexError) as refusal:  # the library raises both
        raise PermanentFailure(
            f"the letter {message.message_id!r} cannot be sent: {refusal}", "unsafe_letter"
        ) from None
    return mail


def _built(message: Message, sender: str) -> EmailMessage:
    ident = headers.text(message.message_id, "Message-ID")
    if not re.fullmatch(r"<[^\s<>]+>", ident):
        raise headers.Unsafe("the Message-ID is none")
    mail = EmailMessage(policy=_POLICY)
    mail["Message-ID"] = ident
    mail["From"] = headers.sender(sender)
    mail["To"] = headers.mailbox(message.to_name, message.to_address, "recipient")
    mail["Subject"] = headers.text(message.subject, "subject")
    mail["Date"] = clock.now()
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    if message.calendar:
        mail.add_attachment(message.calendar.encode(), "text", "calendar", filename="deadline.ics")
    for one in message.attachments:
        kind, _, subtype = one.media_type.partition("/")
        mail.add_attachment(one.content, kind, subtype, filename=headers.text(one.name, "file name"))
    mail["Content-Language"] = message.locale  # last: the lines above move Content- headers into the first part
    return mail


def _demand_headers(mail: EmailMessage) -> None:
    """What goes out has these headers and no other, whatever the library made of the texts."""
    head = mail.as_bytes().split(b"\r\n\r\n", 1)[0].decode("ascii", "replace")
    names = [line.partition(":")[0].lower() for line in head.split("\r\n") if not line.startswith((" ", "\t"))]
    if sorted(names) != sorted(_HEADERS):
        raise headers.Unsafe("a text of the letter would become a header of its own")
