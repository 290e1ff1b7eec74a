"""Sites to test pages on: one with the demo's people only, one with its courses too; each test gets copies."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app import clock, create_app, db, join, migrations, worker
from app.config import Config
from app.demo import courses, seed, server
from app.i18n import Locale
from app.workflow.studio import rehearsal
from tests.web.addresses import Things, things
from tests.web.client import Client


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-matrix", action="store_true", help="write tests/web/matrix.txt anew")


Enter = Callable[..., Client]
ROOT = Path(__file__).parents[2]
rehearsal.PATIENCE = 60.0
"""On a busy machine, too, the page comes with the result and not with how far it is."""
BROKEN_OFF_AT = 30
"""So many acts of the demo's story are played before it is broken off and gone on with."""


def settings_for(folder: Path) -> Config:
    return Config(mode="test", data_dir=folder, secret_key="a secret of the tests")


@pytest.fixture(scope="session")
def peopled(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the bodies and people of the demo and the first release, and no course."""
    folder = tmp_path_factory.mktemp("peopled")
    shutil.copy(sqlite_template, folder / "coomet.db")
    settings = settings_for(folder)
    join(settings)
    engine = db.create_engine(settings.database)
    with engine.begin() as connection:  # made from the models, which say the same as the migrations
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{migrations.head()}')")
    server.fill(db.session_factory(engine), ROOT)
    engine.dispose()
    return folder


@pytest.fixture(scope="session")
def played(peopled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the demo's courses in every stage."""
    folder = tmp_path_factory.mktemp("played") / "data"
    shutil.copytree(peopled, folder)
    settings = settings_for(folder)
    join(settings)
    engine = db.create_engine(settings.database)
    sessions = db.session_factory(engine)
    for report in (lambda done, _all: done < BROKEN_OFF_AT, lambda _done, _all: True):  # as after a kill
        courses.play(sessions, settings.files, lambda: worker.work_off(sessions), report=report)
    engine.dispose()
    return folder


def open_site(source: Path, folder: Path) -> Iterator[Flask]:
    shutil.copytree(source, folder)
    settings = settings_for(folder)
    engine = db.create_engine(settings.database)
    yield create_app(settings, engine)
    engine.dispose()
    clock.use(clock.system)


@pytest.fixture
def site(peopled: Path, tmp_path: Path) -> Iterator[Flask]:
    """People, bodies and procedures; no course."""
    yield from open_site(peopled, tmp_path / "site")


@pytest.fixture
def busy_site(played: Path, tmp_path: Path) -> Iterator[Flask]:
    """With courses in every stage."""
    yield from open_site(played, tmp_path / "busy")


@pytest.fixture
def found(busy_site: Flask) -> Things:
    """What there is on the busy site to ask for."""
    sessions: sessionmaker[Session] = busy_site.extensions["sessions"]
    with sessions() as session:
        return things(session)


def entering(app: Flask) -> Enter:
    def sign_in(key: str = "", locale: Locale = "ru") -> Client:
        client = Client(app, locale)
        return client.enter(seed.address(key)) if key else client

    return sign_in


@pytest.fixture
def enter(site: Flask) -> Enter:
    """enter("chair-16", "en") is that persona at a browser; enter() somebody who has not signed in."""
    return entering(site)


@pytest.fixture
def enter_busy(busy_site: Flask) -> Enter:
    """The same on the site with courses."""
    return entering(busy_site)
