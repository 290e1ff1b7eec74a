"""Seeded faults for files of analysts: what an editor, a merge by hand, a broken disk or an attacker leaves behind."""

import random
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
COOMET = "{urn:coomet:bpmn:1}"
WORDS = ("", "x", "true", "-1", "9" * 400, "__import__('os')", "\U0001f600", "a b", "p", "{0}", "%s", "]]>", "R/PT0S")
FOREIGN = "{http://camunda.org/schema/1.0/bpmn}"
MANY = 5_000
DEEP = 400
Mutation = Callable[[Any, random.Random], None]


def elements(root: Any) -> list[Any]:
    return [element for element in root.iter() if isinstance(element.tag, str)]


def delete(root: Any, drawn: random.Random) -> None:
    victim = drawn.choice(elements(root)[1:])
    victim.getparent().remove(victim)


def repeat(root: Any, drawn: random.Random) -> None:
    one = drawn.choice(elements(root)[1:])
    drawn.choice(elements(root)).append(etree.fromstring(etree.tostring(one)))


def move(root: Any, drawn: random.Random) -> None:
    one, other = drawn.sample(elements(root)[1:], 2)
    if one not in other.iterancestors():
        other.append(one)


def rename(root: Any, drawn: random.Random) -> None:
    one, other = drawn.sample(elements(root), 2)
    one.tag = other.tag


def rewrite(root: Any, drawn: random.Random) -> None:
    one = drawn.choice(elements(root))
    one.text = drawn.choice(WORDS)


def set_attribute(root: Any, drawn: random.Random) -> None:
    """Another element's value, a strange word, or nothing."""
    one = drawn.choice([element for element in elements(root) if element.attrib])
    name = drawn.choice(list(one.attrib))
    values = [value for element in elements(root) for value in element.attrib.values()]
    if drawn.random() < 0.2:
        del one.attrib[name]
    else:
        one.set(name, drawn.choice([*WORDS, *drawn.sample(values, min(20, len(values)))]))


def rename_attribute(root: Any, drawn: random.Random) -> None:
    one = drawn.choice([element for element in elements(root) if element.attrib])
    name = drawn.choice(list(one.attrib))
    one.set(drawn.choice(("id", "name", "default", "ID", "sourceRef", "isExecutable")), one.attrib.pop(name))


def cut_flow(root: Any, drawn: random.Random) -> None:
    """An arrow is gone, with the marks it left on its ends: what stood behind it is an end that nobody drew."""
    flows = list(root.iter(BPMN + "sequenceFlow"))
    if flows:
        _remove(root, drawn.choice(flows))


def bend_flow(root: Any, drawn: random.Random) -> None:
    """An arrow leads somewhere else on its level, or comes from elsewhere."""
    flows = list(root.iter(BPMN + "sequenceFlow"))
    if flows:
        flow = drawn.choice(flows)
        beside = [one.get("id") for one in flow.getparent() if one.get("id") and one.tag != flow.tag]
        flow.set(drawn.choice(("sourceRef", "targetRef")), drawn.choice(beside))


def drop_end(root: Any, drawn: random.Random) -> None:
    """An end event is gone with the arrows into it, as tools leave it that do not draw ends."""
    ends = list(root.iter(BPMN + "endEvent"))
    if ends:
        end = drawn.choice(ends)
        for flow in list(root.iter(BPMN + "sequenceFlow")):
            if end.get("id") in (flow.get("targetRef"), flow.get("sourceRef")):
                _remove(root, flow)
        end.getparent().remove(end)


def take_kind(root: Any, drawn: random.Random) -> None:
    """A task loses its kind, or a gateway gets another one."""
    kinds = ("exclusiveGateway", "inclusiveGateway", "parallelGateway")
    nodes = [one for one in elements(root) if one.tag.removeprefix(BPMN) in ("userTask", "manualTask", *kinds)]
    if nodes:
        one = drawn.choice(nodes)
        one.tag = BPMN + (drawn.choice(kinds) if one.tag.endswith("Gateway") else "task")


