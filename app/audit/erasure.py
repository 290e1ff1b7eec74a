"""Forgetting a person: the values and salts behind commitments go, the chain stays valid."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import PersonalRow


def forget(session: Session, person_id: str) -> int:
    """Delete what evidence holds about the person; returns how many events lost their personal part.

    The caller records `person:erased`. Without its random salt a commitment says nothing about what it stood for.
    """
    gone = sa.delete(PersonalRow).where(PersonalRow.about == person_id).returning(PersonalRow.n)
    return len(session.execute(gone).all())
