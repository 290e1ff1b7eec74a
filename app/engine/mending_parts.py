"""Small changes to a diagram that several fixes make: rename an id with all that points to it, take an element out."""

import re
from typing import Any

from app.engine.lint_diagram import BPMN, bpmn, coomet, local, namespace
from app.engine.lint_ids import is_name

_POINTERS = (
    "bpmnElement",
    "sourceRef",
    "targetRef",
    "attachedToRef",
    "default",
    "processRef",
    "messageRef",
    "errorRef",
)
_POINTING = ("flowNodeRef", "incoming", "outgoing")


def by_id(root: Any, name: str | None) -> Any | None:
    """The first element of that id."""
    return next((one for one in root.iter("{*}*") if name and one.get("id") == name), None)


def free_id(root: Any, wanted: str) -> str:
    """A name that no element of the file has, as near to the wanted one as can be."""
    taken = {one.get("id") for one in root.iter("{*}*")}
    stem = re.sub(r"[^\w.-]", "_", wanted)[:80]
    stem = stem if is_name(stem) else f"step_{stem}".rstrip("_")
    return next(name for name in (stem, *(f"{stem}_{n}" for n in range(2, 10_000))) if name not in taken)


def rename(root: Any, element: Any, name: str) -> None:
    """Another id for the element, and for all that points to it."""
    old = element.get("id")
    element.set("id", name)
    for other in root.iter("{*}*"):
        for pointer in _POINTERS:
            if other.get(pointer) == old:
                other.set(pointer, name)
        if namespace(other) == BPMN and local(other) in _POINTING and (other.text or "").strip() == old:
            other.text = name


def remove(root: Any, names: set[str]) -> None:
    """Take elements out with their shapes, the arrows and events that hang on them, and every mention of them."""
    gone = set(names)
    while True:
        more = {str(one.get("id")) for one in root.iter(bpmn("*")) if _hangs(one, gone) and one.get("id")} - gone
        if not more:
            break
        gone |= more
    for one in list(root.iter("{*}*")):
        if _speaks_of(one, gone) and one.getparent() is not None:
            one.getparent().remove(one)
        elif one.get("default") in gone:
            del one.attrib["default"]


def _hangs(one: Any, gone: set[str]) -> bool:
    pointers = ("attachedToRef",) if local(one) == "boundaryEvent" else ("sourceRef", "targetRef")
    inside = one.getparent() is not None and one.getparent().get("id") in gone
    return inside or any(one.get(pointer) in gone for pointer in pointers)


def _speaks_of(one: Any, gone: set[str]) -> bool:
    mentions = namespace(one) == BPMN and local(one) in _POINTING and (one.text or "").strip() in gone
    return one.get("id") in gone or one.get("bpmnElement") in gone or mentions


def extensions(element: Any) -> Any:
    """Its place for our words, made where there is none (behind its documentation, as the schema wants it)."""
    found = element.find(bpmn("extensionElements"))
    if found is None:
        found = element.makeelement(bpmn("extensionElements"))
        element.insert(len(element.findall(bpmn("documentation"))), found)
    return found


def word(element: Any, tag: str, **match: str) -> Any:
    """Its `coomet:tag` with these attributes, made where there is none."""
    holder = extensions(element)
    for own in holder.iterchildren(coomet(tag)):
        if all(own.get(name) == value for name, value in match.items()):
            return own
    own = holder.makeelement(coomet(tag), match)
    holder.append(own)
    return own
