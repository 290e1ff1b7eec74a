"""What the sandbox records is understood by the whole program: database, forms, permissions, jobs, letters, clock."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.courses.happenings import HAPPENINGS
from app.i18n import Text
from app.workflow import happenings, scenarios
from app.workflow.sandbox import Act, Compiled, Named, open_scenario, record, replay
from app.workflow.sandbox.recording import Beside
from app.workflow.scenarios import Scenario, sources, strict_yaml
from tests.conftest import TestClock
from tests.process.application_player import ApplicationPlayer, files_of_this_release
from tests.process.scenario import read_all

PATH = "processes/agreement/scenarios.yaml"
NAMED = Named("recorded", Text("Записан", "Recorded"), through_program=True)


def told(ident: str) -> Scenario:
    return next(one for one in read_all() if (one.folder, one.id) == ("agreement", ident))


def recorded(session: Session, scenario: Scenario, *more: Act, until: int | None = None) -> Scenario:
    """The scenario as somebody clicks through it, and goes on with `more`."""
    for happening in HAPPENINGS:
        happenings.register(happening)
    files = files_of_this_release()
    setting, acts = open_scenario(scenario, until)
    found = replay(Compiled.of(files), setting, [*acts, *more], session, files)
    assert (found.unfit, found.world.problems) == (None, [])
    raw = strict_yaml.load(files[PATH])
    item = record(found, NAMED, Beside(raw["process"], tuple(raw["people"]), raw["operations"]))
    return scenarios.read({PATH: sources.append(files[PATH], item, "agreement")})[-1]


@pytest.mark.parametrize("ident", ["one_body_agrees", "silence"])
def test_a_recorded_run_holds_through_the_program(
    sessions: sessionmaker[Session], tmp_path: Path, moved_clock: TestClock, ident: str
) -> None:
    with sessions() as session:
        made = recorded(session, told(ident))
    assert (made.id, made.only) == ("recorded", "")
    ApplicationPlayer(sessions, tmp_path, made, moved_clock).play()


def test_timers_that_the_clock_has_passed_fire_in_the_program_in_the_same_order(
    sessions: sessionmaker[Session], tmp_path: Path, moved_clock: TestClock
) -> None:
    scenario = told("one_body_agrees")
    sent = next(number for number, step in enumerate(scenario.steps, 1) if step.name == "consider")
    with sessions() as session:
        setting, _ = open_scenario(scenario)
        made = recorded(session, scenario, Act("clock", until=setting.begun + timedelta(days=30)), until=sent)
    fired = [step.name for step in made.steps if step.kind == "timer"]
    assert len(fired) >= 3
    player = ApplicationPlayer(sessions, tmp_path, made, moved_clock).play()
    with sessions() as session:
        assert player.open_tasks(session) == made.steps[-1].values["open"]
