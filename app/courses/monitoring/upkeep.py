"""What the worker does for monitoring once a day: details kept long enough and files left behind go."""

from datetime import timedelta

from sqlalchemy.orm import Session

from app.courses.monitoring import brought, keeping, taking_back
from app.workflow.chores import Chore


def _forget(session: Session) -> None:
    keeping.forget(session)
    taking_back.settle(session)
    brought.sweep(session)


CHORES = (Chore("monitoring.forget", timedelta(days=1), _forget),)
