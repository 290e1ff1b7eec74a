"""The enrolment key between the moment it is typed and the moment the last letter has gone (R4.6-c).

A worker in another process, after a restart, must be able to write it into a letter; so it is kept, encrypted with a
key made of the deployment's secret, which no database and no backup of one holds. It is put into the letter while that
is handed to the mail, and forgotten afterwards: it stands in no text, event, log or list.
"""

import os
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy.orm import Session

from app import clock
from app.courses.access.models import SealedKey
from app.errors import PermanentFailure

_NONCE = 12


@dataclass(slots=True)
class _Secret:
    key: bytes = b""


_secret = _Secret()


def install(secret: str) -> None:
    """Called once when the program is joined."""
    _secret.key = sha256(b"enrolment keys " + secret.encode()).digest()


def keep(session: Session, list_id: str, key: str) -> None:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # 9 MB that most processes do not need

    nonce = os.urandom(_NONCE)
    sealed = nonce + AESGCM(_secret.key).encrypt(nonce, key.encode(), list_id.encode())
    session.add(SealedKey(list_id=list_id, sealed=sealed))
    session.flush()


def open_key(session: Session, list_id: str) -> str:
    """Raises PermanentFailure where it was forgotten or the deployment has another secret now."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    row = session.get(SealedKey, list_id)
    if row is None or row.sealed is None:
        raise PermanentFailure("the enrolment key is kept no longer: enter it again on the course's page", "no_key")
    try:
        plain = AESGCM(_secret.key).decrypt(row.sealed[:_NONCE], row.sealed[_NONCE:], list_id.encode())
    except InvalidTag:
        raise PermanentFailure("the enrolment key cannot be opened: SECRET_KEY is another one now", "no_key") from None
    return plain.decode()


def forget(session: Session, list_id: str) -> bool:
    """False where it was forgotten before."""
    row = session.get(SealedKey, list_id)
    if row is None or row.sealed is None:
        return False
    row.sealed, row.forgotten_at = None, clock.now()
    session.flush()
    return True
