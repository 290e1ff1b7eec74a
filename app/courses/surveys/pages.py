"""The nonce of a shown questionnaire: proves that the page came from us and when, and knows nobody.

It stands in the form instead of a token bound to a session: there is no session, and nobody's rights are used.
"""

import hmac
import secrets
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

SHORTEST = 3
"""Seconds in which nobody answers four questions."""
LONGEST = 24 * 3600
_RANDOM = 22


@dataclass(frozen=True, slots=True)
class Shown:
    """A page that was shown: the random part of its nonce, and how many seconds ago."""

    random: str
    age: float


def issue(secret: str, code: str, at: float | None = None) -> str:
    """For one page shown at that moment (seconds of the system's clock, which nobody moves)."""
    moment, random = int(time.time() if at is None else at), secrets.token_urlsafe(16)
    return f"{moment:x}.{random}.{_seal(secret, code, f'{moment:x}.{random}')}"


def read(secret: str, code: str, nonce: str) -> Shown | None:
    """None where it is not ours, or of another course's page."""
    moment, _, rest = nonce[:200].partition(".")
    random, _, seal = rest.partition(".")
    wanted = _seal(secret, code, f"{moment}.{random}")
    if len(random) != _RANDOM or not hmac.compare_digest(seal.encode(), wanted.encode()):
        return None
    return Shown(random, time.time() - int(moment, 16))


def _seal(secret: str, code: str, what: str) -> str:
    made = hmac.new(sha256(b"questionnaire " + secret.encode()).digest(), f"{code} {what}".encode(), sha256).digest()
    return urlsafe_b64encode(made[:18]).decode()
