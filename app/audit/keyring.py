"""Which key may sign: each is introduced by an event; all but the first are signed for by their predecessor."""

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import keys
from app.audit.evidence import record
from app.audit.keys import Key, KeyProblem, introduction
from app.audit.kinds import Kind
from app.audit.models import EventRow, StreamRow
from app.errors import N_

STREAM = "evidence"
"""The stream of kind `site` in which keys and exports are recorded."""
SEALER = "system:sealer"


@dataclass(frozen=True, slots=True)
class Introduced:
    """A public key, as its event says."""

    id: str
    public: bytes
    by: str | None
    """Key that signed for it; None for the first, and after a loss."""
    signature: bytes
    seq: int


def introduced(session: Session) -> list[Introduced]:
    """In the order of their events; the last is the one that signs."""
    query = (
        sa.select(EventRow.seq, EventRow.body)
        .join(StreamRow, StreamRow.id == EventRow.stream)
        .where(StreamRow.kind == "site", StreamRow.ident == STREAM)
        .where(EventRow.kind == Kind.EVIDENCE_KEY_INTRODUCED.value)
        .order_by(EventRow.n)
    )
    return [_read(seq, json.loads(body)) for seq, body in session.execute(query)]


def _read(seq: int, body: dict[str, str | None]) -> Introduced:
    public, signature = bytes.fromhex(body["public"] or ""), bytes.fromhex(body["signature"] or "")
    return Introduced(str(body["key"]), public, body["by"], signature, seq)


def expect(session: Session, key: Key) -> int:
    """The key must be the one that signs now; the very first introduces itself. Raises KeyProblem.

    Returns the number of the event that introduces it.
    """
    known = introduced(session)
    if not known:
        return introduce(session, key, None, SEALER)
    if known[-1].id != key.id:
        wrong = N_("Evidence is signed by key %(expected)s, but the file holds %(found)s. Restore the file.")
        raise KeyProblem(wrong, expected=known[-1].id, found=key.id)
    return known[-1].seq


def introduce(session: Session, key: Key, old: Key | None, actor: str) -> int:
    """From this event on `key` signs; `old` vouches for it."""
    body = {
        "key": key.id,
        "public": key.public.hex(),
        "by": old.id if old else None,
        "signature": old.sign(introduction(key.public)).hex() if old else None,
    }
    return record(session, "site", STREAM, Kind.EVIDENCE_KEY_INTRODUCED, actor, body).seq


def current(session: Session, path: Path) -> Key:
    """The key that signs now, from its file; the very first is made. Raises KeyProblem, OSError."""
    known, following = introduced(session), keys.successor(path)
    if known and following.exists() and keys.load(following).id == known[-1].id:
        following.replace(path)
    if not path.exists():
        if known:
            lost = N_("The evidence key %(path)s is gone. Restore it, or introduce another: ./run audit rotate-key")
            raise KeyProblem(lost, path=path)
        with suppress(FileExistsError):  # another worker has just done the same
            keys.store(keys.generate(), path)
    return keys.load(path)


def rotate(session: Session, path: Path, actor: str, *, lost: bool = False) -> Key:
    """Introduce a new key, signed for by the old one unless that is lost; its file takes over once this is committed.

    Checkpoints go on when they are next made. Raises KeyProblem, OSError.
    """
    old = None if lost else current(session, path)
    if old is not None:
        expect(session, old)
    new, following = keys.generate(), keys.successor(path)
    following.unlink(missing_ok=True)
    keys.store(new, following)
    introduce(session, new, old, actor)
    return new
