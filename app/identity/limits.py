"""How often something may be tried: the attempts of the last minutes are counted in the database, for all processes.

The window slides: what was tried is forgotten one attempt after the other. What is counted stands there as a hash.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db import is_sqlite, real_time
from app.identity.models import Attempt

KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many attempts in so long."""

    name: str
    most: int
    within: timedelta


SIGN_IN = Limit("sign-in", 5, timedelta(minutes=15))
"""Of one address for one account."""
SIGN_IN_ACCOUNT = Limit("sign-in-account", 50, timedelta(hours=1))
"""Of all addresses for one account: many machines guess together."""
SIGN_IN_ADDRESS = Limit("sign-in-address", 50, timedelta(minutes=15))
"""Of one address for all accounts: an institute behind one address still gets in."""
RESET = Limit("reset", 3, timedelta(hours=1))
"""Letters to one account; beyond them nothing is sent and nothing different is said."""
RESET_ADDRESS = Limit("reset-address", 20, timedelta(hours=1))
LINK_ADDRESS = Limit("link-address", 60, timedelta(minutes=15))
"""Wrong one-time links from one address."""


CERTIFICATE = Limit("certificate", 5, timedelta(hours=1))
"""Requests for one account of one course; beyond them nothing is asked and nothing different is said."""
CERTIFICATE_ADDRESS = Limit("certificate-address", 60, timedelta(hours=1))
"""Requests from one address: a whole class behind one address still asks."""
CODE_ADDRESS = Limit("code-address", 30, timedelta(minutes=15))
"""Wrong codes of certificates from one address (S56)."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What is limited, and for whom."""

    limit: Limit
    who: str

    @property
    def key(self) -> str:
        return sha256(f"{self.limit.name} {self.who}".encode("utf-8", "replace")).hexdigest()


def take(session: Session, counted: Sequence[Counted]) -> datetime | None:
    """Count one attempt for each; None if it may be made, else when the next may be. What is refused is not counted.

    The caller commits before it does what is limited, so that attempts made at the same moment see each other.
    """
    now = real_time(session)
    for one in sorted(counted, key=lambda one: one.key):
        _lock(session, one.key)
    free = [moment for one in counted if (moment := _free_at(session, one, now)) is not None]
    if free:
        return max(free)
    session.add_all(Attempt(key=one.key, at=now) for one in counted)
    session.flush()
    return None


def forgive(session: Session, counted: Counted) -> None:
    """It was the right person: the attempts before do not count any more."""
    session.execute(sa.delete(Attempt).where(Attempt.key == counted.key))


def clear(session: Session) -> None:
    """Forget what no window reaches any more."""
    session.execute(sa.delete(Attempt).where(Attempt.at < real_time(session) - KEPT))


def _free_at(session: Session, counted: Counted, now: datetime) -> datetime | None:
    """When the oldest attempt that fills the window leaves it; None if the window is not full."""
    limit = counted.limit
    query = sa.select(Attempt.at).where(Attempt.key == counted.key, Attempt.at > now - limit.within)
    filling = session.scalars(query.order_by(Attempt.at.desc()).limit(limit.most)).all()
    return filling[-1] + limit.within if len(filling) == limit.most else None


def _lock(session: Session, key: str) -> None:
    """Attempts for the same thing one after the other; SQLite has one writer anyway."""
    if not is_sqlite(session):
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(int(key[:15], 16))))
