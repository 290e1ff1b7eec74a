"""Models and migrations say the same on both databases, and the way back is open."""

import re

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.engine import Engine

from app import db, migrations
from tests.conftest import load_models


@pytest.fixture
def emptied(engine: Engine) -> Engine:
    """A database of either kind without tables."""
    metadata = load_models()
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("DROP SCHEMA public CASCADE"))
            connection.execute(sa.text("CREATE SCHEMA public"))
        else:
            metadata.drop_all(connection)
    return engine


def names_of(engine: Engine, kind: str) -> set[str]:
    """Names of the triggers ("tgname") the database has."""
    statements = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with engine.connect() as connection:
        return set(connection.execute(sa.text(statements[kind])).scalars())


def test_migrations_make_what_the_models_describe(emptied: Engine) -> None:
    migrations.upgrade(emptied)
    assert migrations.is_current(emptied)
    with emptied.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.Model.metadata) == []


def test_migrations_make_the_same_triggers_as_the_models(emptied: Engine) -> None:
    migrations.upgrade(emptied)
    migrated = names_of(emptied, emptied.dialect.name)
    migrations.downgrade(emptied)
    db.Model.metadata.create_all(emptied)
    assert migrated == names_of(emptied, emptied.dialect.name) != set()


def test_every_migration_can_be_taken_back(emptied: Engine) -> None:
    migrations.upgrade(emptied)
    migrations.downgrade(emptied)
    assert set(sa.inspect(emptied).get_table_names()) <= {"alembic_version"}
    migrations.upgrade(emptied)
    assert migrations.is_current(emptied)


def checks_of(engine: Engine) -> dict[str, set[str]]:
    """Words of the check constraints by table; PostgreSQL writes them in its own way, so only the values are taken."""
    seen = sa.inspect(engine)
    words = re.compile(r"'([^']*)'")
    return {
        table: {" ".join(words.findall(one["sqltext"])) for one in seen.get_check_constraints(table)}
        for table in seen.get_table_names()
        if table != "alembic_version"
    }


def test_migrations_make_the_same_checks_as_the_models(emptied: Engine) -> None:
    migrations.upgrade(emptied)
    migrated = checks_of(emptied)
    migrations.downgrade(emptied)
    db.Model.metadata.create_all(emptied)
    assert migrated == checks_of(emptied)
    assert any(migrated.values())


def conditions_of(engine: Engine) -> dict[str, str]:
    """Name of each partial index -> its condition, as the database has it."""
    statements = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'",
        "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE indexdef LIKE '% WHERE %'",
    }
    with engine.connect() as connection:
        rows = connection.execute(sa.text(statements[engine.dialect.name]))
        return {name: text.partition(" WHERE ")[2] for name, text in rows}


def test_migrations_make_the_same_partial_indexes_as_the_models(emptied: Engine) -> None:
    migrations.upgrade(emptied)
    migrated = conditions_of(emptied)
    migrations.downgrade(emptied)
    db.Model.metadata.create_all(emptied)
    assert migrated == conditions_of(emptied)
    assert "ix_task_pool" in migrated
