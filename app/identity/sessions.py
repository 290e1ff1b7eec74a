"""Browsers that are signed in. The cookie holds a secret, the database its hash: what is ended here is ended at once.

Expiry goes by the real clock, never by the demo's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address, ip_network
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import evidence
from app.audit.kinds import Kind
from app.db import new_secret, real_time
from app.errors import NotFound
from app.identity.actors import ACTIVE, FACTS, PEOPLE, Actor, from_facts
from app.identity.models import AccountSession

IDLE = timedelta(hours=8)
LONGEST = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=5)
OVERLAP = timedelta(seconds=30)
"""So long the old secret still opens after a new one was given out: a browser asks for several things at once."""
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Visit:
    """A live session, as a request finds it."""

    id: str
    person_id: str
    rights: str
    stale: bool
    """`seen_at` is to be written anew."""
    actor: Actor | None = None
    """None: the person was deactivated."""


@dataclass(frozen=True, slots=True)
class Browser:
    """What is kept of where somebody signs in from."""

    user_agent: str = ""
    address: str = ""

    def shortened(self) -> tuple[str, str]:
        """Enough to recognise one's own browser by, too little to find a person by."""
        agent = "".join(c for c in self.user_agent[:200] if c.isprintable())
        try:
            found = ip_address(self.address)
        except ValueError:
            return agent, ""
        length = 24 if found.version == 4 else 48
        return agent, str(ip_network(f"{found}/{length}", strict=False))


_ROWS: Any = AccountSession.__table__
_FIELDS = [_ROWS.c[name] for name in ("id", "person_id", "rights", "seen_at", "expires_at", "ended_at")]
_FIND = (
    sa.select(*_FIELDS, ACTIVE, *FACTS)
    .select_from(_ROWS.join(PEOPLE, FACTS[0] == _ROWS.c.person_id))
    .where(_ROWS.c.hash == sa.bindparam("hash"))
)


def begin(session: Session, person_id: str, rights: str, browser: Browser) -> str:
    """Sign the person in; returns the secret for the cookie, which is not kept."""
    now, secret = real_time(session), new_secret()
    agent, address = browser.shortened()
    session.add(
        AccountSession(
            hash=_hash(secret),
            person_id=person_id,
            rights=rights,
            created_at=now,
            seen_at=now,
            expires_at=now + LONGEST,
            user_agent=agent,
            address=address,
        )
    )
    session.flush()
    return secret


def find(session: Session, secret: str) -> Visit | None:
    """The live session of the cookie and whose it is, in two statements on SQLite; None where it ended or expired."""
    row = session.execute(_FIND, {"hash": _hash(secret)}).one_or_none()
    if row is None:
        return None
    now = real_time(session)
    ident, person_id, rights, seen_at, expires_at, ended_at, active, *facts = row
    if (ended_at is not None and ended_at <= now) or expires_at <= now or seen_at + IDLE <= now:
        return None
    actor = from_facts(session, facts) if active else None
    return Visit(ident, person_id, rights, stale=now - seen_at > SEEN_EVERY, actor=actor)


def touch(session: Session, session_id: str) -> None:
    """It was used just now."""
    update = sa.update(AccountSession).where(AccountSession.id == session_id)
    session.execute(update.values(seen_at=real_time(session)))


def renew(session: Session, visit: Visit, rights: str) -> str | None:
    """A fresh secret for the same session, now that the person holds other roles (S52). None: somebody was faster."""
    old = session.get(AccountSession, visit.id, with_for_update=True, populate_existing=True)
    if old is None or old.ended_at is not None:
        return None
    now, secret = real_time(session), new_secret()
    old.ended_at = now + OVERLAP
    session.add(
        AccountSession(
            hash=_hash(secret),
            person_id=old.person_id,
            rights=rights,
            created_at=old.created_at,
            seen_at=now,
            expires_at=old.expires_at,
            user_agent=old.user_agent,
            address=old.address,
        )
    )
    session.flush()
    evidence.record(session, "person", old.person_id, Kind.SESSION_RENEWED, old.person_id)
    return secret


def live(session: Session, person_id: str) -> Sequence[AccountSession]:
    """The person's open sessions, the last used first."""
    now = real_time(session)
    query = sa.select(AccountSession).where(
        AccountSession.person_id == person_id,
        AccountSession.ended_at.is_(None),
        AccountSession.expires_at > now,
        AccountSession.seen_at > now - IDLE,
    )
    return session.scalars(query.order_by(AccountSession.seen_at.desc(), AccountSession.id)).all()


def revoke(session: Session, person_id: str, session_id: str, by: str) -> None:
    """End one of the person's own sessions. NotFound for anybody else's."""
    found = session.get(AccountSession, session_id, with_for_update=True)
    if found is None or found.person_id != person_id or found.ended_at is not None:
        raise NotFound
    found.ended_at = real_time(session)
    session.flush()
    evidence.record(session, "person", person_id, Kind.SESSIONS_REVOKED, by, {"sessions": 1})


def revoke_all(session: Session, person_id: str, by: str, apart_from: str = "") -> int:
    """End them all, or all others; returns how many there were."""
    now = real_time(session)
    open_ones = sa.or_(AccountSession.ended_at.is_(None), AccountSession.ended_at > now)
    update = sa.update(AccountSession).where(
        AccountSession.person_id == person_id, open_ones, AccountSession.id != apart_from
    )
    ended = len(session.execute(update.values(ended_at=now).returning(AccountSession.id)).all())
    if ended:
        evidence.record(session, "person", person_id, Kind.SESSIONS_REVOKED, by, {"sessions": ended})
    return ended


def leave(session: Session, session_id: str) -> None:
    """Sign out: no event but the caller's."""
    update = sa.update(AccountSession).where(AccountSession.id == session_id)
    session.execute(update.values(ended_at=real_time(session)))


def forget(session: Session, person_id: str) -> None:
    """Where from and with what the person came in is forgotten with the person."""
    session.execute(sa.delete(AccountSession).where(AccountSession.person_id == person_id))


def clear(session: Session) -> None:
    """Sessions long over are forgotten."""
    session.execute(sa.delete(AccountSession).where(AccountSession.seen_at < real_time(session) - KEPT))


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "replace")).hexdigest()


def expires(row: AccountSession) -> datetime:
    """When it ends unless it is used before."""
    return min(row.expires_at, row.seen_at + IDLE)
