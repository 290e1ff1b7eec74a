"""Plays a scenario on the engine alone; between two steps the instance lives only as the bytes it was saved to."""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from app import engine, forms
from app.engine import Advance, Call, OpenTask, Run, Sent, Specification, Timer
from app.engine import Step as Moved
from app.engine.expressions_errors import ExpressionError
from app.i18n import Text
from app.workflow.scenarios import beginnings
from app.workflow.scenarios.reading import BEGINNINGS, Scenario, Step

MOST_SECONDS = 5.0
"""Of one scenario; those beside the diagrams take hundredths of one."""
MOST_MOVES = 10_000
"""Answers to what is asked in one scenario; a procedure that asks for more goes round in circles."""


class Failed(Exception):
    """The procedure does not do what the scenario says: at which step (from 1), and why."""

    def __init__(self, ru: str, en: str) -> None:
        super().__init__(en)
        self.message = Text(ru, en)
        self.number = 0


class Player:
    """Operations answer as the scenario says; jobs are answered at once. `journal`: all that has happened."""

    def __init__(self, specification: Specification, known: Mapping[str, forms.Form], scenario: Scenario) -> None:
        self.specification = specification
        self.forms = known
        self.scenario = scenario
        self.answers = {name: in_order(given) for name, given in scenario.operations.items()}
        self.state = b""
        self.ended: str | None = None
        self.journal: list[Moved] = []
        self.kept: list[Sent] = []
        """Messages sent that nobody has received yet."""
        self.moves = 0
        self.until = time.monotonic() + MOST_SECONDS

    def play(self) -> list[Moved]:
        """Raises Failed at the first step that cannot be taken, or whose expectation does not hold."""
        for number, step in enumerate(self.scenario.steps, 1):
            if step.only == "program":
                continue
            try:
                self._take(step)
            except Failed as failure:
                failure.number = number
                raise
        return self.journal

    def _take(self, step: Step) -> None:
        self._hurry()
        acts = {"task": self._task, "timer": self._timer, "message": self._message, "expect": self._expect}
        if step.kind in BEGINNINGS:
            self._begin(step)
        elif step.kind in acts and not self.state:
            raise Failed(f"{step}: процедура еще не начата", f"{step}: the procedure has not begun")
        elif step.kind in acts:
            acts[step.kind](step)

    def _begin(self, step: Step) -> None:
        process = self.specification.processes.get(self.scenario.process)
        if process is None:
            name = self.scenario.process
            raise Failed(f"{step}: нет процедуры «{name}»", f"{step}: no procedure is called {name!r}")
        operation = process.start.operation if process.start else None
        answered = self.answers.get(operation or "", [{}])[0]
        given = self._handed(lambda: beginnings.data(process, self.forms, answered, step.values, step.kind), step)
        try:
            run = engine.start(self.specification, self.scenario.process, given)
        except (engine.BudgetExceeded, ExpressionError) as error:
            raise Failed(f"{step}: {error}", f"{step}: {error}") from error
        self._settle(run, run.advance)

    def _task(self, step: Step) -> None:
        def complete(run: Run) -> Advance:
            task = self._one(run.snapshot().open_tasks, step)
            element = self.specification.element(task.process, task.element)
            form = self.forms.get(element.form or "")
            if form is None:
                return run.complete(task.id, {})
            outputs = self._handed(lambda: beginnings.handed_over(form, element.outputs, step.values), step)
            return run.complete(task.id, outputs)

        self._move(complete)

    def _timer(self, step: Step) -> None:
        def fire(run: Run) -> Advance:
            snapshot = run.snapshot()
            open_tasks = {task.id: task for task in snapshot.open_tasks}
            due = [timer for timer in snapshot.timers if timer.element == step.name]
            mine = _chosen([timer for timer in due if body(open_tasks.get(str(timer.task))) == step.of], step)
            if len(mine) != 1:
                count = len(mine)
                raise Failed(f"{step}: таких таймеров ждет {count}", f"{step}: {count} such timers are waiting")
            return run.fire(_id(mine[0]))

        self._move(fire)

    def _message(self, step: Step) -> None:
        """From outside of the procedure; `of` is its key."""
        waiting = self._restored().snapshot().receivers
        if not any(one.name == step.name and one.key in (None, step.of) for one in waiting):
            raise Failed(f"{step}: этого сообщения никто не ждет", f"{step}: nobody waits for this message")
        self._move(lambda run: run.receive(step.name, step.of, dict(step.values)))

    def _expect(self, step: Step) -> None:
        if "ended" in step.values and self.ended != step.values["ended"]:
            wanted = step.values["ended"]
            raise Failed(
                f"завершено событием {self.ended}, ожидалось {wanted}", f"ended by {self.ended}, expected {wanted}"
            )
        if "open" in step.values:
            found = sorted(label(task) for task in self._restored().snapshot().open_tasks)
            wanted = sorted(map(str, step.values["open"] or ()))
            if found != wanted:
                here, there = ", ".join(found) or "–", ", ".join(wanted) or "–"
                raise Failed(f"открыты {here}, ожидались {there}", f"open are {here}, expected {there}")

    def _one(self, tasks: Iterable[OpenTask], step: Step) -> OpenTask:
        every = list(tasks)
        found = [task for task in every if task.element == step.name and step.of in (None, body(task))]
        found = [task for task in found if len(found) == 1 or step.nr or task.person == f"${step.by}"]
        found = _chosen(found, step)
        if len(found) != 1:
            here = ", ".join(map(label, every)) or "–"
            raise Failed(f"{step}: открыты {here}", f"{step}: open are {here}")
        return found[0]

    def _handed(self, find: Callable[[], dict[str, Any]], step: Step) -> dict[str, Any]:
        try:
            return find()
        except KeyError as error:
            name = error.args[0]
            raise Failed(f"{step}: в форме нет поля «{name}»", f"{step}: the form has no field “{name}”") from error

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
                raise Failed(*(f"{problem.message.into(one)} {problem.detail}" for one in ("ru", "en")))
            self.journal += change.journal
            self.kept += change.sent
            asked = [call for call in asked if call.id not in change.cancelled_calls] + list(change.calls)
            if change.ended:
                self.ended = change.ended.end_event
            received = None if asked else self._to_receive(run)
            if not asked and received is None:
                break
            self._count()
            run = engine.restore(self.specification, run.save())
            change = self._reply(run, asked.pop(0)) if received is None else _receive(run, received)
        self.state = run.save()

    def _reply(self, run: Run, call: Call) -> Advance:
        given = self._answer(call)
        failed = isinstance(given, dict) and "fail" in given
        return run.fail(call.id, str(given["fail"]), "") if failed else run.answer(call.id, given)

    def _hurry(self) -> None:
        if time.monotonic() > self.until:
            seconds = round(MOST_SECONDS)
            raise Failed(f"длится больше {seconds} с", f"takes more than {seconds} s")

    def _count(self) -> None:
        self._hurry()
        self.moves += 1
        if self.moves > MOST_MOVES:
            raise Failed("процедура ходит по кругу", "the procedure goes round in circles")

    def _to_receive(self, run: Run) -> Sent | None:
        found = None if not self.kept or run.ended else first_received(self.kept, run.snapshot().receivers)
        if found is not None:
            self.kept.remove(found)
        return found

    def _answer(self, call: Call) -> Any:
        if call.operation not in self.answers:
            if call.immediate:
                name = call.operation
                raise Failed(
                    f"в сценарии не сказано, что отвечает {name}", f"the scenario does not say what {name} answers"
                )
            return {}
        given = self.answers[call.operation]
        return given.pop(0) if len(given) > 1 else given[0]


def in_order(given: Any) -> list[Any]:
    """What an operation answers, one after the other; the last one stays."""
    return (list(given) or [None]) if isinstance(given, list) else [given]


def first_received(kept: Iterable[Sent], receivers: Iterable[engine.Receiver]) -> Sent | None:
    """The first message that somebody waits for; without a key every message of the name is welcome."""
    waiting = list(receivers)
    fitting = (one for one in kept if any(r.name == one.name and r.key in (None, one.key) for r in waiting))
    return next(fitting, None)


def _receive(run: Run, sent: Sent) -> Advance:
    return run.receive(sent.name, sent.key, sent.payload)


def _chosen(found: list[Any], step: Step) -> list[Any]:
    return found[step.nr - 1 : step.nr] if step.nr else found


def _id(timer: Timer) -> str:
    return timer.id


def body(task: OpenTask | None) -> str | None:
    """None also for a timer on a call, which is no task of anybody."""
    return str(task.data["body"]) if task is not None and "body" in task.data else None


def label(task: OpenTask) -> str:
    """`consider tc-1.6`; the body only where the task is addressed to it."""
    addressed = task.process == "sheet" and task.organisation
    return f"{task.element} {task.organisation}" if addressed else task.element
