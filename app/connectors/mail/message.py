"""A message whose words, language and recipient are decided; and its form on the wire."""

import re
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from typing import Protocol

_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:)»”]")
_PAGE = '<!doctype html><html lang="{locale}"><meta charset="utf-8"><body>{body}</body></html>'


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

    @property
    def html(self) -> str:
        """The text as paragraphs, addresses as links; nothing is loaded from anywhere."""
        paragraphs = (part.strip() for part in self.text.split("\n\n"))
        body = "".join(f"<p>{_linked(part)}</p>" for part in paragraphs if part)
        return _PAGE.format(locale=escape(self.locale), body=body)


class Sender(Protocol):
    """Takes a message or raises TemporaryFailure or PermanentFailure; may be asked for the same message again."""

    def send(self, message: Message) -> None: ...


def _linked(text: str) -> str:
    parts, end = [], 0
    for found in _LINK.finditer(text):
        address = escape(found.group(), quote=True)
        parts += [escape(text[end : found.start()]), f'<a href="{address}">{address}</a>']
        end = found.end()
    return "".join([*parts, escape(text[end:])]).replace("\n", "<br>")


def as_email(message: Message, sender: str) -> EmailMessage:
    """Text, HTML and the calendar entry as RFC 5322; ValueError for a line break in a header."""
    mail = EmailMessage(policy=SMTP)
    mail["Message-ID"] = message.message_id
    mail["From"] = sender
    mail["To"] = Address(message.to_name, addr_spec=message.to_address)
    mail["Subject"] = message.subject
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    if message.calendar:
        mail.add_attachment(message.calendar.encode(), "text", "calendar", filename="deadline.ics")
    mail["Content-Language"] = message.locale  # last: the lines above move Content- headers into the first part
    return mail
