"""Settings of one field written into both files; what they do not speak of is left as it is."""

import copy
from typing import Any

from app.errors import N_, Invalid
from app.forms.editing.kinds import KINDS, OF_SCHEMA, OF_UI, kind_of
from app.forms.editing.listing import text
from app.forms.editing.pair import GONE, Node, Pair, Part, split
from app.forms.editing.renaming import rename
from app.forms.editing.settings import Settings, enum_of, limit_of, limits_of, value_of
from app.forms.editing.steps import demand_name, heading_of
from app.i18n import Text

_KEPT = ("label", "help", "visible_if", "read_only", "messages", "$comment")
"""Of ui, whatever kind of answer the field becomes."""


def change(pair: Pair, key: str, wanted: Settings) -> str:
    """Make the field what `wanted` says; its key afterwards. Invalid for a name or a number that is none."""
    above, name = split(key)
    part = pair.part(above)
    if name not in part.properties and name not in part.asked:
        raise Invalid(GONE)
    if wanted.name != name:
        demand_name(part, wanted.name)
        rename(part, name, wanted.name)
        name = wanted.name
    schema = part.properties.setdefault(name, {"type": "string"})
    ui = part.asked.setdefault(name, {})
    _retype(schema, ui, wanted.kind, in_rows=bool(above))
    _texts(ui, wanted)
    _answers(schema, ui, wanted)
    _limits(schema, ui, wanted)
    _shown(part, ui, wanted)
    _set(schema, "x-bind", wanted.bind)
    _required(part, name, wanted=wanted.required)
    return f"{above}.{name}" if above else name


def set_heading(pair: Pair, key: str, heading: Text, prose: Text) -> None:
    node = heading_of(pair, key)
    _words(node, "heading", heading)
    node.setdefault("heading", {})
    _words(node, "prose", prose)


def set_form(pair: Pair, title: Text, intro: Text) -> None:
    _words(pair.ui, "title", title)
    pair.ui.setdefault("title", {})
    _words(pair.ui, "intro", intro)


def _retype(schema: Node, ui: Node, kind: str, *, in_rows: bool) -> None:
    """Another kind of answer takes the base of that kind; the place of the data and the words stay."""
    if kind == kind_of(schema, ui):
        return
    base = KINDS.get(kind)
    if base is None or (in_rows and not base.in_rows):
        raise Invalid(N_("There is no such kind of answer here."))
    kept = {one: value for one, value in schema.items() if one in ("x-bind", "$comment")}
    words = {one: value for one, value in ui.items() if one in _KEPT}
    if base.answers and enum_of(schema):
        words["options"] = ui.get("options", {})
        kept["enum"] = enum_of(schema)
    answers = kept.pop("enum", None)
    for node, made in ((schema, {**copy.deepcopy(dict(base.schema)), **kept}), (ui, {**base.ui, **words})):
        node.clear()
        node.update(copy.deepcopy(made))
    if answers is not None:
        (schema["items"] if schema["type"] == "array" else schema)["enum"] = list(answers)


def _texts(ui: Node, wanted: Settings) -> None:
    _words(ui, "label", wanted.label)
    ui.setdefault("label", {})
    _words(ui, "help", wanted.help)
    if wanted.kind == "rows":
        _words(ui, "add", wanted.add)
        _words(ui, "row", wanted.row)
    widgets = KINDS[wanted.kind].widgets if wanted.kind in KINDS else ()
    if widgets:
        _set(ui, "widget", wanted.widget if wanted.widget in widgets else "")
    if wanted.kind == "listed":
        _set(ui, "options_from", wanted.options_from)
    if wanted.read_only or "read_only" in ui:
        _set(ui, "read_only", wanted.read_only)


def _words(node: Node, key: str, words: Text) -> None:
    """A language that is left empty is left out, and so is a text without any."""
    if text(node.get(key)) == words and (key in node or words == Text("", "")):
        return
    said = {name: one for name, one in (("ru", words.ru), ("en", words.en)) if one}
    _set(node, key, said)


def _set(node: Node, key: str, value: Any) -> None:
    if value or (value == 0 and value is not False):
        node[key] = value
    else:
        node.pop(key, None)


def _answers(schema: Node, ui: Node, wanted: Settings) -> None:
    if wanted.kind not in KINDS or not KINDS[wanted.kind].answers:
        return
    values = [value for value, _, _ in wanted.answers]
    holder = schema["items"] if schema.get("type") == "array" and isinstance(schema.get("items"), dict) else schema
    if len(set(values)) < len(values):
        raise Invalid(N_("Two answers have the same value: each needs one of its own."))
    if enum_of(schema) != values:
        _set(holder, "enum", values)
    if wanted.shared:
        ui["options"] = wanted.shared
        return
    known = ui.get("options")
    labels: Node = known if isinstance(known, dict) else {}
    made = {value: {**({"ru": ru} if ru else {}), **({"en": en} if en else {})} for value, ru, en in wanted.answers}
    made = {value: words for value, words in made.items() if words}
    if labels != made or list(labels) != list(made):
        _set(ui, "options", made)


def _limits(schema: Node, ui: Node, wanted: Settings) -> None:
    for name in limits_of(wanted.kind):
        given = (wanted.limits or {}).get(name, "").strip()
        node = ui if name in OF_UI else schema
        value = limit_of(name, given) if given else None
        if value is None or value == []:
            node.pop(name, None)
        elif node.get(name) != value:
            node[name] = value
    for name in (OF_SCHEMA - {*limits_of(wanted.kind)}) & set(schema):
        if wanted.kind in KINDS and name not in KINDS[wanted.kind].schema:
            schema.pop(name)


def _shown(part: Part, ui: Node, wanted: Settings) -> None:
    if not wanted.when_field:
        ui.pop("visible_if", None)
        return
    other = wanted.when_field
    like = kind_of(_node(part.properties.get(other)), _node(part.asked.get(other)))
    words = [one.strip() for one in wanted.when_value.split(",")] if wanted.when_test == "in" else [wanted.when_value]
    values = [value_of(one.strip(), like) for one in words if one.strip()]
    if not values:
        raise Invalid(N_("Say for which answer the field is shown."))
    test = wanted.when_test if wanted.when_test in ("equals", "not_equals", "in") else "equals"
    made = {"field": other, test: values if test == "in" else values[0]}
    if ui.get("visible_if") != made:
        ui["visible_if"] = made


def _node(value: Any) -> Node:
    return value if isinstance(value, dict) else {}


def _required(part: Part, name: str, *, wanted: bool) -> None:
    required = part.schema.get("required")
    known = required if isinstance(required, list) else []
    if wanted and name not in known:
        part.schema["required"] = [*known, name]
    elif not wanted and name in known:
        _set(part.schema, "required", [one for one in known if one != name])
