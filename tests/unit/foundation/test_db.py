from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app import db


def test_both_databases_answer(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        assert session.execute(sa.text("select 1")).scalar_one() == 1


def test_ids_sort_by_time_and_do_not_repeat() -> None:
    ids = [db.new_id() for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert {len(id_) for id_ in ids} == {26}
    assert ids[0][:9] <= ids[-1][:9]


def test_a_naive_time_is_refused() -> None:
    column = db.UtcDateTime()
    with pytest.raises(ValueError, match="zone"):
        column.process_bind_param(datetime(2026, 1, 1), sa.create_engine("sqlite://").dialect)  # noqa: DTZ001
    assert column.process_result_value(datetime(2026, 1, 1), sa.create_engine("sqlite://").dialect) == datetime(  # noqa: DTZ001
        2026, 1, 1, tzinfo=UTC
    )
