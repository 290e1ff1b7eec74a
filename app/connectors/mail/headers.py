"""What may stand in a header: nothing that a mail program could read as a second header or a second recipient (S59).

Texts are judged after their encoded words are decoded: `=?utf-8?q?=0D=0ABcc:...?=` holds no line break until the
standard library decodes it while building a header (CVE-2024-6923).
"""

import re
import unicodedata
from email.header import decode_header
from email.headerregistry import Address
from email.utils import parseaddr

_ROUNDS = 5
"""An encoded word may hide another one; deeper nesting than this is refused."""
_BREAKING = frozenset({"Cc", "Cs", "Zl", "Zp"})
_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


class Unsafe(ValueError):
    """The text may not stand in a header; the message says which and why, without the text."""


def text(value: str, what: str) -> str:
    """The text as it may stand in a header: encoded words typed by somebody stay letters. Raises Unsafe."""
    decoded = value
    for _ in range(_ROUNDS):
        _refuse_breaks(decoded, what)
        further = _decoded(decoded, what)
        if further == decoded:
            break
        decoded = further
    else:
        raise Unsafe(f"the {what} hides encoded words in encoded words")
    return value.replace("=?", "= ?").replace("?=", "? =")


def mailbox(name: str, address: str, what: str) -> Address:
    """One name and one address. Raises Unsafe where the address is none, or more than one."""
    return Address(text(name, f"name of the {what}"), addr_spec=address_of(address, what))


def sender(setting: str) -> Address:
    """The setting MAIL_FROM: an address, or a name with the address in angle brackets. Raises Unsafe."""
    name, address = parseaddr(setting)
    return mailbox(name, address, "sender")


def address_of(address: str, what: str) -> str:
    """The address in the letters that SMTP knows; a domain in other letters becomes its IDNA form. Raises Unsafe."""
    local, at, domain = address.rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        raise Unsafe(f"the address of the {what} has no possible domain") from None
    if not at or not _LOCAL.fullmatch(local) or local.startswith(".") or local.endswith(".") or ".." in local:
        raise Unsafe(f"the address of the {what} is not one plain address")
    if len(domain) > 253 or not all(_LABEL.fullmatch(label) for label in domain.split(".")):
        raise Unsafe(f"the address of the {what} has no possible domain")
    return f"{local}@{domain}"


def printable(words: str, longest: int = 500) -> str:
    """Somebody else's words on one line, harmless in a log and on a page: what cannot be printed is spelt out (S61)."""
    spelt = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in words[:longest])
    return spelt + ("…" if len(words) > longest else "")


def _refuse_breaks(value: str, what: str) -> None:
    for character in value:
        if unicodedata.category(character) in _BREAKING:
            raise Unsafe(f"the {what} holds the character U+{ord(character):04X}, which no header may hold")


def _decoded(value: str, what: str) -> str:
    try:
        parts = decode_header(value)
        return "".join(
            part if isinstance(part, str) else part.decode(charset or "utf-8", "replace") for part, charset in parts
        )
    except (LookupError, ValueError):
        raise Unsafe(f"the {what} holds an encoded word that cannot be read") from None
