"""What the tests of faults share with those of running procedures, and an empty database for whole programs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests import postgres
from tests.unit.workflow.conftest import _own_registries, scene

__all__ = ["_own_registries", "scene"]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a database without any table, once on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    yield request.getfixturevalue("empty_postgresql")


@pytest.fixture
def empty_postgresql() -> Iterator[str]:
    """URL of a PostgreSQL database without any table; skips with the reason if there is no server."""
    try:
        postgres.start()
    except RuntimeError as reason:
        pytest.skip(str(reason))
    database = postgres.Database(sa.MetaData())
    database.create()
    yield database.url
    database.drop()
