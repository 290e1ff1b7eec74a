"""What counts as shown: a test that passed, and none that failed."""

import pytest

from tests.requirements import state_of


@pytest.mark.parametrize(
    ("outcomes", "state"),
    [
        ({}, "not run"),
        ({"a": "skipped"}, "not run"),
        ({"a": "passed"}, "ok"),
        ({"a": "passed", "b": "skipped"}, "ok"),
        ({"a": "passed", "b": "failed"}, "FAILED"),
        ({"a": "skipped", "b": "failed"}, "FAILED"),
    ],
)
def test_a_skipped_test_shows_nothing_and_a_failed_one_everything(outcomes: dict[str, str], state: str) -> None:
    assert state_of(outcomes) == state
