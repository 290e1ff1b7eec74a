"""What the figures of the HTTP benchmark rest on is asserted; times are only reported."""

from tests.bench.statements import count, count_creation


def test_completing_a_task_costs_at_most_15_statements_and_one_commit() -> None:
    counted = count()
    assert counted.commits == 1
    assert 1 <= counted.statements <= 15


def test_completing_tasks_of_creation_costs_bounded_statements_and_one_commit_each() -> None:
    """The request opens four tasks with their letters and deadlines; an answer to the poll only closes one."""
    request, *answers, last, chosen = count_creation()
    assert [one.commits for one in (request, *answers, last, chosen)] == [1] * 5
    assert 1 <= request.statements <= 75
    assert all(1 <= one.statements <= 26 for one in answers)
    assert 1 <= last.statements <= 40
    assert 1 <= chosen.statements <= 65
