"""A field under another name, everywhere in its own form: both files, the order, conditions, limits of dates."""

from typing import Any

from app.forms.editing.pair import Node, Part


def rename(part: Part, old: str, new: str) -> None:
    """Keys keep their place. What diagrams and scenarios say of the field is theirs to change."""
    for node in (part.properties, part.asked):
        _renamed(node, old, new)
    order = part.ui.get("order")
    if isinstance(order, list):
        part.ui["order"] = [new if one == old else one for one in order]
    _listed(part.schema, old, new)
    for one in (*part.asked.values(), *(one for one in order or () if isinstance(one, dict))):
        condition: Any = one.get("visible_if") if isinstance(one, dict) else None
        if isinstance(condition, dict) and condition.get("field") == old:
            condition["field"] = new
    for one in part.properties.values():
        if isinstance(one, dict) and one.get("x-not-before") == old:
            one["x-not-before"] = new
    rules = part.schema.get("allOf")
    for rule in [part.schema, *(rules if isinstance(rules, list) else [])]:
        for half in ("if", "then"):
            said: Any = rule.get(half) if isinstance(rule, dict) else None
            if isinstance(said, dict):
                _listed(said, old, new)
                _renamed(said.get("properties"), old, new)


def _renamed(node: Any, old: str, new: str) -> None:
    if isinstance(node, dict) and old in node:
        kept: Node = {new if key == old else key: value for key, value in node.items()}
        node.clear()
        node.update(kept)


def _listed(node: Node, old: str, new: str) -> None:
    required = node.get("required")
    if isinstance(required, list):
        node["required"] = [new if one == old else one for one in required]
