"""Backups made while people work, and what a restored site does and does not do."""

import io
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from app import cli, db, migrations
from app.audit.history import history
from app.audit.kinds import Kind
from app.cli import copies
from app.config import Config
from app.engine import Json
from app.errors import Problem
from app.files import store
from app.files.models import File
from app.worker import work_off
from app.workflow import fsck, operations, pulse, standstill
from app.workflow.models import Job
from app.workflow.operations import Operation
from tests.diagrams import diagram, service, user
from tests.production.conftest import NewDatabase
from tests.scene import Scene

COPIES = {"sqlite": 20, "postgresql": 8}
TWO = diagram("two", user("first"), user("second"), flows="start first; first second; second end")
CALLING = diagram("calling", service("ask", "world.create", result="made"), flows="start ask; ask end")


@dataclass(slots=True)
class Site:
    """A database that says its schema, and the settings by which commands find it."""

    settings: Config
    scene: Scene

    @property
    def given(self) -> tuple[str, ...]:
        return ("--data", str(self.settings.data_dir), "--database", self.settings.database)

    def backup(self, out: Path) -> Path:
        assert cli.main(["backup", "--out", str(out), *self.given]) == 0
        return out


@pytest.fixture
def site(scene: Scene, engine: Engine, tmp_path: Path) -> Site:
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(sa.text(f"INSERT INTO alembic_version VALUES ('{migrations.head()}')"))
    url = engine.url.render_as_string(hide_password=False)
    return Site(Config(mode="test", data_dir=tmp_path, database_url=url), scene)


def restored(file: Path, url: str, folder: Path) -> Config:
    folder.mkdir(exist_ok=True)
    assert cli.main(["restore", str(file), "--data", str(folder), "--database", url]) == 0
    return Config(mode="test", data_dir=folder, database_url=url)


@contextmanager
def opened(settings: Config) -> Iterator[Session]:
    engine = db.create_engine(settings.database)
    with db.session_factory(engine)() as session:
        yield session
    engine.dispose()


@contextmanager
def people_at_work(site: Site) -> Iterator[None]:
    """Somebody starts procedures, completes tasks and uploads files until the block ends."""
    over = threading.Event()
    broken: list[BaseException] = []

    def work() -> None:
        number = 0
        try:
            while not over.is_set():
                number += 1
                site.scene.start("anna", "two")
                for element in ("first", "second"):
                    site.scene.complete("anna", element, note=f"{number}")
                content = io.BytesIO(b"%PDF-1.4\n" + b"%d" % number * 9000 + b"\n%%EOF\n")
                with site.scene.sessions.begin() as session:
                    store.store(site.settings.files, session, content, f"{number}.pdf", "anna", 10**7)
        except BaseException as error:
            broken.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
    assert broken == []


def test_f33_every_backup_under_load_is_whole(site: Site, engine: Engine, new_database: NewDatabase) -> None:
    site.scene.publish(two=TWO)
    folder = site.settings.data_dir
    sizes = []
    with people_at_work(site):
        files = [site.backup(folder / f"{number}.tar") for number in range(COPIES[engine.dialect.name])]
    for number, file in enumerate(files):
        settings = restored(file, new_database(), folder / f"back-{number}")
        with opened(settings) as session:
            assert fsck.run(session, settings) == []
            names = session.scalars(sa.select(File.sha256)).all()
            assert all(store.path_of(settings.files, name).is_file() for name in names)
            sizes.append(len(names))
    assert sizes == sorted(sizes)
    assert sizes[-1] > sizes[0], "nobody worked while the copies were made"


@pytest.fixture
def effects(scene: Scene) -> list[str]:
    """What an outside system has been told; it takes each thing once, as one does that looks before it creates."""
    made: list[str] = []

    def create(context: operations.Context) -> Json:
        if context.key not in made:
            made.append(context.key)
        return {"id": made.index(context.key)}

    operations.register(Operation("world.create", create))
    return made


