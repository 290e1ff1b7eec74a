"""How long details about people are kept (X-7): a setting in months; afterwards only counts remain."""

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.courses import settings
from app.courses.monitoring.models import (
    BroughtRow,
    LearnerAttempt,
    LearnerModule,
    LogImport,
    LogTally,
    MonitoredCourse,
    MonitoredLearner,
    ViewerDay,
)

_MONTH = 30.44
"""Days of a month on the average: the limit is no date that anybody waits for."""
AT_ONCE = 500
"""Learners whose details are dropped in one statement."""


def details_since(session: Session) -> date:
    """The first day of which details are kept."""
    today = settings.today(session)
    return today - timedelta(days=round(settings.number(session, "monitoring_months", today) * _MONTH))


def is_past(last_access: datetime | None, since: date) -> bool:
    """Whether a learner's last visit lies before that day; one who never came is not past."""
    return last_access is not None and last_access.astimezone(UTC).date() < since


def forget(session: Session) -> int:
    """Drop what is older than the setting says, whatever its course; returns how many learners went."""
    since = details_since(session)
    session.execute(sa.delete(ViewerDay).where(ViewerDay.day < since))
    limit = datetime(since.year, since.month, since.day, tzinfo=UTC)
    _forget_brought(session, since, limit)
    reached = sa.func.coalesce(MonitoredLearner.last_access, MonitoredLearner.read_at)
    query = sa.select(MonitoredLearner.course_id, MonitoredLearner.user_id).where(reached < limit)
    gone = [(row[0], row[1]) for row in session.execute(query)]
    for course_id in {course for course, _user in gone}:
        users = [user for course, user in gone if course == course_id]
        drop(session, course_id, users)
        known = session.get(MonitoredCourse, course_id)
        if known is not None:
            known.past += len(users)
    session.flush()
    return len(gone)


def _forget_brought(session: Session, since: date, limit: datetime) -> None:
    """What an import brought by itself goes with the details; it can be taken back no longer."""
    session.execute(sa.delete(LogTally).where(LogTally.day < since))
    reports = (LogImport.report != "log", LogImport.ended_at < limit)
    old = sa.select(LogImport.id).where(*reports)
    session.execute(sa.delete(BroughtRow).where(BroughtRow.import_id.in_(old)))
    gone = sa.or_(sa.and_(LogImport.report == "log", LogImport.first_day < since), sa.and_(*reports))
    session.execute(sa.update(LogImport).where(gone, LogImport.kept).values(kept=False))


def drop(session: Session, course_id: str, users: list[int]) -> None:
    """Everything that names these learners of the course."""
    for start in range(0, len(users), AT_ONCE):
        some = users[start : start + AT_ONCE]
        for table in (LearnerAttempt, LearnerModule, MonitoredLearner):
            session.execute(sa.delete(table).where(table.course_id == course_id, table.user_id.in_(some)))
