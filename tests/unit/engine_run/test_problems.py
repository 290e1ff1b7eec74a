"""What goes wrong inside a step becomes an incident: everything else is kept, and the step can be retried."""

import pytest

from app.engine import Json
from tests.unit.engine_run.bpmn import (
    chain,
    document,
    each,
    end,
    flow,
    node,
    parallel,
    process,
    script,
    start,
    user,
    xor,
)
from tests.unit.engine_run.world import World

TWO = document(
    process(
        "p",
        start(),
        parallel("split"),
        user("u1", outputs="n"),
        script("divide", "ratio = 10 / n"),
        user("u2"),
        parallel("join"),
        end(),
        chain("start", "split", "u1", "divide", "join", "end"),
        chain("split", "u2", "join"),
    )
)


def test_a_script_that_fails_stops_its_branch_only() -> None:
    world = World(TWO)
    advance = world.do("u1", n=0)
    assert advance.problem is not None
    assert (advance.problem.element, advance.problem.process, advance.problem.refused) == ("divide", "p", False)
    assert [closed.element for closed in advance.closed] == ["u1"]
    assert [step.what for step in advance.journal if step.element == "divide"] == ["entered", "failed"]
    assert world.waiting() == ["u2"]
    world.do("u2")
    assert not world.run.ended
    assert world.retry(advance.problem.task).problem is not None
    assert [problem.element for problem in world.run.snapshot().failed] == ["divide"]
    world.cancel()


def test_no_way_out_of_a_gateway_is_an_incident() -> None:
    drawn = document(
        process("p", start(), xor("gw"), user("u"), chain("start", "gw"), flow("gw", "u", "n > 1")),
    )
    world = World(drawn, data={"n": 1})
    assert world.last.problem is not None
    assert world.last.problem.element == "gw"
    assert "ни одно условие" in world.last.problem.message.ru


def test_a_task_whose_question_cannot_be_asked_is_an_incident() -> None:
    drawn = document(
        process("p", start(), user("u", organisation="body", exclude="authors"), end(), chain("start", "u", "end"))
    )
    wrong: list[dict[str, Json]] = [{"authors": []}, {"body": 7, "authors": []}, {"body": "b", "authors": "x"}]
    for data in wrong:
        world = World(drawn, data=data)
        assert world.waiting() == []
        assert world.last.problem is not None, data
    world = World(drawn, data={"body": "b", "authors": ["p1", "p2"]})
    assert (world.find("u").organisation, world.find("u").exclude) == ("b", ("p1", "p2"))


def test_a_failing_completion_condition_gives_the_task_back_on_retry() -> None:
    loop = each("bodies", "b", "vs", "v", until='v["final"]')
    drawn = document(process("p", start(), user("u", loop, outputs="v"), end(), chain("start", "u", "end")))
    world = World(drawn, data={"bodies": [1, 2]})
    advance = world.do("u", v="not a dict")
    assert advance.problem is not None
    assert world.waiting() == ["u"]
    world.retry(advance.problem.task)
    assert world.waiting() == ["u", "u"]
    world.do("u", 1, v={"final": True})
    assert world.run.ended


def test_an_error_while_a_called_process_begins_stays_inside() -> None:
    drawn = document(
        process(
            "p",
            start(),
            parallel("split"),
            user("u"),
            node("callActivity", "call", each("bodies", "b"), calledElement="inner"),
            parallel("join"),
            chain("start", "split", "u", "join"),
            chain("split", "call", "join"),
        )
    )
    inner = document(process("inner", start("s"), script("x", "y = 1 / b"), end("e"), chain("s", "x", "e")))
    world = World(drawn, inner, data={"bodies": [1, 0, 2]})
    assert [problem.element for problem in world.last.problems] == ["x"]
    assert len(world.run.instance.subprocesses) == 1
    assert world.waiting() == ["u"]


@pytest.mark.parametrize("name", ["len", "__builtins__", "_x", "a b", "def", "", "True", "typename", "data", "день"])
def test_no_name_of_a_form_field_can_wedge_an_instance(name: str) -> None:
    """Attack S13."""
    drawn = document(
        process(
            "p",
            start(),
            node("userTask", "u"),
            script("s", "size = len([1, 2])"),
            xor("gw", "f_gw_u"),
            end(),
            chain("start", "u", "s", "gw", "u"),
            flow("gw", "end", "size == 2"),
        )
    )
    value: Json = {"__class__": ["x"], "typename": "Task"}
    world = World(drawn, data={name: value})
    world.do("u", **{name: value})
    assert world.run.ended
    assert world.data()[name] == value


def test_values_that_are_no_json_are_refused_and_the_task_stays_open() -> None:
    world = World(TWO)
    advance = world.do("u1", n={1, 2})
    assert advance.problem is not None
    assert advance.problem.refused
    assert world.waiting() == ["u1", "u2"]
    world.do("u1", n=float("nan"))
    assert world.waiting() == ["u1", "u2"]
    world.do("u1", n=5)
    assert world.waiting() == ["u2"]


def test_what_the_caller_does_to_its_values_later_does_not_matter() -> None:
    values: dict[str, Json] = {"n": {"list": [1]}}
    drawn = document(process("p", start(), user("a", outputs="n"), user("b"), chain("start", "a", "b")))
    world = World(drawn)
    run = world.run
    advance = run.complete(run.snapshot().open_tasks[0].id, values)
    values["n"]["list"].append(2)  # type: ignore[index,union-attr,call-overload]  # a dict with a list, as written above
    assert run.snapshot().open_tasks[0].data == {"n": {"list": [1]}}
    assert advance.tasks[0].data == {"n": {"list": [1]}}
