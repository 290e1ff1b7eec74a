"""F24: a database of a released version, with procedures under way, becomes one of this version and goes on."""

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import cli, clock, db, join, migrations
from app.config import Config
from app.courses.models import Course
from app.workflow import fsck
from app.workflow.models import Instance, Release, Task
from tests.conftest import TestClock
from tests.golden import databases
from tests.production.finishing import finish
from tests.production.serving import FIT, environment, run
from tests.walk.server import ROOT

RUNNING = {"0.1.0": 4, "0.2.0": 6}
"""Procedures under way in the kept database: four agreements, and since 0.2.0 two courses being created."""
CREATING = {"upload", "prepare", "choose", "organise"}
"""Tasks of the creation that are left open: it is gone on with up to there."""
BREAKING = """
import os, signal, sys
import sqlalchemy as sa
from app import db, migrations

engine = db.create_engine(sys.argv[1])
left = int(sys.argv[2])

@sa.event.listens_for(engine, "before_cursor_execute")
def count(connection, cursor, statement, *more):
    global left
    if statement.split()[0] in ("CREATE", "ALTER", "INSERT", "UPDATE", "DROP"):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

migrations.upgrade(engine)
"""
"""Migrates, and is killed before it has sent as many changing statements as it is told."""


def shape(url: str) -> tuple[str | None, dict[str, list[str]]]:
    """The revision, and the columns of every table."""
    engine = db.create_engine(url)
    with engine.connect() as connection:
        look = sa.inspect(connection)
        tables = {
            name: sorted(str(column["name"]) for column in look.get_columns(name)) for name in look.get_table_names()
        }
        revision = migrations.revision_of(connection)
    engine.dispose()
    return revision, tables


@pytest.mark.parametrize("version", sorted(databases.FIRST))
def test_f24_procedures_of_a_released_version_are_finished_by_this_one(
    version: str, empty_database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Config(mode="test", data_dir=tmp_path, database_url=empty_database)
    newest = databases.load(version, empty_database, settings.files)
    assert cli.main(["migrate", "--data", str(tmp_path), "--database", empty_database]) == 0
    first, newest_schema = databases.FIRST[version], migrations.head()
    told = f"{first} → {newest_schema}" if first != newest_schema else f": {newest_schema}"
    assert told in capsys.readouterr().err
    join(settings)
    clock.use(TestClock(newest))
    engine = db.create_engine(empty_database)
    sessions = db.session_factory(engine)
    with sessions() as session:
        assert fsck.run(session, settings) == []
        assert len(session.scalars(sa.select(Release.id)).all()) == 1, "no release is published by migrating"
        running = sa.select(sa.func.count()).where(Instance.ended_at.is_(None))
        assert session.scalar(running) == RUNNING[version]
    assert finish(sessions, apart_from=CREATING) > 10
    with sessions() as session:
        left = session.scalars(sa.select(Instance).where(Instance.ended_at.is_(None))).all()
        assert [one.process for one in left] == ["creation"] * (RUNNING[version] - 4)
        others = Course.id.not_in([one.subject for one in left])
        assert set(session.scalars(sa.select(Course.stage).where(others))) == {"handed_over"}
        waiting = set(session.scalars(sa.select(Task.element).where(Task.closed_at.is_(None))))
        assert waiting <= CREATING
        assert fsck.run(session, settings) == []
    engine.dispose()
    clock.use(clock.system)


def test_f24_a_migration_that_is_killed_leaves_the_old_schema_and_the_next_one_goes_through(
    empty_database: str, tmp_path: Path
) -> None:
    databases.load("0.1.0", empty_database, tmp_path / "files")
    before = shape(empty_database)
    for statements in (0, 11, 29):
        line = [sys.executable, "-c", BREAKING, empty_database, str(statements)]
        done = subprocess.run(line, cwd=ROOT, env=environment(FIT, tmp_path), capture_output=True, text=True)
        assert done.returncode == -signal.SIGKILL, done.stderr
        assert shape(empty_database) == before
    assert run(tmp_path, "migrate", "--database", empty_database).returncode == 0
    assert shape(empty_database)[0] == migrations.head()


def test_f24_two_migrations_at_once_are_one_after_the_other(empty_database: str, tmp_path: Path) -> None:
    databases.load("0.1.0", empty_database, tmp_path / "files")
    said: list[str] = []

    def migrate() -> None:
        done = run(tmp_path, "migrate", "--database", empty_database)
        said.append(done.stderr)
        assert done.returncode == 0, done.stderr

    both = [threading.Thread(target=migrate) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted("→" in words for words in said) == [False, True], said
    assert any("up to date" in words for words in said)
