"""Changes that an analyst makes to a generated process: a step added, removed or renamed, a timer added."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from tests.generated import Generated
from tests.oracle import BPMN

KINDS = ("added", "removed", "renamed", "reminder", "time-out")
NEW = "w1"
"""The step, or the event, that is new."""


@dataclass(frozen=True)
class Change:
    """A process and what has become of it; `element` is the step that was added, removed or renamed."""

    kind: str
    element: str
    files: dict[str, bytes]


def change(generated: Generated, kind: str) -> Change | None:
    """One change of that kind drawn by the seed; None where the process has no place for it."""
    ((path, content),) = generated.files.items()
    root = etree.fromstring(content)
    drawn = random.Random(f"{generated.seed} {kind}")
    element = _MAKE[kind](generated, root, drawn)
    return Change(kind, element, {path: etree.tostring(root)}) if element else None


def _add(_generated: Generated, root: Any, drawn: random.Random) -> str | None:
    """A step on a flow, as bpmn-js puts it there: the flow keeps its id up to the new step."""
    by_id = {one.get("id"): one for one in root.iter()}
    flows = list(root.iter(BPMN + "sequenceFlow"))
    flows = [one for one in flows if by_id[one.get("sourceRef")].tag != BPMN + "eventBasedGateway"]
    flow = drawn.choice(flows)
    level = flow.getparent()
    etree.SubElement(level, BPMN + "userTask", id=NEW)
    etree.SubElement(level, BPMN + "sequenceFlow", id="wf1", sourceRef=NEW, targetRef=flow.get("targetRef"))
    flow.set("targetRef", NEW)
    return NEW


def _remove(generated: Generated, root: Any, drawn: random.Random) -> str | None:
    """A step that decides nothing; what led to it leads to what came after it."""
    hosts = {one.get("attachedToRef") for one in root.iter(BPMN + "boundaryEvent")}
    steps = [one for one in root.iter(BPMN + "userTask", BPMN + "manualTask") if one.get("id") not in hosts]
    steps = [one for one in steps if one.get("id") not in generated.decides]
    if not steps:
        return None
    step = drawn.choice(steps)
    (out,) = [one for one in step.getparent() if one.get("sourceRef") == step.get("id")]
    for flow in step.getparent():
        if flow.get("targetRef") == step.get("id"):
            flow.set("targetRef", out.get("targetRef"))
    step.getparent().remove(out)
    step.getparent().remove(step)
    return str(step.get("id"))


def _rename(_generated: Generated, root: Any, drawn: random.Random) -> str | None:
    step = drawn.choice([one for one in root.iter() if one.get("id") and not one.tag.endswith(("Ref", "Item"))])
    step.set("name", "Теперь он называется так")
    return str(step.get("id"))


def _remind(_generated: Generated, root: Any, drawn: random.Random) -> str | None:
    return _guard(root, drawn, "false")


def _time_out(_generated: Generated, root: Any, drawn: random.Random) -> str | None:
    return _guard(root, drawn, "true")


def _guard(root: Any, drawn: random.Random, interrupting: str) -> str | None:
    """A timer on an activity: on its own way to an end."""
    hosts = list(root.iter(BPMN + "userTask", BPMN + "manualTask", BPMN + "subProcess", BPMN + "callActivity"))
    if not hosts:
        return None
    host = drawn.choice(hosts)
    level, items = host.getparent(), list(_items(root, host.getparent()))
    sum_ = " + ".join(f"{item} * {10**place}" for place, item in enumerate(reversed(items))) or "1"
    given = {"attachedToRef": host.get("id"), "cancelActivity": interrupting}
    event = etree.SubElement(level, BPMN + "boundaryEvent", id=NEW, **given)
    timer = etree.SubElement(event, BPMN + "timerEventDefinition")
    etree.SubElement(timer, BPMN + "timeDuration").text = f"workdays({sum_})"
    etree.SubElement(level, BPMN + "userTask", id="w2")
    etree.SubElement(level, BPMN + "endEvent", id="w3")
    etree.SubElement(level, BPMN + "sequenceFlow", id="wf1", sourceRef=NEW, targetRef="w2")
    etree.SubElement(level, BPMN + "sequenceFlow", id="wf2", sourceRef="w2", targetRef="w3")
    return NEW


def _items(root: Any, level: Any) -> Iterator[str]:
    """Variables of the repeated activities around a level, outermost first."""
    if level.tag == BPMN + "subProcess":
        yield from _items(root, level.getparent())
        return
    callers = [one for one in root.iter(BPMN + "callActivity") if one.get("calledElement") == level.get("id")]
    if callers:
        yield from _items(root, callers[0].getparent())
        yield from (item.get("id") for item in callers[0].iter(BPMN + "inputDataItem"))


_MAKE = dict(zip(KINDS, (_add, _remove, _rename, _remind, _time_out), strict=True))
