"""Plays a scenario on the engine alone; between two steps the instance lives only as the bytes it was saved to."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from app import engine, forms
from app.engine import Advance, Call, OpenTask, Run, Specification, Timer
from app.engine import Step as Moved
from tests.process.scenario import Scenario, Step

SOME_DAY = "2026-12-07"


class EnginePlayer:
    """Operations answer as the scenario says; jobs are answered at once."""

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
        for step in self.scenario.steps:
            if step.only == "program":
                continue
            getattr(self, f"_{step.kind}")(step)
        return self.journal

    def _start(self, step: Step) -> None:
        """With what the operation of the start form would answer, or the subject of an event."""
        begun = self.specification.processes[self.scenario.process].start
        given = self.answers.get(begun.operation or "", [{}])[0] if begun else {}
        data = {"course": "course", "request": "request", "list": "list", **given}
        run = engine.start(self.specification, self.scenario.process, data)
        self._settle(run, run.advance)

    _begin = _start
    _event = _start
    _ask = _start
    _request = _start
    _admit = _start

    def _annul(self, step: Step) -> None:
        """The course is no matter of the engine: an operation answers by it."""

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
            assert len(mine) == 1, f"{self.scenario}: {step}: {len(mine)} such timers"
            return run.fire(self._timer_id(mine[0]))

        self._move(fire)

    def _appoint(self, step: Step) -> None:
        """Nobody is appointed to anything here."""

    def _log(self, step: Step) -> None:
        """Nothing is read here."""

    def _expect(self, step: Step) -> None:
        if "ended" in step.values:
            assert self.ended == step.values["ended"], f"{self.scenario}: ended by {self.ended}"
        if "open" in step.values:
            found = sorted(label(task) for task in self._restored().snapshot().open_tasks)
            assert found == sorted(step.values["open"]), f"{self.scenario}: {found}"

    @staticmethod
    def _timer_id(timer: Timer) -> str:
        return timer.id

    def _one(self, tasks: Iterable[OpenTask], step: Step) -> OpenTask:
        found = [task for task in tasks if task.element == step.name and step.of in (None, _body(task))]
        found = [task for task in found if len(found) == 1 or task.person == f"${step.by}"]
        assert len(found) == 1, f"{self.scenario}: {step}: {[label(task) for task in tasks]} are open"
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
            assert not change.problems, f"{self.scenario}: {change.problems[0].message.en} {change.problems[0].detail}"
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
        if not call.immediate and call.operation not in self.answers:
            return {}
        given = self.answers[call.operation]
        return given.pop(0) if len(given) > 1 else given[0]


def _body(task: OpenTask | None) -> str | None:
    """None also for a timer on a call, which is no task of anybody."""
    return str(task.data["body"]) if task is not None and "body" in task.data else None


def label(task: OpenTask) -> str:
    """`consider tc-1.6`; the body only where the task is addressed to it."""
    addressed = task.process == "sheet" and task.organisation
    return f"{task.element} {task.organisation}" if addressed else task.element
