"""What every test may use: both databases, a clock that can be moved, and no network but this machine's own."""

import importlib
import os
import pkgutil
import shutil
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, sessionmaker

import app
from app import clock, db
from app.config import Config
from app.i18n import set_locale
from app.workflow import jobs
from tests import postgres

pytest_plugins = ["tests.requirements"]

MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
"""Ten in the morning in Minsk, an ordinary working day in BY, KZ and RU."""


settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
"""No test fails because the machine is busy."""


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        postgres.prepare_home()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        postgres.stop()


def load_models() -> sa.MetaData:
    """Import every part's tables and return the metadata that holds them all."""
    for module in pkgutil.walk_packages(app.__path__, "app."):
        if module.name.rsplit(".", 1)[-1].startswith("models"):
            importlib.import_module(module.name)
    return db.Model.metadata


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    engine = db.create_engine(f"sqlite:///{path}")
    load_models().create_all(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_database() -> Iterator[postgres.Database]:
    """A database of this test process with all tables; skips with the reason if there is no server."""
    try:
        postgres.start()
    except RuntimeError as reason:
        pytest.skip(str(reason))
    database = postgres.Database(load_models())
    database.create()
    yield database
    database.drop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a database with all tables and no rows, once on each kind."""
    if request.param == "sqlite":
        path = tmp_path / "test.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    database: postgres.Database = request.getfixturevalue("postgres_database")
    yield database.url
    database.empty()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = db.create_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def sessions(engine: Engine) -> sessionmaker[Session]:
    """Opens sessions on the fresh database: `with sessions.begin() as session:`."""
    return db.session_factory(engine)


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """One session whose work is rolled back at the end unless the test commits."""
    with sessions() as opened:
        yield opened


@pytest.fixture
def config(tmp_path: Path, database_url: str) -> Config:
    return Config(mode="test", data_dir=tmp_path, database_url=database_url, secret_key="a secret of the tests")


class TestClock:
    """Time stands still at `moment` until the test moves it."""

    __test__ = False

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def move(self, **by: float) -> None:
        self.moment += timedelta(**by)

    def set(self, moment: datetime) -> None:
        self.moment = moment


@pytest.fixture
def moved_clock() -> Iterator[TestClock]:
    """The program's clock, standing on a Monday morning; `moved_clock.move(days=3)`."""
    standing = TestClock(MONDAY)
    clock.use(standing)
    yield standing
    clock.use(clock.system)


@pytest.fixture(autouse=True)
def in_russian() -> None:
    """Each test begins in the language of the program, whatever a page of the test before was read in."""
    set_locale("ru")


@pytest.fixture(autouse=True)
def only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test may depend on a network: only loopback addresses and local sockets can be reached."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family != socket.AF_UNIX and host not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {host}")
        connect(self, address)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _no_inherited_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Config.__annotations__:
        if name.upper() in os.environ:
            monkeypatch.delenv(name.upper())


@pytest.fixture(autouse=True)
def _no_inherited_back_end() -> Iterator[None]:
    """What one test joined must not hand the next one's jobs to Procrastinate."""
    yield
    jobs.defer_by(None)