def swap_ids(root: Any, drawn: random.Random) -> None:
    named = [one for one in elements(root) if one.get("id")]
    one, other = drawn.sample(named, 2)
    first, second = one.get("id"), other.get("id")
    one.set("id", second)
    other.set("id", first)


def nest(root: Any, drawn: random.Random) -> None:
    one = drawn.choice(elements(root)[1:])
    inner = etree.fromstring(etree.tostring(one))
    for _ in range(drawn.choice((3, 12, DEEP))):
        outer = etree.Element(drawn.choice((BPMN + "subProcess", one.tag)), id=f"nest{drawn.randrange(10**9)}")
        outer.append(inner)
        inner = outer
    one.getparent().replace(one, inner)


def huge_name(root: Any, drawn: random.Random) -> None:
    drawn.choice(elements(root)).set(drawn.choice(("name", "id")), "Ж" * drawn.choice((101, 10_000, 1_500_000)))


def foreign_extension(root: Any, drawn: random.Random) -> None:
    one = drawn.choice([*root.iter(BPMN + "userTask", BPMN + "process", BPMN + "sequenceFlow")] or [root])
    word = drawn.choice(("assignee", "asyncBefore", "delegateExpression", "nobody knows".replace(" ", "")))
    one.set(drawn.choice((FOREIGN, "{urn:vendor:of:nobody}")) + word, "${bean}")


def process_again(root: Any, drawn: random.Random) -> None:
    """Two processes with one id."""
    for process in list(root.iter(BPMN + "process"))[:1]:
        root.append(etree.fromstring(etree.tostring(process)))


def lane_without_role(root: Any, drawn: random.Random) -> None:
    lanes = list(root.iter(COOMET + "lane"))
    if lanes:
        lane = drawn.choice(lanes)
        lane.getparent().remove(lane)


def many(root: Any, drawn: random.Random) -> None:
    """Thousands of elements in one level."""
    level = drawn.choice([*root.iter(BPMN + "process", BPMN + "subProcess")] or [root])
    tag = BPMN + drawn.choice(("userTask", "textAnnotation", "sequenceFlow", "dataObject"))
    for number in range(MANY):
        etree.SubElement(level, tag, id=f"many{number}", sourceRef="many0", targetRef=f"many{number}")


def _remove(root: Any, flow: Any) -> None:
    name = flow.get("id")
    for one in elements(root):
        if name and one.get("default") == name:
            del one.attrib["default"]
        elif one.tag in (BPMN + "incoming", BPMN + "outgoing") and (one.text or "").strip() == name:
            one.getparent().remove(one)
    flow.getparent().remove(flow)


TREE: tuple[Mutation, ...] = (delete, repeat, move, rename, rewrite, set_attribute)
DRAWN: tuple[Mutation, ...] = (cut_flow, bend_flow, drop_end, take_kind, lane_without_role, foreign_extension)
"""After these a diagram often still runs, so that it is played."""
WILD: tuple[Mutation, ...] = (rename_attribute, swap_ids, nest, huge_name, process_again, many)


def mutate(content: bytes, drawn: random.Random) -> bytes:
    """A file that can be parsed, with up to five faults, or one whose bytes are damaged."""
    chance = drawn.random()
    if chance < 0.1:
        at = drawn.randrange(len(content))
        return content[:at] + bytes([drawn.randrange(256)]) * drawn.choice((0, 1, 3)) + content[at + 1 :]
    if chance < 0.15:
        return content[: drawn.randrange(len(content))]
    root = etree.fromstring(content)
    kinds = drawn.choice((TREE, DRAWN, DRAWN, DRAWN, WILD))
    for _ in range(drawn.choice((1, 1, 2, 5)) if kinds is not WILD else 1):
        if len(elements(root)) > 3:
            with suppress(IndexError, ValueError):  # a file in which there is nothing of the kind to spoil
                drawn.choice(kinds)(root, drawn)
    return bytes(etree.tostring(root))


def mutated(files: Mapping[str, bytes], drawn: random.Random) -> dict[str, bytes]:
    """The files with one of them spoilt."""
    path = drawn.choice(sorted(files))
    return {**files, path: mutate(files[path], drawn)}
