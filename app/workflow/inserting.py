"""INSERT … ON CONFLICT, which SQLAlchemy spells once for each database."""

from typing import Any

from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from app.db import is_sqlite


def insert(session: Session, model: Any) -> Any:
    """An INSERT into a model or table, with the `on_conflict_…` methods of the session's database."""
    return sqlite_insert(model) if is_sqlite(session) else postgresql_insert(model)
