"""What is hashed and how: canonical JSON, the link of the chain, the commitment to personal data."""

import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from app.audit.models import EPOCH

START = bytes(32)
"""What the first event of a stream has instead of a predecessor's hash."""


def canonical(value: Any) -> str:
    """The one JSON text of a value: keys sorted, no spaces, characters as they are.

    ValueError for what has no such text: NaN, infinities, keys that are not text, lone surrogates.
    """
    _refuse_other_keys(value)
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    text.encode()
    return text


def _refuse_other_keys(value: Any) -> None:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise ValueError(f"a key of evidence must be text, not {key!r}")
            _refuse_other_keys(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_other_keys(inner)


def microseconds(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)


class Fields(NamedTuple):
    """What an event says, beside its stream; `body` is canonical JSON."""

    n: int
    at: datetime
    actor: str
    kind: str
    body: str
    commitment: bytes | None


def link(previous: bytes, stream_kind: str, stream_id: str, event: Fields) -> bytes:
    """SHA-256 over the predecessor's hash and every field of the event."""
    commitment = event.commitment.hex() if event.commitment else None
    at = microseconds(event.at)
    row = [stream_kind, stream_id, event.n, at, event.actor, event.kind, event.body, commitment]
    return hashlib.sha256(b"evt1" + previous + canonical(row).encode()).digest()


def new_salt() -> bytes:
    return os.urandom(16)


def commit(salt: bytes, value: str) -> bytes:
    """HMAC-SHA-256: proves the value to whoever has the salt, and says nothing to whoever has not."""
    return hmac.digest(salt, value.encode(), "sha256")


def stands_for(commitment: bytes, salt: bytes, value: str) -> bool:
    return hmac.compare_digest(commitment, commit(salt, value))
