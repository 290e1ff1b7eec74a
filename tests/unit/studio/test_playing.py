"""The way of a diagram, tried without its content: the engine moves the tokens, whatever the moves are."""

import random
from pathlib import Path

import pytest
from lxml import etree

from app.engine.playing import Standing, Unplayable, play

ROOT = Path(__file__).parents[3]
FILES = sorted((ROOT / "processes").rglob("*.bpmn"))


def process_of(content: bytes) -> str:
    process = etree.fromstring(content).find("{*}process")
    assert process is not None
    return str(process.get("id"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_diagram_of_ours_can_be_played_to_its_end(path: Path) -> None:
    content, rng = path.read_bytes(), random.Random(7)
    process = process_of(content)
    moves: list[tuple[str, tuple[str, ...]]] = []
    standing = play(content, process, moves)
    while standing.moves and not standing.ended and len(moves) < 80:
        move = rng.choice(standing.moves)
        moves.append((move.element, (rng.choice(move.ways),) if move.ways else ()))
        standing = play(content, process, moves)
        assert standing.played == len(moves)
        assert moves[-1][0] in standing.been
    assert standing.ended or len(moves) == 80


SPLIT = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="urn:x">
<process id="p" isExecutable="true"><startEvent id="s" /><inclusiveGateway id="g" default="gc" />
<userTask id="a" /><scriptTask id="b"><script>not our language at all (</script></scriptTask><serviceTask id="c" />
<inclusiveGateway id="j" /><endEvent id="e" />
<sequenceFlow id="sg" sourceRef="s" targetRef="g" /><sequenceFlow id="ga" sourceRef="g" targetRef="a" />
<sequenceFlow id="gb" sourceRef="g" targetRef="b" /><sequenceFlow id="gc" sourceRef="g" targetRef="c" />
<sequenceFlow id="aj" sourceRef="a" targetRef="j" /><sequenceFlow id="bj" sourceRef="b" targetRef="j" />
<sequenceFlow id="cj" sourceRef="c" targetRef="j" /><sequenceFlow id="je" sourceRef="j" targetRef="e" />
</process></definitions>"""


def at(*moves: tuple[str, tuple[str, ...]]) -> Standing:
    return play(SPLIT, "p", moves)


def test_the_gateway_follows_what_was_said_and_the_join_waits_for_all_that_set_out() -> None:
    assert [(one.element, one.ways, one.many) for one in at().moves] == [("g", ("ga", "gb", "gc"), True)]
    both = at(("g", ("ga", "gb")))
    assert [one.element for one in both.moves] == ["a", "b"]
    assert not at(("g", ("ga", "gb")), ("a", ())).ended
    assert at(("g", ("ga", "gb")), ("a", ()), ("b", ())).ended
    assert [one.element for one in at(("g", ())).moves] == ["c"]


def test_a_move_that_is_not_possible_is_left_out_with_all_behind_it() -> None:
    assert at(("a", ()), ("g", ("ga",))).played == 0
    assert at(("g", ("ga",)), ("b", ()), ("a", ())).played == 1
    assert at(*[("g", ("ga",))] * 1000).played == 1


@pytest.mark.parametrize("content", [b"", b"<a/>", SPLIT.replace(b'targetRef="j"', b'targetRef="nowhere"')])
def test_what_cannot_be_played_says_why(content: bytes) -> None:
    with pytest.raises(Unplayable):
        play(content, "p", [])
