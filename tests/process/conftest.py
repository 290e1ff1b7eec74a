"""A played procedure that a test drives act by act."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from tests.conftest import TestClock
from tests.process.acts import Acts
from tests.process.makers import Makers, scenario
from tests.process.scenario import ROOT, read

AGREEMENT = ROOT / "processes" / "agreement" / "scenarios.yaml"

Begin = Callable[..., Acts]


@pytest.fixture
def begin(sessions: sessionmaker[Session], tmp_path: Path, moved_clock: TestClock) -> Begin:
    """Register a course and take its agreement up to the bodies named: `begin("tc-1.6", initiator="sb")`."""

    def started(*bodies: str, **how: Any) -> Acts:
        acts = Acts(sessions, tmp_path, read(AGREEMENT)[0], moved_clock)
        acts.begin(*bodies, **how)
        return acts

    return started


@pytest.fixture
def make(sessions: sessionmaker[Session], tmp_path: Path, moved_clock: TestClock) -> Makers:
    """The people of `creation` before any course is entered."""
    return Makers(sessions, tmp_path, scenario(), moved_clock)
