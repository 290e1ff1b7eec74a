"""The engine overrides private members of one version of the library; it refuses to start with any other."""

from collections.abc import Mapping
from importlib.metadata import version

LIBRARY_VERSION = "3.2.0"

MEMBERS: Mapping[str, tuple[str, ...]] = {
    "Task": ("run", "complete", "cancel", "error", "parent", "children", "_ready", "_set_state"),
    "TaskSpec": (
        *("connect", "test", "_update", "_update_hook", "_run", "_run_hook", "_on_complete", "_on_complete_hook"),
        *("_on_ready", "_on_ready_hook", "_on_error", "_predict"),
    ),
    "BpmnWorkflow": ("update_waiting_tasks", "_task_completed_notify", "_predict", "top_workflow"),
    "BpmnSubWorkflow": ("update_waiting_tasks", "_task_completed_notify", "_calculate_depth"),
    "ExclusiveGateway": ("connect_outgoing_if",),
    "BpmnWorkflowSerializer": ("configure", "from_dict", "serialize_json"),
}
"""What we override or call, by class."""

TASK_ATTRIBUTES = frozenset({"id", "workflow", "task_spec", "data", "internal_data", "_parent", "_children", "_state"})
"""What makes up a task; `state` writes and restores exactly these."""


class LibraryMismatch(RuntimeError):
    """The installed SpiffWorkflow is not the one that the engine was written for."""


def check_version(found: str | None = None) -> None:
    """Before anything of the library is imported. Raises LibraryMismatch."""
    found = found or version("SpiffWorkflow")
    if found != LIBRARY_VERSION:
        raise LibraryMismatch(f"SpiffWorkflow {LIBRARY_VERSION} is needed, {found} is installed")


def check_members(classes: Mapping[str, type], members: Mapping[str, tuple[str, ...]] = MEMBERS) -> None:
    """`classes`: the library's, by name. Raises LibraryMismatch."""
    absent = [f"{owner}.{name}" for owner in members for name in members[owner] if name not in dir(classes[owner])]
    specification = classes["BpmnProcessSpec"]("sample")
    task = classes["Task"](classes["BpmnWorkflow"](specification, deserializing=True), specification.start)
    absent += [f"Task.{name}" for name in sorted(TASK_ATTRIBUTES - vars(task).keys())]
    if absent:
        raise LibraryMismatch(f"SpiffWorkflow {LIBRARY_VERSION} as installed lacks {', '.join(absent)}")


check_version()
