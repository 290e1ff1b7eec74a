"""A played procedure that a test drives act by act."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from tests.conftest import TestClock
from tests.process.acts import Acts
from tests.process.makers import Makers, scenario
from tests.process.reviewing import Reviewing
from tests.process.scenario import ROOT, read

AGREEMENT = ROOT / "processes" / "agreement" / "scenarios.yaml"

REVIEW = ROOT / "processes" / "expert_review" / "scenarios.yaml"

Begin = Callable[..., Acts]
Review = Callable[..., Reviewing]


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


@pytest.fixture
def review(sessions: sessionmaker[Session], tmp_path: Path, moved_clock: TestClock) -> Review:
    """The examination of a course is open: `review(sheet="open")`, `review(described="spoilt")`."""

    def begun(**how: Any) -> Reviewing:
        scenario = read(REVIEW)[0]
        found = Reviewing(sessions, tmp_path, replace(scenario, prepared={**scenario.prepared, **how}), moved_clock)
        return found.begin()

    return begun
