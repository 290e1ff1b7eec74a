"""The way out: the stock library, in a process of its own, loads an exported instance and carries it on."""

import json
import subprocess
import sys
from typing import Any

import pytest

from app.engine import export_stock
from tests.bench import course
from tests.unit.engine_run import test_events, test_joins
from tests.unit.engine_run.bpmn import (
    boundary,
    chain,
    document,
    each,
    end,
    node,
    parallel,
    process,
    script,
    start,
    timer,
    user,
)
from tests.unit.engine_run.world import World

CARRY_ON = """
import json, sys
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.spiff.serializer import DEFAULT_CONFIG
from SpiffWorkflow.util.task import TaskState

exported, values, extended = json.load(sys.stdin)
serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(DEFAULT_CONFIG) if extended else None)
workflow = serializer.deserialize_json(exported)
workflow.script_engine.environment.globals["values"] = lambda record: list(record.values())
done = []
while not workflow.completed:
    workflow.do_engine_steps()
    ready = workflow.get_tasks(state=TaskState.READY, manual=True)
    if ready:
        task = ready[0]
        done.append(task.task_spec.bpmn_id)
        task.data.update(values.get(task.task_spec.bpmn_id, {}))
        task.run()
        continue
    timers = [t for t in workflow.event_manager.tasks.values()]
    if not timers:
        break
    for task in timers:
        task.internal_data["event_fired"] = True
        task.task_spec._update(task)
    workflow.do_engine_steps()
json.dump({"completed": workflow.completed, "done": done, "data": workflow.data}, sys.stdout)
"""


def carry_on(world: World, values: dict[str, Any] | None = None, extended: bool = False) -> dict[str, Any]:
    """What the stock library makes of the instance; it answers every task with its `values`."""
    given = json.dumps([export_stock(world.run), values or {}, extended])
    done = subprocess.run([sys.executable, "-c", CARRY_ON], input=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("extended", [False, True])
def test_the_realistic_process_goes_on_from_open_reviews_to_its_end(extended: bool) -> None:
    world = World(*course.files().values(), process="course")
    world.do("fill", **course.DATA)
    world.do("a_review", 1, **course.review(True))
    values = {"a_review": course.review(True), "expert": {"expert_ok": True}, "actual": {"renew": False}}
    found = carry_on(world, values, extended)
    assert found["completed"]
    assert sorted(found["done"]) == ["a_review", "a_review", "actual", "expert", "mail", "moodle", "publish"]
    assert sorted(found["data"]["verdicts"]) == ["b0", "b1", "b2"]
    assert found["data"]["verdicts"]["b1"] == {"ok": True, "by": "user1@example.org", "body": "b1"}


def test_a_waiting_join_waits_there_too() -> None:
    world = World(test_joins.PARALLEL_LOOP)
    for name in ("k", "u1", "u2"):
        world.do(name)
    world.do("m", again=True)
    world.do("k")
    world.do("u2")
    found = carry_on(world, {"m": {"again": False}})
    assert (found["completed"], found["done"]) == (True, ["u1", "m"])


def test_waiting_events_wait_there_too() -> None:
    late = document(
        process(
            "p",
            start(),
            user("first", outputs="n"),
            script("count", "n = n + 1"),
            node("intermediateCatchEvent", "wait", timer("duration", "P3D")),
            user("last"),
            end(),
            chain("start", "first", "count", "wait", "last", "end"),
        )
    )
    world = World(late)
    world.do("first", n=1)
    found = carry_on(world)
    assert (found["done"], found["data"]) == (["last"], {"n": 2})


def test_an_event_based_gateway_and_a_cycle_load_there() -> None:
    exported = json.loads(export_stock(World(test_events.RACE).run))
    states = {task["task_spec"]: task["state"] for task in exported["tasks"].values()}
    assert states["gate"] == 8
    world = World(test_events.guarded("cycle", "R3/P2D"))
    world.fire("remind")
    assert sorted(carry_on(world)["done"])[:2] == ["call", "review"]


def test_ended_branches_keep_their_data() -> None:
    drawn = document(
        process(
            "p",
            start(),
            parallel("split"),
            user("a", outputs="x"),
            user("b", outputs="y"),
            end("e1"),
            end("e2"),
            chain("start", "split", "a", "e1"),
            chain("split", "b", "e2"),
        )
    )
    world = World(drawn)
    world.do("a", x=1)
    assert carry_on(world, {"b": {"y": 2}})["data"] == {"x": 1, "y": 2}


@pytest.mark.parametrize("sequential", [False, True])
def test_repeated_tasks_go_on_there(sequential: bool) -> None:
    loop = each("bodies", "b", "vs", "v", sequential=sequential)
    drawn = document(
        process(
            "p",
            start(),
            user("u", loop, outputs="v"),
            boundary("late", "u", timer("duration", "P1D"), interrupting=False),
            end(),
            end("e2"),
            chain("start", "u", "end"),
            chain("late", "e2"),
        )
    )
    world = World(drawn, data={"bodies": {"x": 1, "y": 2, "z": 3}})
    world.do("u", v="first")
    found = carry_on(world, {"u": {"v": "stock"}})
    assert found["completed"]
    assert found["data"]["vs"] == {"x": "first", "y": "stock", "z": "stock"}


def test_a_name_the_library_keeps_for_itself_does_not_spoil_the_export() -> None:
    drawn = document(process("p", start(), user("u"), end(), chain("start", "u", "end")))
    world = World(drawn, data={"meta": [{"typename": "Task"}]})
    assert carry_on(world)["data"] == {"meta": [{"typename_": "Task"}]}


def test_an_ended_instance_can_be_exported() -> None:
    world = World(document(process("p", start(), end(), chain("start", "end"))), data={"a": 1})
    assert carry_on(world) == {"completed": True, "done": [], "data": {"a": 1}}
