"""Events: time and messages are outside, the engine only waits for them to be told."""

import pytest

from app.engine import StaleTask
from tests.unit.engine_run.bpmn import (
    boundary,
    chain,
    document,
    end,
    message,
    node,
    ours,
    process,
    script,
    start,
    timer,
    user,
)
from tests.unit.engine_run.world import World

MESSAGE = '<bpmn:message id="m" name="materials.sent"/>'


def guarded(kind: str, expression: str, interrupting: bool = False, task: str = "") -> bytes:
    """A user task with a timer on its boundary that leads to a user task of its own."""
    return document(
        process(
            "p",
            start(),
            task or node("userTask", "review"),
            boundary("remind", "review", timer(kind, expression), interrupting=interrupting),
            node("userTask", "call"),
            end("end_call"),
            end(),
            chain("start", "review", "end"),
            chain("remind", "call", "end_call"),
        )
    )


def test_a_timer_hands_out_its_expression_and_waits() -> None:
    world = World(guarded("duration", "P3D"))
    advance = world.last
    [told] = advance.timers
    assert (told.kind, told.expression, told.task) == ("duration", {"iso": "P3D"}, advance.tasks[0].id)
    world.fire("remind")
    assert world.waiting() == ["call", "review"]
    world.do("call")
    world.do("review")
    assert world.run.ended


def test_functions_of_time_are_handed_out_with_the_deadline_they_mean() -> None:
    task = user("review", ours("deadline", name="answer", due="workdays(days)"))
    world = World(guarded("date", 'before("answer", workdays=2 + 1)', task=task), data={"days": 10})
    told = world.find("remind")
    assert told.expression == {"call": "before", "args": ["answer"], "kwargs": {"workdays": 3}}
    assert told.deadlines == {"answer": {"call": "workdays", "args": [10], "kwargs": {}}}
    assert world.find("review").deadlines == told.deadlines


def test_an_interrupting_timer_takes_the_task_away() -> None:
    world = World(guarded("duration", "P3D", interrupting=True))
    advance = world.fire("remind")
    assert [(closed.element, closed.how) for closed in advance.closed] == [("review", "cancelled")]
    assert world.waiting() == ["call"]


def test_a_task_done_takes_its_timers_with_it() -> None:
    world = World(guarded("duration", "P3D", interrupting=True))
    timer_id = world.find("remind").id
    advance = world.do("review")
    assert advance.cancelled_timers == (timer_id,)
    assert world.run.ended
    with pytest.raises(StaleTask):
        world.run.fire(timer_id)


def test_a_timer_fires_once() -> None:
    world = World(guarded("duration", "P3D"))
    timer_id = world.find("remind").id
    world.fire("remind")
    with pytest.raises(StaleTask):
        world.run.fire(timer_id)


def test_a_cycle_fires_as_often_as_it_says_and_no_more() -> None:
    world = World(guarded("cycle", "R3/P2D"))
    timer_id = world.find("remind").id
    for left in (2, 1):
        world.fire("remind")
        assert world.waiting().count("remind") == 1, left
        assert world.find("remind").id == timer_id
    world.fire("remind")
    assert world.waiting() == ["call", "call", "call", "review"]
    with pytest.raises(StaleTask):
        world.run.fire(timer_id)


def test_what_a_cycle_has_set_going_outlives_the_task() -> None:
    world = World(guarded("cycle", "R900/P2D"))
    world.fire("remind")
    world.fire("remind")
    world.do("review")
    assert world.waiting() == ["call", "call"]
    world.do("call")
    world.do("call")
    assert world.run.ended


def test_a_hundred_reminders_leave_no_trace_in_the_state() -> None:
    drawn = guarded("cycle", "R900/P2D").replace(
        node("userTask", "call").encode(), script("call", "reminded = True").encode()
    )
    world = World(drawn)
    sizes = set()
    for _ in range(100):
        world.fire("remind")
        sizes.add(len(world.run.save()))
    assert len(sizes) == 1
    world.do("review")
    assert world.data() == {"reminded": True}


def test_a_timer_in_the_flow() -> None:
    drawn = document(
        process(
            "p",
            start(),
            node("intermediateCatchEvent", "wait", timer("date", "2030-01-01")),
            end(),
            chain("start", "wait", "end"),
        )
    )
    world = World(drawn)
    assert world.find("wait").expression == {"iso": "2030-01-01"}
    assert world.find("wait").task is None
    world.fire("wait")
    assert world.run.ended


