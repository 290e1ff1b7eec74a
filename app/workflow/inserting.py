"""INSERT … ON CONFLICT, which SQLAlchemy spells once for each database."""

from typing import Any

from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from app.db import Model, is_sqlite


def insert(session: Session, model: type[Model]) -> Any:
    """An INSERT of the session's database, with `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return sqlite_insert(model) if is_sqlite(session) else postgresql_insert(model)