def test_f32_a_restored_site_sends_nothing_until_it_is_told_to_go_on(
    site: Site, effects: list[str], new_database: NewDatabase
) -> None:
    site.scene.publish(calling=CALLING)
    site.scene.start("anna", "calling")
    file = site.backup(site.settings.data_dir / "before.tar")
    work_off(site.scene.sessions)
    assert len(effects) == 1
    settings = restored(file, new_database(), site.settings.data_dir / "back")
    engine = db.create_engine(settings.database)
    sessions = db.session_factory(engine)
    assert work_off(sessions) == 0
    with sessions() as session:
        assert standstill.is_on(session)
        assert fsck.run(session, settings) == []
        assert session.scalars(sa.select(Job.outcome)).all() == [None]
    assert cli.main(["restore", "--resume", "--data", str(settings.data_dir), "--database", settings.database]) == 0
    work_off(sessions)
    with sessions() as session:
        assert session.scalars(sa.select(Job.outcome)).all() == ["done"]
        kept = history(session, "site", standstill.STREAM).events
        told = [(event.kind, event.body.get("events")) for event in reversed(kept)]
        assert fsck.run(session, settings) == []
    assert [kind for kind, _ in told] == [Kind.SITE_RESTORED, Kind.SITE_RESUMED]
    assert told[0][1], "the fork says how many events the backup had"
    assert len(effects) == 1, "it looked first, and found what the lost time had made"
    engine.dispose()


def test_a_restored_site_still_shows_that_its_worker_lives() -> None:
    assert pulse.CHORE.on_hold


def test_restore_takes_an_empty_place_only_and_a_whole_backup_only(
    site: Site, new_database: NewDatabase, capsys: pytest.CaptureFixture[str]
) -> None:
    site.scene.publish(two=TWO)
    content = io.BytesIO(b"%PDF-1.4\n" + b"x" * 90_000 + b"\n%%EOF\n")
    with site.scene.sessions.begin() as session:
        store.store(site.settings.files, session, content, "a.pdf", "anna", 10**7)
    folder = site.settings.data_dir
    file = site.backup(folder / "whole.tar")
    assert cli.main(["backup", "--out", str(file), *site.given]) == 1
    assert "Choose another name" in capsys.readouterr().err
    assert cli.main(["restore", str(file), *site.given]) == 1
    assert "not empty" in capsys.readouterr().err
    whole = file.read_bytes()
    url = new_database()
    place = whole.index(b"x" * 80_000)
    for broken in (whole[: len(whole) // 2], whole[:place] + b"y" + whole[place + 1 :], b"something else", b""):
        (folder / "broken.tar").write_bytes(broken)
        given = ["--data", str(folder / "target"), "--database", url]
        assert cli.main(["restore", str(folder / "broken.tar"), *given]) == 1
        said = capsys.readouterr().err
        assert "damaged" in said or "no whole backup" in said
        engine = db.create_engine(url)
        assert not sa.inspect(engine).get_table_names()
        engine.dispose()
        assert not list((folder / "target/files").glob("??/*"))
    restored(file, url, folder / "target")


def test_s34_a_backup_with_a_path_out_of_its_folder_is_refused(tmp_path: Path) -> None:
    for name in ("../evil", "/tmp/evil", "files/../../evil", "files/" + "0" * 63):
        with tarfile.open(tmp_path / "evil.tar", "w") as archive:
            archive.addfile(tarfile.TarInfo(name))
        given = ["--data", str(tmp_path / "target")]
        assert cli.main(["restore", str(tmp_path / "evil.tar"), *given]) == 1
    assert not list(tmp_path.rglob("evil"))


def test_a_backup_tells_of_a_file_that_the_store_has_lost(
    site: Site, new_database: NewDatabase, capsys: pytest.CaptureFixture[str]
) -> None:
    content = io.BytesIO(b"%PDF-1.4\n" + b"x" * 900 + b"\n%%EOF\n")
    with site.scene.sessions.begin() as session:
        kept = store.store(site.settings.files, session, content, "a.pdf", "anna", 10**7)
        path = store.path_of(site.settings.files, kept.sha256)
    path.unlink()
    out = site.settings.data_dir / "holed.tar"
    assert cli.main(["backup", "--out", str(out), *site.given]) == 1
    assert kept.sha256 in capsys.readouterr().err
    restored(out, new_database(), site.settings.data_dir / "back")
    assert kept.sha256 in capsys.readouterr().err


def test_a_backup_is_for_its_owner_only_and_holds_no_secret_of_the_settings(site: Site) -> None:
    file = site.backup(site.settings.data_dir / "mine.tar")
    assert file.stat().st_mode & 0o777 == 0o600
    with tarfile.open(file) as archive:
        assert not [name for name in archive.getnames() if "key" in name or "secret" in name]


def test_pg_dump_older_than_the_server_is_not_used() -> None:

    with pytest.raises(Problem, match="postgresql-client-99"):
        copies.tool("pg_dump", 99)
