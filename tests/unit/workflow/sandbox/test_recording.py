"""A run becomes a scenario beside the procedure; every other byte of the file stays."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.courses.happenings import HAPPENINGS
from app.i18n import Text
from app.workflow import happenings, releases, scenarios
from app.workflow.sandbox import Act, Compiled, Named, Replay, open_scenario, record, replay
from app.workflow.sandbox.recording import Beside, new_file
from app.workflow.scenarios import Failed, Player, Scenario, Unreadable, sources, strict_yaml
from tests.diagrams import diagram, user
from tests.unit.workflow.sandbox.test_runs import BEGIN, files, setting

ROOT = Path(__file__).parents[4]
FILES = releases.read_folders(ROOT)
TOLD = scenarios.read(FILES)
NAMED = Named("recorded_again", Text("Еще раз", "Once more"), ("7.3",))


@pytest.fixture
def compiled() -> Compiled:
    for happening in HAPPENINGS:
        happenings.register(happening)
    return Compiled.of(FILES)


def beside(content: bytes) -> Beside:
    raw = strict_yaml.load(content)
    return Beside(raw["process"], tuple(raw["people"]), raw["operations"])


def opened(compiled: Compiled, scenario: Scenario, session: Session) -> Replay:
    chosen, acts = open_scenario(scenario)
    return replay(compiled, chosen, acts, session, FILES)


@pytest.mark.parametrize("scenario", TOLD, ids=str)
def test_every_scenario_opens_as_a_run_and_is_recorded_to_one_that_holds(
    sessions: sessionmaker[Session], compiled: Compiled, scenario: Scenario
) -> None:
    path = f"processes/{scenario.folder}/scenarios.yaml"
    with sessions() as session:
        found = opened(compiled, scenario, session)
    assert (found.unfit, found.world.problems) == (None, [])
    content = sources.append(FILES[path], record(found, NAMED, beside(FILES[path])), scenario.folder)
    made = scenarios.read({path: content})[-1]
    Player(compiled.specification, compiled.forms, made).play()
    assert sources.remove(content, NAMED.id) == FILES[path]


def test_a_recorded_scenario_notices_when_the_procedure_changes(sessions: sessionmaker[Session]) -> None:
    before = diagram("one", user("a"), user("b"), flows="start a; a b; b end")
    after = diagram("one", user("a"), user("c"), flows="start a; a c; c end")
    with sessions() as session:
        found = replay(Compiled.of(files(before)), setting(), [BEGIN, Act("task", "a", by="anna")], session)
    content = new_file(found, record(found, NAMED, Beside("one", ("anna", "boris"), {}))).encode()
    (made,) = scenarios.read({"processes/one/scenarios.yaml": content})
    assert (made.only, made.clauses, made.name) == ("engine", ("7.3",), NAMED.name)
    Player(Compiled.of(files(before)).specification, Compiled.of(files(before)).forms, made).play()
    with pytest.raises(Failed) as failure:
        Player(Compiled.of(files(after)).specification, Compiled.of(files(after)).forms, made).play()
    assert failure.value.number == 4
    assert "открыты c, ожидались b" in failure.value.message.ru


HEAD = "# kept: as it is\nprocess: one\npeople: {}\noperations: {}\n"
ITEM = "- id: new\n  steps:\n    - {begin: one}\n"
OLD = "  - id: old   # a remark\n    steps: [{begin: one}]\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{HEAD}scenarios:\n{OLD}", f"{HEAD}scenarios:\n{OLD}\n  - id: new\n    steps:\n      - {{begin: one}}\n"),
        (f"{HEAD}scenarios: []\n", f"{HEAD}scenarios:\n  - id: new\n    steps:\n      - {{begin: one}}\n"),
        (
            f"{HEAD}scenarios:\n{OLD}# the end\nx: 1\n",
            f"{HEAD}scenarios:\n{OLD}\n  - id: new\n    steps:\n      - {{begin: one}}\n# the end\nx: 1\n",
        ),
        (
            f"{HEAD}scenarios:\n- id: old\n  steps: []",
            f"{HEAD}scenarios:\n- id: old\n  steps: []\n\n- id: new\n  steps:\n    - {{begin: one}}\n",
        ),
        (
            f"{HEAD}scenarios:\n{OLD}".replace("\n", "\r\n"),
            f"{HEAD}scenarios:\n{OLD}\n  - id: new\n    steps:\n      - {{begin: one}}\n".replace("\n", "\r\n"),
        ),
    ],
    ids=["behind the last", "the first", "before what follows", "no end of line", "carriage returns"],
)
def test_it_is_put_behind_the_last_and_nothing_else_is_touched(before: str, after: str) -> None:
    assert sources.append(before.encode(), ITEM, "one").decode() == after


def test_what_cannot_be_written_to_says_why() -> None:
    with pytest.raises(sources.CannotWrite, match="one line"):
        sources.append(f"{HEAD}scenarios: [{{id: old, steps: []}}]\n".encode(), ITEM, "one")
    with pytest.raises(sources.CannotWrite, match="no entry"):
        sources.append(HEAD.encode(), ITEM, "one")
    with pytest.raises(Unreadable) as problem:
        sources.append(f"{HEAD}scenarios:\n  - [\n".encode(), ITEM, "one")
    assert problem.value.line is not None


def test_one_is_taken_out_and_the_others_keep_their_remarks() -> None:
    third = OLD.replace("old", "third")
    first = f"{HEAD}scenarios:\n  # first\n{OLD}\n  # about the second\n"
    three = f"{first}  - id: second\n    steps: []\n\n{third}"
    assert sources.remove(three.encode(), "second").decode() == f"{first}\n{third}"
    assert sources.remove(three.encode(), "unknown").decode() == three
    alone = sources.remove(f"{HEAD}scenarios:\n{OLD}".encode(), "old")
    assert scenarios.read({"processes/one/scenarios.yaml": alone}) == []
