"""A recorded scenario becomes a run, so that it can be looked at step by step and gone on with."""

from datetime import UTC, datetime

from app.workflow.sandbox.acts import Act, Setting
from app.workflow.scenarios import Scenario, Step

BEGUN = datetime(2026, 11, 23, 6, tzinfo=UTC)
"""A Monday morning: ten working days later it is the day that recorded answers name."""
AS_EVENT = ("ask", "request", "admit")
"""Steps by which something in the program begins the procedure; here it simply begins."""


def open_scenario(scenario: Scenario, until: int | None = None) -> tuple[Setting, list[Act]]:
    """`until`: number of the first step that is left out. What only the program does is passed over."""
    setting = Setting(scenario.folder, scenario.process, scenario.people, scenario.operations, BEGUN)
    steps = scenario.steps if until is None else scenario.steps[: until - 1]
    acts = [act for step in steps if step.only != "program" and (act := _act(step))]
    return setting, acts


def _act(step: Step) -> Act | None:
    values = dict(step.values)
    match step.kind:
        case "start" | "begin" | "event" | "task" as kind:
            return Act(kind, step.name, step.of, step.by, values, step.nr)
        case "timer":
            return Act("timer", step.name, step.of, nr=step.nr)
        case "message":
            return Act("message", step.name, step.of, values=values)
        case kind if kind in AS_EVENT:
            return Act("event", step.name, by=step.by)
    return None
