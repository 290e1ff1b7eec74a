"""Each invariant sees the damage it is there for, and nothing else does without damage."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.config import Config
from app.db import is_sqlite
from app.errors import PermanentFailure
from app.worker import work_off
from app.workflow import fsck, operations
from app.workflow.models import Deadline, Job
from app.workflow.operations import Operation, Outside
from tests.conftest import TestClock
from tests.diagrams import call, diagram, on_timer, service, user
from tests.scene import Scene

BUSY = diagram(
    "busy",
    user("first", outputs="note", deadline=("answer", "workdays(5)")),
    on_timer("late", "first", "date", 'after("answer", workdays=1)', interrupting=False),
    user("chase"),
    service("ask", "world.ask", result="answer", what="note"),
    call("inner", "called"),
    flows="start first; first ask; ask inner; inner end; late chase; chase end",
)
CALLED = diagram("called", user("second"), flows="start second; second end")


@pytest.fixture
def busy(scene: Scene, moved_clock: TestClock) -> Scene:
    """One instance that has ended, one in each stage, one that failed."""

    def act(request: str, _key: str) -> str:
        if request == "fail":
            raise PermanentFailure("refused")
        return "fine"

    outside = Outside(lambda _context, what: what, act)
    operations.register(Operation("world.ask", lambda _c, what, answer: answer, {"what": True}, outside=outside))
    scene.publish(busy=BUSY, called=CALLED)
    scene.start("anna", "busy")
    scene.complete("anna", "first", note="one")
    work_off(scene.sessions)
    scene.complete("boris", "second")
    for note in ("two", "fail", "three"):
        scene.start("anna", "busy")
        scene.complete("boris", "first", note=note)
        if note != "three":
            work_off(scene.sessions)
    scene.start("anna", "busy")
    return scene


def found(scene: Scene, folder: Path) -> set[str]:
    with scene.sessions() as session:
        config = Config(mode="test", data_dir=folder)
        return {violation.invariant for violation in fsck.run(session, config)}


def test_without_damage_nothing_is_found(busy: Scene, tmp_path: Path) -> None:
    with busy.sessions() as session:
        assert fsck.run(session, Config(mode="test", data_dir=tmp_path)) == []


def sql(*statements: str) -> Callable[[Session], None]:
    def damage(session: Session) -> None:
        for statement in statements:
            session.execute(sa.text(statement))

    return damage


ENDED = "(SELECT id FROM instance WHERE status = 'completed')"
OPEN = "(SELECT id FROM instance WHERE status = 'running')"

DAMAGE = {
    "V01": sql(
        f"UPDATE task SET closed_at = NULL, closed_by = NULL WHERE element = 'second' AND instance_id IN {ENDED}"
    ),
    "V02": sql("UPDATE instance SET state = NULL WHERE status = 'running'"),
    "V03": sql("UPDATE task SET closed_at = opened_at WHERE element = 'second' AND closed_at IS NULL"),
    "V04": sql("DELETE FROM timer"),
    "V05": sql("UPDATE instance SET revision = revision + 1"),
    "V07": sql("UPDATE task SET closed_by = 'somebody' WHERE closed_by IS NOT NULL"),
    "V08": sql("DELETE FROM appointment"),
    "V09": sql("UPDATE release SET manifest = '{}'"),
    "V10": sql("DELETE FROM release_blob"),
    "V11": sql("UPDATE job SET outcome = 'lost' WHERE outcome = 'done'"),
    "V12": sql("DELETE FROM incident", "UPDATE job SET attempts = 99"),
    "V13": sql(f"UPDATE job SET outcome = NULL, finished_at = NULL, instance_id = {ENDED} WHERE outcome = 'done'"),
    "V14": sql("DELETE FROM task WHERE closed_at IS NULL"),
    "V19": sql('UPDATE submission SET "values" = \'{"note": "forged"}\''),
    "V20": sql("UPDATE instance SET status = 'sleeping' WHERE status = 'running'"),
    "V24": sql("UPDATE appointment SET role = 'auditor'"),
}


@pytest.mark.parametrize("invariant", sorted(DAMAGE))
def test_damage_is_seen(busy: Scene, tmp_path: Path, invariant: str) -> None:
    with busy.sessions.begin() as session:
        DAMAGE[invariant](session)
    assert invariant in found(busy, tmp_path)


def test_a_forgotten_lease_is_seen(busy: Scene, tmp_path: Path) -> None:
    with busy.sessions.begin() as session:
        long_ago = clock.system() - timedelta(hours=1)
        session.execute(sa.update(Job).where(Job.outcome.is_(None)).values(lease_until=long_ago, lease_by="gone"))
    assert "V12" in found(busy, tmp_path)


def test_a_changed_event_is_seen(busy: Scene, tmp_path: Path) -> None:
    with busy.sessions.begin() as session:
        allow_changes(session)
        session.execute(sa.text("UPDATE event SET actor = 'somebody else' WHERE kind = 'task:completed'"))
    assert {"V05", "V07"} <= found(busy, tmp_path)


def test_a_step_after_the_end_is_seen(busy: Scene, tmp_path: Path) -> None:
    with busy.sessions.begin() as session:
        allow_changes(session)
        ended = sa.text("SELECT stream FROM event WHERE kind = 'instance:ended'")
        (stream,) = session.scalars(ended)
        copied = (
            "SELECT stream, 99, at, actor, kind, body, hash FROM event WHERE kind = 'task:completed' AND stream = :one"
        )
        insert = f"INSERT INTO event (stream, n, at, actor, kind, body, hash) {copied} LIMIT 1"
        session.execute(sa.text(insert), {"one": stream})
    assert {"V05", "V07", "V13", "V20"} & found(busy, tmp_path) >= {"V05", "V07", "V13"}


def test_a_called_process_that_nobody_waits_for_is_seen(busy: Scene, tmp_path: Path) -> None:
    with busy.sessions.begin() as session:
        allow_changes(session)
        session.execute(sa.text("UPDATE event SET body = replace(body, '>inner', '-inner')"))
    assert "V15" in found(busy, tmp_path)


def test_a_lost_file_is_seen(busy: Scene, tmp_path: Path) -> None:
    with busy.sessions.begin() as session:
        columns = "id, sha256, size, name, media_type, kind, notes, created_at, created_by"
        values = ":id, :sha, 1, 'a.pdf', 'application/pdf', 'pdf', '[]', :at, 'anna'"
        insert = sa.text(f"INSERT INTO file ({columns}) VALUES ({values})")
        session.execute(insert, {"id": "f", "sha": "0" * 64, "at": clock.now()})
    assert found(busy, tmp_path) == {"V16"}


def test_deadlines_need_no_invariant_of_their_own(busy: Scene) -> None:
    with busy.sessions() as session:
        names = set(session.scalars(sa.select(Deadline.name)))
    assert names == {"answer"}


def allow_changes(session: Session) -> None:
    """Do what only somebody with rights on the database itself can do."""
    if is_sqlite(session):
        names = session.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
        for name in names:
            session.execute(sa.text(f"DROP TRIGGER {name}"))
    else:
        session.execute(sa.text("ALTER TABLE event DISABLE TRIGGER USER"))
