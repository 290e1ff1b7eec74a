"""A course from the list to its announcement over HTTP, on both databases, by the command a stranger would type."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from tests import postgres
from tests.walk.server import ROOT


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """Nothing for the embedded database, or the address of an empty PostgreSQL database."""
    if request.param == "sqlite":
        yield ""
        return
    try:
        postgres.start()
    except RuntimeError as reason:
        pytest.skip(str(reason))
    made = postgres.Database(sa.MetaData(), f"walk_{uuid.uuid4().hex}")
    made.create()
    yield made.url
    made.drop()


@pytest.mark.requirement("R7.1-b", "R7.3-c", "R6.4-a", "R8.2-c", "R12.1-a", "X-3", "X-4")
def test_a_course_is_created_agreed_reviewed_published_and_announced(database: str) -> None:
    """On PostgreSQL with two web processes and two of Procrastinate's workers."""
    several = ["--database", database, "--web", "2", "--worker", "2"] if database else []
    backend = {"BACKEND": "procrastinate"} if database else {}
    command = [sys.executable, "-m", "tests.walk", "--json", *several]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, **backend})
    told = json.loads(done.stdout)
    assert told["ok"], done.stderr
    assert (done.returncode, told["failed"]) == (0, [])
    assert told["steps"] == 44
