"""Monitoring at the size of issue 4: 1,000 courses, 50,000 learners, 200,000 rows of a log."""

import pytest

from tests.bench import reports

FLAT_MB = 60
"""How much more memory an import may take than the process held before, however long the file is."""


@pytest.mark.slow
@pytest.mark.requirement("R9.1-a")
def test_every_list_and_report_takes_less_than_a_second_and_the_import_is_flat() -> None:
    found = reports.measure(rows=200_000)
    assert found.rows == 200_000
    assert found.slowest < 1000, found.pages
    assert found.peak_mb - found.before_mb < FLAT_MB
