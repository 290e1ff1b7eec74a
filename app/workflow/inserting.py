"""INSERT … ON CONFLICT, which SQLAlchemy spells once for each database."""

from typing import Any

from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from app.db import is_sqlite


def insert(session: Session, model: Any) -> Any:
    """An INSERT into a model or table, with the `on_conflict_…` methods of the session's database."""
    if is_sqlite(session):
        return sqlite_insert(model)
    from sqlalchemy.dialects.postgresql import insert as postgresql_insert  # not loaded where it is not used

    return postgresql_insert(model)
