"""F03, F04, F05, F25, F26: the database is cut off, locked or full; an upload breaks off. Never half a thing."""

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from app import db
from app.config import Config
from app.files import inspection, store
from app.files.models import File
from app.workflow import fsck, tasks
from app.workflow.models import Submission
from tests.conftest import load_models
from tests.diagrams import diagram, user
from tests.scene import Scene

ROUNDS = 50
TWO = diagram("two", user("first"), user("second"), flows="start first; first second; second end")


def clean(scene: Scene, folder: Path) -> bool:
    with scene.sessions() as session:
        return fsck.run(session, Config(mode="test", data_dir=folder)) == []


@pytest.fixture
def two(scene: Scene) -> Scene:
    scene.publish(two=TWO)
    scene.start("anna", "two")
    return scene


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_connection_that_is_cut_leaves_all_or_nothing(two: Scene, engine: Engine, tmp_path: Path) -> None:
    """The same page is sent again after every cut; in the end it counts once, wherever the cut was."""
    actor = two.actor("anna")
    for number in range(ROUNDS):
        task = two.task("first")
        nonce = f"page-{number}"
        with two.sessions() as session:
            tasks.complete(session, actor, task.id, {"note": "x"}, nonce=nonce, revision=task.revision)
            cut(engine)
            with pytest.raises(OperationalError):
                session.commit()
        assert two.task("first").revision == task.revision, "nothing of it was kept"
        with two.sessions.begin() as session:
            done = tasks.complete(session, actor, task.id, {"note": "x"}, nonce=nonce, revision=task.revision)
        with two.sessions.begin() as session:  # the answer got lost: the browser sends the page once more
            again = tasks.complete(session, actor, task.id, {"note": "x"}, nonce=nonce, revision=task.revision)
        assert (again.submission_id, again.repeated) == (done.submission_id, True)
        two.start("anna", "two")
    assert clean(two, tmp_path)


def cut(engine: Engine) -> None:
    """Everybody else's connections, as a restart of the database server would."""
    others = "WHERE pid <> pg_backend_pid() AND datname = current_database()"
    ended = sa.text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity {others}")
    lone = sa.create_engine(engine.url, poolclass=sa.NullPool)
    with lone.connect() as connection:
        connection.execute(ended)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_second_writer_is_waited_for(two: Scene, engine: Engine) -> None:
    with closing(sqlite3.connect(str(engine.url.database), isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        threading.Timer(1.0, lambda: other.execute("COMMIT")).start()
        two.complete("anna", "first")
    assert two.open() == ["second"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_writer_that_does_not_end_is_told_and_nothing_is_half_done(
    two: Scene, engine: Engine, tmp_path: Path
) -> None:
    impatient = db.create_engine(str(engine.url))
    sa.event.listen(impatient, "connect", lambda connection, _record: connection.execute("PRAGMA busy_timeout = 200"))
    hasty = db.session_factory(impatient)
    with closing(sqlite3.connect(str(engine.url.database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="locked"), hasty.begin() as session:
            session.execute(sa.text("SELECT 1"))
        other.execute("COMMIT")
    impatient.dispose()
    two.complete("anna", "first")
    assert clean(two, tmp_path)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 8 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can make a small file system")
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)], capture_output=True, text=True, check=False
    )
    if made.returncode:
        pytest.skip(f"no small file system here: {made.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_told_and_work_goes_on_when_there_is_room(small_disk: Path) -> None:
    engine = db.create_engine(f"sqlite:///{small_disk / 'full.db'}")
    load_models().create_all(engine)
    scene = Scene(db.session_factory(engine))
    scene.person("anna", "administrator")
    scene.publish(two=TWO)
    scene.start("anna", "two")
    filler = small_disk / "filler"
    fill(filler)
    with pytest.raises(OperationalError):
        start_many(scene)
    with scene.sessions() as session:
        sent = session.scalars(sa.select(Submission.id)).all()
    assert len(scene.open()) == len(sent), "each start is there as a whole or not at all"
    filler.unlink()
    for _task in scene.open():
        with scene.sessions() as session:
            first = session.execute(
                sa.text("SELECT id FROM task WHERE element = 'first' AND closed_at IS NULL LIMIT 1")
            )
            task_id = first.scalar_one()
        with scene.sessions.begin() as session:
            tasks.complete(session, scene.actor("anna"), task_id, {}, nonce=task_id, revision=0)
    assert set(scene.open()) == {"second"}
    assert clean(scene, small_disk)
    engine.dispose()


def start_many(scene: Scene) -> None:
    for _attempt in range(500):
        scene.start("anna", "two")


def fill(path: Path) -> None:
    with suppress(OSError), path.open("wb", buffering=0) as target:
        while True:
            target.write(b"\0" * 4096)


UPLOAD = """
import io, os, signal, sys
from pathlib import Path
from app import db
from app.files import store

class Breaking(io.BytesIO):
    def read(self, size=-1):
        if self.tell() >= int(sys.argv[3]):
            os.kill(os.getpid(), signal.SIGKILL)
        return super().read(min(size, 7000) if size > 0 else 7000)

sessions = db.session_factory(db.create_engine(sys.argv[1]))
with sessions.begin() as session:
    content = Breaking(b"%PDF-1.4\\n" + b"x" * 60000 + b"\\n%%EOF\\n")
    store.store(Path(sys.argv[2]), session, content, "a.pdf", "anna", 10**7)
"""


@pytest.mark.parametrize("broken_at", [0, 7000, 30000, 56000])
def test_an_upload_whose_process_dies_leaves_no_row_without_its_file(
    sessions: sessionmaker[Session], engine: Engine, tmp_path: Path, broken_at: int
) -> None:
    folder = tmp_path / "files"
    url = engine.url.render_as_string(hide_password=False)
    died = subprocess.run([sys.executable, "-c", UPLOAD, url, str(folder), str(broken_at)], check=False)
    assert died.returncode == -9
    with sessions() as session:
        assert session.scalars(sa.select(File)).all() == []
        assert inspection.check(folder, session) == []
        store.sweep(folder, session)
    left = [path for path in folder.rglob("*") if path.is_file() and path.name != ".lock"]
    assert all(path.suffix != ".part" or path.stat().st_size <= 63100 for path in left)
