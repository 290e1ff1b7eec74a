"""The log exports that were brought: what became of each, how far one is, and files left behind."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.courses.monitoring import receiving
from app.courses.monitoring.models import LogImport

KEPT = timedelta(days=2)
"""How long a file may lie here before it counts as left behind."""


def of_course(session: Session, course_id: str, most: int = 20, report: str = "") -> list[LogImport]:
    """The newest first; `report`: of one kind only."""
    query = sa.select(LogImport).where(LogImport.course_id == course_id)
    if report:
        query = query.where(LogImport.report == report)
    return list(session.scalars(query.order_by(LogImport.at.desc(), LogImport.id.desc()).limit(most)))


def share(one: LogImport) -> int:
    """How much of the file has been read, in per cent."""
    return min(100, one.offset * 100 // one.size) if one.size else 100


def since(session: Session, course_id: str, moment: datetime) -> LogImport | None:
    """The newest log of the course that was brought after that moment and not taken back."""
    query = sa.select(LogImport).where(LogImport.course_id == course_id, LogImport.at >= moment)
    query = query.where(LogImport.report == "log", LogImport.state.not_in(("leaving", "taken_back")))
    return session.scalars(query.order_by(LogImport.at.desc(), LogImport.id.desc()).limit(1)).first()


def sweep(session: Session) -> int:
    """Remove files whose import is over or was never recorded: their names must not stay."""
    removed = 0
    open_ones = set(session.scalars(sa.select(LogImport.id).where(LogImport.ended_at.is_(None))))
    for path in sorted(receiving.folder().glob("*.csv")):
        old = path.stat().st_mtime < clock.system().timestamp() - KEPT.total_seconds()
        if path.stem not in open_ones and old:
            path.unlink(missing_ok=True)
            removed += 1
    return removed
