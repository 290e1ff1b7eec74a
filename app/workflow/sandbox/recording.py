"""A run becomes a scenario: YAML as people write it beside the diagrams, one step a line."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.i18n import Text
from app.workflow.sandbox.replaying import Replay
from app.workflow.sandbox.world import World
from app.workflow.scenarios import Member, Step
from app.workflow.scenarios.playing import in_order

WIDTH = 1_000_000
"""A step stands in one line, as in the files that people wrote."""


@dataclass(frozen=True, slots=True)
class Named:
    """How the scenario is to be called."""

    id: str
    name: Text
    clauses: tuple[str, ...] = ()
    through_program: bool = False
    """Whether the tests play it through the whole program as well."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What the file has already: only what differs from it is written."""

    process: str
    people: tuple[str, ...]
    operations: Mapping[str, Any]


def record(found: Replay, named: Named, beside: Beside) -> str:
    """The scenario as an item of the list, its dash in the first column."""
    setting = found.world.setting
    lines = [f"- id: {_flow(named.id)}", f"  name: {_flow({'ru': named.name.ru, 'en': named.name.en})}"]
    if named.clauses:
        lines.append(f"  clauses: {_flow(list(named.clauses))}")
    if setting.process != beside.process:
        lines.append(f"  process: {_flow(setting.process)}")
    if not named.through_program or any(step.nr for step in found.looks):
        lines.append("  only: engine")
    lines += _mapping("people", {one.name: _member(one) for one in setting.people if one.name not in beside.people})
    lines += _mapping("operations", _own_answers(found.world, beside.operations))
    lines += ["  steps:", *(f"    - {_step(step)}" for step in found.looks)]
    return "\n".join(lines) + "\n"


def new_file(found: Replay, item: str) -> str:
    """A whole file for a folder that has none yet; its people are those of the run."""
    setting = found.world.setting
    lines = [
        "# Recorded in the sandbox; the format is explained at the head of processes/agreement/scenarios.yaml.",
        f"process: {_flow(setting.process)}",
        "people:",
        *(f"  {one.name}: {_flow(_member(one))}" for one in setting.people),
        "operations: {}",
        "scenarios:",
    ]
    return "\n".join(lines) + "\n" + "".join(f"  {line}\n" for line in item.splitlines())


def _own_answers(world: World, known: Mapping[str, Any]) -> dict[str, Any]:
    """Operation -> its answers in order; left out where the file's own answer, or none at all, says the same."""
    found: dict[str, Any] = {}
    for name, answers in world.answers.items():
        if name not in known and name not in world.at_once and all(answer == {} for answer in answers):
            continue
        if name in known and all(one == answer for one, answer in zip(_endless(known[name]), answers, strict=False)):
            continue
        short = list(answers)
        while len(short) > 1 and short[-1] == short[-2]:
            short.pop()
        found[name] = short if len(short) > 1 or isinstance(short[0], list) else short[0]
    return found


def _endless(given: Any) -> Any:
    answers = in_order(given)
    yield from answers
    while True:
        yield answers[-1]


def _mapping(name: str, entries: Mapping[str, Any]) -> list[str]:
    if not entries:
        return []
    return [f"  {name}:", *(f"    {_flow(key)}: {_flow(value)}" for key, value in entries.items())]


def _member(one: Member) -> dict[str, Any]:
    row: dict[str, Any] = {"name": list(one.names), "home": one.home}
    if one.locale != "ru":
        row["locale"] = one.locale
    return row | {"roles": [dict(role) for role in one.roles]}


def _step(step: Step) -> str:
    if step.kind == "expect":
        return f"expect: {_flow(dict(step.values))}"
    row: dict[str, Any] = {step.kind: step.name}
    row |= {"of": step.of} if step.of is not None else {}
    row |= {"nr": step.nr} if step.nr else {}
    row |= {"by": step.by} if step.by else {}
    row |= {"with": dict(step.values)} if step.values else {}
    row |= {"only": step.only} if step.only else {}
    return _flow(row)


def _flow(value: Any) -> str:
    """In one line; what YAML would read as something else is quoted."""
    import yaml  # loaded where it works, as in `scenarios.strict_yaml`

    written = yaml.dump(
        value, Dumper=yaml.SafeDumper, default_flow_style=True, allow_unicode=True, width=WIDTH, sort_keys=False
    )
    return written.removesuffix("\n").removesuffix("\n...")
