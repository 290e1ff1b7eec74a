"""A diagram played for its way alone: the engine itself moves the tokens, a person says what happens and which way.

The diagram is simplified for it: every step waits for a person, every event for a nod, every gateway that chooses is
asked. No expression, operation or form of the diagram is looked at, so a half-drawn one can be tried too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lxml import etree

from app.engine.diagrams import read_release
from app.engine.lint_diagram import BPMN, COOMET, SUB_PROCESSES, TASKS, bpmn, local, namespace
from app.engine.run import Run, start
from app.engine.specification import Finding, Specification
from app.engine.values import Json
from app.engine.xml import parse_xml

MOST_MOVES = 300
_ASKED = "asked-at.."
"""Before the id of a gateway: the step in which a person says which way."""
_STEPS = TASKS | {"callActivity"}
_CHOOSING = ("exclusiveGateway", "inclusiveGateway")
_WAITING = ("intermediateCatchEvent", "boundaryEvent")
_LEFT = ("incoming", "outgoing", "sequenceFlow")


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that may happen now; `ways`: the arrows to choose from, several of them where `many`."""

    element: str
    what: str
    """done: a step; passed: a time or an event; way: a gateway."""
    ways: tuple[str, ...] = ()
    many: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the tokens are after the moves. `played` is less than the moves where one of them was not possible."""

    moves: tuple[Move, ...]
    been: tuple[str, ...]
    ended: bool
    played: int


class Unplayable(Exception):
    """The engine cannot make anything of the diagram; `findings` says why."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("; ".join(found.message.en for found in findings))
        self.findings = tuple(findings)


def play(content: bytes, process: str, moves: Sequence[tuple[str, tuple[str, ...]]]) -> Standing:
    """From the beginning through these moves, each an element and the arrows chosen there. Raises Unplayable."""
    specification, ways = _prepared(content)
    if process not in specification.processes:
        raise Unplayable(())
    run = start(specification, process, {})
    been = [step.element for step in run.advance.journal]
    played = 0
    for element, chosen in moves[:MOST_MOVES]:
        journal = _move(run, element, chosen)
        if journal is None:
            break
        been += journal
        played += 1
    shown = tuple(dict.fromkeys(name for name in been if not name.startswith(_ASKED)))
    return Standing(tuple(_possible(run, ways)), shown, run.ended, played)


def _move(run: Run, element: str, chosen: tuple[str, ...]) -> list[str] | None:
    """What the move passed through; None where it is not possible now."""
    asked = _ASKED + element
    for task in run.snapshot().open_tasks:
        if task.element in (element, asked):
            values: dict[str, Json] = {_variable(element): list(chosen)} if task.element == asked else {}
            return [step.element for step in run.complete(task.id, values).journal]
    for timer in run.snapshot().timers:
        if timer.element == element:
            return [step.element for step in run.fire(timer.id).journal]
    return None


def _possible(run: Run, ways: Mapping[str, Move]) -> list[Move]:
    seen = run.snapshot()
    found = [
        ways[task.element.removeprefix(_ASKED)] if task.element.startswith(_ASKED) else Move(task.element, "done")
        for task in seen.open_tasks
    ]
    return list(dict.fromkeys([*found, *(Move(timer.element, "passed") for timer in seen.timers)]))


@lru_cache(maxsize=8)
def _prepared(content: bytes) -> tuple[Specification, Mapping[str, Move]]:
    root, findings = parse_xml(content, "")
    if root is None:
        raise Unplayable(findings)
    ways: dict[str, Move] = {}
    for part in [one for one in root if local(one) not in ("process",)]:
        root.remove(part)
    for process in root.iterchildren(bpmn("process")):
        process.set("isExecutable", "true")
        _simplify(process, ways)
    specification, findings = read_release({"played.bpmn": etree.tostring(root)})
    if specification is None:
        raise Unplayable(findings)
    return specification, ways


def _simplify(level: Any, ways: dict[str, Move]) -> None:
    for node in list(level):
        kind = local(node)
        if namespace(node) != BPMN or kind in (
            "laneSet",
            "extensionElements",
            "textAnnotation",
            "association",
            "group",
        ):
            level.remove(node)
        elif kind in SUB_PROCESSES:
            _strip(node, keep_all=True)
            _simplify(node, ways)
        elif kind == "receiveTask" and _races(level, node):
            node.tag = bpmn("intermediateCatchEvent")
            _strip(node)
            _timed(node)
        elif kind in _STEPS:
            node.tag = bpmn("userTask")
            _strip(node)
        elif kind != "sequenceFlow":
            _plain_event(node)
    for node in [one for one in level if local(one) in _CHOOSING]:
        _ask(level, node, ways)
    for flow in level.iterchildren(bpmn("sequenceFlow")):
        if flow.get("asked") is None:
            _clear(flow)
        flow.attrib.pop("asked", None)


def _races(level: Any, node: Any) -> bool:
    gateways = {one.get("id") for one in level if local(one) == "eventBasedGateway"}
    flows = level.iterchildren(bpmn("sequenceFlow"))
    return any(flow.get("targetRef") == node.get("id") and flow.get("sourceRef") in gateways for flow in flows)


def _strip(node: Any, *, keep_all: bool = False) -> None:
    """Only what the way needs; of a sub-process all but its repetition."""
    for name in set(node.attrib) - {"id", "name"}:
        del node.attrib[name]
    for part in list(node):
        repeats = local(part).endswith("LoopCharacteristics")
        if repeats or (not keep_all and local(part) not in _LEFT):
            node.remove(part)


def _clear(node: Any) -> None:
    for part in list(node):
        node.remove(part)


def _plain_event(node: Any) -> None:
    kind = local(node)
    for part in list(node):
        terminates = local(part) == "terminateEventDefinition" and kind == "endEvent"
        if local(part) not in _LEFT and not terminates:
            node.remove(part)
    if kind in _WAITING:
        _timed(node)


def _timed(node: Any) -> None:
    definition = etree.SubElement(node, bpmn("timerEventDefinition"))
    etree.SubElement(definition, bpmn("timeDuration")).text = "P1D"


def _ask(level: Any, gateway: Any, ways: dict[str, Move]) -> None:
    """A step before the gateway in which the person says which way; its arrows then follow what was said."""
    name = gateway.get("id")
    flows = list(level.iterchildren(bpmn("sequenceFlow")))
    out = [flow for flow in flows if flow.get("sourceRef") == name]
    if len(out) < 2:
        return
    many = local(gateway) == "inclusiveGateway"
    ways[name] = Move(name, "way", tuple(flow.get("id") for flow in out), many)
    for flow in flows:
        if flow.get("targetRef") == name:
            flow.set("targetRef", _ASKED + name)
    for flow in out:
        _clear(flow)
        if gateway.get("default") != flow.get("id"):
            condition = etree.SubElement(flow, bpmn("conditionExpression"))
            condition.text = f"'{flow.get('id')}' in {_variable(name)}"
        flow.set("asked", "")
    step = etree.SubElement(level, bpmn("userTask"), id=_ASKED + name)
    holder = etree.SubElement(step, bpmn("extensionElements"))
    etree.SubElement(holder, f"{{{COOMET}}}task", outputs=_variable(name))
    etree.SubElement(level, bpmn("sequenceFlow"), id=f"{_ASKED}{name}_on", sourceRef=_ASKED + name, targetRef=name)


def _variable(gateway: str) -> str:
    """A name of the language for what was said at the gateway."""
    return "way_" + gateway.encode().hex()
