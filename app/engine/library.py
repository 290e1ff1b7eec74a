"""The border to SpiffWorkflow: what we use of it, and nothing else. Its types are declared in library.pyi."""

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnValidator
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.config import DEFAULT_CONFIG as CONVERTERS
from SpiffWorkflow.bpmn.specs import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnIoSpecification, BpmnTaskSpec
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import _BpmnCondition as Condition
from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BoundaryEventSplit, BpmnStartTask, SimpleBpmnTask
from SpiffWorkflow.bpmn.specs.control import _EndJoin as EndJoin
from SpiffWorkflow.bpmn.specs.data_spec import TaskDataReference
from SpiffWorkflow.bpmn.specs.defaults import (
    BoundaryEvent,
    CallActivity,
    EndEvent,
    EventBasedGateway,
    ExclusiveGateway,
    InclusiveGateway,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    ManualTask,
    NoneTask,
    ParallelGateway,
    ParallelMultiInstanceTask,
    ReceiveTask,
    ScriptTask,
    SendTask,
    SequentialMultiInstanceTask,
    ServiceTask,
    StartEvent,
    SubWorkflowTask,
    UserTask,
)
from SpiffWorkflow.bpmn.specs.event_definitions import (
    CycleTimerEventDefinition,
    DurationTimerEventDefinition,
    ErrorEventDefinition,
    MessageEventDefinition,
    MultipleEventDefinition,
    NoneEventDefinition,
    TerminateEventDefinition,
    TimeDateEventDefinition,
)
from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine.version import check_members

__all__ = [
    "CONVERTERS",
    "BoundaryEvent",
    "BoundaryEventJoin",
    "BoundaryEventSplit",
    "BpmnIoSpecification",
    "BpmnProcessSpec",
    "BpmnStartTask",
    "BpmnSubWorkflow",
    "BpmnTaskSpec",
    "BpmnValidator",
    "BpmnWorkflow",
    "BpmnWorkflowSerializer",
    "CallActivity",
    "Condition",
    "CycleTimerEventDefinition",
    "DurationTimerEventDefinition",
    "EndEvent",
    "EndJoin",
    "ErrorEventDefinition",
    "EventBasedGateway",
    "EventDefinition",
    "ExclusiveGateway",
    "InclusiveGateway",
    "IntermediateCatchEvent",
    "IntermediateThrowEvent",
    "ManualTask",
    "MessageEventDefinition",
    "MultipleEventDefinition",
    "NoneEventDefinition",
    "NoneTask",
    "ParallelGateway",
    "ParallelMultiInstanceTask",
    "PythonScriptEngine",
    "ReceiveTask",
    "ScriptTask",
    "SendTask",
    "SequentialMultiInstanceTask",
    "ServiceTask",
    "SimpleBpmnTask",
    "StartEvent",
    "SubWorkflowTask",
    "Task",
    "TaskDataReference",
    "TaskSpec",
    "TaskState",
    "TerminateEventDefinition",
    "TimeDateEventDefinition",
    "UserTask",
]

check_members(vars())
