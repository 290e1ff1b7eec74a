"""The form as a list: what is asked, in the order of the page, each line with the key by which it is changed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from app.forms.editing.kinds import kind_of
from app.forms.editing.pair import Node, Pair, Part
from app.i18n import Text


@dataclass(frozen=True, slots=True)
class Entry:
    """A field or a heading; `key` is `name`, `table.name`, or `#N` for the N-th thing of the order."""

    key: str
    name: str
    kind: str
    label: Text
    schema: Node
    ui: Node
    required: bool = False
    first: bool = False
    last: bool = False
    within: tuple["Entry", ...] = field(default=())
    """Of a table: the fields of one row."""

    @property
    def is_heading(self) -> bool:
        return self.kind == "heading"


def listed(pair: Pair) -> list[Entry]:
    return list(_of_part(pair, pair.part(), ""))


def _of_part(pair: Pair, part: Part, above: str) -> Iterator[Entry]:
    order = part.order
    prefix = f"{above}." if above else ""
    required = part.schema.get("required")
    for place, one in enumerate(order):
        first, last = place == 0, place == len(order) - 1
        if isinstance(one, dict):
            yield Entry(f"{prefix}#{place}", "", "heading", text(one.get("heading")), {}, one, first=first, last=last)
        elif isinstance(one, str) and (one in part.properties or one in part.asked):
            schema, ui = _node(part.properties.get(one)), _node(part.asked.get(one))
            kind = kind_of(schema, ui)
            rows = kind == "rows" and not above and isinstance(schema.get("items", {}).get("properties"), dict)
            within = tuple(_of_part(pair, Part(schema["items"], ui), one)) if rows else ()
            must = isinstance(required, list) and one in required
            label = text(ui.get("label"))
            yield Entry(f"{prefix}{one}", one, kind, label, schema, ui, must, first, last, within)


def _node(value: Any) -> Node:
    return value if isinstance(value, dict) else {}


def text(node: Any) -> Text:
    """Whatever stands there as a text; a language that is missing is empty."""
    found = _node(node)
    return Text(ru=str(found.get("ru", "")), en=str(found.get("en", "")))


def text_of_title(pair: Pair) -> Text:
    return text(pair.ui.get("title"))
