"""Each element's node, with every expression compiled."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.engine import activities, events, gateways, library, nodes
from app.engine.advance import Receiver, Timer
from app.engine.decisions import Decision
from app.engine.expressions import Compiled, Position, compile_expression, compile_script
from app.engine.expressions_errors import ExpressionError
from app.engine.nodes import Node
from app.engine.specification import Element, Finding, MultiInstance, Process
from app.i18n import Text

PLAIN: Mapping[str, type[Node]] = {
    "task": nodes.NoneTask,
    "userTask": nodes.UserTask,
    "manualTask": nodes.ManualTask,
    "serviceTask": nodes.ServiceTask,
    "businessRuleTask": nodes.BusinessRuleTask,
    "exclusiveGateway": gateways.ExclusiveGateway,
    "inclusiveGateway": gateways.InclusiveGateway,
    "parallelGateway": gateways.ParallelGateway,
}
EVENTS: Mapping[str, type[Node]] = {
    "startEvent": events.StartEvent,
    "endEvent": events.EndEvent,
    "intermediateCatchEvent": events.IntermediateCatchEvent,
    "intermediateThrowEvent": events.IntermediateThrowEvent,
    "boundaryEvent": events.BoundaryEvent,
    "eventBasedGateway": events.EventBasedGateway,
    "sendTask": events.SendTask,
    "receiveTask": events.ReceiveTask,
}
WAITS_FOR: Mapping[str, type[Timer] | type[Receiver]] = {"timer": Timer, "message": Receiver}
TIMERS = {
    "date": library.TimeDateEventDefinition,
    "duration": library.DurationTimerEventDefinition,
    "cycle": library.CycleTimerEventDefinition,
}


@dataclass(slots=True)
class Workshop:
    """Makes nodes; what cannot be made becomes a finding."""

    file: str
    decisions: Mapping[str, Decision]
    findings: list[Finding] = field(default_factory=list)

    def make(self, level: library.BpmnProcessSpec, process: Process, element: Element) -> Node:
        """The node that stands for the element; of a repeated activity the body, its instance beside it."""
        node = self._bare(level, process, element, element.id if element.multi is None else f"{element.id} [child]")
        self._equip(node, process, element)
        return node if element.multi is None else self._repeat(level, process, element, element.multi, node)

    def condition(self, flow: Element) -> Compiled | None:
        return self._compile(flow, flow.condition, "condition")

    def _bare(self, level: library.BpmnProcessSpec, process: Process, element: Element, name: str) -> Node:
        common = {"bpmn_name": element.name.ru, "lane": element.lane, "documentation": element.instructions.ru or None}
        if element.kind in EVENTS:
            extra: dict[str, Any] = {"event_definition": stock_event(element)}
            if element.kind == "boundaryEvent":
                extra["cancel_activity"] = element.interrupting
            return EVENTS[element.kind](level, name, **extra, **common)
        if element.kind == "scriptTask":
            script = nodes.ScriptTask(level, name, script=element.script or "", **common)
            self._compile_script(element, script)
            return script
        if element.kind == "callActivity":
            return activities.CallActivity(level, name, subworkflow_spec=element.called, **common)
        if element.kind == "subProcess":
            inside = f"{process.id}/{element.id}"
            return activities.SubWorkflowTask(level, name, subworkflow_spec=inside, **common)
        return PLAIN[element.kind](level, name, **common)

    def _equip(self, node: Node, process: Process, element: Element) -> None:
        node.element, node.process, node.bpmn_id = element, process.id, element.id
        node.expressions = {
            name: compiled
            for name, source, position in _sources(element)
            if (compiled := self._compile(element, source, position))
        }
        node.deadlines = self._compile_all(element, element.deadlines, "timer")
        node.parameters = self._compile_all(element, element.parameters, "parameter")
        if isinstance(node, gateways.Join):
            node.joins = len(element.incoming) > 1
        elif isinstance(node, events.Catch) and element.event is not None:
            node.asks_for = WAITS_FOR.get(element.event.kind)
            node.timer, node.message = element.event.timer or "duration", element.event.name or ""
        elif isinstance(node, nodes.ServiceTask):
            node.operation = element.operation or ""
        elif isinstance(node, nodes.BusinessRuleTask):
            self._decide(node, element)
        elif isinstance(node, activities.Nested):
            if element.inputs is not None:
                node.inputs = self._compile_all(element, element.inputs, "parameter")
            if element.returned is not None:
                node.returned = self._compile_all(element, element.returned, "parameter")

    def _decide(self, node: nodes.BusinessRuleTask, element: Element) -> None:
        decision = self.decisions.get(element.table or "")
        if decision is None:
            name = element.table or ""
            self.findings.append(missing(self.file, element, f"таблицы решений «{name}»", f"decision table “{name}”"))
        else:
            node.decision = decision

    def _repeat(
        self, level: library.BpmnProcessSpec, process: Process, element: Element, multi: MultiInstance, instance: Node
    ) -> Node:
        """The body of a repeated activity; the flows and boundary events are the body's."""
        made = activities.SequentialMultiInstanceTask if multi.sequential else activities.ParallelMultiInstanceTask
        body: activities.MultiInstance = made(
            level,
            element.id,
            task_spec=instance.name,
            cardinality=multi.cardinality,
            data_input=_variable(multi.collection),
            input_item=_variable(multi.item),
            data_output=_variable(multi.output_collection),
            output_item=_variable(multi.output_item),
            condition=multi.completion,
            lane=element.lane,
        )
        body.element, body.process, body.bpmn_id = element, process.id, element.id
        body.instance, instance.body = instance, body
        body.deadlines = instance.deadlines
        body.collection = self._compile(element, multi.collection, "collection")
        body.cardinality = self._compile(element, multi.cardinality, "parameter")
        body.completion = self._compile(element, multi.completion, "condition")
        body.item, body.output, body.contributes = multi.item, multi.output_collection, multi.output_item
        instance._inputs.append(body.name)
        return body

    def _compile_script(self, element: Element, node: nodes.ScriptTask) -> None:
        try:
            node.compiled = compile_script(element.script or "")
        except ExpressionError as error:
            self._refuse(element, error)

    def _compile(self, element: Element, source: str | None, position: Position) -> Compiled | None:
        try:
            return compile_expression(source, position=position) if source else None
        except ExpressionError as error:
            self._refuse(element, error)
            return None

    def _compile_all(self, element: Element, sources: Mapping[str, str], position: Position) -> dict[str, Compiled]:
        found = {name: self._compile(element, source, position) for name, source in sources.items()}
        return {name: compiled for name, compiled in found.items() if compiled}

    def _refuse(self, element: Element, error: ExpressionError) -> None:
        self.findings.append(
            Finding(self.file, element.id, "expression", "error", error.message, error.hint, element.line)
        )


