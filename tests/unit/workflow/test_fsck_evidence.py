"""V06, V18, V21 and V23 see the damage they are there for."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import checkpoints, evidence, keyring, keys
from app.audit.kinds import Kind
from app.config import Config
from app.courses.evidence.copies import Directory
from app.db import is_sqlite, real_time
from app.identity import links
from app.identity.models import OneTimeLink
from app.workflow import fsck
from app.workflow.models import Submission
from app.workflow.submissions import name_in_log
from tests.conftest import MONDAY, TestClock
from tests.diagrams import diagram, user
from tests.scene import Scene

KEY, OTHER = keys.generate(), keys.generate()
Damage = Callable[[Session], None]


@pytest.fixture
def sealed(scene: Scene, moved_clock: TestClock, tmp_path: Path) -> Scene:
    """A running instance under two checkpoints, the second by a second key, both copied outside."""
    scene.publish(one=diagram("one", user("first"), user("next"), flows="start first; first next; next end"))
    scene.start("anna", "one")
    with scene.sessions.begin() as session:
        checkpoints.make(session, KEY, MONDAY)
    scene.complete("anna", "first")
    with scene.sessions.begin() as session:
        keyring.introduce(session, OTHER, KEY, "boris")
    with scene.sessions.begin() as session:
        checkpoints.make(session, OTHER, MONDAY + timedelta(minutes=1))
        (tmp_path / "outside").mkdir()
        Directory(tmp_path / "outside")(list(checkpoints.since(session)))
    return scene


def settings(folder: Path) -> Config:
    return Config(mode="test", data_dir=folder, checkpoint_dir=folder / "outside")


def found(scene: Scene, folder: Path, log: Path | None = None) -> dict[str, str]:
    with scene.sessions() as session:
        return {one.invariant: one.what for one in fsck.run(session, settings(folder), log)}


def open_tables(session: Session) -> None:
    """As somebody with rights on the database itself."""
    if is_sqlite(session):
        for name in session.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            session.execute(sa.text(f"DROP TRIGGER {name}"))
    else:
        for table in ("event", "event_leaf", "event_checkpoint", "event_block"):
            session.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))


def test_what_was_sealed_and_copied_holds(sealed: Scene, tmp_path: Path) -> None:
    assert found(sealed, tmp_path) == {}


def sql(*statements: str) -> Damage:
    def damage(session: Session) -> None:
        for statement in statements:
            session.execute(sa.text(statement))

    return damage


LAST = "(SELECT max(size) FROM event_checkpoint)"
DAMAGE: dict[str, tuple[Damage, str]] = {
    "an event is not that which was signed": (
        sql("UPDATE event SET hash = (SELECT hash FROM event WHERE seq = 1) WHERE seq = 2"),
        "not those that were signed",
    ),
    "a leaf is taken out": (sql("DELETE FROM event_leaf WHERE position = 2"), "leaf 2 is missing"),
    "the newest leaves are cut": (
        sql("DELETE FROM event_leaf WHERE position = (SELECT max(position) FROM event_leaf)"),
        "have their places",
    ),
    "the signature is another's": (
        sql("UPDATE event_checkpoint SET signature = (SELECT signature FROM event_checkpoint ORDER BY size LIMIT 1)"),
        "not that of the key in force",
    ),
    "the key is another": (sql(f"UPDATE event_checkpoint SET key = 'x' WHERE size = {LAST}"), "key in force"),
    "the chain of checkpoints is broken": (
        sql(f"UPDATE event_checkpoint SET previous = root WHERE size = {LAST}"),
        "does not go on",
    ),
    "a checkpoint is deleted": (sql(f"DELETE FROM event_checkpoint WHERE size < {LAST}"), "gone here"),
    "all checkpoints are deleted": (sql("DELETE FROM event_checkpoint"), "gone here"),
    "time goes back": (sql(f"UPDATE event_checkpoint SET at = 0 WHERE size = {LAST}"), "older"),
    "the frontier is spoiled": (
        sql("UPDATE event_checkpoint SET frontier = (SELECT hash FROM event WHERE seq = 1)"),
        "cannot go on",
    ),
    "an event is slipped past the sealer": (
        sql(
            f"UPDATE event_checkpoint SET horizon = 1000 WHERE size = {LAST}",
            "INSERT INTO event (seq, stream, n, at, actor, kind, body, hash)"
            " SELECT 999, stream, 99, at, actor, kind, body, hash FROM event WHERE seq = 1",
        ),
        "event 999 has no place",
    ),
    "a block is invented": (sql("INSERT INTO event_block SELECT 5, hash FROM event WHERE seq = 1"), "over no leaves"),
}


@pytest.mark.parametrize("name", sorted(DAMAGE))
def test_v21_sees_damage_to_checkpoints(sealed: Scene, tmp_path: Path, name: str) -> None:
    act, words = DAMAGE[name]
    with sealed.sessions.begin() as session:
        open_tables(session)
        act(session)
    with sealed.sessions() as session:
        said = [one.what for one in fsck.run(session, settings(tmp_path)) if one.invariant == "V21"]
    assert any(words in one for one in said), said


def test_v21_sees_what_the_holder_of_the_key_has_rewritten_only_by_the_copy_outside(
    sealed: Scene, tmp_path: Path
) -> None:
    with sealed.sessions.begin() as session:
        open_tables(session)
        session.execute(sa.text("DELETE FROM event_checkpoint"))
        session.execute(sa.text("DELETE FROM event_leaf"))
        checkpoints.make(session, OTHER, MONDAY + timedelta(days=1))
    inside = Config(mode="test", data_dir=tmp_path)
    with sealed.sessions() as session:
        assert fsck.run(session, inside) == []
        said = [one.what for one in fsck.run(session, settings(tmp_path))]
    assert any("another past" in one or "gone here" in one for one in said)


def test_v21_sees_a_key_nobody_vouched_for(sealed: Scene, tmp_path: Path) -> None:
    with sealed.sessions.begin() as session:
        keyring.introduce(session, keys.generate(), None, "mallory")
    assert "predecessor" in found(sealed, tmp_path)["V21"]


def test_v21_says_that_the_folder_outside_is_away_or_holds_rubbish(sealed: Scene, tmp_path: Path) -> None:
    (tmp_path / "outside" / "checkpoint-x.json").write_text("{}")
    assert "no checkpoint" in found(sealed, tmp_path)["V21"]
    (tmp_path / "outside").rename(tmp_path / "elsewhere")
    assert "were not compared" in found(sealed, tmp_path)["V21"]


def test_v06_sees_a_task_that_is_open_by_the_evidence_only(sealed: Scene, tmp_path: Path) -> None:
    with sealed.sessions.begin() as session:
        open_tables(session)
        replace = "replace(body, '\"opened\"', '\"openex\"')"
        session.execute(sa.text(f"UPDATE event SET body = {replace} WHERE kind = 'task:completed'"))
    assert "only in the state" in found(sealed, tmp_path)["V06"]


@pytest.fixture
def link(sealed: Scene) -> str:
    """A link that has been used, with its one effect."""
    person = sealed.actor("anna").person_id
    with sealed.sessions.begin() as session:
        made = links.make(session, person, "invite")
        links.use(session, made.id, Kind.PASSWORD_SET)
        evidence.record(session, "person", person, Kind.PASSWORD_SET, person, {"link": made.id})
        return made.id


def test_v18_a_used_link_with_one_effect_is_right(sealed: Scene, link: str, tmp_path: Path) -> None:
    assert "V18" not in found(sealed, tmp_path)


def _second_effect(session: Session, link: str) -> None:
    evidence.record(session, "person", "another", Kind.PASSWORD_SET, "another", {"link": link})


def _unused(session: Session, link: str) -> None:
    session.execute(sa.text("UPDATE one_time_link SET used_at = NULL, effect = NULL"))


def _gone(session: Session, link: str) -> None:
    session.execute(sa.text("DELETE FROM one_time_link"))


def _readable(session: Session, link: str) -> None:
    session.execute(sa.text("UPDATE one_time_link SET hash = 'the token itself'"))


def _late(session: Session, link: str) -> None:
    before = real_time(session) - timedelta(days=30)
    session.execute(sa.update(OneTimeLink).values(expires_at=before))


@pytest.mark.parametrize("damage", [_second_effect, _unused, _gone, _readable, _late])
def test_v18_sees_damage_to_links(
    sealed: Scene, link: str, tmp_path: Path, damage: Callable[[Session, str], None]
) -> None:
    with sealed.sessions.begin() as session:
        damage(session, link)
    assert "V18" in found(sealed, tmp_path)


def test_v23_sees_a_form_that_was_taken_and_not_kept(sealed: Scene, tmp_path: Path) -> None:
    with sealed.sessions() as session:
        kept = name_in_log(session.scalars(sa.select(Submission.nonce)).all()[0])
    lost = name_in_log("never stored")
    log = tmp_path / "log"
    lines = [
        json.dumps({"request": "r1", "status": 303, "sent": kept}),
        json.dumps({"request": "r2", "status": 422, "sent": lost}),
        json.dumps({"request": "r3", "status": 200}),
        "not JSON at all {",
        "",
    ]
    log.write_text("\n".join(lines))
    assert found(sealed, tmp_path, log) == {}
    log.write_text("\n".join([*lines, json.dumps({"request": "r4", "status": 303, "sent": lost})]))
    assert "not kept" in found(sealed, tmp_path, log)["V23"]
