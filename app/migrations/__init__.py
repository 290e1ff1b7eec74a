"""The schema's versions, from the first table on; models and migrations must say the same (a test compares them)."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.config import Config

_LOCK = 0x436F6F6D
"""Held on PostgreSQL by whoever migrates; SQLite has one writer anyway."""
_PATIENCE = 120_000
"""Milliseconds that a second migration waits for the first on SQLite."""

# Alembic is imported where it is used: it costs a serving process 12 MB, which only the odd start needs.


def _config(connection: sa.Connection) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _rebuilding(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One transaction. SQLite changes a table by making it anew: its references are checked at the end instead."""
    with engine.connect() as connection:
        sqlite = connection.connection.dbapi_connection if connection.dialect.name == "sqlite" else None
        if sqlite is not None:
            sqlite.cursor().execute("PRAGMA foreign_keys=OFF")
            sqlite.cursor().execute(f"PRAGMA busy_timeout={_PATIENCE}")
        try:
            with connection.begin():
                if sqlite is None:
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
                yield connection
                if sqlite is not None and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise RuntimeError("the migration would leave rows without what they refer to")
        finally:
            if sqlite is not None:
                sqlite.cursor().execute("PRAGMA foreign_keys=ON")


def upgrade(engine: sa.Engine, revision: str = "head") -> tuple[str | None, str | None]:
    """Bring the database to the revision, in one transaction; returns the revisions before and after.

    A second one waits until the first has ended, and then finds nothing to do.
    """
    from alembic import command

    with _rebuilding(engine) as connection:
        before = revision_of(connection)
        command.upgrade(_config(connection), revision)
        return before, revision_of(connection)


def downgrade(engine: sa.Engine, revision: str = "base") -> None:
    from alembic import command

    with _rebuilding(engine) as connection:
        command.downgrade(_config(connection), revision)


def is_current(engine: sa.Engine) -> bool:
    """Whether the database has the schema this program was written for."""
    with engine.connect() as connection:
        return is_current_for(connection)


def is_current_for(connection: sa.Connection) -> bool:
    return revision_of(connection) == head()


def revision_of(connection: sa.Connection) -> str | None:
    """The revision the database has; None when it has no schema yet."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return found


@cache
def head() -> str:
    """The newest revision; files are named by it."""
    return max(path.name.split("_")[0] for path in (Path(__file__).parent / "versions").glob("[0-9]*.py"))


def write_revision(engine: sa.Engine, message: str) -> None:
    """Write the difference between models and database as a new revision, for a developer to read and finish."""
    from alembic import command

    with engine.begin() as connection:
        command.revision(_config(connection), message=message, autogenerate=True)
