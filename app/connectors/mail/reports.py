"""Reading what a mail system says about a message it could not deliver (RFC 3464, a delivery status notification)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message as Parsed
from email.policy import compat32

from app.connectors.mail.headers import printable

LARGEST = 2_000_000
_IDENT = re.compile(r"<[^\s<>]{1,200}>")
_TYPE = re.compile(r"^\s*[\w-]+\s*;\s*")


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of the message for one recipient. `action`: failed, delayed, delivered, relayed or expanded."""

    recipient: str
    action: str
    status: str
    """As RFC 3463 writes it: 5.1.1."""
    words: str
    """The other server's own."""


@dataclass(frozen=True, slots=True)
class Report:
    """One notification."""

    message_id: str
    """Of the message it is about, in angle brackets; empty where the report does not name it."""
    fates: tuple[Fate, ...]


def read(raw: bytes) -> Report | None:
    """The report, or None where this is no delivery status notification."""
    if len(raw) > LARGEST:
        return None
    mail = message_from_bytes(raw.lstrip(), policy=compat32)
    fates = tuple(_fates(mail))
    return Report(_ident(mail), fates) if fates else None


def _fates(mail: Parsed) -> Iterator[Fate]:
    for part in mail.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else []:
            if isinstance(block, Parsed) and block["Action"]:
                yield Fate(
                    recipient=_value(block, "Final-Recipient") or _value(block, "Original-Recipient"),
                    action=_value(block, "Action").lower(),
                    status=_value(block, "Status"),
                    words=_value(block, "Diagnostic-Code"),
                )


def _ident(mail: Parsed) -> str:
    """Of the returned message or its headers."""
    for part in mail.walk():
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            returned = inner[0] if isinstance(inner, list) and inner else None
        elif part.get_content_type() == "text/rfc822-headers":
            content = part.get_payload(decode=True)
            returned = message_from_bytes(content, policy=compat32) if isinstance(content, bytes) else None
        else:
            continue
        if isinstance(returned, Parsed) and (found := _IDENT.search(str(returned["Message-ID"] or ""))):
            return found.group()
    return ""


def _value(block: Parsed, name: str) -> str:
    """Without the type in front ("rfc822; ...") and on one line."""
    return printable(_TYPE.sub("", " ".join(str(block[name] or "").split()), count=1))
