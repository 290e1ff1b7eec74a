"""Joins in loops: right in every round, whatever the order in which the branches finish."""

import itertools

import pytest

from tests.unit.engine_run.bpmn import boundary, chain, document, end, flow, node, parallel, process, start, timer, xor
from tests.unit.engine_run.world import World

ORDERS = list(itertools.product((("u1", "u2"), ("u2", "u1")), repeat=3))


def task(name: str) -> str:
    return node("userTask", name)


PARALLEL_LOOP = document(
    process(
        "p",
        start(),
        task("k"),
        parallel("split"),
        task("u1"),
        task("u2"),
        parallel("join"),
        task("m"),
        xor("gw", "f_gw_end"),
        end(),
        chain("start", "k", "split", "u1", "join", "m", "gw", "end"),
        chain("split", "u2", "join"),
        flow("gw", "k", "again"),
    )
)


@pytest.mark.parametrize("orders", ORDERS)
def test_a_parallel_join_in_a_loop_waits_for_both_in_every_round(orders: tuple[tuple[str, str], ...]) -> None:
    world = World(PARALLEL_LOOP)
    for first, second in orders:
        world.do("k")
        world.do(first)
        assert world.waiting() == [second]
        world.do(second)
        assert world.waiting() == ["m"]
        world.do("m", again=True)
    assert world.waiting() == ["k"]


INCLUSIVE_LOOP = document(
    process(
        "p",
        start(),
        task("k"),
        node("inclusiveGateway", "split", default="f_split_u3"),
        task("u1"),
        task("u2"),
        task("u3"),
        node("inclusiveGateway", "join"),
        task("m"),
        xor("gw", "f_gw_end"),
        end(),
        chain("start", "k", "split", "u3", "join", "m", "gw", "end"),
        flow("split", "u1", "one"),
        flow("split", "u2", "two"),
        chain("u1", "join"),
        chain("u2", "join"),
        flow("gw", "k", "True"),
    )
)


@pytest.mark.parametrize("orders", ORDERS)
def test_an_inclusive_join_in_a_loop_waits_for_what_can_still_come(orders: tuple[tuple[str, str], ...]) -> None:
    world = World(INCLUSIVE_LOOP, data={"one": True, "two": True})
    for first, second in orders:
        world.do("k")
        assert world.waiting() == ["u1", "u2"]
        world.do(first)
        assert world.waiting() == [second]
        world.do(second)
        assert world.waiting() == ["m"]
        world.do("m")


def test_an_inclusive_gateway_takes_its_default_flow_only_when_no_condition_holds() -> None:
    world = World(INCLUSIVE_LOOP, data={"one": False, "two": False})
    world.do("k")
    assert world.waiting() == ["u3"]
    world.do("u3")
    world.do("m", one=True)
    world.do("k")
    assert world.waiting() == ["u1"]


def test_tokens_of_two_rounds_are_not_mixed_up() -> None:
    """A branch that comes round twice does not stand in for the one that has not come."""
    drawn = document(
        process(
            "p",
            start(),
            *(parallel(name) for name in ("split", "fork", "join")),
            *(task(name) for name in ("fast", "slow", "m")),
            xor("merge"),
            chain("start", "split", "merge", "fast", "fork", "join", "m"),
            chain("split", "slow", "join"),
            chain("fork", "merge"),
        )
    )
    world = World(drawn)
    world.do("fast")
    world.do("fast")
    assert world.waiting() == ["fast", "slow"]
    world.do("slow")
    assert world.waiting() == ["fast", "m"]


def test_two_flows_from_one_gateway_into_a_join_are_two() -> None:
    drawn = document(
        process(
            "p",
            start(),
            parallel("split"),
            parallel("join"),
            task("m"),
            chain("start", "split"),
            flow("split", "join", name="one"),
            flow("split", "join", name="two"),
            chain("join", "m"),
        )
    )
    assert World(drawn).waiting() == ["m"]


def test_a_process_ends_with_its_last_token() -> None:
    drawn = document(
        process(
            "p",
            start(),
            parallel("split"),
            task("u1"),
            task("u2"),
            end("e1"),
            end("e2"),
            chain("start", "split", "u1", "e1"),
            chain("split", "u2", "e2"),
        )
    )
    world = World(drawn)
    world.do("u2", b=2)
    assert not world.run.ended
    world.do("u1", a=1)
    assert world.last.ended is not None
    assert world.last.ended.end_event == "e1"
    assert world.data() == {"a": 1, "b": 2}


def test_a_deadlock_is_told_and_not_silent() -> None:
    drawn = document(
        process(
            "p",
            start(),
            xor("gw", "f_gw_join"),
            parallel("join"),
            task("m"),
            task("u"),
            chain("start", "gw", "join", "m"),
            flow("gw", "u", "False"),
            chain("u", "join"),
        )
    )
    world = World(drawn)
    assert world.last.problem is not None
    assert "join" in world.last.problem.message.en
    assert [problem.task for problem in world.run.snapshot().failed] == [None]


def test_a_branch_with_a_long_loop_beside_an_open_task_does_not_grow() -> None:
    """The lines behind the live tokens are contracted, not only what lies above their nearest common ancestor."""
    world = World(
        document(
            process(
                "p",
                start(),
                parallel("split"),
                task("u1"),
                task("u2"),
                boundary("late", "u2", timer("duration", "P1D")),
                xor("gw", "f_gw_join"),
                parallel("join"),
                end(),
                chain("start", "split", "u1", "join", "end"),
                chain("split", "u2", "gw", "join"),
                chain("late", "gw"),
                flow("gw", "u2", "again"),
            )
        )
    )
    sizes = set()
    for _ in range(20):
        world.do("u2", again=True)
        sizes.add(len(world.run.save()))
    assert len(sizes) == 1
    world.do("u1")
    world.do("u2", again=False)
    assert world.run.ended
