"""Whatever is in a file, the check says so: it never fails or hangs, and what it takes runs as the standard says."""

import random
import time

import pytest

from app.engine import Specification, start
from app.engine.lint import examine
from tests.corpus.mutating import mutated
from tests.corpus.samples import samples
from tests.corpus.schedules import rehearse
from tests.unit.engine_lint.cases_references import DECIDED

MUTATIONS = 20
SCHEDULES = 3
SAMPLES = {name: files for name, files in samples().items() if name != "the whole release"} | {"decided": DECIDED}
"""The whole release takes too long for every run; `python -m tests.corpus mutate` spoils it too."""


def try_to_start(specification: Specification) -> None:
    """The engine takes what the check lets through: what goes wrong then is an incident, not an exception."""
    for process in specification.processes:
        start(specification, process, {}).snapshot()


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_no_file_makes_the_check_fail_or_hang(name: str) -> None:
    """And where it still accepts, random schedules go as in the token game of the standard."""
    for number in range(MUTATIONS):
        seed = f"{name} {number}"
        files = mutated(SAMPLES[name], random.Random(seed))
        began = time.monotonic()
        specification, findings = examine(files)
        assert time.monotonic() - began < 60  # not how fast: that it comes to an end
        assert all(found.message.ru and found.message.en and found.hint.ru for found in findings)
        if specification is not None and specification.processes:
            try_to_start(specification)
            assert not rehearse(files, specification, SCHEDULES, seed).different, seed


def test_there_are_at_least_five_hundred_mutations() -> None:
    assert len(SAMPLES) * MUTATIONS >= 500
