"""Both languages of everything a person reads; a gap blocks publishing, not running."""

import re
from collections.abc import Iterator
from typing import Any

from app.forms.building import Node, labels_of
from app.forms.dialect import Half
from app.forms.remarks import Part, Remark, say

_CYRILLIC = re.compile("[а-яёА-ЯЁ]")


def of_form(ui: Node) -> Iterator[Remark]:
    """Title, introduction and shared options."""
    yield from _both("ui", None, "title", ui.get("title"))
    yield from _both("ui", None, "intro", ui.get("intro"))
    for name, labels in ui.get("options", {}).items():
        for value, node in labels.items():
            yield from _both("ui", None, f"options.{name}.{value}", node)


def of_part(part: Part) -> Iterator[Remark]:
    """Headings, labels, help, options, buttons, messages; x-message of the rules."""
    for entry in part.ui.get("order", ()):
        if isinstance(entry, dict):
            yield from _both("ui", part.above, "heading", entry["heading"])
            yield from _both("ui", part.above, "prose", entry.get("prose"))
    for name, node in part.asked.items():
        yield from _of_field(part.path(name), node)
    for rule in [part.schema, *part.schema.get("allOf", ())]:
        yield from _both("schema", part.above, "x-message", rule.get("x-message"))


def _of_field(path: str, node: Node) -> Iterator[Remark]:
    for key in ("label", "help", "add", "row"):
        yield from _both("ui", path, key, node.get(key))
    for keyword, words in node.get("messages", {}).items():
        yield from _both("ui", path, f"messages.{keyword}", words)
    for value, label in labels_of(node, {}).items():
        yield from _both("ui", path, f"options.{value}", label)


def _both(half: Half, element: str | None, key: str, node: Any) -> Iterator[Remark]:
    if node is None:
        return
    ru, en = str(node.get("ru", "")).strip(), str(node.get("en", "")).strip()
    if not ru and not en:
        yield say("empty", half, element, key=key)
    elif not ru:
        yield say("no Russian", half, element, "publishing", key=key)
    elif not en:
        yield say("no English", half, element, "publishing", key=key)
    elif _CYRILLIC.search(en):
        yield say("mixed", half, element, "warning", key=key)
