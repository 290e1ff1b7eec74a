"""A site with the demo's people, built once; each test that writes gets a copy of its database."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import create_app, db
from app.config import Config
from app.demo import seed
from app.i18n import Locale
from tests.web.client import Client

Enter = Callable[..., Client]


@pytest.fixture(scope="session")
def peopled(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the bodies and people of the demo, and nothing else."""
    path = tmp_path_factory.mktemp("peopled") / "peopled.db"
    shutil.copy(sqlite_template, path)
    engine = db.create_engine(f"sqlite:///{path}")
    with db.transaction(db.session_factory(engine)) as session:
        seed.load_people(session)
    engine.dispose()
    return path


@pytest.fixture
def site(peopled: Path, tmp_path: Path) -> Iterator[Flask]:
    path = tmp_path / "site.db"
    shutil.copy(peopled, path)
    engine = db.create_engine(f"sqlite:///{path}")
    settings = Config(mode="test", data_dir=tmp_path, secret_key="a secret of the tests")
    yield create_app(settings, engine)
    engine.dispose()


@pytest.fixture
def enter(site: Flask) -> Enter:
    """enter("chair-16", "en") is that persona at a browser; enter() somebody who has not signed in."""

    def sign_in(key: str = "", locale: Locale = "ru") -> Client:
        client = Client(site, locale)
        return client.enter(seed.address(key)) if key else client

    return sign_in
