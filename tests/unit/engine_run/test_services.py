"""Service tasks: the engine asks, the world answers once; a late, second or failing answer harms nobody."""

import pytest

from app.engine import StaleTask, restore
from tests.unit.engine_run.bpmn import (
    boundary,
    chain,
    document,
    end,
    error,
    node,
    parallel,
    process,
    service,
    start,
    timer,
)
from tests.unit.engine_run.world import World

PLAIN = document(
    process(
        "p",
        start(),
        service("moodle", "moodle.create", "site", title='card["title"] + "!"', number="1 + 1"),
        node("userTask", "after"),
        chain("start", "moodle", "after"),
    )
)
CARD = {"card": {"title": "Algebra"}}

GUARDED = document(
    '<bpmn:error id="down" errorCode="down"/>',
    process(
        "p",
        start(),
        parallel("split"),
        service("moodle", "moodle.create", "site"),
        boundary("unreachable", "moodle", error("down")),
        boundary("too_late", "moodle", timer("duration", "P1D")),
        *(node("userTask", name) for name in ("beside", "after", "by_hand", "ask_why")),
        chain("start", "split", "moodle", "after"),
        chain("split", "beside"),
        chain("unreachable", "by_hand"),
        chain("too_late", "ask_why"),
    ),
)


def test_an_operation_is_asked_for_with_its_parameters_and_answered() -> None:
    world = World(PLAIN, data=CARD)
    [call] = world.last.calls
    assert (call.operation, call.immediate) == ("moodle.create", False)
    assert call.parameters == {"title": "Algebra!", "number": 2}
    assert call.key == call.id
    world.answer("moodle", {"id": 17})
    assert world.find("after").data["site"] == {"id": 17}


def test_an_operation_may_be_run_at_once() -> None:
    drawn = PLAIN.replace(b'operation="moodle.create"', b'operation="moodle.create" immediate="true"')
    assert World(drawn, data=CARD).last.calls[0].immediate


def test_a_restore_does_not_ask_again() -> None:
    world = World(PLAIN, data=CARD)
    run = restore(world.spec, world.run.save())
    assert run.advance.calls == ()
    assert [call.key for call in run.snapshot().calls] == [world.find("moodle").key]


def test_a_second_answer_is_refused() -> None:
    world = World(PLAIN, data=CARD)
    call = world.find("moodle").id
    world.answer("moodle", 1)
    with pytest.raises(StaleTask):
        world.run.answer(call, 2)
    with pytest.raises(StaleTask):
        world.run.fail(call, "down", "boom")
    assert world.find("after").data["site"] == 1


def test_the_other_branch_goes_on_meanwhile() -> None:
    world = World(GUARDED)
    world.do("beside")
    assert world.waiting() == ["moodle", "too_late"]


def test_a_failure_goes_to_the_boundary_event_of_its_code() -> None:
    world = World(GUARDED)
    call = world.find("moodle").id
    advance = world.fail("moodle", "down", "boom")
    assert advance.problem is None
    assert advance.cancelled_calls == ()
    assert world.waiting() == ["beside", "by_hand"]
    with pytest.raises(StaleTask):
        world.run.answer(call, 1)


def test_an_error_event_may_keep_what_happened() -> None:
    drawn = GUARDED.replace(
        b'<bpmn:boundaryEvent id="unreachable" attachedToRef="moodle" cancelActivity="true">',
        b'<bpmn:boundaryEvent id="unreachable" attachedToRef="moodle" cancelActivity="true">'
        b'<bpmn:extensionElements><coomet:error result="failure"/></bpmn:extensionElements>',
    )
    world = World(drawn)
    world.fail("moodle", "down", "boom")
    assert world.find("by_hand").data["failure"] == {"code": "down", "detail": "boom"}


def test_an_event_without_a_code_catches_every_error() -> None:
    drawn = GUARDED.replace(b' errorRef="down"', b"")
    world = World(drawn)
    world.fail("moodle", "anything", "boom")
    assert world.waiting() == ["beside", "by_hand"]


def test_a_failure_of_another_code_is_an_incident_and_can_be_retried_under_the_same_key() -> None:
    world = World(GUARDED)
    key = world.find("moodle").key
    problem = world.fail("moodle", "forbidden", "no rights").problem
    assert problem is not None
    assert (problem.task, problem.element, problem.detail) == (key, "moodle", "forbidden")
    assert "no rights" in problem.message.en
    assert [failed.task for failed in world.run.snapshot().failed] == [key]
    assert world.waiting() == ["beside", "too_late"]
    advance = world.retry(problem.task)
    assert [call.key for call in advance.calls] == [key]
    world.answer("moodle", 1)
    assert world.waiting() == ["after", "beside"]


def test_a_deadline_cancels_the_call_and_the_late_answer_is_refused() -> None:
    world = World(GUARDED)
    call = world.find("moodle").id
    assert world.fire("too_late").cancelled_calls == (call,)
    with pytest.raises(StaleTask):
        world.run.answer(call, 1)
    assert world.waiting() == ["ask_why", "beside"]


def test_a_deadline_still_works_while_the_call_is_an_incident() -> None:
    world = World(GUARDED)
    problem = world.fail("moodle", "forbidden").problem
    assert problem is not None
    assert world.fire("too_late").cancelled_problems == (problem.task,)
    assert world.run.snapshot().failed == ()
    with pytest.raises(StaleTask):
        world.run.retry(problem.task or "")


def test_an_error_in_a_called_process_reaches_the_event_on_the_call() -> None:
    caller = document(
        '<bpmn:error id="down" errorCode="down"/>',
        process(
            "p",
            start(),
            node("callActivity", "call", calledElement="inner"),
            boundary("oops", "call", error("down")),
            node("userTask", "by_hand"),
            end(),
            chain("start", "call", "end"),
            chain("oops", "by_hand"),
        ),
    )
    inner = document(process("inner", start("s"), service("moodle", "do"), end("e"), chain("s", "moodle", "e")))
    world = World(caller, inner)
    world.fail("moodle", "down")
    assert world.waiting() == ["by_hand"]
