"""Called processes and embedded sub-processes run inside the same instance."""

from tests.unit.engine_run.bpmn import (
    TERMINATE,
    boundary,
    chain,
    document,
    each,
    end,
    error,
    node,
    ours,
    process,
    script,
    start,
    timer,
    user,
)
from tests.unit.engine_run.world import World

SHEET = document(
    process(
        "sheet",
        start("s"),
        script("note", "seen = 1"),
        user("review", outputs="verdict"),
        end("e"),
        chain("s", "note", "review", "e"),
    )
)


def caller(*inner: str) -> bytes:
    return document(
        process(
            "p",
            start(),
            node("callActivity", "agree", *inner, calledElement="sheet"),
            node("userTask", "after"),
            end(),
            chain("start", "agree", "after", "end"),
        )
    )


def test_without_declarations_all_data_go_in_and_come_back() -> None:
    world = World(caller(), SHEET, data={"course": 7})
    task = world.find("review")
    assert (task.process, task.path, task.data) == ("sheet", ("agree",), {"course": 7, "seen": 1})
    world.do("review", verdict="ok")
    assert world.find("after").data == {"course": 7, "seen": 1, "verdict": "ok"}


def test_declared_inputs_and_outputs_are_all_that_passes() -> None:
    inner = (ours("input", "course + 1", name="number"), ours("output", 'verdict + "!"', name="result"))
    world = World(caller(*inner), SHEET, data={"course": 7, "secret": 1})
    assert world.find("review").data == {"number": 8, "seen": 1}
    world.do("review", verdict="ok")
    assert world.find("after").data == {"course": 7, "secret": 1, "result": "ok!"}


def test_with_inputs_only_nothing_comes_back() -> None:
    world = World(caller(ours("input", "course", name="course")), SHEET, data={"course": 7})
    world.do("review", verdict="ok")
    assert world.find("after").data == {"course": 7}


def test_repeated_calls_get_their_item_beside_the_inputs() -> None:
    inner = (
        each("bodies", "body", "verdicts", "verdict"),
        ours("input", "course", name="course"),
        ours("output", "verdict", name="verdict"),
    )
    world = World(caller(*inner), SHEET, data={"course": 7, "bodies": {"a": 1, "b": 2}})
    assert [world.find("review", n).data for n in (0, 1)] == [
        {"course": 7, "body": 1, "seen": 1},
        {"course": 7, "body": 2, "seen": 1},
    ]
    world.do("review", 1, verdict="no")
    world.do("review", verdict="yes")
    assert world.find("after").data["verdicts"] == {"a": "yes", "b": "no"}


def test_state_of_a_called_process_holds_only_what_differs() -> None:
    big = "x" * 50_000
    plain = World(caller(), SHEET, data={"card": big})
    assert len(plain.run.save()) < 51_000


def test_calls_can_be_nested() -> None:
    middle = document(
        process(
            "middle",
            start("s"),
            node("callActivity", "inner", calledElement="sheet"),
            end("e"),
            chain("s", "inner", "e"),
        )
    )
    world = World(caller().replace(b'"sheet"', b'"middle"'), middle, SHEET)
    assert world.find("review").path == ("agree", "inner")
    world.do("review")
    assert world.waiting() == ["after"]


def test_a_deadline_of_the_call_cancels_all_that_runs_inside() -> None:
    late = boundary("late", "agree", timer("duration", "P1D")) + chain("late", "after")
    drawn = caller(each("bodies", "body")).replace(b"</bpmn:process>", late.encode() + b"</bpmn:process>")
    world = World(drawn, SHEET, data={"bodies": [1, 2, 3]})
    assert world.waiting() == ["late", "review", "review", "review"]
    advance = world.fire("late")
    assert [closed.how for closed in advance.closed] == ["cancelled"] * 3
    assert world.waiting() == ["after"]
    assert not world.run.instance.subprocesses


def test_terminate_ends_only_its_own_process() -> None:
    stopped = document(process("sheet", start("s"), node("endEvent", "stop", TERMINATE), chain("s", "stop")))
    assert World(caller(), stopped).waiting() == ["after"]


def test_terminate_cancels_what_else_is_open() -> None:
    drawn = document(
        process(
            "p",
            start(),
            node("parallelGateway", "split"),
            node("userTask", "a"),
            node("userTask", "b"),
            node("endEvent", "stop", TERMINATE),
            end(),
            chain("start", "split", "a", "stop"),
            chain("split", "b", "end"),
        )
    )
    world = World(drawn)
    world.do("a", x=1)
    assert world.last.ended is not None
    assert world.last.ended.end_event == "stop"
    assert [(closed.element, closed.how) for closed in world.last.closed] == [("a", "completed"), ("b", "cancelled")]


def test_an_error_inside_is_caught_on_the_call() -> None:
    failing = document(
        '<bpmn:error id="err" errorCode="refused"/>',
        process("sheet", start("s"), user("review"), node("endEvent", "no", error("err")), chain("s", "review", "no")),
    )
    caught = document(
        '<bpmn:error id="err" errorCode="refused"/>',
        process(
            "p",
            start(),
            node("callActivity", "agree", calledElement="sheet"),
            boundary("oops", "agree", error("err")),
            node("userTask", "after"),
            node("userTask", "repair"),
            chain("start", "agree", "after"),
            chain("oops", "repair"),
        ),
    )
    world = World(caught, failing)
    world.do("review")
    assert world.waiting() == ["repair"]
    assert world.last.problem is None


def test_an_error_that_nobody_catches_is_an_incident() -> None:
    failing = document(
        '<bpmn:error id="err" errorCode="refused"/>',
        process("sheet", start("s"), node("endEvent", "no", error("err")), chain("s", "no")),
    )
    world = World(caller(), failing)
    assert world.last.problem is not None
    assert (world.last.problem.element, world.last.problem.process) == ("no", "sheet")
    assert "refused" in world.last.problem.message.en


def test_an_embedded_sub_process_shares_the_data_of_its_process() -> None:
    inside = start("s") + user("inner", outputs="x") + end("e") + chain("s", "inner", "e")
    drawn = document(
        process(
            "p",
            start(),
            f'<bpmn:subProcess id="sub">{inside}</bpmn:subProcess>',
            node("userTask", "after"),
            chain("start", "sub", "after"),
        )
    )
    world = World(drawn, data={"a": 1})
    assert (world.find("inner").path, world.find("inner").process) == (("sub",), "p")
    world.do("inner", x=2)
    assert world.find("after").data == {"a": 1, "x": 2}


def test_an_output_that_cannot_be_computed_stops_the_call_and_can_be_retried() -> None:
    world = World(caller(ours("output", "nothing", name="result")), SHEET)
    world.do("review")
    problem = world.last.problem
    assert problem is not None
    assert problem.element == "agree"
    assert world.retry(problem.task).problem is not None
    world.cancel()
    assert world.run.ended
