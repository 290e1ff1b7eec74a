"""The two files of a form as values that can be changed, and back."""

import copy
from dataclasses import dataclass
from typing import Any, NamedTuple

from app.errors import N_, Invalid
from app.forms.editing.json_text import dump, rewritten
from app.forms.strict_json import BadJson, read_json

Node = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
MOST = 400
"""So many fields are edited one by one; more only as source. The dialect itself allows 100."""


class Halves(NamedTuple):
    """The bytes of NAME.schema.json and NAME.ui.json."""

    schema: bytes
    ui: bytes


class Part(NamedTuple):
    """Where fields stand in both files: the form itself or the rows of a table."""

    schema: Node
    ui: Node

    @property
    def properties(self) -> Node:
        return child(self.schema, "properties")

    @property
    def asked(self) -> Node:
        return child(self.ui, "fields")

    @property
    def order(self) -> list[Any]:
        """As shown: what the file says, then what it forgets. A copy."""
        said = self.ui.get("order")
        found = list(said) if isinstance(said, list) else list(self.asked)
        known = {one for one in found if isinstance(one, str)}
        return found + [name for name in self.properties if name not in known]


@dataclass(slots=True)
class Pair:
    """Both files read; `before` are their bytes."""

    before: Halves
    schema: Node
    ui: Node

    def part(self, above: str = "") -> Part:
        """The form, or the rows of the table `above`. Invalid where there is no such table."""
        if not above:
            return Part(self.schema, self.ui)
        whole = Part(self.schema, self.ui)
        table, asked = whole.properties.get(above), whole.asked.get(above)
        items = table.get("items") if isinstance(table, dict) else None
        if not isinstance(items, dict) or not isinstance(items.get("properties"), dict):
            raise Invalid(GONE)
        if not isinstance(asked, dict):
            asked = whole.asked[above] = {}
        return Part(items, asked)

    def written(self) -> Halves:
        """Bytes; those of a file that says the same as before are the same."""
        return Halves(rewritten(self.before.schema, self.schema), rewritten(self.before.ui, self.ui))


GONE = N_("This field is not in the form any more. Look at the list: somebody may have renamed or removed it.")
BROKEN = N_("The files cannot be edited as a list as they stand. Mend them in the source.")


def read(schema: bytes, ui: bytes) -> Pair:
    """Invalid where a file is not JSON or so far from a form that only its source can be mended."""
    try:
        what, how = read_json(schema), read_json(ui)
    except BadJson:
        raise Invalid(BROKEN) from None
    whole = what if isinstance(what, dict) else {}
    properties, asked = whole.get("properties"), how.get("fields", {}) if isinstance(how, dict) else None
    if not isinstance(properties, dict) or not isinstance(asked, dict) or len(properties) > MOST:
        raise Invalid(BROKEN)
    if not all(isinstance(one, dict) for one in (*properties.values(), *asked.values())):
        raise Invalid(BROKEN)
    assert isinstance(how, dict)
    return Pair(Halves(schema, ui), copy.deepcopy(whole), copy.deepcopy(how))


def fresh(ru: str, en: str) -> Halves:
    """A form of one line of text, to be made into what is wanted."""
    field = {"label": {"ru": "Комментарий", "en": "Comment"}, "widget": "textarea"}
    schema: Node = {"$schema": DIALECT, "type": "object", "properties": {"comment": {"type": "string"}}}
    ui: Node = {"title": {"ru": ru, "en": en}, "order": ["comment"], "fields": {"comment": field}}
    return Halves(*(f"{dump(one)}\n".encode() for one in (schema, ui)))


def copied(halves: Halves, ru: str, en: str) -> Halves:
    """The same form under another title."""
    pair = read(*halves)
    pair.ui["title"] = {"ru": ru, "en": en}
    return pair.written()


def child(node: Node, key: str) -> Node:
    """The object under the key, made where there is none."""
    found = node.get(key)
    if not isinstance(found, dict):
        found = node[key] = {}
    return found


def split(path: str) -> tuple[str, str]:
    """`documents.year` -> its table and its own name."""
    above, _, name = path.rpartition(".")
    return above, name
