"""S68: the SQL that operators are given makes a role that can work, and cannot change evidence."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import sessionmaker

from app import db
from app.audit import checkpoints, erasure, evidence, keys
from app.audit.kinds import Kind
from tests.conftest import MONDAY

GUIDE = Path(__file__).parents[3] / "docs" / "evidence.md"
ATTACKS = [
    "UPDATE event SET actor = 'x'",
    "DELETE FROM event",
    "TRUNCATE event CASCADE",
    "ALTER TABLE event DISABLE TRIGGER USER",
    "DROP TRIGGER event_refuses_change ON event",
    "SET session_replication_role = replica",
    "UPDATE event_stream SET ident = 'x'",
    "UPDATE event_stream SET id = id + 100",
    "DELETE FROM event_leaf",
    "UPDATE event_leaf SET position = 7",
    "DELETE FROM event_checkpoint",
    "UPDATE event_checkpoint SET key = 'x'",
    "DELETE FROM event_block",
    "UPDATE event_personal SET value = 'x'",
    "TRUNCATE event_personal",
]


@pytest.fixture
def as_the_program(engine: Engine) -> Iterator[Engine]:
    """An engine under the role of the operators' guide."""
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite has no roles")
    role = "coomet_app"
    block = re.search(r"```sql\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    assert block
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP ROLE IF EXISTS {role}")
        for statement in block.group(1).split(";"):
            if statement.strip():
                connection.exec_driver_sql(statement.replace("…", "x"))
    limited = db.create_engine(engine.url.set(username=role).render_as_string(hide_password=False))
    yield limited
    limited.dispose()
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP OWNED BY {role}")
        connection.exec_driver_sql(f"DROP ROLE {role}")


@pytest.mark.requirement("X-3")
def test_s68_the_program_s_role_records_and_seals_but_changes_nothing(as_the_program: Engine) -> None:
    sessions = sessionmaker(as_the_program)
    key = keys.generate()
    for minute in range(2):
        with sessions.begin() as session:
            evidence.record(session, "person", "p1", Kind.PERSON_CHANGED, "p1", {}, {"name": "Анна"})
            evidence.record(session, "instance", "i1", Kind.TASK_OPENED, "p1")
        with sessions.begin() as session:
            assert checkpoints.make(session, key, MONDAY + timedelta(minutes=minute))
    for attack in ATTACKS:
        with as_the_program.connect() as connection:
            with pytest.raises(DBAPIError, match=r"permission denied|must be owner|append-only"):
                connection.exec_driver_sql(attack)
            connection.rollback()
    with sessions.begin() as session:
        assert erasure.forget(session, "p1") == 2
        assert session.scalar(sa.text("SELECT count(*) FROM event")) == 5
