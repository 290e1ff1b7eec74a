"""S68: with the program's own database user nothing in the evidence can be changed."""

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from app.audit import evidence
from app.audit.kinds import Kind
from app.audit.models import TRIGGERS
from app.audit.verification import verify_all

CHANGES = [
    "UPDATE event SET body = '{}'",
    "UPDATE event SET body = '{}' WHERE n = 1",
    "DELETE FROM event",
    "DELETE FROM event WHERE n = 2",
    "UPDATE event_stream SET ident = 'i2'",
    "DELETE FROM event_stream",
    "UPDATE event_personal SET value = '\"Bob\"'",
]
ON_SQLITE = [
    "INSERT OR REPLACE INTO event SELECT seq, stream, n, at, 'forged', kind, body, commitment, hash FROM event",
    "REPLACE INTO event (stream, n, at, actor, kind, body, hash) SELECT stream, n, at, '', kind, body, hash FROM event",
    "REPLACE INTO event_stream (kind, ident) SELECT kind, ident FROM event_stream",
    "REPLACE INTO event_personal SELECT stream, n, about, salt, 'forged' FROM event_personal",
]
ON_POSTGRESQL = [
    "TRUNCATE event CASCADE",
    "TRUNCATE event_personal",
    "TRUNCATE event_stream CASCADE",
    "SET session_replication_role = replica; DELETE FROM event_personal; DELETE FROM event",
    "INSERT INTO event SELECT * FROM event ON CONFLICT (seq) DO UPDATE SET actor = 'forged'",
]


@pytest.fixture
def recorded(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    with sessions.begin() as session:
        evidence.record(session, "instance", "i1", Kind.INSTANCE_STARTED, "p1", {}, {"name": "Анна"})
        evidence.record(session, "instance", "i1", Kind.TASK_OPENED, "p1")
    return sessions


@pytest.mark.requirement("X-3")
def test_no_statement_changes_evidence(recorded: sessionmaker[Session], engine: Engine) -> None:
    attacks = CHANGES + (ON_SQLITE if engine.dialect.name == "sqlite" else ON_POSTGRESQL)
    for attack in attacks:
        with engine.connect() as connection:
            with pytest.raises(DBAPIError, match="append-only"):
                connection.exec_driver_sql(attack)
            connection.rollback()
    with recorded() as session:
        assert verify_all(session) == []
        assert session.scalar(sa.text("SELECT count(*) FROM event")) == 2


def test_the_migration_s_statements_are_those_of_the_models(engine: Engine) -> None:
    """Tables made bare, as a migration makes them, refuse changes once TRIGGERS were executed."""
    with engine.begin() as connection:
        for table in ("event_leaf", "event_personal", "event", "event_stream"):
            connection.exec_driver_sql(f"DROP TABLE {table}")
        connection.exec_driver_sql("CREATE TABLE event_stream (id integer primary key, kind text, ident text)")
        connection.exec_driver_sql("CREATE TABLE event (seq integer primary key, stream integer, n integer)")
        connection.exec_driver_sql("CREATE TABLE event_personal (stream integer, n integer)")
        for statement in TRIGGERS[engine.dialect.name]:
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql("INSERT INTO event VALUES (1, 1, 1)")
    with engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.exec_driver_sql("DELETE FROM event")
