"""F23: moves worth telling one by one, and what each refusal says."""

from collections.abc import Mapping
from typing import Any

import pytest

from app.engine import Json, Move, Run, Specification, export_stock, restore, start
from app.engine.lint import examine
from app.engine.moving import Passage, plan
from tests.unit.engine_run.bpmn import (
    boundary,
    chain,
    document,
    each,
    end,
    flow,
    node,
    parallel,
    process,
    script,
    service,
    timer,
    user,
    xor,
)
from tests.unit.engine_run.bpmn import start as begin

Names = Mapping[tuple[str, str], str]


def release(*processes: str) -> Specification:
    specification, findings = examine({"processes/p/p.bpmn": document(*processes)})
    assert specification is not None, findings
    return specification


def line(name: str, *nodes: str, order: str) -> str:
    """A process of nodes in a row."""
    first, last = ("start", "end") if name == "p" else (f"start_{name}", f"end_{name}")
    return process(name, begin(first), *nodes, end(last), chain(first, *order.split(), last))


def begun(specification: Specification, name: str = "p", **data: Json) -> Run:
    return start(specification, name, data)


def complete(run: Run, element: str, **values: Json) -> None:
    task = next(one for one in run.snapshot().open_tasks if one.element == element)
    assert not run.complete(task.id, values).problems


def waiting(run: Run) -> list[str]:
    found = run.snapshot()
    every: list[Any] = [*found.open_tasks, *found.calls, *found.timers, *found.receivers]
    return sorted(one.element for one in every)


def moved(old: Specification, new: Specification, run: Run, names: Names | None = None) -> Run:
    move = plan(old, new, run.save(), dict(names or {}))
    assert move.state is not None, [one.message.en for one in move.refusals]
    after = restore(new, move.state)
    assert after.snapshot() == move.snapshot
    export_stock(after)
    return after


def refused(old: Specification, new: Specification, run: Run) -> list[tuple[str, str]]:
    move = plan(old, new, run.save())
    assert move.state is None
    assert all(one.message.ru and one.message.en and one.hint.ru and one.hint.en for one in move.refusals)
    return [(one.reason, one.element) for one in move.refusals]


def account(move: Move) -> list[tuple[str, str, str]]:
    return sorted((item.how, item.what, item.element) for item in move.items)


LOOP = (
    begin()
    + user("a")
    + user("b", outputs="again")
    + xor("g", default="f_g_end")
    + end()
    + chain("start", "a", "b", "g", "end")
    + flow("g", "a", "again == 1")
)


def test_the_third_round_of_a_loop_goes_on_with_the_step_that_was_added() -> None:
    old = release(process("p", LOOP))
    text = LOOP.replace('sourceRef="a" targetRef="b"', 'sourceRef="a" targetRef="w"') + user("w") + flow("w", "b")
    new = release(process("p", text))
    run = begun(old)
    for _ in range(2):
        complete(run, "a")
        complete(run, "b", again=1)
    run = moved(old, new, run)
    assert waiting(run) == ["a"]
    complete(run, "a")
    assert waiting(run) == ["w"]
    complete(run, "w")
    complete(run, "b", again=0)
    assert run.ended


def test_bodies_asked_side_by_side_keep_their_places_and_their_verdicts() -> None:
    inner = line("inner", user("x", outputs="verdict"), order="x")
    longer = line("inner", user("x", outputs="verdict"), user("w"), order="x w")
    repeated = node("callActivity", "c", each("bodies", "body", "results", "verdict"), calledElement="inner")
    outer = line("p", repeated, user("z"), order="c z")
    old, new = release(outer, inner), release(outer, longer)
    run = begun(old, bodies=["a", "b", "c"])
    second = next(one for one in run.snapshot().open_tasks if one.data["body"] == "b")
    run.complete(second.id, {"verdict": "yes"})
    run = moved(old, new, run)
    assert waiting(run) == ["x", "x"]
    for verdict in ("one", "three"):
        task = run.snapshot().open_tasks[0]
        run.complete(task.id, {"verdict": verdict})
        complete(run, "w")
    assert waiting(run) == ["z"]
    assert run.snapshot().open_tasks[0].data["results"] == ["one", "yes", "three"]


