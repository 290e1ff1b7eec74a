"""Repeated activities: in parallel, one after another, in second rounds, until enough."""

import pytest

from app.engine import Json
from tests.unit.engine_run.bpmn import chain, document, each, end, flow, node, process, start, user, xor
from tests.unit.engine_run.world import World


def repeated(loop: str, *more: str) -> bytes:
    """ask for each → again? → ask for each …"""
    return document(
        process(
            "p",
            start(),
            user("ask", loop, outputs="v"),
            user("more", outputs="again"),
            xor("gw", "f_gw_end"),
            end(),
            *more,
            chain("start", "ask", "more", "gw", "end"),
            flow("gw", "ask", "again"),
        )
    )


def test_a_dict_gives_a_dict_in_the_order_of_its_keys() -> None:
    world = World(repeated(each("bodies", "b", "vs", "v")), data={"bodies": {"x": 1, "y": 2, "z": 3}})
    assert [task.data["b"] for task in world.requests.values()] == [1, 2, 3]  # type: ignore[union-attr]  # open tasks
    world.do("ask", 2, v="c")
    world.do("ask", 0, v="a")
    world.do("ask", v="b")
    assert list(world.find("more").data["vs"].items()) == [("x", "a"), ("y", "b"), ("z", "c")]
    assert "b" not in world.find("more").data


def test_a_list_gives_a_list_in_its_own_order() -> None:
    world = World(repeated(each("bodies", "b", "vs", "v")), data={"bodies": ["x", "y", "z"]})
    for nth, value in ((1, "y"), (1, "z"), (0, "x")):
        world.do("ask", nth, v=value)
    assert world.find("more").data["vs"] == ["x", "y", "z"]


@pytest.mark.parametrize("bodies", [{"x": 1, "y": 2}, [1, 2]])
@pytest.mark.parametrize("sequential", [False, True])
def test_a_second_round_starts_with_an_empty_output(bodies: Json, sequential: bool) -> None:
    world = World(repeated(each("bodies", "b", "vs", "v", sequential=sequential)), data={"bodies": bodies})
    for _ in range(2):
        world.do("ask", v=1)
        world.do("ask", v=2)
        assert world.find("more").data["vs"] == ({"x": 1, "y": 2} if isinstance(bodies, dict) else [1, 2])
        world.do("more", again=True)
    for body in (3, 4):
        world.do("ask", v=body)
    assert world.find("more").data["vs"] == ({"x": 3, "y": 4} if isinstance(bodies, dict) else [3, 4])


def test_one_after_another() -> None:
    world = World(repeated(each("bodies", "b", "vs", "v", sequential=True)), data={"bodies": ["x", "y", "z"]})
    for body in ("x", "y", "z"):
        assert world.waiting() == ["ask"]
        assert world.find("ask").data["b"] == body
        world.do("ask", v=body.upper())
    assert world.find("more").data["vs"] == ["X", "Y", "Z"]


@pytest.mark.parametrize("bodies", [[], {}])
def test_nothing_to_repeat(bodies: Json) -> None:
    world = World(repeated(each("bodies", "b", "vs", "v")), data={"bodies": bodies, "vs": ["old"]})
    assert world.find("more").data["vs"] == bodies


def test_the_first_refusal_ends_the_others() -> None:
    loop = each("bodies", "b", "vs", "v", until='v == "no"')
    world = World(repeated(loop), data={"bodies": {"x": 1, "y": 2, "z": 3}})
    world.do("ask", 0, v="yes")
    assert world.waiting() == ["ask", "ask"]
    world.do("ask", 1, v="no")
    assert [closed.how for closed in world.last.closed] == ["completed", "cancelled"]
    assert world.find("more").data["vs"] == {"x": "yes", "z": "no"}


def test_a_condition_may_look_at_what_has_been_gathered() -> None:
    loop = each("bodies", "b", "vs", "v", until="len(vs) == 2")
    world = World(repeated(loop), data={"bodies": [1, 2, 3]})
    world.do("ask", v=1)
    world.do("ask", v=2)
    assert world.waiting() == ["more"]


def test_a_number_of_times() -> None:
    tag = "bpmn:multiInstanceLoopCharacteristics"
    loop = f'<{tag}><bpmn:loopCardinality>n + 1</bpmn:loopCardinality><bpmn:inputDataItem id="i"/></{tag}>'
    world = World(repeated(loop), data={"n": 2})
    assert [world.find("ask", nth).data["i"] for nth in range(3)] == [0, 1, 2]


def test_an_instance_without_output_gives_null() -> None:
    world = World(repeated(each("bodies", "b", "vs", "v")), data={"bodies": [1, 2]})
    world.do("ask")
    world.do("ask", v=2)
    assert world.find("more").data["vs"] == [None, 2]


def test_the_item_is_named_by_name_so_that_an_id_occurs_once() -> None:
    loop = each("bodies", "item_1", "vs", "v").replace('id="item_1"', 'id="item_1" name="body"')
    world = World(repeated(loop), data={"bodies": [7]})
    assert world.find("ask").data["body"] == 7


def test_repeated_scripts_run_through() -> None:
    loop = each("bodies", "b", "vs", "v")
    drawn = document(
        process(
            "p",
            start(),
            node("scriptTask", "s", loop, "<bpmn:script>v = b * 2</bpmn:script>"),
            end(),
            chain("start", "s", "end"),
        )
    )
    world = World(drawn, data={"bodies": [1, 2, 3]})
    assert world.data()["vs"] == [2, 4, 6]


def test_a_collection_that_is_none_is_an_incident_that_can_be_retried() -> None:
    world = World(repeated(each("bodies", "b", "vs", "v")), data={"bodies": 7})
    assert world.last.problem is not None
    assert world.last.problem.element == "ask"
    world.retry(world.last.problem.task)
    assert world.last.problem is not None
