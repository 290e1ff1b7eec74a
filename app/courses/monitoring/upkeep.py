"""What the worker does for monitoring once a day: drop details that are kept long enough, and files left behind."""

from datetime import timedelta

from sqlalchemy.orm import Session

from app.courses.monitoring import brought, keeping
from app.workflow.chores import Chore


def _forget(session: Session) -> None:
    keeping.forget(session)
    brought.sweep(session)


CHORES = (Chore("monitoring.forget", timedelta(days=1), _forget),)
