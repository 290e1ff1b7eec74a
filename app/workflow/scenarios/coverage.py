"""What of the diagrams the recorded runs take, and what they do not: each of it is a finding of the check."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from app import engine, forms
from app.engine import Finding, Process, Specification
from app.engine import Step as Moved
from app.engine.decisions import compile_decisions
from app.engine.xml import parse_xml
from app.i18n import Text
from app.workflow.scenarios.playing import Failed, Player
from app.workflow.scenarios.reading import FILE, Scenario, Unreadable, read

_WORDS = {
    "sequenceFlow": Text("Переход", "The flow"),
    "boundaryEvent": Text("Граничное событие", "The boundary event"),
    "rule": Text("Правило", "The rule"),
}
_HINT = Text("Запишите сценарий, который проходит здесь.", "Record a scenario that comes this way.")


@dataclass(slots=True)
class Taken:
    """Of a whole release: by process, the ids of flows, boundary events and rules."""

    wanted: dict[str, dict[str, str]] = field(default_factory=dict)
    """Process -> id -> its kind: sequenceFlow, boundaryEvent, rule."""
    taken: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    findings: list[Finding] = field(default_factory=list)
    played: int = 0

    def missed(self, process: str) -> dict[str, str]:
        done = self.taken[process]
        return {ident: kind for ident, kind in self.wanted.get(process, {}).items() if ident not in done}


def check(files: Mapping[str, bytes]) -> Taken:
    """Play every scenario of a release that has no error.

    A scenario that does not hold is a publishing finding; a way that none takes in a procedure which has scenarios is
    a warning, and so is a procedure that has none.
    """
    specification, known = engine.compile_release(files, None), forms.load_forms(files)
    found = Taken()
    try:
        scenarios = read(files)
    except Unreadable as problem:
        found.findings.append(_unreadable(problem))
        return found
    for scenario in scenarios:
        _play(specification, known, scenario, found)
    told = {scenario.folder for scenario in scenarios}
    for process in specification.processes.values():
        found.wanted[process.id] = _to_be_taken(files, process)
        if process.folder in told:
            found.findings += [_missed(process, *one) for one in found.missed(process.id).items()]
        elif process.id == process.folder:
            found.findings.append(_untold(process))
    return found


def _play(specification: Specification, known: Mapping[str, forms.Form], scenario: Scenario, found: Taken) -> None:
    player = Player(specification, known, scenario)
    found.played += 1
    try:
        player.play()
    except Failed as failure:
        found.findings.append(_failed(scenario, failure))
    for moved in player.journal:
        found.taken[moved.process].update(_passed(moved))


def _passed(moved: Moved) -> tuple[str, ...]:
    return tuple(moved.rules) if moved.what == "decided" else (moved.element,)


def _to_be_taken(files: Mapping[str, bytes], process: Process) -> dict[str, str]:
    found = {}
    for element in process.elements.values():
        if element.kind in ("sequenceFlow", "boundaryEvent"):
            found[element.id] = element.kind
        if element.table is not None:
            found |= dict.fromkeys(_rules(files, element.table), "rule")
    return found


def _rules(files: Mapping[str, bytes], table: str) -> tuple[str, ...]:
    for path, content in files.items():
        if path.endswith(".dmn"):
            root, _ = parse_xml(content, path)
            tables = compile_decisions(root)
            if table in tables:
                return tuple(tables[table].rules)
    return ()


def _missed(process: Process, ident: str, kind: str) -> Finding:
    words = _WORDS[kind]
    message = Text(
        f"{words.ru} «{ident}» не проходит ни один сценарий.", f"{words.en} “{ident}” is taken by no scenario."
    )
    return Finding(process.file, ident, "scenario_way", "warning", message, _HINT)


def _untold(process: Process) -> Finding:
    message = Text("У процедуры нет сценариев.", "The procedure has no scenarios.")
    return Finding(process.file, process.id, "scenario_none", "warning", message, _HINT)


def _failed(scenario: Scenario, failure: Failed) -> Finding:
    words = Text("не выполняется", "does not hold")
    message = Text(
        f"Сценарий «{scenario.id}» {words.ru}: {failure}", f"The scenario “{scenario.id}” {words.en}: {failure}"
    )
    hint = Text("Исправьте диаграмму или сценарий.", "Mend the diagram or the scenario.")
    path = f"processes/{scenario.folder}/{FILE}"
    return Finding(path, scenario.id, "scenario_fails", "publishing", message, hint)


def _unreadable(problem: Unreadable) -> Finding:
    message = Text(f"Файл сценариев не читается: {problem}", f"The file of scenarios cannot be read: {problem}")
    hint = Text("Исправьте запись.", "Mend what is written there.")
    return Finding(problem.file, None, "scenario_file", "publishing", message, hint, problem.line)
