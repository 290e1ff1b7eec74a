"""When two elements of BPMN files mean the same, however they are written."""

from typing import Any

from app.engine.lint_diagram import BPMN, COOMET, SUB_PROCESSES
from app.engine.markup import Part

Key = tuple[str, ...]
XSI = "http://www.w3.org/2001/XMLSchema-instance"
_DRAWN = ("http://www.omg.org/spec/DD/20100524/DC", "http://www.omg.org/spec/DD/20100524/DI")
_TYPE = (XSI, "type")
_UNSAID = {
    "cancelActivity": "true",
    "isInterrupting": "true",
    "parallelMultiple": "false",
    "isForCompensation": "false",
    "startQuantity": "1",
    "completionQuantity": "1",
    "triggeredByEvent": "false",
    "isSequential": "false",
    "behavior": "All",
    "instantiate": "false",
    "eventGatewayType": "Exclusive",
    "gatewayDirection": "Unspecified",
    "isClosed": "false",
    "processType": "None",
    "isCollection": "false",
    "isUnlimited": "true",
    "associationDirection": "None",
    "expressionLanguage": "http://www.w3.org/1999/XPath",
    "typeLanguage": "http://www.w3.org/2001/XMLSchema",
    "textFormat": "text/plain",
    "implementation": "##WebService",
}
"""Values that the standard gives to an attribute that is not written; editors leave them out."""
_LEVELS = frozenset({"process", *SUB_PROCESSES})
_OF_A_LEVEL = frozenset(
    (
        *("documentation", "extensionElements", "incoming", "outgoing", "laneSet", "ioSpecification", "property"),
        *("auditing", "monitoring", "multiInstanceLoopCharacteristics", "standardLoopCharacteristics"),
        *("supportedInterfaceRef", "resourceRole", "correlationSubscription", "supports"),
    )
)
_ARTIFACTS = frozenset(("textAnnotation", "association", "group"))
_OF_A_FILE = frozenset(("import", "extension", "relationship", "BPMNDiagram", "documentation", "extensionElements"))


def group(parent: Part, child: Part) -> str:
    """Children of one group have an order among themselves; between groups it says nothing (the schema fixes it)."""
    above, kind = parent.name[1], child.name[1]
    if above in _LEVELS:
        return kind if kind in _OF_A_LEVEL else "artifact" if kind in _ARTIFACTS else "flow"
    if above == "definitions":
        return kind if kind in _OF_A_FILE else "root"
    if above in ("extensionElements", "BPMNPlane") or kind.endswith("EventDefinition"):
        return ""
    return kind


def ordered(parent: Part, child: Part) -> bool:
    """Whether the order among the children of its group means anything: not for shapes, nor for lists of names."""
    return parent.name[1] != "BPMNPlane" and child.name[1] not in ("flowNodeRef", "incoming", "outgoing")


def keyed(part: Part) -> dict[Key, Part]:
    """The children, each under what makes it the same one in another copy of the file."""
    found: dict[Key, Part] = {}
    counts: dict[Key, int] = {}
    for child in _telling(part):
        own = child.get("id")
        kind = child.name
        mark = f"#{own}" if own else _mark(child)
        key = (*kind, mark)
        counts[key] = counts.get(key, 0) + 1
        found[(*key, str(counts[key]))] = child
    return found


def _telling(part: Part) -> list[Part]:
    """Its children but empty labels: bpmn-js adds one to whatever it renames, and it says nothing."""
    return [child for child in part.children if child.name[1] != "BPMNLabel" or child.children or child.attributes]


def _mark(child: Part) -> str:
    if child.name[0] == COOMET:
        return child.get("lang") or child.get("name") or ""
    return child.text.strip() if child.name[0] == BPMN and not child.children and not child.attributes else ""


def meaning(part: Part) -> Any:
    """What an element means, worked out once: equal for two that mean the same."""
    if part.meaning is None:
        groups: dict[tuple[str, bool], list[Any]] = {}
        for child in _telling(part):
            groups.setdefault((group(part, child), ordered(part, child)), []).append(meaning(child))
        children = tuple(sorted((name, tuple(found if name[1] else sorted(found))) for name, found in groups.items()))
        part.meaning = (part.name, attributes(part), part.text, children)
    return part.meaning


def attributes(part: Part) -> tuple[tuple[tuple[str, str], str], ...]:
    """What they say, in one order, without those that say what would hold anyway."""
    said = {name: meant(part, name, value) for name, value in part.values.items()}
    return tuple(sorted((name, value) for name, value in said.items() if _UNSAID.get(name[1]) != value))


def meant(part: Part, name: tuple[str, str], value: str) -> str:
    if name == _TYPE:
        return "{{{}}}{}".format(*part.resolved(value))
    if part.name[0] in _DRAWN:
        return _number(value)
    return value


def _number(value: str) -> str:
    try:
        return repr(float(value))
    except ValueError:
        return value
