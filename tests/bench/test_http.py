"""What the figures of the HTTP benchmark rest on is asserted; times are only reported."""

from tests.bench.statements import count


def test_completing_a_task_costs_at_most_15_statements_and_one_commit() -> None:
    counted = count()
    assert counted.commits == 1
    assert 1 <= counted.statements <= 15
