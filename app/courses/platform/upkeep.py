"""Asking the platform once a day, and when the first worker starts, what it is and whether it offers what we need."""

from datetime import timedelta

from sqlalchemy.orm import Session

from app import clock
from app.courses.platform import connection
from app.workflow import jobs
from app.workflow.chores import Chore

ASKING = "moodle.site"


def _ask(session: Session) -> None:
    if connection.client() is not None:
        jobs.enqueue(session, ASKING, {}, key=f"{ASKING}-{clock.now().date().isoformat()}")


CHORES = (Chore("moodle.site", timedelta(days=1), _ask),)