def test_a_timer_whose_expression_fails_leaves_its_task_open() -> None:
    world = World(guarded("date", "due_date"))
    problem = world.last.problem
    assert problem is not None
    assert problem.element == "remind"
    assert world.waiting() == ["review"]
    world.do("review")
    assert world.run.ended


RECEIVE = document(
    MESSAGE,
    process(
        "p",
        start(),
        node("intermediateCatchEvent", "wait", ours("message", key="course"), message("m")),
        node("userTask", "after"),
        chain("start", "wait", "after"),
    ),
)


def test_a_message_finds_its_receiver_by_name_and_key() -> None:
    world = World(RECEIVE, data={"course": "c-7"})
    told = world.find("wait")
    assert (told.name, told.key) == ("materials.sent", "c-7")
    for name, key in (("other", "c-7"), ("materials.sent", "c-8"), ("materials.sent", None)):
        with pytest.raises(StaleTask):
            world.run.receive(name, key, {})
    world.receive("materials.sent", {"files": 3}, key="c-7")
    assert world.find("after").data == {"course": "c-7", "files": 3}


def test_a_message_can_be_kept_under_one_name() -> None:
    world = World(RECEIVE.replace(b'key="course"', b'key="course" result="mail"'), data={"course": "c-7"})
    world.receive("materials.sent", [1, 2], key="c-7")
    assert world.find("after").data == {"course": "c-7", "mail": [1, 2]}


def test_one_message_wakes_one_receiver() -> None:
    receivers = [node("receiveTask", name, messageRef="m") for name in ("a", "b")]
    drawn = document(
        MESSAGE,
        process(
            "p",
            start(),
            node("parallelGateway", "split"),
            *receivers,
            chain("start", "split", "a"),
            chain("split", "b"),
        ),
    )
    world = World(drawn)
    world.receive("materials.sent")
    assert world.waiting() == ["b"]


def test_messages_are_sent_with_what_they_declare() -> None:
    own = ours("message", key="course").replace(
        "></coomet:message>", ">" + ours("parameter", "n + 1", name="number") + "</coomet:message>"
    )
    drawn = document(
        MESSAGE,
        process(
            "p",
            start(),
            node("intermediateThrowEvent", "tell", own, message("m")),
            node("endEvent", "end", message("m")),
            chain("start", "tell", "end"),
        ),
    )
    world = World(drawn, data={"course": "c-7", "n": 1})
    assert [(sent.element, sent.name, sent.key, sent.payload) for sent in world.last.sent] == [
        ("tell", "materials.sent", "c-7", {"number": 2}),
        ("end", "materials.sent", None, {}),
    ]


def test_a_message_beside_a_task_can_come_again_and_again() -> None:
    drawn = document(
        MESSAGE,
        process(
            "p",
            start(),
            node("userTask", "review"),
            boundary("comment", "review", message("m"), interrupting=False),
            node("userTask", "read"),
            chain("start", "review"),
            chain("comment", "read"),
        ),
    )
    world = World(drawn)
    world.receive("materials.sent", {"text": "one"})
    world.receive("materials.sent", {"text": "two"})
    assert [world.find("read", n).data for n in (0, 1)] == [{"text": "one"}, {"text": "two"}]
    world.do("review")
    assert world.waiting() == ["read", "read"]


RACE = document(
    MESSAGE,
    process(
        "p",
        start(),
        node("eventBasedGateway", "gate"),
        node("intermediateCatchEvent", "answer", message("m")),
        node("intermediateCatchEvent", "late", timer("duration", "P1D")),
        node("userTask", "read"),
        node("userTask", "call"),
        chain("start", "gate", "answer", "read"),
        chain("gate", "late", "call"),
    ),
)


def test_of_two_events_the_first_wins() -> None:
    world = World(RACE)
    assert world.waiting() == ["answer", "late"]
    late = world.find("late").id
    advance = world.receive("materials.sent")
    assert advance.cancelled_timers == (late,)
    assert world.waiting() == ["read"]
    world = World(RACE)
    receiver = world.find("answer").id
    advance = world.fire("late")
    assert advance.cancelled_receivers == (receiver,)
    assert world.waiting() == ["call"]
