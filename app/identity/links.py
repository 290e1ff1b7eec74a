"""One-time links: what a letter lets its reader do once.

The token is computed from the secret of the deployment and the row's id whenever a letter is sent, so a repeated letter
says the same and the database holds only the hash by which a token is found (S47, S48, S72).
"""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.kinds import Kind
from app.db import new_id, real_time
from app.errors import N_, Conflict
from app.identity.models import OneTimeLink, Person

Purpose = Literal["invite", "reset"]
LASTS = {"invite": timedelta(days=7), "reset": timedelta(hours=1)}

SPENT = N_("This link has been used, has expired or was replaced by a newer one. Nothing was changed.")


@dataclass(slots=True)
class _Seal:
    """The deployment's secret, from which tokens are made."""

    key: bytes = b""


_seal = _Seal()


def install(secret: str) -> None:
    """Called once when the program is joined."""
    _seal.key = sha256(b"one-time links " + secret.encode()).digest()


def make(session: Session, person_id: str, purpose: Purpose) -> OneTimeLink:
    """A fresh link; an older one of the person does nothing any more."""
    withdraw(session, person_id)
    now, ident = real_time(session), new_id()
    made = OneTimeLink(
        id=ident,
        hash=_hash(token_of(ident)),
        purpose=purpose,
        person_id=person_id,
        created_at=now,
        expires_at=now + LASTS[purpose],
    )
    session.add(made)
    session.flush()
    return made


def token_of(link_id: str) -> str:
    """256 bits that nobody can compute without the secret."""
    digest = hmac.new(_seal.key, link_id.encode(), sha256).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def find(session: Session, token: str) -> OneTimeLink | None:
    """The link of the token while it can be used, else None; nothing is written."""
    presented = _hash(token)
    return _live(session, OneTimeLink.hash == presented)


def get(session: Session, link_id: str) -> OneTimeLink | None:
    """The same by the row's id, as a signed cookie names it."""
    return _live(session, OneTimeLink.id == link_id)


def use(session: Session, link_id: str, effect: Kind) -> OneTimeLink:
    """Mark it used, once, whoever is faster. The caller writes the one event of kind `effect` that names the link."""
    now = real_time(session)
    update = sa.update(OneTimeLink).where(OneTimeLink.id == link_id, *_usable(now))
    used = session.execute(update.values(used_at=now, effect=effect.value).returning(OneTimeLink.id)).scalar()
    if used is None:
        raise Conflict(SPENT)
    return session.get_one(OneTimeLink, link_id, populate_existing=True)


def withdraw(session: Session, person_id: str) -> None:
    """Let none of the person's open links work any more, as when the address they went to is the person's no longer."""
    now = real_time(session)
    update = sa.update(OneTimeLink).where(OneTimeLink.person_id == person_id, *_usable(now))
    session.execute(update.values(withdrawn_at=now))


def is_live(session: Session, link_id: str) -> bool:
    return get(session, link_id) is not None


def _live(session: Session, which: sa.ColumnElement[bool]) -> OneTimeLink | None:
    query = sa.select(OneTimeLink).join(Person, Person.id == OneTimeLink.person_id)
    query = query.where(which, Person.active, *_usable(real_time(session)))
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def _usable(now: object) -> tuple[sa.ColumnElement[bool], ...]:
    return OneTimeLink.used_at.is_(None), OneTimeLink.withdrawn_at.is_(None), OneTimeLink.expires_at > now


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
