"""Variables: who writes what, so that nothing is read that nobody writes, and no branch overwrites another's work."""

import difflib
from collections.abc import Iterator

from app.engine.expressions_errors import ExpressionError
from app.engine.lint_diagram import Diagram, Level, Node, Release, bpmn, text_of
from app.engine.lint_references import listed
from app.engine.lint_rule import Remark, Rule, remark
from app.engine.lint_sites import Site, item_name, sites

OPEN = "*"
"""Stands for names that no diagram tells: a message's payload, the data of whoever starts the process."""
_ALIKE = 0.85


def written(node: Node, release: Release) -> frozenset[str]:
    """The variables that are there once the node is done."""
    loop = node.multi
    if loop is not None:
        output = loop.find(bpmn("loopDataOutputRef"))
        return frozenset() if output is None else frozenset((text_of(output),))
    return written_inside(node, release)


def written_inside(node: Node, release: Release) -> frozenset[str]:
    """What one instance of the node writes."""
    found = {OPEN} if "message" in node.events and node.kind != "endEvent" else set()
    for word in ("task", "start", "call", "decision", "message", "error"):
        for element in node.extensions(word):
            found.update([element.get("result")] if element.get("result") else listed(element.get("outputs")))
    for script in node.element.iterchildren(bpmn("script")):
        found |= _assigned(Site(text_of(script), "script", script, "script", node))
    if node.body is not None:
        found |= _written_in(node.body, release)
    return frozenset(found | (_returned(node, release) if node.kind == "callActivity" else set()))


def _returned(node: Node, release: Release) -> set[str]:
    """What comes back from a called process: what is said to, or everything where nothing is said."""
    returned = {one.get("name") or "" for one in node.extensions("output")}
    called = release.processes.get(node.element.get("calledElement") or "")
    if returned or called is None or next(node.extensions("input"), None) is not None:
        return returned
    return set(_written_in(called, release))


def _assigned(site: Site) -> set[str]:
    try:
        return set(site.compiled().names.assigned)
    except ExpressionError:
        return set()


def _written_in(level: Level, release: Release) -> frozenset[str]:
    key = ("written", level)
    if key not in release.remembered:
        release.remembered[key] = frozenset[str]()  # for a process that calls itself
        found = frozenset[str]().union(*(written(node, release) for node in level.nodes.values()))
        release.remembered[key] = found
    return frozenset(release.remembered[key])


def known(process: Level, release: Release) -> frozenset[str]:
    """All variables that can be there in a process; OPEN among them where some cannot be told."""
    key = ("known", process)
    if key not in release.remembered:
        release.remembered[key] = frozenset((OPEN,))
        release.remembered[key] = _inside(process, release) | _given(process, release)
    return frozenset(release.remembered[key])


def _inside(process: Level, release: Release) -> frozenset[str]:
    """What is written anywhere in the process, in sub-processes and repeated activities too."""
    found = set(_written_in(process, release))
    todo = [process]
    while todo:
        for node in todo.pop().nodes.values():
            if node.body is not None:
                todo.append(node.body)
                found |= _written_in(node.body, release)
            if node.multi is not None:
                items = node.multi.iterchildren(bpmn("inputDataItem"), bpmn("outputDataItem"))
                found |= {item_name(item) for item in items} | written_inside(node, release)
    return frozenset(found)


def _given(process: Level, release: Release) -> frozenset[str]:
    """What those who call the process hand in."""
    callers = release.callers.get(process.id, [])
    brought = _brought(process, release)
    found = {OPEN} if brought is None and not callers else set(brought or ())
    for caller, call in callers:
        inputs = {one.get("name") or "" for one in call.extensions("input")}
        items = [] if call.multi is None else call.multi.iterchildren(bpmn("inputDataItem"))
        found |= inputs | {item_name(item) for item in items}
        found |= set() if inputs else known(caller, release)
    return frozenset(found)


def _brought(process: Level, release: Release) -> set[str] | None:
    """What the event that begins the process brings; None where people begin it too, or no known event does."""
    offered = release.catalogue.happenings if release.catalogue else {}
    begins = [one for node in process.starts[:1] for one in node.extensions("start")]
    named = [one.get("event") for one in begins if not one.get("roles")]
    return {name for event in named if event in offered for name in offered[event].data} or None


def name_unknown(diagram: Diagram) -> Iterator[Remark]:
    names = {process: known(process, diagram.release) for process in diagram.processes}
    for site in sites(diagram):
        if site.node is None or site.what == "output":
            continue
        here = names[_process(site.node.level)]
        for name in sorted(site.names() - here):
            alike = difflib.get_close_matches(name, here, 3, 0.5 if OPEN not in here else _ALIKE)
            if alike or OPEN not in here:
                yield remark(site.element, name=name, known=", ".join(alike) or "–")


def _process(level: Level) -> Level:
    while level.parent is not None:
        level = level.parent
    return level


def written_twice(diagram: Diagram) -> Iterator[Remark]:
    for node in diagram.nodes:
        if node.kind == "parallelGateway" and len(node.outgoing) > 1:
            names = _written_by_several(node, diagram.release)
            if names:
                yield remark(node, names=", ".join(sorted(names)))


def _written_by_several(split: Node, release: Release) -> set[str]:
    reached = [_reached(flow.target, split) for flow in split.outgoing if flow.target is not None]
    found: list[str] = []
    for number, own in enumerate(reached):
        others = set[Node]().union(*(nodes for other, nodes in enumerate(reached) if other != number))
        found += set[str]().union(*(written(node, release) for node in own - others))
    return {name for name in found if found.count(name) > 1 and name != OPEN}


def _reached(first: Node, but: Node) -> set[Node]:
    seen, todo = {first}, [first]
    while todo:
        found = [node for node in todo.pop().followers() if node not in seen and node is not but]
        todo += found
        seen.update(found)
    return seen


RULES = (
    Rule(
        "name-unknown",
        "warning",
        name_unknown,
        ru=("Переменную «{name}» никто не записывает.", "Проверьте, как она пишется. Похожие: {known}."),
        en=("Nobody writes the variable “{name}”.", "Check how it is spelt. Alike are: {known}."),
    ),
    Rule(
        "written-twice",
        "warning",
        written_twice,
        ru=(
            "Параллельные пути записывают одно и то же ({names}): останется то, что записано последним.",
            "Дайте каждому пути свою переменную и сравните их после соединения.",
        ),
        en=(
            "Parallel ways write the same ({names}): what is written last will stay.",
            "Give each way a variable of its own and compare them behind the join.",
        ),
    ),
)
