"""Limits of a transaction: beyond them an incident or a refusal, never a silent stop and never a false end."""

import time

import pytest

from app.engine import Budget, BudgetExceeded
from app.engine.diagrams import read_release
from tests.unit.engine_run.bpmn import chain, document, each, end, flow, node, process, script, start, user, xor
from tests.unit.engine_run.world import World


def counting(limit: int) -> bytes:
    """Counts to `limit` without waiting for anything."""
    return document(
        process(
            "p",
            start(),
            user("u"),
            script("count", "n = n + 1"),
            xor("gw", "f_gw_end"),
            end(),
            chain("start", "u", "count", "gw", "end"),
            flow("gw", "count", f"n < {limit}"),
        )
    )


def straight(lines: str) -> bytes:
    return document(process("p", start(), user("u"), script("s", lines), end(), chain("start", "u", "s", "end")))


def test_an_endless_loop_is_an_incident_and_nothing_has_ended() -> None:
    """Fault F30."""
    world = World(counting(10**9), data={"n": 0})
    begun = time.thread_time()
    advance = world.do("u")
    assert time.thread_time() - begun < 1
    assert advance.problem is not None
    assert advance.problem.element in ("count", "gw")
    assert "200" in advance.problem.message.en
    assert advance.ended is None
    assert not world.run.ended
    assert [problem.task for problem in world.run.snapshot().failed] == [advance.problem.task]


def test_a_long_loop_goes_on_where_it_stopped() -> None:
    world = World(counting(250), data={"n": 0})
    advance = world.do("u")
    while advance.problem is not None:
        advance = world.retry(advance.problem.task)
    assert world.data() == {"n": 250}


def test_a_thousand_deep_in_one_transaction() -> None:
    """The stock engine stands still, silently, at this depth."""
    world = World(counting(2_000), data={"n": 0}, budget=Budget(steps=5_000))
    world.do("u")
    assert world.data() == {"n": 2_000}


@pytest.mark.parametrize(
    "lines",
    [
        "n = 0\n" + "\n".join(["n = sum([i * j for i in range(3000)])" for j in range(1)]).replace("j", "7"),
        "n = sum([sum([i * k for i in range(2000)]) for k in range(2000)])",
        'text = "a" * 10000000000',
        "big = 10 * 10 ** 9 ** 9",
        'many = [["a" * 90000 for i in range(5000)] for k in range(5000)]',
    ],
)
def test_a_greedy_script_costs_little_and_ends_as_finding_or_incident(lines: str) -> None:
    """Attacks S10 and S11."""
    begun = time.thread_time()
    specification, findings = read_release({"p/p/p.bpmn": straight(lines)})
    if specification is None:
        assert {found.rule for found in findings} == {"expression"}
    else:
        world = World(straight(lines))
        advance = world.do("u")
        assert advance.problem is not None or advance.ended is not None
    assert time.thread_time() - begun < 1.5


def test_a_script_that_raises_is_refused_before_it_runs() -> None:
    """Attack S12."""
    specification, findings = read_release({"p/p/p.bpmn": straight("raise SystemExit")})
    assert specification is None
    assert [(found.rule, found.element) for found in findings] == [("expression", "s")]


def test_a_large_variable_is_refused_and_the_task_stays_open() -> None:
    """Fault F28."""
    drawn = document(process("p", start(), user("u", outputs="a,b"), end(), chain("start", "u", "end")))
    world = World(drawn, budget=Budget(variable=50_000, instance=80_000))
    for values in ({"a": "x" * 10_000_000}, {"a": "x" * 60_000}, {"a": "x" * 45_000, "b": "y" * 45_000}):
        advance = world.do("u", **values)
        assert advance.problem is not None
        assert advance.problem.refused
        assert advance.closed == ()
        assert world.waiting() == ["u"]
    world.do("u", a="x" * 45_000)
    assert world.run.ended


def test_a_variable_that_grows_in_a_script_is_an_incident() -> None:
    drawn = document(
        process(
            "p",
            start(),
            user("u"),
            script("grow", "text = text + text"),
            xor("gw", "f_gw_u"),
            chain("start", "u", "grow", "gw", "u"),
        )
    )
    world = World(drawn, data={"text": "x" * 1_000}, budget=Budget(variable=10_000))
    while world.waiting() == ["u"]:
        advance = world.do("u")
    assert advance.problem is not None
    assert "text" in advance.problem.message.en
    assert len(world.run.save()) < 12_000


def test_start_data_keep_the_limits_too() -> None:
    text = "x" * 90_000
    for data in ({"a": [text] * 3}, {f"v{i}": [text] * 2 for i in range(6)}):
        with pytest.raises(BudgetExceeded):
            World(straight("n = 1"), data=data)


def test_too_many_instances_are_an_incident() -> None:
    """Fault F29."""
    loop = each("bodies", "b")
    drawn = document(process("p", start(), user("u", loop), end(), chain("start", "u", "end")))
    assert len(World(drawn, data={"bodies": list(range(200))}).waiting()) == 200
    world = World(drawn, data={"bodies": list(range(10_000))})
    assert world.last.problem is not None
    assert "10000" in world.last.problem.message.en
    assert world.waiting() == []
    number = "<bpmn:loopCardinality>10000000000</bpmn:loopCardinality>"
    counted = loop.replace("<bpmn:loopDataInputRef>bodies</bpmn:loopDataInputRef>", number)
    world = World(drawn.replace(loop.encode(), counted.encode()))
    assert world.last.problem is not None


def test_two_hundred_instances_of_a_process_with_scripts_fit() -> None:
    scripts = script("a", "x = b"), script("c", "y = x")
    inner = document(process("inner", start("s"), *scripts, user("u"), end("e"), chain("s", "a", "c", "u", "e")))
    call = node("callActivity", "call", each("bodies", "b"), calledElement="inner")
    outer = document(process("p", start(), call, chain("start", "call")))
    world = World(outer, inner, data={"bodies": list(range(200))})
    assert len(world.waiting()) == 200


def test_a_process_that_calls_itself_stops_at_the_limit_of_depth() -> None:
    drawn = document(
        process("p", start(), node("callActivity", "again", calledElement="p"), end(), chain("start", "again", "end"))
    )
    world = World(drawn)
    assert world.last.problem is not None
    assert "20" in world.last.problem.message.en
    assert len(world.run.instance.subprocesses) == 20
