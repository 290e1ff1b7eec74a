"""The way out: an instance in the stock format of SpiffWorkflow, to be carried on by a stock engine.

Its own elements come over whole: flows, gateways, timers, messages, called processes, repeated activities, data.
What only this program can do becomes a manual task there: service tasks and decision tables, with what they ask for in
the task's `extensions`. Expressions stay as written; a host that runs them with the library's script engine has to give
it those of our functions that Python does not know. What a called process gives back is kept where it is handed over
under a name of its own; computed exchanges are not.
"""

import json
import uuid
from collections.abc import Iterable
from typing import Any

from app.engine import library
from app.engine.blueprints import Blueprint
from app.engine.expressions_timers import literal
from app.engine.library import TaskState
from app.engine.nodes import BusinessRuleTask, Node, ServiceTask
from app.engine.run import Run
from app.engine.stock_tokens import dump_tokens, legible
from app.engine.tokens import Instance, Level, SubLevel


def export_stock(run: Run) -> str:
    """JSON that BpmnWorkflowSerializer of SpiffWorkflow 3.2.0 loads without this package."""
    instance = run.instance
    stock = library.BpmnWorkflowSerializer()
    workflow = stock.from_dict(json.loads(json.dumps(_dump_instance(instance))))
    for level in (workflow, *workflow.subprocesses.values()):
        if not level.completed:
            level._predict(mask=TaskState.NOT_FINISHED_MASK)
    return stock.serialize_json(workflow)


def _dump_instance(instance: Instance) -> dict[str, Any]:
    registry = _registry(instance.subprocess_specs.values())
    returned = _returned(instance.subprocess_specs.values())
    specs = {
        name: _dump_spec(spec, registry, returned.get(name, set())) for name, spec in instance.subprocess_specs.items()
    }
    levels = {str(uuid.UUID(owner)): _dump_sub_level(level) for owner, level in instance.subprocesses.items()}
    return {
        **_dump_level(instance),
        "typename": "BpmnWorkflow",
        "spec": specs.pop(instance.spec.name),
        "subprocess_specs": specs,
        "subprocesses": levels,
        "bpmn_events": [],
    }


def _dump_sub_level(level: SubLevel) -> dict[str, Any]:
    return {
        **_dump_level(level),
        "typename": "BpmnSubWorkflow",
        "parent_task_id": str(uuid.UUID(level.owner.id)),
        "spec": level.spec.name,
    }


def _dump_level(level: Level) -> dict[str, Any]:
    tasks = dump_tokens(level)
    root = next(iter(tasks))
    return {
        "data": legible(level.data),
        "correlations": {},
        "last_task": root,
        "success": True,
        "completed": level.completed,
        "tasks": tasks,
        "root": root,
    }


def _registry(blueprints: Iterable[Blueprint]) -> Any:
    """The library's converters, for our classes under the names of the stock classes they are made of."""
    registry = library.BpmnWorkflowSerializer.configure()
    kinds = {type(node) for blueprint in blueprints for node in blueprint.task_specs.values()} | {Blueprint}
    for kind in kinds - library.CONVERTERS.keys():
        manual = issubclass(kind, ServiceTask | BusinessRuleTask)
        stock = library.UserTask if manual else next(base for base in kind.__mro__ if base in library.CONVERTERS)
        library.CONVERTERS[stock](kind, registry, stock.__name__)
    return registry


def _returned(blueprints: Iterable[Blueprint]) -> dict[str, set[str]]:
    """By called process: the variables that its callers take over under their own names."""
    found: dict[str, set[str]] = {}
    nodes = (node for level in blueprints for node in level.task_specs.values() if isinstance(node, Node))
    for element in (node.element for node in nodes):
        if element.called is not None and element.returned:
            names = {name for name, source in element.returned.items() if name == source}
            found.setdefault(element.called, set()).update(names)
    return found


def _dump_spec(blueprint: Blueprint, registry: Any, returned: set[str]) -> dict[str, Any]:
    spec: dict[str, Any] = registry.convert(blueprint)
    for name, node in blueprint.task_specs.items():
        if isinstance(node, Node):
            spec["task_specs"][name]["extensions"] = _extensions(node)
        _quote(spec["task_specs"][name].get("event_definition", {}))
        if isinstance(node, ServiceTask | BusinessRuleTask):
            spec["task_specs"][name]["manual"] = True
    if returned:
        outputs = [library.TaskDataReference(name) for name in sorted(returned)]
        spec["io_specification"] = registry.convert(library.BpmnIoSpecification([], outputs))
    return spec


def _quote(definition: dict[str, Any]) -> None:
    """A bare P3D is an expression with us; the library evaluates it as Python, to which it must be a text."""
    for part in definition.get("event_definitions", ()):
        _quote(part)
    if literal(definition.get("expression") or ""):
        definition["expression"] = repr(definition["expression"])


def _extensions(node: Node) -> dict[str, Any]:
    element = node.element
    asked = {"operation": element.operation, "table": element.table, "result": element.result, "form": element.form}
    return {name: value for name, value in asked.items() if value} | (
        {"parameters": dict(element.parameters)} if element.parameters else {}
    )
