"""Data folders of a production installation, made once and copied; and databases to restore into."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests import postgres
from tests.production.serving import run
from tests.unit.workflow.conftest import _own_registries, scene

__all__ = ["_own_registries", "scene"]

NewDatabase = Callable[[], str]


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `./run migrate` leaves in an empty folder."""
    folder = tmp_path_factory.mktemp("installed")
    done = run(folder, "migrate")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def site_folder(installed: Path, tmp_path: Path) -> Path:
    shutil.copytree(installed, tmp_path / "site")
    return tmp_path / "site"


@contextmanager
def on_postgresql() -> Iterator[str]:
    """URL of a database without tables, for the length of the block."""
    database = postgres.Database(sa.MetaData())
    database.create()
    try:
        yield database.url
    finally:
        database.drop()


@pytest.fixture
def new_database(database_url: str, tmp_path: Path) -> Iterator[NewDatabase]:
    """URLs of databases without any table, of the same kind as the test's own."""
    made: list[str] = []
    with ExitStack() as stack:

        def new() -> str:
            made.append(database_url)
            if database_url.startswith("sqlite"):
                (tmp_path / f"new-{len(made)}").mkdir()
                return f"sqlite:///{tmp_path}/new-{len(made)}/coomet.db"
            return stack.enter_context(on_postgresql())

        yield new


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a database without any table, once on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    try:
        postgres.start()
    except RuntimeError as reason:
        pytest.skip(str(reason))
    with on_postgresql() as url:
        yield url
