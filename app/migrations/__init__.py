"""The schema's versions, from the first table on; models and migrations must say the same (a test compares them)."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory


def _config(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: sa.Engine, revision: str = "head") -> None:
    """Bring the database to the revision, in one transaction."""
    with engine.begin() as connection:
        command.upgrade(_config(connection), revision)


def downgrade(engine: sa.Engine, revision: str = "base") -> None:
    with engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def is_current(engine: sa.Engine) -> bool:
    """Whether the database has the schema this program was written for."""
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
        return found == ScriptDirectory.from_config(_config(connection)).get_current_head()


def write_revision(engine: sa.Engine, message: str) -> None:
    """Write the difference between models and database as a new revision, for a developer to read and finish."""
    with engine.begin() as connection:
        command.revision(_config(connection), message=message, autogenerate=True)
