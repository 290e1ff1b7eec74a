"""Plays a scenario on the engine alone; between two steps the instance lives only as the bytes it was saved to."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from app import engine, forms
from app.engine import Advance, Call, OpenTask, Run, Specification, Timer
from app.engine import Step as Moved
from app.workflow import happenings
from app.workflow.scenarios.reading import BEGINNINGS, Scenario, Step

SOME_DAY = "2026-12-07"
SUBJECT = "course"


class Failed(Exception):
    """The procedure does not do what the scenario says."""


class Player:
    """Operations answer as the scenario says; jobs are answered at once. `journal`: all that has happened."""

    def __init__(self, specification: Specification, known: Mapping[str, forms.Form], scenario: Scenario) -> None:
        self.specification = specification
        self.forms = known
        self.scenario = scenario
        self.answers = {name: list(given) if isinstance(given, list) else [given]
                        for name, given in scenario.operations.items()}  # fmt: skip
        self.state = b""
        self.ended: str | None = None
        self.journal: list[Moved] = []

    def play(self) -> list[Moved]:
        """Raises Failed at the first step that cannot be taken, or whose expectation does not hold."""
        acts = {"task": self._task, "timer": self._timer, "expect": self._expect}
        for step in self.scenario.steps:
            if step.only == "program":
                continue
            if step.kind in BEGINNINGS:
                self._begin(step)
            elif step.kind in acts:
                acts[step.kind](step)
        return self.journal

    def _begin(self, step: Step) -> None:
        """With the subject, what the event or the form's operation would bring, and what the step says itself."""
        process = self.specification.processes.get(self.scenario.process)
        if process is None:
            raise Failed(f"{step}: no procedure is called {self.scenario.process!r}")
        known = happenings.registered().get(process.event or "")
        brought = {name: name for name in known.variables} if known else {}
        operation = process.start.operation if process.start else None
        answered = self.answers.get(operation or "", [{}])[0]
        given = {SUBJECT: SUBJECT, **brought, **(answered if isinstance(answered, dict) else {})}
        of_event = step.values if step.kind == "event" else {}
        run = engine.start(self.specification, self.scenario.process, {**given, **of_event})
        self._settle(run, run.advance)

    def _task(self, step: Step) -> None:
        def complete(run: Run) -> Advance:
            task = self._one(run.snapshot().open_tasks, step)
            element = self.specification.element(task.process, task.element)
            return run.complete(task.id, self._outputs(str(element.form), element.outputs, step.values))

        self._move(complete)

    def _timer(self, step: Step) -> None:
        def fire(run: Run) -> Advance:
            open_tasks = {task.id: task for task in run.snapshot().open_tasks}
            due = [timer for timer in run.snapshot().timers if timer.element == step.name]
            mine = [timer for timer in due if _body(open_tasks.get(str(timer.task))) == step.of]
            if len(mine) != 1:
                raise Failed(f"{step}: {len(mine)} such timers are waiting")
            return run.fire(_id(mine[0]))

        self._move(fire)

    def _expect(self, step: Step) -> None:
        if "ended" in step.values and self.ended != step.values["ended"]:
            raise Failed(f"ended by {self.ended}, expected {step.values['ended']}")
        if "open" in step.values:
            found = sorted(label(task) for task in self._restored().snapshot().open_tasks)
            if found != sorted(step.values["open"]):
                raise Failed(f"open are {', '.join(found) or '–'}, expected {', '.join(step.values['open']) or '–'}")

    def _one(self, tasks: Iterable[OpenTask], step: Step) -> OpenTask:
        every = list(tasks)
        found = [task for task in every if task.element == step.name and step.of in (None, _body(task))]
        found = [task for task in found if len(found) == 1 or task.person == f"${step.by}"]
        if len(found) != 1:
            raise Failed(f"{step}: open are {', '.join(map(label, every)) or '–'}")
        return found[0]

    def _outputs(self, form: str, names: Iterable[str], values: Mapping[str, Any]) -> dict[str, Any]:
        """What the form would hand over: None or [] for what was not answered."""
        kinds = {one.name: one for one in self.forms[form].group.inputs}
        given = {name: SOME_DAY if str(value).startswith("workdays:") else value for name, value in values.items()}
        blank: dict[str, Any] = {name: [] if kinds[name].type == "array" else None for name in names}
        blank |= {name: False for name in names if kinds[name].kind == "checkbox"}
        return {name: given.get(name, blank[name]) for name in names}

    def _restored(self) -> Run:
        return engine.restore(self.specification, self.state)

    def _move(self, act: Callable[[Run], Advance]) -> None:
        run = self._restored()
        self._settle(run, act(run))

    def _settle(self, run: Run, change: Advance) -> None:
        """Answer what is asked, saving and restoring after each answer, until the instance rests."""
        asked: list[Call] = []
        while True:
            for problem in change.problems:
                raise Failed(f"{problem.message.en} {problem.detail}")
            self.journal += change.journal
            asked = [call for call in asked if call.id not in change.cancelled_calls] + list(change.calls)
            if change.ended:
                self.ended = change.ended.end_event
            if not asked:
                break
            run = engine.restore(self.specification, run.save())
            call = asked.pop(0)
            given = self._answer(call)
            failed = isinstance(given, dict) and "fail" in given
            change = run.fail(call.id, given["fail"], "") if failed else run.answer(call.id, given)
        self.state = run.save()

    def _answer(self, call: Call) -> Any:
        if call.operation not in self.answers:
            if call.immediate:
                raise Failed(f"the scenario does not say what {call.operation} answers")
            return {}
        given = self.answers[call.operation]
        return given.pop(0) if len(given) > 1 else given[0]


def _id(timer: Timer) -> str:
    return timer.id


def _body(task: OpenTask | None) -> str | None:
    """None also for a timer on a call, which is no task of anybody."""
    return str(task.data["body"]) if task is not None and "body" in task.data else None


def label(task: OpenTask) -> str:
    """`consider tc-1.6`; the body only where the task is addressed to it."""
    addressed = task.process == "sheet" and task.organisation
    return f"{task.element} {task.organisation}" if addressed else task.element
