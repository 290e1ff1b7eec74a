"""What of the diagrams the recorded runs take, and what they do not: each of it is a finding of the check."""

import hashlib
import threading
import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from app.engine import Finding, Process
from app.engine import Step as Moved
from app.engine.decisions import compile_decisions
from app.engine.xml import parse_xml
from app.i18n import Text
from app.workflow import happenings
from app.workflow.scenarios import sources
from app.workflow.scenarios.compiled import Compiled
from app.workflow.scenarios.playing import Failed, Player
from app.workflow.scenarios.reading import FILE, Scenario, Unreadable, read
from app.workflow.scenarios.strict_yaml import BadYaml

_WORDS = {
    "sequenceFlow": Text("Переход", "The flow"),
    "boundaryEvent": Text("Граничное событие", "The boundary event"),
    "rule": Text("Правило", "The rule"),
}
_HINT = Text("Запишите сценарий, который проходит здесь.", "Record a scenario that comes this way.")


MOST_SECONDS = 30.0
"""Of all scenarios together; what is left then is not played, and said so."""
_KEPT = 2_000
_lock = threading.Lock()
_outcomes: "OrderedDict[tuple[str, str], Outcome]" = OrderedDict()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one scenario."""

    scenario: Scenario
    failed: Text | None
    number: int
    """Of the step at which it failed, from 1."""
    passed: Mapping[str, frozenset[str]]
    """Process -> ids of flows, boundary events and rules it took."""


@dataclass(slots=True)
class Taken:
    """Of a whole release: by process, the ids of flows, boundary events and rules."""

    wanted: dict[str, dict[str, str]] = field(default_factory=dict)
    """Process -> id -> its kind: sequenceFlow, boundaryEvent, rule."""
    taken: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    findings: list[Finding] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)

    @property
    def played(self) -> int:
        return len(self.outcomes)

    def missed(self, process: str) -> dict[str, str]:
        done = self.taken[process]
        return {ident: kind for ident, kind in self.wanted.get(process, {}).items() if ident not in done}


Told = Callable[[int, int], None]


def check(files: Mapping[str, bytes], told: Told | None = None) -> Taken:
    """Play every scenario; one that was played before on the same files is not played again.

    `told` hears how many have been played, and of how many.

    A scenario that does not hold is a publishing finding; a way that none takes in a procedure which has scenarios is
    a warning, and so is a procedure that has none.
    """
    compiled, found, until = Compiled.of(files), Taken(), time.monotonic() + MOST_SECONDS
    scenarios: list[Scenario] = []
    for path in sorted(one for one in files if one.endswith(f"/{FILE}")):
        try:
            scenarios += read({path: files[path]})
        except Unreadable as problem:
            found.unreadable.append(problem)
            found.findings.append(_unreadable(problem))
    for scenario in scenarios:
        outcome = play(compiled, scenario) if time.monotonic() < until else _too_late(scenario)
        found.outcomes.append(outcome)
        if outcome.failed is not None:
            found.findings.append(_failed(files, outcome.scenario, outcome.failed))
        if told is not None:
            told(len(found.outcomes), len(scenarios))
    for outcome in found.outcomes:
        for process, ids in outcome.passed.items():
            found.taken[process].update(ids)
    _look_for_gaps(files, compiled, found)
    return found


def _look_for_gaps(files: Mapping[str, bytes], compiled: Compiled, found: Taken) -> None:
    told = {one.scenario.folder for one in found.outcomes}
    unknown = {one.file.split("/")[-2] for one in found.unreadable}
    for process in compiled.specification.processes.values():
        found.wanted[process.id] = _to_be_taken(files, process)
        if process.folder in unknown:
            continue
        if process.folder in told:
            found.findings += [_missed(process, *one) for one in found.missed(process.id).items()]
        elif process.id == process.folder:
            found.findings.append(_untold(process))


def play(compiled: Compiled, scenario: Scenario) -> Outcome:
    """Played once for the same files; equal scenarios share the outcome."""
    known = ",".join(sorted(happenings.registered()))
    key = (compiled.digest, hashlib.sha256(f"{known} {scenario!r}".encode()).hexdigest())
    with _lock:
        if key in _outcomes:
            _outcomes.move_to_end(key)
            return _outcomes[key]
    outcome = _play(compiled, scenario)
    with _lock:
        _outcomes[key] = outcome
        while len(_outcomes) > _KEPT:
            _outcomes.popitem(last=False)
    return outcome


def _too_late(scenario: Scenario) -> Outcome:
    seconds = round(MOST_SECONDS)
    words = Text(
        f"не выполнялся: остальные длились больше {seconds} с", f"not played: the others took more than {seconds} s"
    )
    return Outcome(scenario, words, 0, {})


def _play(compiled: Compiled, scenario: Scenario) -> Outcome:
    player = Player(compiled.specification, compiled.forms, scenario)
    failed, number = None, 0
    try:
        player.play()
    except Failed as failure:
        failed, number = failure.message, failure.number
    passed: dict[str, set[str]] = defaultdict(set)
    for moved in player.journal:
        passed[moved.process].update(_passed(moved))
    return Outcome(scenario, failed, number, {process: frozenset(ids) for process, ids in passed.items()})


def _passed(moved: Moved) -> tuple[str, ...]:
    """An event on a border is armed with its task; it is taken only when it happens."""
    if moved.what == "decided":
        return tuple(moved.rules)
    return (moved.element,) if moved.what in ("took_flow", "completed") else ()


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


def _failed(files: Mapping[str, bytes], scenario: Scenario, why: Text) -> Finding:
    words = Text("не выполняется", "does not hold")
    message = Text(
        f"Сценарий «{scenario.id}» {words.ru}: {why.ru}", f"The scenario “{scenario.id}” {words.en}: {why.en}"
    )
    hint = Text("Исправьте диаграмму или сценарий.", "Mend the diagram or the scenario.")
    path = f"processes/{scenario.folder}/{FILE}"
    return Finding(path, scenario.id, "scenario_fails", "publishing", message, hint, line_of(files[path], scenario.id))


def line_of(content: bytes, ident: str) -> int | None:
    """The line in which the scenario begins."""
    try:
        return next((one.first + 1 for one in sources.items(content) if one.id == ident), None)
    except BadYaml:
        return None


def _unreadable(problem: Unreadable) -> Finding:
    what = problem.what
    message = Text(f"Файл сценариев не читается. {what.ru}", f"The file of scenarios cannot be read. {what.en}")
    hint = Text("Исправьте запись.", "Mend what is written there.")
    return Finding(problem.file, None, "scenario_file", "publishing", message, hint, problem.line)
