"""Proofs from the database: that an event is under a checkpoint, and that one checkpoint goes on from another."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import keyring, merkle
from app.audit.checkpoints import BLOCK, Checkpoint, newest
from app.audit.keys import verifies
from app.audit.models import BlockRow, EventRow, LeafRow


@dataclass(frozen=True, slots=True)
class Inclusion:
    """That the event with this hash is the leaf at `position` of the tree that the checkpoint is about."""

    hash: bytes
    position: int
    path: tuple[bytes, ...]
    checkpoint: Checkpoint
    signed: bool
    """Whether the checkpoint's signature is that of a key the evidence names."""

    @property
    def holds(self) -> bool:
        leaf = merkle.leaf(self.hash)
        size, root = self.checkpoint.size, self.checkpoint.root
        return self.signed and merkle.included(leaf, self.position, size, self.path, root)


class Tree:
    """Hashes over leaves, read block by block and kept for the next proof."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._leaves: dict[int, list[bytes]] = {}
        self._blocks: dict[int, bytes] = {}

    def inclusion(self, position: int, size: int) -> list[bytes]:
        return merkle.inclusion(position, size, self.hash_of)

    def consistency(self, old: int, size: int) -> list[bytes]:
        return merkle.consistency(old, size, self.hash_of)

    def hash_of(self, lo: int, hi: int) -> bytes:
        """Over the leaves lo … hi - 1, a subtree."""
        size = hi - lo
        if size > BLOCK:
            middle = lo + merkle.split(size)
            return merkle.node(self.hash_of(lo, middle), self.hash_of(middle, hi))
        number, start = divmod(lo, BLOCK)
        if size == BLOCK:
            return self._block(number)
        return merkle.subtree(self._leaves_of(number)[start : start + size])

    def _block(self, number: int) -> bytes:
        if not self._blocks:
            self._blocks = {row.number: row.hash for row in self._session.scalars(sa.select(BlockRow))}
        return self._blocks[number]

    def _leaves_of(self, number: int) -> list[bytes]:
        if number not in self._leaves:
            query = (
                sa.select(EventRow.hash)
                .join(LeafRow, LeafRow.seq == EventRow.seq)
                .where(LeafRow.position >= number * BLOCK, LeafRow.position < (number + 1) * BLOCK)
                .order_by(LeafRow.position)
            )
            if len(self._leaves) > 1:
                self._leaves.pop(next(iter(self._leaves)))
            self._leaves[number] = [merkle.leaf(digest) for digest in self._session.scalars(query)]
        return self._leaves[number]


def inclusion(session: Session, seq: int) -> Inclusion | None:
    """Proof against the newest checkpoint; None while the event waits for one."""
    query = sa.select(LeafRow.position, EventRow.hash).join(EventRow, EventRow.seq == LeafRow.seq)
    found = session.execute(query.where(LeafRow.seq == seq)).one_or_none()
    last = newest(session)
    if found is None or not last:
        return None
    path = Tree(session).inclusion(found.position, last[0].size)
    return Inclusion(found.hash, found.position, tuple(path), last[0], is_signed(session, last[0]))


def is_signed(session: Session, checkpoint: Checkpoint) -> bool:
    """By a key that the evidence names."""
    publics = [key.public for key in keyring.introduced(session) if key.id == checkpoint.key]
    return any(verifies(public, checkpoint.signature, checkpoint.statement) for public in publics)
