"""Every scenario beside a diagram holds, on the engine alone and through the program; together they take every way."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app import engine, forms
from app.engine import Specification
from app.engine import Step as Moved
from app.engine.decisions import compile_decisions
from app.workflow import releases
from tests.conftest import TestClock
from tests.process.application_player import ApplicationPlayer
from tests.process.engine_player import EnginePlayer
from tests.process.scenario import ROOT, Scenario, read_all

SCENARIOS = read_all()
Known = tuple[Specification, Mapping[str, forms.Form]]


@pytest.fixture(scope="module")
def known() -> Known:
    files = releases.read_folders(ROOT)
    return engine.compile_release(files, None), forms.load_forms(files)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_a_scenario_holds_on_the_engine_alone(known: Known, scenario: Scenario) -> None:
    EnginePlayer(*known, scenario).play()


def test_the_scenarios_take_every_flow_boundary_event_and_rule(known: Known) -> None:
    specification, _ = known
    taken: dict[str, set[str]] = defaultdict(set)
    for scenario in SCENARIOS:
        for moved in EnginePlayer(*known, scenario).play():
            taken[moved.process] |= set(_passed(moved))
    folders = {scenario.folder for scenario in SCENARIOS}
    missed = [
        f"{process.file}: {kind} {name}"
        for process in specification.processes.values()
        if process.folder in folders
        for kind, name in _to_be_taken(specification, process.id)
        if name not in taken[process.id]
    ]
    assert not missed, "no scenario takes:\n" + "\n".join(missed)


def _passed(moved: Moved) -> tuple[str, ...]:
    return moved.rules if moved.what == "decided" else (moved.element,)


def _rules(folder: str, table: str) -> tuple[str, ...]:
    files = (path.read_bytes() for path in sorted((ROOT / "processes" / folder).glob("*.dmn")))
    return next(found[table].rules for found in map(compile_decisions, files) if table in found)


def _to_be_taken(specification: Specification, process: str) -> list[tuple[str, str]]:
    found = []
    for element in specification.processes[process].elements.values():
        if element.kind in ("sequenceFlow", "boundaryEvent"):
            found.append((element.kind, element.id))
        if element.table is not None:
            found += [("rule", rule) for rule in _rules(specification.processes[process].folder, element.table)]
    return found


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_a_scenario_holds_through_the_program(
    sessions: sessionmaker[Session], tmp_path: Path, moved_clock: TestClock, scenario: Scenario
) -> None:
    ApplicationPlayer(sessions, tmp_path, scenario, moved_clock).play()
