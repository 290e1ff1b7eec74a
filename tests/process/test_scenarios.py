"""Every scenario beside a diagram holds, on the engine alone and through the program; together they take every way."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app import engine, forms
from app.courses.happenings import HAPPENINGS
from app.engine import Specification
from app.workflow import happenings, releases, scenarios
from app.workflow.scenarios import Player
from tests.conftest import TestClock
from tests.process.application_player import ApplicationPlayer
from tests.process.scenario import ROOT, Scenario, read_all

SCENARIOS = read_all()
Known = tuple[Specification, Mapping[str, forms.Form]]


@pytest.fixture(scope="module")
def known() -> Known:
    for happening in HAPPENINGS:
        happenings.register(happening)
    files = releases.read_folders(ROOT)
    return engine.compile_release(files, None), forms.load_forms(files)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_a_scenario_holds_on_the_engine_alone(known: Known, scenario: Scenario) -> None:
    Player(*known, scenario).play()


@pytest.mark.usefixtures("known")
def test_the_scenarios_take_every_flow_boundary_event_and_rule() -> None:
    """As `./run check` says it."""
    found = scenarios.check(releases.read_folders(ROOT))
    assert found.played == len(SCENARIOS)
    assert [f"{one.file}: {one.message.en}" for one in found.findings] == []


@pytest.mark.parametrize("scenario", [one for one in SCENARIOS if one.only != "engine"], ids=str)
def test_a_scenario_holds_through_the_program(
    sessions: sessionmaker[Session], tmp_path: Path, moved_clock: TestClock, scenario: Scenario
) -> None:
    ApplicationPlayer(sessions, tmp_path, scenario, moved_clock).play()