OTHERWISE = (each("ys", "i", "out", "o"), each("xs", "i", "out", "o", sequential=True), each("xs", "i"), "")


def test_a_repetition_that_has_begun_is_not_moved_to_one_that_counts_otherwise() -> None:
    old = release(line("p", user("x", each("xs", "i", "out", "o"), outputs="o"), order="x"))
    run = begun(old, xs=[1, 2])
    for other in OTHERWISE:
        assert refused(old, release(line("p", user("x", other, outputs="o"), order="x")), run)[0] == ("repeats", "x")
    later = each("xs", "i", "out", "o", until="len(out) == 1")
    run = moved(old, release(line("p", user("x", later, outputs="o"), order="x")), run)
    complete(run, "x")
    assert run.ended


def forked(*more: str, last: str = "") -> str:
    nodes = begin() + parallel("s") + user("a") + user("b") + parallel("j") + user("z") + end()
    ways = chain("start", "s", "a") + chain("s", "b", "j") + chain("j", "z", "end")
    return process("p", nodes, ways, last or flow("a", "j"), *more)


def test_a_join_that_one_branch_has_come_to_fires_with_the_other_though_its_flow_has_another_id() -> None:
    old = release(forked())
    run = begun(old)
    complete(run, "a")
    new = release(forked(user("w"), flow("w", "j"), last=flow("a", "w", name="f_a_j")))
    run = moved(old, new, run)
    assert waiting(run) == ["b"]
    complete(run, "b")
    assert waiting(run) == ["z"]


def test_a_branch_added_to_a_block_that_has_begun_would_never_arrive() -> None:
    old = release(forked())
    new = release(forked(user("c"), chain("s", "c", "j")))
    run = begun(old)
    assert refused(old, new, run) == [("unreachable", "a")]
    complete(run, "a")
    assert refused(old, new, run) == [("unreachable", "b")]
    complete(run, "b")
    assert waiting(moved(old, new, run)) == ["z"]


def test_parallel_branches_drawn_one_after_the_other_cannot_both_be_here() -> None:
    old = release(forked())
    new = release(line("p", user("a"), user("b"), user("z"), order="a b z"))
    run = begun(old)
    assert [reason for reason, _ in refused(old, new, run)] == ["unreachable"]
    message = plan(old, new, run.save()).refusals[0].message
    assert "“a”, “b”" in message.en


def reminded(expression: str, *more: str, interrupting: bool = False) -> str:
    nodes = begin() + user("a") + end() + chain("start", "a", "end")
    event = boundary("t", "a", timer("duration", expression), interrupting=interrupting)
    return process("p", nodes, event, user("hint"), end("late"), chain("t", "hint", "late"), *more)


def test_a_timer_that_has_fired_once_is_not_set_again_and_one_that_waits_keeps_its_id() -> None:
    bare = release(line("p", user("a"), order="a"))
    old = release(reminded("P2D"))
    run = begun(old)
    (timer_id,) = [one.id for one in run.snapshot().timers]
    longer = release(reminded("P5D"))
    move = plan(old, longer, run.save())
    assert account(move) == [("changed", "timer", "t"), ("kept", "task", "a")]
    assert [one.id for one in moved(old, longer, run).snapshot().timers] == [timer_id]
    run.fire(timer_id)
    complete(run, "hint")
    run = moved(old, longer, run)
    assert waiting(run) == ["a"]
    assert waiting(moved(old, bare, run)) == ["a"]


def test_timers_are_set_on_what_waits_and_taken_away_and_set_again() -> None:
    bare, old = release(line("p", user("a"), order="a")), release(reminded("P2D"))
    move = plan(bare, old, begun(bare).save())
    assert account(move) == [("added", "timer", "t"), ("kept", "task", "a")]
    assert [one.element for one in move.advance.timers] == ["t"]
    assert move.advance.timers[0].task == begun_task(move)
    run = moved(bare, old, begun(bare))
    back = plan(old, bare, run.save())
    assert account(back) == [("kept", "task", "a"), ("removed", "timer", "t")]
    assert back.advance.cancelled_timers == tuple(one.id for one in run.snapshot().timers)
    assert waiting(moved(old, bare, run)) == ["a"]


