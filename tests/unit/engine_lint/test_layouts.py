"""A diagram without a drawing gets one: everything has its place, nothing lies on another, the rest stays as it was."""

from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from app.engine.layouts import lay_out
from app.engine.strangers import receive
from app.engine.xml import validate_bpmn
from tests.generated import generate

ROOT = Path(__file__).parents[3]
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
PROCEDURES = sorted((ROOT / "processes").rglob("*.bpmn"))
Rectangle = tuple[int, int, int, int]


def undrawn(content: bytes) -> bytes:
    root = etree.fromstring(content)
    for diagram in root.findall(DI + "BPMNDiagram"):
        root.remove(diagram)
    return bytes(etree.tostring(root))


def places(root: Any) -> dict[str, Rectangle]:
    found = {}
    for shape in root.iter(DI + "BPMNShape"):
        x, y, width, height = (int(shape.find("{*}Bounds").get(name)) for name in ("x", "y", "width", "height"))
        found[shape.get("bpmnElement")] = (x, y, x + width, y + height)
    return found


def overlap(one: Rectangle, other: Rectangle) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def contains(outer: Rectangle, inner: Rectangle) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and outer[2] >= inner[2] and outer[3] >= inner[3]


@pytest.mark.parametrize("path", PROCEDURES, ids=lambda path: str(path.stem))
def test_every_step_stands_alone_and_in_its_lane(path: Path) -> None:
    drawn = lay_out(undrawn(path.read_bytes()), path.name)
    assert drawn is not None
    root: Any = etree.fromstring(drawn)
    found = places(root)
    drawn_lanes = root.iter("{*}lane")
    lanes = {str(ref.text).strip(): str(lane.get("id")) for lane in drawn_lanes for ref in lane.iter("{*}flowNodeRef")}
    assert all(contains(found[lane], found[node]) for node, lane in lanes.items())
    events = {one.get("id") for one in root.iter("{*}boundaryEvent")}
    beside = [found[name] for name in lanes if name not in events]
    assert not [pair for pair in combinations(beside, 2) if overlap(*pair)]


@pytest.mark.parametrize("seed", range(0, 60, 3))
def test_everything_has_its_place_and_the_rest_stays(seed: int) -> None:
    content = generate(seed).text.encode()
    drawn = lay_out(content, "generated.bpmn")
    assert drawn is not None
    head = content[: content.rindex(b"</")]
    assert drawn.startswith(head + b"<bpmndi:BPMNDiagram")
    assert drawn.endswith(content[len(head) :])
    assert not validate_bpmn(etree.fromstring(drawn), "generated.bpmn")
    arrived, _ = receive(drawn, "generated.bpmn")
    assert arrived is not None
    assert arrived.undrawn == 0


def test_what_has_a_drawing_or_is_no_diagram_is_left_alone() -> None:
    assert lay_out(PROCEDURES[0].read_bytes(), "x.bpmn") is None
    assert lay_out(b"<a", "x.bpmn") is None
    assert lay_out(next((ROOT / "processes").rglob("*.dmn")).read_bytes(), "x.dmn") is None
