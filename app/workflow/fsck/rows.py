"""References and values that a database alone cannot promise on every backend (V20)."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db import is_sqlite
from app.workflow.fsck.violation import Violation
from app.workflow.models import Incident, Instance, Task, Timer

ALLOWED: dict[Any, set[str]] = {
    Instance.status: {"running", "suspended", "completed", "cancelled"},
    Timer.kind: {"duration", "date", "cycle"},
    Incident.kind: {"engine", "job", "timer", "system"},
}


def check(session: Session) -> Iterator[Violation]:
    if is_sqlite(session):
        for table, row, parent, _number in session.execute(sa.text("PRAGMA foreign_key_check")):
            yield Violation("V20", f"{table} row {row}", f"names no {parent}")
    for column, values in ALLOWED.items():
        for found in session.scalars(sa.select(column).where(column.not_in(values)).distinct()):
            yield Violation("V20", str(column), f"{found!r} is none of {sorted(values)}")
    backwards = sa.select(Task.id).where(Task.closed_at < Task.opened_at)
    for ident in session.scalars(backwards):
        yield Violation("V20", f"task {ident}", "closed before it was opened")