def begun_task(move: Move) -> str:
    assert move.snapshot is not None
    return move.snapshot.open_tasks[0].id


def test_a_time_out_added_to_a_waiting_task_interrupts_it() -> None:
    bare, new = release(line("p", user("a"), order="a")), release(reminded("P2D", interrupting=True))
    run = moved(bare, new, begun(bare))
    run.fire(run.snapshot().timers[0].id)
    assert waiting(run) == ["hint"]
    complete(run, "hint")
    assert run.ended


def test_what_a_reminder_has_set_going_goes_on_when_the_reminder_is_no_more() -> None:
    nodes = begin() + user("a") + user("hint") + end() + end("late")
    plain = process("p", nodes, chain("start", "a", "end"), chain("hint", "late"), "")
    old = release(reminded("P2D"))
    run = begun(old)
    run.fire(run.snapshot().timers[0].id)
    specification, _ = examine({"p": document(plain)})
    if specification is None:  # a step that nothing leads to is refused before it could be moved to
        other = boundary("other", "a", timer("duration", "P9D"), interrupting=False)
        specification = release(process("p", nodes, chain("start", "a", "end"), other, chain("other", "hint", "late")))
    run = moved(old, specification, run)
    assert waiting(run) == ["a", "hint", "other"]
    complete(run, "hint")
    complete(run, "a")
    assert run.ended


def test_a_race_of_events_gets_another_and_loses_one() -> None:
    def raced(*kinds: str) -> Specification:
        gateway = node("eventBasedGateway", "g")
        nodes = "".join(node("intermediateCatchEvent", one, timer("duration", "P1D")) for one in kinds)
        ways = "".join(chain("g", one, "end") for one in kinds)
        return release(process("p", begin(), gateway, nodes, end(), chain("start", "g"), ways))

    old = raced("one", "two")
    run = moved(old, raced("one", "three"), begun(old))
    assert waiting(run) == ["one", "three"]
    run.fire(next(one.id for one in run.snapshot().timers if one.element == "three"))
    assert run.ended
    assert refused(old, raced("three", "four"), begun(old))[0][0] == "removed"


INSIDE = (begin("s2"), user("a"), end("e2"), chain("s2", "a", "e2"))


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        (line("p", user("b"), order="b"), "removed"),
        (line("p", node("manualTask", "a"), order="a"), "kind"),
        (line("q", user("a"), order="a"), "process"),
        (line("p", node("subProcess", "n", *INSIDE), order="n"), "place"),
    ],
)
def test_a_step_that_is_gone_or_another_is_named_with_the_reason(new: str, reason: str) -> None:
    old = release(line("p", user("a"), order="a"))
    assert [one for one, _ in refused(old, release(new), begun(old))] == [reason]


def test_a_step_with_another_id_is_found_by_its_name() -> None:
    old, new = (release(line("p", user(one), user("z"), order=f"{one} z")) for one in ("a", "b"))
    run = begun(old)
    move = Passage(old, new, {("p", "a"): "b"}).plan(run.save())
    assert [(item.how, item.was, item.element) for item in move.items] == [("changed", "a", "b")]
    assert [(one.what, one.element) for one in move.advance.journal] == [("cancelled", "a"), ("entered", "b")]
    run = moved(old, new, run, {("p", "a"): "b"})
    complete(run, "b")
    assert waiting(run) == ["z"]


def test_a_call_that_waits_goes_on_with_the_parameters_it_was_asked_with_but_not_with_another_operation() -> None:
    def calling(operation: str, what: str) -> Specification:
        return release(line("p", service("c", operation, "r", what=what), user("z"), order="c z"))

    old = calling("do", "1")
    run = begun(old)
    move = plan(old, calling("do", "2"), run.save())
    assert [item.changes for item in move.items] == [("parameters",)]
    assert refused(old, calling("other", "1"), run) == [("operation", "c")]


