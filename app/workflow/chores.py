"""Recurring work: each chore is done by one worker at a time, and never sooner than its interval allows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.workflow import jobs, standstill
from app.workflow.inserting import insert
from app.workflow.models import Chore as ChoreRow


@dataclass(frozen=True, slots=True)
class Chore:
    """`do` runs in one transaction with the mark that says when it is next due."""

    name: str
    every: timedelta
    do: Callable[[Session], object]
    on_hold: bool = False
    """Whether it is done on a restored site too."""


def do_due(session: Session, chore: Chore) -> bool:
    """Do it if it is due and nobody else is at it."""
    now = jobs.lease_clock(session)
    query = sa.select(ChoreRow).where(ChoreRow.name == chore.name).with_for_update(skip_locked=True)
    row = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None or row.due > now or (standstill.is_on(session) and not chore.on_hold):
        return False
    row.due = now + chore.every
    session.flush()
    chore.do(session)
    return True


def enrol(session: Session, chores: Sequence[Chore]) -> None:
    """Make the chores known to the database; called when a worker starts."""
    known = set(session.scalars(sa.select(ChoreRow.name)))
    now = jobs.lease_clock(session)
    for chore in chores:
        if chore.name not in known:
            row = insert(session, ChoreRow).values(name=chore.name, due=now)
            session.execute(row.on_conflict_do_nothing(index_elements=["name"]))
