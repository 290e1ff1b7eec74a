"""What a database administrator who drops the triggers cannot hide."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app.audit import evidence
from app.audit.kinds import Kind
from app.audit.verification import verify, verify_all
from app.i18n import use_locale

TABLES = ("event", "event_stream", "event_personal")


@pytest.fixture
def unguarded(sessions: sessionmaker[Session]) -> Session:
    """Two streams of five events, and the triggers gone."""
    session = sessions()
    for number in range(5):
        evidence.record(session, "instance", "i1", Kind.TASK_OPENED, "p1", {"k": number}, {"name": f"Анна {number}"})
        evidence.record(session, "person", "p1", Kind.PERSON_CHANGED, "p1", {"k": number})
    if session.get_bind().dialect.name == "sqlite":
        names = session.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
        for name in names:
            session.execute(sa.text(f"DROP TRIGGER {name}"))
    else:
        for table in TABLES:
            session.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        session.execute(sa.text("ALTER TABLE event_personal DROP CONSTRAINT fk_event_personal_stream_n_event"))
    assert verify_all(session) == []
    return session


def _run(*statements: str) -> Callable[[Session], None]:
    def attack(session: Session) -> None:
        if session.get_bind().dialect.name == "sqlite":
            session.execute(sa.text("PRAGMA defer_foreign_keys = ON"))
        for statement in statements:
            session.execute(sa.text(statement))

    return attack


ONE = "WHERE stream = 1 AND n = 3"
ATTACKS = {
    "the body": _run(f"UPDATE event SET body = '{{}}' {ONE}"),
    "the actor": _run(f"UPDATE event SET actor = 'p2' {ONE}"),
    "the kind": _run(f"UPDATE event SET kind = 'task:completed' {ONE}"),
    "the time": _run(f"UPDATE event SET at = at - 1 {ONE}"),
    "the hash": _run(f"UPDATE event SET hash = (SELECT hash FROM event WHERE stream = 1 AND n = 2) {ONE}"),
    "the commitment": _run(f"UPDATE event SET commitment = NULL {ONE}"),
    "an event taken out": _run(f"DELETE FROM event_personal {ONE}", f"DELETE FROM event {ONE}"),
    "an event taken out, the rest moved up": _run(
        f"DELETE FROM event {ONE}", "UPDATE event SET n = 3 WHERE stream = 1 AND n = 4",
        "UPDATE event SET n = 4 WHERE stream = 1 AND n = 5",
    ),
    "the first event taken out": _run("DELETE FROM event WHERE stream = 1 AND n = 1"),
    "two events swapped": _run(
        f"UPDATE event SET n = 99 {ONE}", "UPDATE event SET n = 3 WHERE stream = 1 AND n = 4",
        "UPDATE event SET n = 4 WHERE stream = 1 AND n = 99",
    ),
    "an event moved to another stream": _run("UPDATE event SET stream = 2, n = 6 WHERE stream = 1 AND n = 5"),
    "a stream's name": _run("UPDATE event_stream SET ident = 'i2' WHERE id = 1"),
    "personal data": _run(f"UPDATE event_personal SET value = '{{\"name\":\"Bob\"}}' {ONE}"),
    "personal data and salt": _run(f"UPDATE event_personal SET value = '1', salt = hash FROM event {ONE}".replace(
        "hash FROM event", "(SELECT salt FROM event_personal WHERE stream = 1 AND n = 1)"
    )),
}  # fmt: skip


def test_every_change_is_found(unguarded: Session) -> None:
    for name, attack in ATTACKS.items():
        with unguarded.begin_nested() as savepoint:
            attack(unguarded)
            assert verify_all(unguarded), name
            savepoint.rollback()
    assert verify_all(unguarded) == []
    unguarded.close()


def test_only_the_broken_stream_is_named(unguarded: Session) -> None:
    ATTACKS["the body"](unguarded)
    assert verify(unguarded, "person", "p1") == []
    with use_locale("en"):
        (problem,) = verify(unguarded, "instance", "i1")
    assert problem.startswith("instance i1: event 3 is not what was written")
    with use_locale("ru"):
        (problem,) = verify(unguarded, "instance", "i1")
    assert "событие 3" in problem
    unguarded.close()