def test_a_called_process_cannot_become_another_while_it_runs() -> None:
    one, two = (line(name, user(f"x_{name}"), order=f"x_{name}") for name in ("one", "two"))
    old, new = (
        release(line("p", node("callActivity", "c", calledElement=called), order="c"), one, two)
        for called in ("one", "two")
    )
    assert refused(old, new, begun(old)) == [("called", "c")]


class TestVariables:
    """What steps ahead read and only steps behind write."""

    @staticmethod
    def drawn(*, outputs: str = "", reads: str = "") -> Specification:
        ask = user("b") if not reads else user("b", title=reads)
        return release(line("p", user("a", outputs=outputs), user("m"), ask, order="a m b"))

    def test_one_that_a_step_behind_would_have_written_is_a_refusal(self) -> None:
        old, new = self.drawn(), self.drawn(outputs="grade", reads="grade")
        run = begun(old)
        assert waiting(moved(old, new, run)) == ["a"]
        complete(run, "a")
        assert refused(old, new, run) == [("variable", "b")]
        assert "“grade”" in plan(old, new, run.save()).refusals[0].message.en

    def test_one_that_is_there_already_or_was_missing_before_is_none(self) -> None:
        old, new = self.drawn(outputs="grade"), self.drawn(outputs="grade", reads="grade")
        run = begun(old)
        complete(run, "a", grade="5")
        assert waiting(moved(old, new, run)) == ["m"]
        run = begun(new)
        complete(run, "a")
        assert plan(new, self.drawn(outputs="grade, more", reads="grade"), run.save()).refusals == ()

    def test_one_that_nobody_writes_is_a_warning(self) -> None:
        old, new = self.drawn(), self.drawn(reads="brought")
        move = plan(old, new, begun(old).save())
        assert move.state is not None
        assert [(one.reason, one.element) for one in move.warnings] == [("variable_perhaps", "b")]

    def test_one_that_a_step_ahead_writes_is_none(self) -> None:
        old = self.drawn()
        new = release(line("p", user("a"), user("m"), script("w", "x = 1"), user("b", title="str(x)"), order="a m w b"))
        run = begun(old)
        complete(run, "a")
        assert waiting(moved(old, new, run)) == ["m"]

    def test_one_that_the_caller_now_hands_in_is_missed_by_who_was_called_before(self) -> None:
        def calling(given: str, title: str) -> Specification:
            handed = f'<coomet:input name="given">1</coomet:input>{given}'
            call = node("callActivity", "c", handed, calledElement="inner")
            inner = line("inner", user("x"), user("y", **({"title": title} if title else {})), order="x y")
            return release(line("p", call, order="c"), inner)

        old = calling("", "")
        new = calling('<coomet:input name="more">2</coomet:input>', "str(more)")
        assert refused(old, new, begun(old)) == [("variable", "y")]

    def test_an_expression_of_what_waits_that_cannot_be_evaluated_is_a_refusal_at_once(self) -> None:
        old, new = self.drawn(), release(line("p", user("a", title="missing"), user("m"), user("b"), order="a m b"))
        assert refused(old, new, begun(old)) == [("expression", "a")]


def test_a_step_that_has_failed_is_retried_in_a_release_that_has_mended_it() -> None:
    def failing(text: str) -> Specification:
        return release(line("p", user("a"), script("f", text), user("z"), order="a f z"))

    old, new = failing("x = 1 / nothing"), failing("x = 1")
    run = begun(old, nothing=0)
    run.complete(run.snapshot().open_tasks[0].id, {})
    (failed,) = run.snapshot().failed
    run = moved(old, new, run)
    assert failed.task is not None
    assert not run.retry(failed.task).problems
    assert waiting(run) == ["z"]


def test_a_damaged_state_is_refused_and_not_raised() -> None:
    old = release(line("p", user("a"), order="a"))
    assert [one.reason for one in plan(old, old, b"\x02damaged").refusals] == ["unreadable"]


def test_moving_to_the_same_release_changes_nothing() -> None:
    old = release(forked())
    run = begun(old)
    complete(run, "a")
    move = plan(old, old, run.save())
    assert move.state == run.save()
    assert {item.how for item in move.items} == {"kept"}
