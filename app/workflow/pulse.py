"""Whether any worker is alive, as all processes can see it: a chore that is done every few seconds or not at all."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.workflow import jobs
from app.workflow.chores import Chore
from app.workflow.models import Chore as ChoreRow

_EVERY = timedelta(seconds=20)
_PATIENCE = timedelta(seconds=60)


def _beat(_session: Session) -> None:
    """That the chore's row has moved on is the whole message."""


CHORE = Chore("worker.pulse", _EVERY, _beat, on_hold=True)


def beats(session: Session) -> bool:
    """Whether a worker has done the chore within the last minute or so."""
    due = session.scalar(sa.select(ChoreRow.due).where(ChoreRow.name == CHORE.name))
    return due is not None and due + _PATIENCE >= jobs.lease_clock(session)
