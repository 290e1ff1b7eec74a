"""F01, F02: web and worker are killed at random under load. The long run is `./run chaos --kills 500`."""

import pytest

from tests.chaos.storm import rage

KILLS = 20


def test_twenty_kills_lose_nothing_and_double_nothing(empty_database: str) -> None:
    found = rage(KILLS, 7, empty_database)
    assert found.lost == []
    assert found.doubled == []
    assert not found.violations, "\n".join(found.violations)
    assert len(found.extra_letters) <= KILLS
    assert found.instances


def test_kills_of_workers_that_share_by_procrastinate_lose_and_double_nothing(empty_postgresql: str) -> None:
    found = rage(KILLS, 13, empty_postgresql, "procrastinate")
    assert (found.lost, found.doubled, found.violations) == ([], [], [])
    assert len(found.extra_letters) <= KILLS
    assert found.instances


@pytest.mark.slow
def test_a_hundred_kills_lose_nothing_and_double_nothing(empty_database: str) -> None:
    found = rage(100, 11, empty_database)
    assert (found.lost, found.doubled, found.violations) == ([], [], [])
    assert len(found.extra_letters) <= 100
