"""The diagrams and decision tables of a release -> Specification."""

from collections.abc import Iterator, Mapping

from app.engine.blueprints import NOT_NODES, Blueprint, Builder
from app.engine.blueprints_nodes import Workshop, missing
from app.engine.decisions import Decision, DecisionErrors, compile_decisions
from app.engine.drawings import Reader
from app.engine.specification import Element, Finding, Process, Specification
from app.engine.xml import parse_xml, validate_bpmn
from app.i18n import Text


def read_release(files: Mapping[str, bytes]) -> tuple[Specification | None, list[Finding]]:
    """Parse every diagram and decision. Without a specification there is at least one finding of severity error.

    These are only the findings without which nothing can run (XML, schema, unknown elements, expressions that do not
    compile, references that lead nowhere); `check` adds what would run wrongly.
    """
    findings: list[Finding] = []
    decisions = _read_decisions(files, findings)
    processes = _read_processes(files, findings)
    findings += [found for process in processes.values() for found in _loose_ends(process, processes)]
    if findings:
        return None, findings
    levels: dict[str, Blueprint] = {}
    for process in processes.values():
        workshop = Workshop(process.file, decisions)
        levels |= {level.name: level for level in Builder(process, workshop).levels()}
        findings += workshop.findings
    return (None, findings) if findings else (Specification(processes, levels), [])


def _read_decisions(files: Mapping[str, bytes], findings: list[Finding]) -> dict[str, Decision]:
    decisions: dict[str, Decision] = {}
    for file, content in files.items():
        if not file.endswith(".dmn"):
            continue
        root, found = parse_xml(content, file)
        findings += found
        if root is None:
            continue
        try:
            read = compile_decisions(root)
        except DecisionErrors as errors:
            findings += [
                Finding(file, problem.element, "decision", "error", problem.message, problem.hint, problem.line)
                for problem in errors.problems
            ]
            continue
        findings += [_twice(file, name) for name in read.keys() & decisions.keys()]
        decisions |= read
    return decisions


def _read_processes(files: Mapping[str, bytes], findings: list[Finding]) -> dict[str, Process]:
    processes: dict[str, Process] = {}
    for file, content in files.items():
        if not file.endswith(".bpmn"):
            continue
        root, found = parse_xml(content, file)
        findings += found or validate_bpmn(root, file)
        if root is None:
            continue
        reader = Reader(file, root)
        for process in reader.processes():
            if process.id in processes:
                findings.append(_twice(file, process.id))
            processes[process.id] = process
        findings += reader.findings
    return processes


def _loose_ends(process: Process, processes: Mapping[str, Process]) -> Iterator[Finding]:
    """References that lead nowhere, and levels that cannot begin."""
    elements = process.elements
    for element in elements.values():
        if element.kind == "sequenceFlow":
            ends = [elements.get(end or "") for end in (element.source, element.target)]
            if not all(end and end.kind not in NOT_NODES and end.parent == element.parent for end in ends):
                yield missing(process.file, element, "одного из концов стрелки", "one end of the sequence flow")
        elif element.kind == "boundaryEvent" and not _can_be_guarded(element, elements.get(element.attached_to or "")):
            yield missing(process.file, element, "действия, к которому прикреплено событие", "activity the event is on")
        elif element.kind == "eventBasedGateway" and not all(_waits(elements, name) for name in element.outgoing):
            yield missing(process.file, element, "события в конце каждой стрелки", "event at the end of each flow")
        elif element.kind == "callActivity" and element.called not in processes:
            name = element.called or ""
            yield missing(process.file, element, f"процесса «{name}»", f"process “{name}”")
    levels = [None, *(element.id for element in elements.values() if element.kind == "subProcess")]
    for level in levels:
        if not any(element.kind == "startEvent" and element.parent == level for element in elements.values()):
            place = elements[level] if level else Element(process.id, "process", process.name, process.instructions)
            yield missing(process.file, place, "начального события", "start event")


def _can_be_guarded(event: Element, host: Element | None) -> bool:
    if host is None or host.parent != event.parent:
        return False
    return host.kind.endswith("Task") or host.kind in ("task", "subProcess", "callActivity")


def _waits(elements: Mapping[str, Element], flow: str) -> bool:
    target = elements.get(elements[flow].target or "")
    return target is not None and target.kind in ("intermediateCatchEvent", "receiveTask") and target.event is not None


def _twice(file: str, name: str) -> Finding:
    return Finding(
        file,
        name,
        "duplicate",
        "error",
        Text(ru=f"Имя «{name}» в выпуске уже занято.", en=f"The name “{name}” is already taken in the release."),
        Text(ru="Дайте процессу или таблице другой идентификатор.", en="Give the process or table another id."),
    )
