"""How the evidence stands: how much is sealed, since when, and how far the copies outside reach."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import checkpoints, proofs
from app.audit.checkpoints import Checkpoint
from app.audit.models import CopyRow
from app.courses.evidence import copies
from app.courses.evidence.requests import READERS
from app.errors import Denied
from app.identity.actors import Actor

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Copy:
    """A place outside; `at` is None while nothing has arrived there."""

    address: str
    """"" for the folder."""
    size: int
    at: datetime | None
    behind: int
    """Sealed events that it does not cover yet."""


@dataclass(frozen=True, slots=True)
class Standing:
    """`points`: the newest checkpoints with whether their signatures hold."""

    waiting: int
    points: tuple[tuple[Checkpoint, bool], ...]
    copies: tuple[Copy, ...]

    @property
    def sealed(self) -> int:
        return self.points[0][0].size if self.points else 0


def look(session: Session, actor: Actor) -> Standing:
    """Raises Denied for others than auditors and operators."""
    if not actor.holds(*READERS):
        raise Denied
    found = checkpoints.newest(session, SHOWN)
    points = tuple((point, proofs.is_signed(session, point)) for point in found)
    sealed = found[0].size if found else 0
    arrived = {row.place: row for row in session.scalars(sa.select(CopyRow))}
    places = tuple(_copy(place, arrived.get(place), sealed) for place in copies.places())
    return Standing(checkpoints.unsealed(session), points, places)


def _copy(place: str, row: CopyRow | None, sealed: int) -> Copy:
    size = row.size if row else 0
    return Copy(place.partition(":")[2], size, row.at if row else None, sealed - size)


def newest(session: Session, actor: Actor) -> Checkpoint | None:
    """To be kept outside by whoever watches. Raises Denied."""
    if not actor.holds(*READERS):
        raise Denied
    return next(iter(checkpoints.newest(session)), None)
