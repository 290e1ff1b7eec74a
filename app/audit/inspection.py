"""Checkpoints recomputed from the database, and compared with the copies outside (invariant V21)."""

import json
from bisect import bisect_left
from collections.abc import Iterator
from itertools import count, pairwise
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import checkpoints, keyring, merkle
from app.audit.checkpoints import BLOCK, BLOCK_LEVEL, Checkpoint
from app.audit.keyring import Introduced
from app.audit.keys import introduction, verifies
from app.audit.models import BlockRow, CheckpointRow, EventRow, LeafRow


def check(session: Session, outside: Path | None = None) -> list[str]:
    """What is wrong; empty when every checkpoint says what the events say."""
    return list(_problems(session, outside))


def _problems(session: Session, outside: Path | None) -> Iterator[str]:
    made = {one.size: one for one in checkpoints.since(session)}
    yield from _tree(session, made)
    yield from _unplaced(session)
    yield from _signatures(session, list(made.values()))
    if outside is not None:
        yield from _outside(made, outside)


def _tree(session: Session, made: dict[int, Checkpoint]) -> Iterator[str]:
    tree, blocks = merkle.Frontier(), dict[int, bytes]()
    for row in session.scalars(sa.select(BlockRow)):
        blocks[row.number] = row.hash
    query = sa.select(LeafRow.position, EventRow.hash).join(EventRow, EventRow.seq == LeafRow.seq)
    leaves = session.execute(query.order_by(LeafRow.position).execution_options(yield_per=1000))
    for (position, digest), expected in zip(leaves, count(), strict=False):
        if position != expected:
            yield f"leaf {expected} is missing"
            return
        completed = tree.append(merkle.leaf(digest))
        if len(completed) > BLOCK_LEVEL and blocks.pop(position // BLOCK, None) != completed[BLOCK_LEVEL]:
            yield f"block {position // BLOCK} is not that of its leaves"
        point = made.get(tree.size)
        if point is not None and point.root != tree.root:
            yield f"checkpoint {tree.size}: the events are not those that were signed"
    newest = max(made, default=0)
    if tree.size != newest:
        yield f"the newest checkpoint is over {newest} events, but {tree.size} have their places"
    if blocks:
        yield f"blocks {sorted(blocks)} are over no leaves"
    frontier = session.scalar(sa.select(CheckpointRow.frontier).where(CheckpointRow.size == tree.size))
    if frontier is not None and frontier != tree.hashes:
        yield f"checkpoint {tree.size}: the next cannot go on from its frontier"


def _unplaced(session: Session) -> Iterator[str]:
    """Events that the sealer will never look at again."""
    horizon = session.scalar(sa.select(sa.func.max(CheckpointRow.horizon))) or 0
    placed = sa.exists().where(LeafRow.seq == EventRow.seq)
    for seq in session.scalars(sa.select(EventRow.seq).where(EventRow.seq <= horizon, ~placed).limit(20)):
        yield f"event {seq} has no place among the leaves"


def _signatures(session: Session, made: list[Checkpoint]) -> Iterator[str]:
    known = keyring.introduced(session)
    for old, new in pairwise(known):
        if new.by != old.id or not verifies(old.public, new.signature, introduction(new.public)):
            yield f"key {new.id}: its predecessor did not sign for it"
    order = _places(session, known)
    previous = None
    for point in made:
        key = known[max(bisect_left(order, point.size) - 1, 0)] if known else None
        if key is None or point.key != key.id or not verifies(key.public, point.signature, point.statement):
            yield f"checkpoint {point.size}: its signature is not that of the key in force"
        if point.previous != (previous.root if previous else b""):
            yield f"checkpoint {point.size}: it does not go on from the one before"
        if previous is not None and point.at < previous.at:
            yield f"checkpoint {point.size}: it is older than the one before"
        previous = point


def _places(session: Session, known: list[Introduced]) -> list[int]:
    """Positions of the keys' events; one that has none yet signs nothing yet."""
    query = sa.select(LeafRow.seq, LeafRow.position).where(LeafRow.seq.in_([one.seq for one in known]))
    found: dict[int, int] = dict(session.execute(query).all())
    return [found.get(one.seq, 1 << 62) for one in known]


def _outside(made: dict[int, Checkpoint], folder: Path) -> Iterator[str]:
    if not folder.is_dir():
        yield f"{folder} is not there: the copies outside were not compared"
        return
    for path in sorted(folder.rglob("checkpoint-*.json")):
        try:
            line = path.read_text("utf-8").strip()
            size = int(json.loads(line)["size"])
        except (OSError, ValueError, KeyError, TypeError) as failure:
            yield f"{path.name}: no checkpoint ({type(failure).__name__})"
            continue
        if size not in made:
            yield f"{path.name}: the copy outside knows a checkpoint that is gone here"
        elif made[size].line != line:
            yield f"{path.name}: the copy outside tells of another past"
