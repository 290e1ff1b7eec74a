"""BACKEND=procrastinate: `migrate` makes its tables, and nothing starts without them."""

import pytest
import sqlalchemy as sa

from app import cli, db
from app.cli import refusals
from app.config import Config
from app.workflow import deferral
from tests.fault.conftest import empty_postgresql

__all__ = ["empty_postgresql"]


def test_migrate_makes_the_tables_once_and_their_absence_is_told(
    empty_postgresql: str, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    arguments = ["migrate", "--database", empty_postgresql, "--data", str(tmp_path)]
    assert cli.main(arguments) == 0
    shared = Config(mode="serve", database_url=empty_postgresql, backend="procrastinate")
    with pytest.raises(refusals.NotReady) as refused:
        refusals.insist(shared)
    assert "The tables of Procrastinate are missing. Run: ./run migrate" in [str(one) for one in refused.value.problems]
    monkeypatch.setenv("BACKEND", "procrastinate")
    for _twice in range(2):
        assert cli.main(arguments) == 0
    engine = db.create_engine(empty_postgresql)
    with engine.connect() as connection:
        assert deferral.is_prepared(connection)
        assert connection.scalar(sa.text("SELECT count(*) FROM procrastinate_jobs")) == 0
    engine.dispose()
    with pytest.raises(refusals.NotReady) as refused:
        refusals.insist(shared)
    assert "Procrastinate" not in " ".join(str(one) for one in refused.value.problems)
