"""Checkpoints: every minute a signed root over all committed events; a copy outside makes it a control.

The sealer gives each event its place among the leaves, so that the order has no gaps whatever the sequence does. A
checkpoint goes on from the frontier of the one before: it costs as much as there are new events.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import chain, keyring, merkle
from app.audit.keys import Key
from app.audit.models import BlockRow, CheckpointRow, EventRow, LeafRow
from app.db import is_sqlite

BLOCK_LEVEL = 10
BLOCK = 1 << BLOCK_LEVEL
AT_ONCE = 20_000
"""Events under one checkpoint at most: what is left waits for the next, so that no writer waits long."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The first `size` leaves have this root, said at that time by the holder of that key."""

    size: int
    root: bytes
    previous: bytes
    at: datetime
    key: str
    signature: bytes = b""

    @property
    def facts(self) -> dict[str, Any]:
        return {
            "at": chain.microseconds(self.at),
            "key": self.key,
            "previous": self.previous.hex(),
            "root": self.root.hex(),
            "size": self.size,
        }

    @property
    def statement(self) -> bytes:
        """What is signed."""
        return b"coomet-checkpoint-1\n" + chain.canonical(self.facts).encode()

    @property
    def line(self) -> str:
        """One line of JSON: what goes outside and into exports."""
        return chain.canonical({**self.facts, "signature": self.signature.hex()})


def make(session: Session, key: Key, now: datetime) -> Checkpoint | None:
    """Seal what is new; None when nothing is. KeyProblem when the key is not the one the evidence names.

    Several may try at once: they wait for each other, and the later finds nothing new.
    """
    if not is_sqlite(session):  # a table's lock would need rights to change it, which the program should not have
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext("evidence sealer"))))
    last = session.scalars(sa.select(CheckpointRow).order_by(CheckpointRow.size.desc()).limit(1)).one_or_none()
    introduced = keyring.expect(session, key)
    tree = merkle.Frontier(last.size, last.frontier) if last else merkle.Frontier()
    before = tree.size
    limit = AT_ONCE if _is_placed(session, introduced) else None  # a key signs nothing that ends before its own event
    horizon = _take(session, tree.size, last.horizon if last else 0, limit)
    _grow(session, tree)
    if tree.size == before:
        return None
    at = max(now, last.at) if last else now
    made = Checkpoint(tree.size, tree.root, last.root if last else b"", at, key.id)
    row = CheckpointRow(
        size=made.size,
        root=made.root,
        previous=made.previous,
        at=at,
        key=key.id,
        signature=key.sign(made.statement),
        frontier=tree.hashes,
        horizon=horizon,
    )
    session.add(row)
    session.flush()
    return read(row)


def read(row: CheckpointRow) -> Checkpoint:
    return Checkpoint(row.size, row.root, row.previous, row.at, row.key, row.signature)


def newest(session: Session, limit: int = 1) -> list[Checkpoint]:
    """The newest first."""
    query = sa.select(CheckpointRow).order_by(CheckpointRow.size.desc()).limit(limit)
    return [read(row) for row in session.scalars(query)]


def since(session: Session, size: int = 0, limit: int | None = None) -> Iterator[Checkpoint]:
    """Those that are larger, the smallest first."""
    query = sa.select(CheckpointRow).where(CheckpointRow.size > size).order_by(CheckpointRow.size).limit(limit)
    for row in session.scalars(query.execution_options(yield_per=1000)):
        yield read(row)


def unsealed(session: Session) -> int:
    """How many committed events have no place among the leaves yet."""
    horizon = session.scalar(sa.select(sa.func.max(CheckpointRow.horizon))) or 0
    return session.scalar(sa.select(sa.func.count()).select_from(_new(horizon).subquery())) or 0


def _new(horizon: int) -> sa.Select[int]:
    placed = sa.exists().where(LeafRow.seq == EventRow.seq)
    return sa.select(EventRow.seq).where(EventRow.seq > horizon, ~placed)


def _is_placed(session: Session, seq: int) -> bool:
    return session.scalar(sa.select(LeafRow.position).where(LeafRow.seq == seq)) is not None


def _take(session: Session, size: int, horizon: int, limit: int | None) -> int:
    """Give the new events their places, in the order of `seq`; returns the new horizon."""
    settled = _settled(session)
    chosen = _new(horizon).order_by(EventRow.seq).limit(limit).subquery()
    place = sa.func.row_number().over(order_by=chosen.c.seq) + (size - 1)
    session.execute(sa.insert(LeafRow).from_select(["position", "seq"], sa.select(place, chosen.c.seq)))
    taken = sa.select(sa.func.count(), sa.func.max(LeafRow.seq)).where(LeafRow.position >= size)
    count, last = session.execute(taken).one()
    return max(horizon, min(settled, last) if count == limit else settled)


def _settled(session: Session) -> int:
    """The highest `seq` below which no event can appear any more; 0 when that cannot be told just now.

    On PostgreSQL a transaction may hold a smaller number than one that is already committed. Whoever has drawn a
    number holds a lock on the table until its end; where nobody holds one, all that is seen is settled.
    """
    highest = session.scalar(sa.select(sa.func.max(EventRow.seq))) or 0
    if is_sqlite(session):
        return highest
    return 0 if session.scalar(_WRITERS) else highest


_WRITERS = sa.text(
    "SELECT count(*) FROM pg_locks WHERE relation = 'event'::regclass AND mode = 'RowExclusiveLock'"
    " AND granted AND pid <> pg_backend_pid()"
)


def _grow(session: Session, tree: merkle.Frontier) -> None:
    """Add the leaves placed since; blocks they fill are kept for proofs."""
    query = (
        sa.select(LeafRow.position, EventRow.hash)
        .join(EventRow, EventRow.seq == LeafRow.seq)
        .where(LeafRow.position >= tree.size)
        .order_by(LeafRow.position)
    )
    blocks: list[dict[str, Any]] = []
    for (position, digest), expected in zip(session.execute(query), itertools.count(tree.size), strict=False):
        if position != expected:
            raise RuntimeError(f"leaf {expected} is missing")
        completed = tree.append(merkle.leaf(digest))
        if len(completed) > BLOCK_LEVEL:
            blocks.append({"number": position // BLOCK, "hash": completed[BLOCK_LEVEL]})
    if blocks:
        session.execute(sa.insert(BlockRow), blocks)
