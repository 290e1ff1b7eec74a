"""Plain flow: tasks, scripts, exclusive gateways, ends, and what is told of it."""

import pytest

from app.engine import StaleTask, UnknownTask, restore, start
from tests.unit.engine_run.bpmn import chain, document, end, flow, node, process, script, user, xor
from tests.unit.engine_run.bpmn import start as begin
from tests.unit.engine_run.world import World, read

LOOP = document(
    process(
        "p",
        begin(),
        user("ask", outputs="ok"),
        xor("gw", "f_gw_ask"),
        end(),
        chain("start", "ask", "gw", "ask"),
        flow("gw", "end", "ok"),
    )
)


def test_a_person_is_asked_until_the_answer_is_right() -> None:
    world = World(LOOP, data={"course": 7})
    assert world.waiting() == ["ask"]
    world.do("ask", ok=False)
    assert world.waiting() == ["ask"]
    world.do("ask", ok=True)
    assert world.last.ended is not None
    assert world.last.ended.end_event == "end"
    assert world.data() == {"course": 7, "ok": True}


def test_only_declared_outputs_enter_the_data() -> None:
    world = World(LOOP)
    world.do("ask", ok=True, secret=1)
    assert world.data() == {"ok": True}


def test_outputs_can_be_kept_under_one_name() -> None:
    world = World(
        document(
            process("p", begin(), user("ask", outputs="ok,note", result="verdict"), end(), chain("start", "ask", "end"))
        )
    )
    world.do("ask", ok=True, note="well", other=2)
    assert world.data() == {"verdict": {"ok": True, "note": "well"}}


def test_a_task_without_a_form_takes_what_it_is_given() -> None:
    plain = document(process("p", begin(), node("userTask", "ask"), end(), chain("start", "ask", "end")))
    world = World(plain)
    world.do("ask", anything=[1, {"a": None}])
    assert world.data() == {"anything": [1, {"a": None}]}


def test_the_journal_tells_every_element_and_flow_in_order() -> None:
    world = World(LOOP)
    world.do("ask", ok=True)
    told = [(step.what, step.element) for step in world.last.journal]
    assert told == [
        ("completed", "ask"),
        ("took_flow", "f_ask_gw"),
        ("entered", "gw"),
        ("completed", "gw"),
        ("took_flow", "f_gw_end"),
        ("entered", "end"),
        ("completed", "end"),
    ]
    assert {step.process for step in world.last.journal} == {"p"}


def test_a_late_or_second_answer_is_refused_and_changes_nothing() -> None:
    run = start(read(LOOP), "p", {})
    task = run.advance.tasks[0].id
    run.complete(task, {"ok": False})
    state = run.save()
    with pytest.raises(StaleTask):
        run.complete(task, {"ok": True})
    with pytest.raises(UnknownTask):
        run.complete("nobody", {})
    with pytest.raises(StaleTask):
        run.answer(run.snapshot().open_tasks[0].id, None)
    with pytest.raises(StaleTask):
        run.retry(run.snapshot().open_tasks[0].id)
    assert run.save() == state


def test_conditions_are_tried_in_the_order_of_the_file() -> None:
    drawn = document(
        process(
            "p",
            begin(),
            xor("gw", "f_gw_c"),
            node("userTask", "a"),
            node("userTask", "b"),
            node("userTask", "c"),
            chain("start", "gw", "c"),
            flow("gw", "b", "n > 1"),
            flow("gw", "a", "n > 0"),
        )
    )
    assert World(drawn, data={"n": 2}).waiting() == ["b"]
    assert World(drawn, data={"n": 1}).waiting() == ["a"]
    assert World(drawn, data={"n": 0}).waiting() == ["c"]


def test_a_token_that_has_nowhere_to_go_has_come_to_an_end() -> None:
    world = World(document(process("p", begin(), node("userTask", "last"), chain("start", "last"))))
    world.do("last")
    assert world.run.ended


def test_scripts_set_variables() -> None:
    lines = 'n = n + 1\nname = "course " + str(n)\nbig = n > 3'
    world = World(document(process("p", begin(), script("s", lines), end(), chain("start", "s", "end"))), data={"n": 3})
    assert world.data() == {"n": 4, "name": "course 4", "big": True}


def test_a_process_with_several_starts_begins_at_the_one_named() -> None:
    drawn = document(
        '<bpmn:message id="m" name="asked"/>',
        process(
            "p",
            node("startEvent", "by_message", '<bpmn:messageEventDefinition messageRef="m"/>'),
            node("startEvent", "by_hand"),
            node("userTask", "a"),
            node("userTask", "b"),
            chain("by_message", "a"),
            chain("by_hand", "b"),
        ),
    )
    assert World(drawn).waiting() == ["b"]
    assert World(drawn, event="by_message").waiting() == ["a"]
    with pytest.raises(KeyError):
        World(drawn, event="no_such")
    with pytest.raises(KeyError):
        World(drawn, process="no_such")


def test_cancelling_an_instance_closes_everything() -> None:
    world = World(LOOP)
    advance = world.cancel()
    assert [closed.how for closed in advance.closed] == ["cancelled"]
    assert advance.ended is not None
    assert advance.ended.end_event is None
    assert world.run.ended
    with pytest.raises(StaleTask):
        world.cancel()


def test_two_runs_of_one_specification_do_not_meet() -> None:
    spec = read(LOOP)
    one, other = start(spec, "p", {"who": 1}), start(spec, "p", {"who": 2})
    one.complete(one.advance.tasks[0].id, {"ok": True})
    again = restore(spec, other.save())
    assert [task.data for task in again.snapshot().open_tasks] == [{"who": 2}]
