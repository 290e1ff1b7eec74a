"""Data of parallel branches become one: what a branch did not touch never overwrites another's work."""

import itertools
from typing import Any

import pytest

from app.engine import Json
from app.engine.merging import merge
from tests.unit.engine_run.bpmn import chain, document, end, node, parallel, process, script, start
from tests.unit.engine_run.world import World


def test_a_key_untouched_by_the_last_branch_keeps_the_others_value() -> None:
    assert merge({"d": 1}, [{"d": 11}, {"d": 1}]) == {"d": 11}
    assert merge({"d": 1}, [{"d": 1}, {"d": 11}]) == {"d": 11}


def test_of_two_writers_the_later_wins() -> None:
    assert merge({"d": 1}, [{"d": 11}, {"d": 22}]) == {"d": 22}


def test_dicts_are_merged_entry_by_entry_and_lists_as_a_whole() -> None:
    base: dict[str, Json] = {"card": {"a": 1, "b": 1, "deep": {"x": 1, "y": 1}}, "list": [1, 2]}
    one: dict[str, Json] = {"card": {"a": 2, "b": 1, "deep": {"x": 2, "y": 1}}, "list": [1, 2, 3]}
    two: dict[str, Json] = {"card": {"a": 1, "b": 3, "deep": {"x": 1, "y": 3}}, "list": [1, 2]}
    for branches in ([one, two], [two, one]):
        merged = merge(base, branches)
        assert merged == {"card": {"a": 2, "b": 3, "deep": {"x": 2, "y": 3}}, "list": [1, 2, 3]}
    assert base["card"] == {"a": 1, "b": 1, "deep": {"x": 1, "y": 1}}


def test_true_is_not_one() -> None:
    assert merge({"d": 1}, [{"d": True}, {"d": 1}]) == {"d": True}


def test_what_a_branch_has_dropped_stays_dropped() -> None:
    assert merge({"d": 1, "e": 2}, [{"e": 2}, {"d": 1, "e": 3}]) == {"e": 3}


def test_three_branches_in_every_order_lose_nothing() -> None:
    base: dict[str, Json] = {"a": 0, "b": 0, "c": 0, "d": 0}
    branches: list[dict[str, Json]] = [{**base, "a": 1}, {**base, "b": 2}, {**base, "c": 3}]
    for order in itertools.permutations(branches):
        assert merge(base, order) == {"a": 1, "b": 2, "c": 3, "d": 0}


PARALLEL = document(
    process(
        "p",
        start(),
        script("set", 'd = 1\ncard = {"a": {"n": 0}, "keep": [1]}'),
        parallel("split"),
        node("userTask", "u1"),
        node("userTask", "u2"),
        script("nest", 'card = {"a": {"n": 5}, "keep": [1]}'),
        parallel("join"),
        end(),
        chain("start", "set", "split", "u1", "join", "end"),
        chain("split", "u2", "nest", "join"),
    )
)


@pytest.mark.parametrize("order", [("u1", "u2"), ("u2", "u1")])
def test_no_update_is_lost_in_a_process(order: tuple[str, str]) -> None:
    """The stock engine lets the last finisher overwrite `d`, though it never touched it."""
    values: dict[str, dict[str, Any]] = {"u1": {"d": 11}, "u2": {"mine": 2}}
    world = World(PARALLEL)
    for name in order:
        world.do(name, **values[name])
    assert world.data() == {"d": 11, "mine": 2, "card": {"a": {"n": 5}, "keep": [1]}}


def test_a_nested_value_written_in_one_branch_is_not_seen_in_the_other() -> None:
    world = World(PARALLEL)
    world.do("u2")
    assert world.find("u1").data["card"] == {"a": {"n": 0}, "keep": [1]}


def test_inner_branches_count_for_the_outer_join() -> None:
    drawn = document(
        process(
            "p",
            start(),
            *(parallel(name) for name in ("outer", "inner", "inner_join", "outer_join")),
            *(node("userTask", name) for name in ("a", "b", "c")),
            end(),
            chain("start", "outer", "inner", "a", "inner_join", "outer_join", "end"),
            chain("inner", "b", "inner_join"),
            chain("outer", "c", "outer_join"),
        )
    )
    for order in itertools.permutations("abc"):
        world = World(drawn, data={"a": 0, "b": 0, "c": 0})
        for name in order:
            world.do(name, **{name: 1})
        assert world.data() == {"a": 1, "b": 1, "c": 1}
