"""The whole life of a course over HTTP, on both databases, by the command a stranger would type.

The life holds every act of the walk without `--life`, in the same order: what that shows is shown here too.
"""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from tests import postgres
from tests.walk.server import ROOT

Told = dict[str, Any]
REQUIREMENTS = ("R1-a", "R1-b", "R6.4-a", "R7.1-b", "R7.3-c", "R8.2-c", "R12.1-a", "X-3", "X-4", "X-8")
STEPS = 102


def walk(*arguments: str, **environment: str) -> Told:
    command = [sys.executable, "-m", "tests.walk", "--json", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )
    told: Told = json.loads(done.stdout)
    assert told["ok"], done.stderr
    assert (done.returncode, told["failed"]) == (0, [])
    return told


@pytest.fixture
def postgresql() -> Iterator[str]:
    """The address of an empty database."""
    try:
        postgres.start()
    except RuntimeError as reason:
        pytest.skip(str(reason))
    made = postgres.Database(sa.MetaData(), f"walk_{uuid.uuid4().hex}")
    made.create()
    yield made.url
    made.drop()


@pytest.mark.requirement(*REQUIREMENTS)
def test_the_whole_life_of_a_course() -> None:
    """Survey, list, creation, agreement, review, publication, announcement, certificates, questionnaire, monitoring,
    quarterly and yearly reports, three years later a new version, three years later the annulment; the books balance.
    """
    assert walk("--life")["steps"] == STEPS


@pytest.mark.slow
@pytest.mark.requirement(*REQUIREMENTS)
def test_the_whole_life_of_a_course_on_postgresql(postgresql: str) -> None:
    """With two web processes and two of Procrastinate's workers."""
    several = ["--database", postgresql, "--web", "2", "--worker", "2"]
    assert walk("--life", *several, BACKEND="procrastinate")["steps"] == STEPS


@pytest.mark.requirement("R7.1-b", "R7.3-c", "R6.4-a", "R8.2-c", "R12.1-a", "X-3", "X-4")
def test_a_course_is_announced_with_several_processes_on_postgresql(postgresql: str) -> None:
    """Without `--life`: two web processes, two of Procrastinate's workers."""
    several = ["--database", postgresql, "--web", "2", "--worker", "2"]
    assert walk(*several, BACKEND="procrastinate")["steps"] == 45
