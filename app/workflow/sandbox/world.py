"""A world in which a procedure runs as in the program, but where nothing is real: a clock, answers, a mailbox.

Only the engine works here; what it asks of the world is written down and answered from a book. No job is made, no
operation is called, no letter is sent.
"""

import time
from collections import deque
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from app import engine
from app.engine import Advance, Call, Json, Run, Sent
from app.engine import Step as Moved
from app.engine.expressions_errors import ExpressionError
from app.i18n import Text
from app.workflow.sandbox import answering
from app.workflow.sandbox.acts import Act, Answer, Setting
from app.workflow.sandbox.picking import Reference, of_task, of_timer, pick
from app.workflow.sandbox.telling import Told, Unfit, asked, assigned, letter_of, reminded
from app.workflow.sandbox.times import Times
from app.workflow.sandbox.values import dated, undated
from app.workflow.sandbox.waiting import Pending, Waiting
from app.workflow.scenarios import Step, beginnings
from app.workflow.scenarios.compiled import Compiled
from app.workflow.scenarios.playing import first_received, in_order, label

MOST_SECONDS = 5.0
"""Of a whole run; those that people click together take hundredths of one."""
MOST_FIRED = 1_000
"""Timers in one move of the clock."""
MOST_MOVES = 2_000
"""Answers to what is asked after one act; a procedure that asks for more goes round in circles."""

__all__ = ["Unfit", "World"]


