"""One life of the realistic process in the stock library, the naive way: everything in one JSON, specifications too.

Run as a program of its own, so that nothing of ours can have touched the library. Prints seconds of CPU for a life.
"""

import copy
import json
import logging
import statistics
import sys
import time
import warnings
from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.spiff.serializer import DEFAULT_CONFIG
from SpiffWorkflow.util.task import TaskState

from tests.bench import course


class _Services(TaskDataEnvironment):  # type: ignore[misc]  # the library has no types
    """Answers service calls at once."""

    def call_service(self, context: Any, **given: Any) -> str:
        return '{"ok": true}'


ENGINE = PythonScriptEngine(_Services())
SERIALIZER = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(DEFAULT_CONFIG))


def begin() -> str:
    parser = SpiffBpmnParser()
    for document in (course.course(course.STOCK), course.agree_one(course.STOCK)):
        parser.add_bpmn_str(document)
    workflow = BpmnWorkflow(parser.get_spec("course"), parser.get_subprocess_specs("course"), script_engine=ENGINE)
    workflow.do_engine_steps()
    return str(SERIALIZER.serialize_json(workflow))


def step(state: str, task: str, values: dict[str, Any]) -> str:
    """Restore, complete the first open task of that name (or let its time come), go on, save."""
    workflow = SERIALIZER.deserialize_json(state)
    workflow.script_engine = ENGINE
    if task == "wait3y":
        waiting = workflow.get_next_task(state=TaskState.WAITING, spec_name=task)
        waiting.internal_data["event_value"] = "2020-01-01T00:00:00+00:00"
        workflow.refresh_timers()
    else:
        ready = workflow.get_next_task(state=TaskState.READY, spec_name=task, manual=True)
        ready.data.update(copy.deepcopy(values))
        ready.run()
    workflow.do_engine_steps()
    return str(SERIALIZER.serialize_json(workflow))


def life(rounds: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """The acts of a life whose first `rounds` rounds of agreement are refused."""
    yield "fill", course.DATA
    for refused in [*[True] * rounds, False]:
        yield from [("a_review", course.review(not refused))] * 3
        if refused:
            yield "rework", {}
    yield "expert", {"expert_ok": True}
    yield "publish", {}
    yield "wait3y", {}
    yield "actual", {"renew": False}


def seconds(lives: int) -> float:
    """Of CPU for the median life with one round of rework."""
    taken = []
    for _ in range(lives):
        state, begun = begin(), time.thread_time()
        for task, values in life(1):
            state = step(state, task, values)
        taken.append(time.thread_time() - begun)
        assert json.loads(state)["completed"]
    return statistics.median(taken)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    logging.disable(logging.INFO)
    print(seconds(int(sys.argv[1])))
