"""A mailbox instead of a mail server: every message is a file in a folder, as a server would have received it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from hashlib import sha256
from pathlib import Path

from app.connectors.mail.message import Message, as_email

SENDER = "COOMET Courses <courses@coomet.example>"


@dataclass(frozen=True, slots=True)
class Received:
    """One message as it lies in the mailbox. `copies`: how often it came under the same Message-ID."""

    id: str
    """Name to ask for it by."""
    message_id: str
    to: str
    subject: str
    text: str
    html: str
    locale: str
    at: datetime
    copies: int
    calendar: str | None
    attachments: tuple[tuple[str, bytes], ...] = ()
    """Name and content of each file, without the calendar's entry."""
    arrived: int = 0
    """Nanoseconds since 1970 at which it was put into the mailbox: letters of one second have one `at`."""


class Mailbox:
    """A Sender that keeps what it is given; several processes may share the folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: Message) -> None:
        """A second copy of a message is counted, as a real recipient's program would know it by its id."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = sha256(message.message_id.encode()).hexdigest()[:32]
        copies = len(list(self.folder.glob(f"{name}.*.eml")))
        path = self.folder / f"{name}.{copies + 1}.eml"
        mail = as_email(message, SENDER)
        fresh = path.with_suffix(f".new-{os.getpid()}")
        fresh.write_bytes(mail.as_bytes())
        fresh.replace(path)

    def messages(self, to: str = "") -> list[Received]:
        """Newest first; `to` narrows them to one address."""
        found = [self._read(path) for path in self._first_copies()]
        wanted = [one for one in found if to.lower() in one.to.lower()]
        return sorted(wanted, key=lambda one: (one.at, one.arrived, one.id), reverse=True)

    def get(self, ident: str) -> Received | None:
        """The message of that id, or None."""
        path = self.folder / f"{ident}.1.eml"
        return self._read(path) if ident.isalnum() and path.exists() else None

    def clear(self) -> None:
        for path in self.folder.glob("*.eml"):
            path.unlink()

    def _first_copies(self) -> Iterator[Path]:
        yield from self.folder.glob("*.1.eml")

    def _read(self, path: Path) -> Received:
        mail = message_from_bytes(path.read_bytes(), policy=default)
        ident = path.name.partition(".")[0]
        parts = list(mail.iter_attachments())
        attached = [part for part in parts if part.get_content_type() == "text/calendar"]
        files = [part for part in parts if part.get_content_type() != "text/calendar"]
        return Received(
            id=ident,
            message_id=str(mail["Message-ID"]),
            to=str(mail["To"]),
            subject=str(mail["Subject"]),
            text=_content(mail, "plain"),
            html=_content(mail, "html"),
            locale=str(mail["Content-Language"]),
            at=mail["Date"].datetime,
            copies=len(list(self.folder.glob(f"{ident}.*.eml"))),
            calendar=str(attached[0].get_content()) if attached else None,
            attachments=tuple((str(part.get_filename()), bytes(part.get_payload(decode=True))) for part in files),
            arrived=path.stat().st_mtime_ns,
        )


def _content(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()) if part is not None else ""