class World:
    """`take` the acts one after the other. What has come of them is in the attributes."""

    def __init__(self, compiled: Compiled, setting: Setting, times: Times, letters: Collection[str] = ()) -> None:
        self.compiled, self.setting, self.times = compiled, setting, times
        self.letters = letters
        """Paths of the draft's letters: a task may have one of its own."""
        self.now = setting.begun
        self.run: Run | None = None
        self.ended: engine.Ended | None = None
        self.question: Call | None = None
        """An operation that waits for somebody to say what it answers; nothing else can be done until then."""
        self.problems: list[Text] = []
        """Incidents: the procedure stands still at some place."""
        self.journal: list[Moved] = []
        self.told: list[Told] = []
        self.steps: list[Step] = []
        """What has been done, in the words of a scenario."""
        self.answers: dict[str, list[Any]] = {}
        """Operation -> what it has answered, in order, as a scenario has it."""
        self.at_once: set[str] = set()
        """Operations answered within a step: a scenario must say what those answer."""
        self.waiting = Waiting(compiled.specification, times, self._undated)
        self.act = 0
        self._until = time.monotonic() + MOST_SECONDS
        self._book = {name: deque(in_order(given)) for name, given in setting.book.items()}
        self._asked: deque[Call] = deque()
        self._given: list[Answer] = []
        self._kept: list[Sent] = []
        self._fired_until: datetime | None = None

    def take(self, act: Act) -> None:
        """Raises Unfit, and has then changed nothing that counts: the run ends before this act."""
        if self.question is not None:
            name = self.question.operation
            raise Unfit(
                f"не сказано, что отвечает операция {name}", f"it is not said what the operation {name} answers"
            )
        self.act += 1
        self._given = list(act.answers)
        if act.kind in ("start", "begin", "event"):
            self._begin(act)
            return
        if self.run is None:
            raise Unfit("процедура еще не начата", "the procedure has not begun")
        moves: Mapping[str, Callable[[Act], None]] = {
            "task": self._task,
            "timer": self._timer,
            "clock": self._clock,
            "message": self._message,
        }
        moves[act.kind](act)

    def open_labels(self) -> list[str]:
        """The open tasks as an expectation names them."""
        return sorted(label(task) for task in self.run.snapshot().open_tasks) if self.run else []

    def _begin(self, act: Act) -> None:
        process = self.compiled.specification.processes.get(self.setting.process)
        if process is None:
            name = self.setting.process
            raise Unfit(f"процедуры «{name}» в черновике нет", f"the draft has no procedure “{name}”")
        operation = process.start.operation if process.start and act.kind == "start" else None
        answered = self._opened(operation) if operation else None
        values = dated(act.values, self.times, self.now)
        try:
            data = beginnings.data(process, self.compiled.forms, answered, values, act.kind)
            run = engine.start(self.compiled.specification, process.id, data)
        except KeyError as error:
            raise _without_field(error) from error
        except (engine.BudgetExceeded, ExpressionError) as error:
            raise Unfit(str(error), str(error)) from error
        self.run = run
        self._note(Reference(None, 0), act)
        self._settle(run.advance)

    def _task(self, act: Act) -> None:
        run = self._running()
        task = pick(run.snapshot().open_tasks, act)
        element = self.compiled.specification.element(task.process, task.element)
        form = self.compiled.forms.get(element.form or "")
        values = dated(act.values, self.times, self.now)
        try:
            if form is not None:
                unknown = values.keys() - {one.name for one in form.group.inputs}
                if unknown:
                    raise KeyError(sorted(unknown)[0])
            outputs = beginnings.handed_over(form, element.outputs, values) if form else {}
        except KeyError as error:
            raise _without_field(error) from error
        self._note(of_task(task, run.snapshot().open_tasks), act)
        self._settle(run.complete(task.id, outputs))

    def _timer(self, act: Act) -> None:
        """This timer alone, as a scenario has it: the clock goes on to its moment if that lies ahead."""
        snapshot = self._running().snapshot()
        for pending in list(self.waiting.timers.values()):
            found = of_timer(pending.timer, snapshot)
            if pending.timer.element == act.name and found.of == act.of and found.nr in (0, act.nr or found.nr):
                self._fire(pending)
                return
        raise Unfit(f"таймер «{act.name}» не ждет", f"the timer “{act.name}” is not waiting")

    def _clock(self, act: Act) -> None:
        """On to that moment; what is due meanwhile happens in order, and a cycle as often as it comes."""
        until = act.until or self.now
        if until < self.now:
            raise Unfit("часы не идут назад", "the clock does not go back")
        for _ in range(MOST_FIRED):
            self._hurry()
            pending = self.waiting.next_timer(until)
            reminder = self.waiting.take_reminder(pending.due if pending and pending.due else until)
            if reminder is not None:
                self.now = max(self.now, reminder.due)
                self.told.append(reminded(self, reminder))
            elif pending is None:
                self.now = until
                return
            else:
                self._fire(pending)
            if self.question is not None:
                return
        raise Unfit(f"сработало больше {MOST_FIRED} таймеров", f"more than {MOST_FIRED} timers fired")

    def _message(self, act: Act) -> None:
        run = self._running()
        if not any(one.name == act.name and one.key in (None, act.of) for one in run.snapshot().receivers):
            raise Unfit(f"сообщения «{act.name}» никто не ждет", f"nobody waits for the message “{act.name}”")
        self._note(Reference(act.of, 0), act)
        self._settle(run.receive(act.name, act.of, dict(act.values)))

    def _fire(self, pending: Pending) -> None:
        run, timer = self._running(), pending.timer
        reference = of_timer(timer, run.snapshot())
        moment = pending.due or self.now
        sooner = self._fired_until is not None and moment <= self._fired_until
        self.now = self._fired_until = max(self.now, moment)
        only = "engine" if sooner else ""
        self.steps.append(Step("timer", timer.element, reference.of, nr=reference.nr, only=only))
        self.told.append(Told("timer", self.act, self.now, timer.process, timer.element))
        change = run.fire(timer.id)
        still = any(one.id == timer.id for one in run.snapshot().timers)
        self.waiting.fired(pending, still, self.now)
        self._settle(change)

    def _settle(self, change: Advance) -> None:
        """Follow the engine and answer what it asks, until it rests or somebody must say what an operation answers."""
        run = self._running()
        self._follow(change)
        for _ in range(MOST_MOVES):
            self._hurry()
            if self._asked:
                answer = self._answer(self._asked[0])
                if answer is None:
                    self.question = self._asked[0]
                    return
                self._follow(self._reply(run, self._asked.popleft(), answer))
                continue
            sent = None if run.ended else first_received(self._kept, run.snapshot().receivers)
            if sent is None:
                return
            self._kept.remove(sent)
            self.told.append(Told("message", self.act, self.now, "", "", sent.name))
            self._follow(run.receive(sent.name, sent.key, sent.payload))
        raise Unfit("процедура ходит по кругу", "the procedure goes round in circles")

    def _hurry(self) -> None:
        if time.monotonic() > self._until:
            seconds = round(MOST_SECONDS)
            raise Unfit(f"прогон длится больше {seconds} с", f"the run takes more than {seconds} s")

    def _reply(self, run: Run, call: Call, answer: Answer) -> Advance:
        self._remember(answer)
        self.at_once |= {call.operation} if call.immediate else set()
        self.told.append(asked(self, call, answer))
        if answer.fail is not None:
            return run.fail(call.id, answer.fail, "")
        self.told += letter_of(self, call)
        return run.answer(call.id, answer.value)

    def _follow(self, change: Advance) -> None:
        for problem in change.problems:
            at = f" ({problem.element})" if problem.element else ""
            words = (f"{problem.message.into(one)} {problem.detail}".strip() + at for one in ("ru", "en"))
            self.problems.append(Text(*words))
            self.told.append(Told("problem", self.act, self.now, problem.process or "", problem.element or "",
                                  words=self.problems[-1]))  # fmt: skip
        self.journal += change.journal
        self._kept += change.sent
        gone = set(change.cancelled_calls)
        self._asked = deque([*(one for one in self._asked if one.id not in gone), *change.calls])
        self.waiting.follow(change, self.now)
        self.told += [one for task in change.tasks for one in assigned(self, task)]
        self.ended = change.ended or self.ended

    def suggested(self, operation: str) -> Answer:
        """What the book answers next, else a sample."""
        left = self._book.get(operation)
        value = left[0] if left else answering.sample(operation)
        if isinstance(value, dict) and "fail" in value:
            return Answer(operation, fail=str(value["fail"]))
        return Answer(operation, value)

    def _answer(self, call: Call) -> Answer | None:
        """What was said for this act, else the book; None: somebody must be asked."""
        said = next((one for one in self._given if one.operation == call.operation), None)
        if said is None and self.setting.asks:
            return None
        found = said or self.suggested(call.operation)
        if said is not None:
            self._given.remove(said)
        left = self._book.get(call.operation)
        if left is not None and len(left) > 1:
            left.popleft()
        return found

    def _opened(self, operation: str) -> Json:
        """The operation of a start form is looked at, never used up: scenarios have it so."""
        said = next((one for one in self._given if one.operation == operation), None)
        answer = said or self.suggested(operation)
        if said is not None:
            self._given.remove(said)
        self._remember(answer)
        return answer.value

    def _remember(self, answer: Answer) -> None:
        kept = answer.value if answer.fail is None else {"fail": answer.fail}
        self.answers.setdefault(answer.operation, []).append(kept)

    def _note(self, reference: Reference, act: Act) -> None:
        """As a step of a scenario; dates ahead become working days from now, so that they hold on every day."""
        form = self._form_of(act)
        values = undated(act.values, form, self.times, self.now) if form else dict(act.values)
        self.steps.append(Step(act.kind, act.name, reference.of, act.by, values, nr=reference.nr))

    def _form_of(self, act: Act) -> Any:
        if act.kind == "start":
            return self.compiled.forms.get(act.name)
        if act.kind == "task" and self.run is not None:
            task = pick(self.run.snapshot().open_tasks, act)
            return self.compiled.forms.get(self.compiled.specification.element(task.process, task.element).form or "")
        return None

    def _running(self) -> Run:
        assert self.run is not None
        return self.run

    def _undated(self, element: str, why: str) -> None:
        words = Text(f"Срок не вычисляется ({element}): {why}", f"No moment can be computed ({element}): {why}")
        self.problems.append(words)
        self.told.append(Told("problem", self.act, self.now, "", element, words=words))


def _without_field(error: KeyError) -> Unfit:
    name = error.args[0]
    return Unfit(f"в форме больше нет поля «{name}»", f"the form has no field “{name}” any more")