def missing(file: str, element: Element, what_ru: str, what_en: str) -> Finding:
    return Finding(
        file,
        element.id,
        "reference",
        "error",
        Text(ru=f"Нет {what_ru}.", en=f"Missing: {what_en}."),
        Text(ru="Исправьте ссылку или добавьте недостающее.", en="Correct the reference or add what is missing."),
        element.line,
    )


def stock_event(element: Element) -> library.EventDefinition:
    """The event as the library knows it: never asked while we run, but written by `export_stock`."""
    event, name = element.event, element.name.ru or element.id
    if element.kind == "eventBasedGateway":
        return library.MultipleEventDefinition()
    if event is None:
        return library.NoneEventDefinition()
    if event.timer is not None:
        return TIMERS[event.timer](name, event.expression or "")
    if event.kind == "message":
        return library.MessageEventDefinition(event.name or "")
    if event.kind == "error":
        return library.ErrorEventDefinition(name, event.code)
    return library.TerminateEventDefinition()


def _sources(element: Element) -> Iterator[tuple[str, str | None, Position]]:
    event = element.event
    yield "organisation", element.organisation, "parameter"
    yield "person", element.person, "parameter"
    yield "subject", element.subject, "parameter"
    yield "exclude", element.exclude, "parameter"
    yield "title", element.title, "parameter"
    yield "due", element.due, "timer"
    yield "key", event.key if event else None, "parameter"
    yield "timer", event.expression if event else None, "timer"


def _variable(name: str | None) -> library.TaskDataReference | None:
    return library.TaskDataReference(name) if name else None
