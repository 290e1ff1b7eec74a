"""The two halves of a form, of the dialect's shape, become fields.

Tolerant where a name of one half has no counterpart in the other: the check reports it, and needs the rest.
"""

from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from app.forms.conversion import read_date, same
from app.forms.model import DEFAULT_ROWS, NOTHING, Condition, Field, Group, Kind, Option, Rule, Type
from app.forms.patterns import is_email
from app.i18n import Text

Node = Mapping[str, Any]

YES_NO = {"true": Text(ru="Да", en="Yes"), "false": Text(ru="Нет", en="No")}
LONG_TEXT = 20_000
SHORT_TEXT = 500
MANY_OPTIONS = 6
"""From so many answers on, a list to open is easier to take in than radio buttons."""
WIDGETS: Mapping[str, tuple[Kind, ...]] = {
    "text": ("text", "textarea"),
    "email": ("text",),
    "date": ("date",),
    "file": ("file",),
    "choice": ("radio", "select"),
    "boolean": ("checkbox", "radio"),
    "integer": ("number",),
    "number": ("number",),
    "several": ("checkboxes",),
    "rows": ("rows",),
}
"""Which widgets suit which sort of answer; the first is the default."""

FORMATS = FormatChecker(formats=())
FORMATS.checks("date")(lambda value: not isinstance(value, str) or (len(value) == 10 and read_date(value) is not None))
FORMATS.checks("email")(lambda value: not isinstance(value, str) or is_email(value))


def text_of(node: Node | None) -> Text:
    return Text(ru=str(node.get("ru", "")).strip(), en=str(node.get("en", "")).strip()) if node else NOTHING


def sort_of(schema: Node, ui: Node) -> str:
    """The key of WIDGETS."""
    kind = str(schema["type"])
    items = schema.get("items", schema)
    if items.get("format") == "file":
        return "file"
    if kind == "array":
        return "rows" if items.get("type") == "object" else "several"
    if kind != "string":
        return kind
    if "enum" in schema or "options_from" in ui:
        return "choice"
    return str(schema.get("format", "text"))


def widget_of(schema: Node, ui: Node) -> Kind:
    """The widget named, where it suits, else the default."""
    sort = sort_of(schema, ui)
    suitable = WIDGETS[sort]
    if ui.get("widget") in suitable:
        return next(kind for kind in suitable if kind == ui["widget"])
    long_list = "options_from" in ui or len(schema.get("enum", ())) >= MANY_OPTIONS
    return "select" if sort == "choice" and long_list else suitable[0]


def validator_of(schema: Node) -> Draft202012Validator:
    """Of one value, without what is judged elsewhere: the rows themselves and the choice from a list."""
    kept = {key: value for key, value in schema.items() if key != "items" and not key.startswith(("x-", "$"))}
    return Draft202012Validator(kept, format_checker=FORMATS)


def labels_of(ui: Node, shared: Node) -> Mapping[str, Node]:
    """Answer -> its texts; a name stands for options that several questions share."""
    options = ui.get("options", {})
    found: Mapping[str, Node] = shared.get(options, {}) if isinstance(options, str) else options
    return found


def _options(schema: Node, ui: Node, shared: Node) -> tuple[Option, ...]:
    labels = labels_of(ui, shared)
    if schema["type"] == "boolean":
        return tuple(
            Option(value, text_of(labels.get(value)) if value in labels else YES_NO[value]) for value in YES_NO
        )
    answers = schema.get("enum") or schema.get("items", {}).get("enum") or ()
    return tuple(Option(value, text_of(labels[value]) if value in labels else Text(value, value)) for value in answers)


def condition_of(node: Node | None) -> Condition | None:
    if node is None:
        return None
    negated = "not_equals" in node
    values = node["in"] if "in" in node else [node["not_equals"] if negated else node.get("equals")]
    return Condition(str(node["field"]), tuple(values), negated)


def _field(name: str, schema: Node, ui: Node, shared: Node, *, required: bool) -> Field:
    kind = widget_of(schema, ui)
    table = kind == "rows"
    max_mb = ui.get("max_mb")
    types: dict[str, Type] = {
        "string": "string", "boolean": "boolean", "integer": "integer", "number": "number", "array": "array"
    }  # fmt: skip
    return Field(
        name=name,
        kind=kind,
        label=text_of(ui.get("label")) if ui.get("label") else Text(name, name),
        help=text_of(ui.get("help")),
        type=types[str(schema["type"])],
        required=required,
        options=_options(schema, ui, shared),
        options_from=ui.get("options_from"),
        visible_if=condition_of(ui.get("visible_if")),
        bind=schema.get("x-bind"),
        rows=group_of(schema["items"], ui, shared) if table else None,
        add=text_of(ui.get("add")),
        row=text_of(ui.get("row")),
        min_items=int(schema.get("minItems", 0)),
        max_items=int(schema.get("maxItems", DEFAULT_ROWS)),
        multiple=kind == "file" and schema["type"] == "array",
        accept=tuple(ui.get("accept", ())),
        max_bytes=int(max_mb * 1024 * 1024) if max_mb else None,
        read_only=bool(ui.get("read_only", False)),
        max_length=int(schema.get("maxLength", LONG_TEXT if kind == "textarea" else SHORT_TEXT)),
        not_before=schema.get("x-not-before"),
        email=schema.get("format") == "email",
        autocomplete=ui.get("autocomplete"),
        messages={keyword: text_of(words) for keyword, words in ui.get("messages", {}).items()},
        validator=validator_of(schema),
    )


def _heading(node: Node) -> Field:
    return Field(
        name="",
        kind="heading",
        label=text_of(node["heading"]),
        help=text_of(node.get("prose")),
        visible_if=condition_of(node.get("visible_if")),
    )


def rule_nodes(schema: Node) -> list[Node]:
    return [schema, *schema.get("allOf", ())] if "if" in schema else list(schema.get("allOf", ()))


def _rule(node: Node) -> Rule:
    then: Node = node["then"]
    return Rule(
        when=Draft202012Validator(node["if"]),
        required=frozenset(then.get("required", ())),
        then={name: validator_of(part) for name, part in then.get("properties", {}).items()},
        message=text_of(node["x-message"]) if "x-message" in node else None,
    )


def _says_the_same(node: Node, condition: Condition | None) -> bool:
    """Whether an `if` holds exactly where the field is shown, so that `required` can be told beside the label."""
    tests: Node = node["if"].get("properties", {})
    if condition is None or condition.negated or list(tests) != [condition.field]:
        return False
    test: Node = tests[condition.field]
    wanted = test.get("enum", [test.get("const")])
    return len(wanted) == len(condition.values) and all(any(same(a, b) for b in condition.values) for a in wanted)


def group_of(schema: Node, ui: Node, shared: Node) -> Group:
    """The fields of a form or of a row, in their order; a property that `order` forgets comes last."""
    properties: Node = schema["properties"]
    asked: Node = ui.get("fields", {})
    nodes = rule_nodes(schema)

    def field_of(name: str) -> Field:
        part, how = properties[name], asked.get(name, {})
        shown = condition_of(how.get("visible_if"))
        told = any(name in node["then"].get("required", ()) and _says_the_same(node, shown) for node in nodes)
        must = name in schema.get("required", ()) or told or part.get("minItems", 0) > 0 or part.get("const") is True
        return _field(name, part, how, shared, required=must)

    order = [one for one in ui.get("order", asked) if not isinstance(one, str) or one in properties]
    order += [name for name in properties if name not in order]
    fields = tuple(field_of(one) if isinstance(one, str) else _heading(one) for one in order)
    return Group(fields, tuple(_rule(node) for node in nodes))
