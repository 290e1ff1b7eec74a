"""SpiffWorkflow as it is, driven by the acts of the token game.

Service tasks are drawn as manual ones and all events as messages, so that nothing depends on the clock or on our own
extensions; each is caught by the very task that waits for it.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import EventBasedGateway
from SpiffWorkflow.util.task import TaskState

from tests.generated import Generated
from tests.oracle import BPMN, VERBS, Act
from tests.unit.oracle.ours import Asked, asked


def redrawn(content: bytes) -> tuple[bytes, dict[str, str]]:
    """The diagram as stock takes it, and the verb by which each event was waited for."""
    root: Any = etree.fromstring(content)
    verbs: dict[str, str] = {}
    for element in list(root.iter(BPMN + "extensionElements")):
        element.getparent().remove(element)
    for element in root.iter(BPMN + "serviceTask"):
        element.tag = BPMN + "manualTask"
    for element in root.iter(BPMN + "receiveTask"):
        verbs[element.get("id")] = "receive"
    for event in list(root.iter()):
        kind = etree.QName(event).localname.removesuffix("EventDefinition")
        if etree.QName(event).localname.endswith("EventDefinition") and kind != "terminate":
            holder = event.getparent()
            name = f"message_{holder.get('id')}"
            verbs[holder.get("id")] = VERBS.get(kind, "fire")
            holder.remove(event)
            etree.SubElement(holder, BPMN + "messageEventDefinition", messageRef=name)
            root.insert(0, etree.Element(BPMN + "message", id=name, name=name))
    return etree.tostring(root), verbs


def fails(generated: Generated) -> bool:
    """Where stock is known to raise: sequential instances find the item of the one before; an event that interrupts
    a repeated activity leaves its called processes behind; and it has no rounds of a cycle without the clock."""
    text = generated.text
    repeated = [name.removeprefix("list_") for name in generated.data]
    bounded = any(f'attachedToRef="{name}"' in text for name in repeated)
    return bounded or 'isSequential="true"' in text or "timeCycle" in text


class Stock:
    """A workflow of the library, kept in memory."""

    def __init__(self, generated: Generated) -> None:
        parser = BpmnParser()
        self.verbs: dict[str, str] = {}
        for content in generated.files.values():
            text, verbs = redrawn(content)
            parser.add_bpmn_str(text)
            self.verbs |= verbs
        specs = parser.get_spec(generated.process), parser.get_subprocess_specs(generated.process)
        self.repeated = frozenset(name.removeprefix("list_") for name in generated.data)
        self.workflow = BpmnWorkflow(*specs)
        first = self.workflow.get_tasks(state=TaskState.READY)[0]
        first.data.update({name: list(items) for name, items in generated.data.items()})
        self.workflow.do_engine_steps()

    def waiting(self) -> list[tuple[Asked, Any]]:
        """What is waited for, and the library's task that waits."""
        found: list[tuple[Asked, Any]] = []
        for level in (self.workflow, *self.workflow.subprocesses.values()):
            if level.completed:
                continue
            for task in list(level.tasks.values()):
                name = task.task_spec.name.removesuffix(" [child]")
                if task.state == TaskState.READY and task.task_spec.manual:
                    found.append((("complete", *self._place(task, name)), task))
                elif task.state == TaskState.WAITING and isinstance(task.task_spec, CatchingEvent):
                    found += [(self._event(task, one), task) for one in self._awaited(task)]
        return found

    @staticmethod
    def _awaited(task: Any) -> list[str]:
        if isinstance(task.task_spec, EventBasedGateway):
            return [spec.name for spec in task.task_spec.outputs]
        return [task.task_spec.name]

    def _event(self, task: Any, name: str) -> Asked:
        path, items = self._place(task, name)
        return self.verbs[name], path, items[: len([one for one in path[:-1] if one in self.repeated])]

    def _place(self, task: Any, name: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
        path = [name]
        level = task.workflow
        while level.parent_task_id is not None:
            owner = self.workflow.get_task_from_id(level.parent_task_id)
            path.insert(0, owner.task_spec.name.removesuffix(" [child]"))
            level = owner.workflow
        return tuple(path), tuple(task.data.get(f"item_{one}") for one in path if one in self.repeated)

    def marking(self) -> tuple[bool, Counter[Asked]]:
        return self.workflow.completed, Counter(waits for waits, _ in self.waiting())

    def do(self, act: Act, values: Mapping[str, int]) -> None:
        wanted = asked(act)
        task = next(task for waits, task in self.waiting() if waits == wanted)
        if act.verb == "complete":
            task.data.update(values)
            task.run()
        else:
            self._catch(task, act.place[-1][0])
        self.workflow.do_engine_steps()

    @staticmethod
    def _catch(task: Any, name: str) -> None:
        definition = task.task_spec.event_definition
        if isinstance(task.task_spec, EventBasedGateway):
            place = [spec.name for spec in task.task_spec.outputs].index(name)
            definition = definition.event_definitions[place]
        task.task_spec.catch(task, BpmnEvent(definition, {}))
        task.task_spec._update(task)
