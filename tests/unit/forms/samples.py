"""Forms to test with, written short."""

import json
from dataclasses import dataclass
from typing import Any

from app.engine import Finding
from app.forms import Form, Surroundings, check_form, load_form

Node = dict[str, Any]


def both(text: str) -> dict[str, str]:
    return {"ru": f"По-русски {len(text)}", "en": text}


def as_bytes(node: object) -> bytes:
    return json.dumps(node, ensure_ascii=False).encode()


def schema_of(properties: Node, **more: Any) -> Node:
    return {"type": "object", "properties": properties, **more}


def ui_of(properties: Node, **fields: Node) -> Node:
    """A label for every property; options for every enum; keyword arguments add keys to a field."""
    return {
        "title": both("A form"),
        "fields": {name: _asked(name, node) | fields.get(name, {}) for name, node in properties.items()},
    }


def _asked(name: str, node: Node) -> Node:
    asked: Node = {"label": both(f"Label of {name}")}
    items = node.get("items", {})
    answers = node.get("enum") or items.get("enum")
    if answers:
        asked["options"] = {value: both(f"Option {value}") for value in answers}
    if items.get("type") == "object":
        asked["fields"] = {cell: _asked(cell, inner) for cell, inner in items["properties"].items()}
    return asked


def form_of(properties: Node, ui: dict[str, Node] | None = None, **more: Any) -> Form:
    return load_form(as_bytes(schema_of(properties, **more)), as_bytes(ui_of(properties, **(ui or {}))), "sample")


def findings_of(schema: Node, ui: Node, surroundings: Surroundings | None = None) -> list[Finding]:
    return check_form(as_bytes(schema), as_bytes(ui), "sample", surroundings)


@dataclass(frozen=True)
class Kept:
    """A stored file."""

    id: str
    name: str = "Материалы.pdf"
    size: int = 2_000_000
    kind: str = "pdf"


YES_NO: Node = {"type": "string", "enum": ["yes", "no"]}
TEXT: Node = {"type": "string"}
ROWS: Node = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"title": TEXT, "year": {"type": "integer"}, "main": {"type": "boolean"}},
        "required": ["title"],
    },
}
