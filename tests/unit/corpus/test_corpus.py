"""`python -m tests.corpus` sees a crash, a hang and a difference, and marks what ought to run without the check."""

import os
import random
from pathlib import Path

import pytest

from app.engine.diagrams import read_release
from app.engine.lint import examine
from tests.corpus.counting import Line, table
from tests.corpus.looking import Case, Seen, look_at
from tests.corpus.mutating import DRAWN, TREE, WILD
from tests.corpus.packages import PACKAGES
from tests.corpus.samples import samples
from tests.corpus.schedules import Different, play
from tests.corpus.simplified import simplify
from tests.corpus.subset import reasons
from tests.unit.engine_lint.drawing import changed, drawn, row, simple, ways
from tests.unit.engine_run.bpmn import end, node, parallel, start, timer, user

ROOT = Path(__file__).parents[3]
OTHER = "an expression of another language"
ANNOUNCEMENT = ROOT / "processes" / "announcement" / "announcement.bpmn"
SPLIT = drawn(start(), end(), parallel("s"), user("a"), user("b"), parallel("j"), ways("start>s>a>j>end", "s>b>j"))


def content(files: dict[str, bytes]) -> bytes:
    return next(iter(files.values()))


def test_a_diagram_that_ought_to_run_is_marked() -> None:
    assert reasons(content(simple())) == []
    assert reasons(ANNOUNCEMENT.read_bytes()) == []


@pytest.mark.parametrize(
    ("spoilt", "why"),
    [
        (b"<a", "not XML"),
        (b"<a/>", "not a BPMN file"),
        (content(drawn(row(start(), node("complexGateway", "x"), end()))), "element: complexGateway"),
        (content(drawn(row(start(), user("x"), end()), user("y"))), "an excerpt: not exactly one beginning in a level"),
        (content(simple(kind="serviceTask")), "incomplete: serviceTask that does not say in our words what it does"),
        (content(simple(kind="receiveTask")), "incomplete: message without a name"),
        (content(drawn(start(), user("x"), end(), ways("start>x", "x>end ? ${a}"))), OTHER),
        (content(drawn(row(start(), node("intermediateCatchEvent", "t", timer("duration", "")), end()))),
         "incomplete: expression without a text"),
        (content(changed(simple(), "<bpmn:userTask", '<bpmn:userTask xmlns:z="urn:zeebe" z:a="1"')),
         "settings of another engine"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_to_run_is_not_marked_and_it_is_said_why(spoilt: bytes, why: str) -> None:
    assert why in reasons(spoilt)


def test_a_difference_from_the_token_game_is_seen() -> None:
    """An engine that would take the two branches one or the other, and not both."""
    specification, _ = examine(SPLIT)
    assert specification is not None
    simplified = simplify(SPLIT, "p")
    assert play(simplified, _read(simplified.files), random.Random(1)) == 2
    other = {path: text.replace(b"parallelGateway", b"exclusiveGateway") for path, text in simplified.files.items()}
    with pytest.raises(Different):
        play(simplified, _read(other), random.Random(1))


def _read(files: dict[str, bytes]):  # type: ignore[no-untyped-def]  # a specification, or the test fails
    specification, findings = read_release(files)
    assert specification is not None, findings
    return specification


def test_a_crash_and_a_hang_of_the_check_are_results(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.corpus.looking.CHECK_SECONDS", 0.0)
    assert [seen.fault[:4] for seen in look_at([Case("slow", SPLIT, 0)])] == ["hang"]
    monkeypatch.undo()
    monkeypatch.setattr("tests.corpus.looking._Child.ask", lambda child, _: os.kill(child.process.pid, 9))
    assert [seen.fault[:5] for seen in look_at([Case("fatal", SPLIT, 0)])] == ["crash"]


def test_the_looks_add_up_to_a_line_of_the_table() -> None:
    line = Line("a tool")
    for seen in look_at([Case("good", SPLIT, 3), Case("bad", {"processes/x/x.bpmn": b"<a"}, 3)]):
        line.add(seen, [] if seen.name == "good" else ["not XML"])
    assert (line.files, line.read, line.accepted, line.schedules, line.marked_accepted) == (2, 1, 1, 3, 1)
    assert "| a tool | 2 | 1 | 1 | 1 (xml 1) |" in table([line])
    line.add(Seen("stuck", fault="hang: nothing came"), [])
    assert line.faults == ["stuck: hang: nothing came"]
    assert (line.marked, line.marked_accepted) == (2, 1)


def test_packages_are_pinned_and_no_address_is_written() -> None:
    assert len({one.label for one in PACKAGES}) == len(PACKAGES)
    assert all(len(one.sha256) == 64 and one.version[0].isdigit() for one in PACKAGES)
    told = "".join(path.read_text("utf-8") for path in (ROOT / "tests" / "corpus").glob("*.py"))
    assert "://registry" not in told
    assert "://pypi" not in told


@pytest.mark.parametrize("fault", [*TREE, *DRAWN, *WILD], ids=lambda one: str(one.__name__))
def test_every_fault_changes_something(fault) -> None:  # type: ignore[no-untyped-def]  # one of the mutations
    from lxml import etree

    root = etree.fromstring(ANNOUNCEMENT.read_bytes())
    before = etree.tostring(root)
    for seed in range(3):
        fault(root, random.Random(seed))
    assert etree.tostring(root) != before


def test_the_whole_release_is_among_what_is_spoilt() -> None:
    assert {"processes/announcement/announcement.bpmn"} <= set(samples()["the whole release"])
