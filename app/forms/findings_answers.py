"""Answers: a widget that suits, options that can be chosen, limits that can be kept, places that exist."""

from collections.abc import Collection, Iterator

from app.forms import patterns
from app.forms.building import WIDGETS, Node, labels_of, sort_of
from app.forms.model import Field
from app.forms.remarks import Part, Remark, say
from app.i18n import Text

Names = Collection[str] | None

_ALWAYS = {"label", "help", "visible_if", "messages", "widget", "read_only", "$comment"}
_KEYS = {
    "text": {"autocomplete"},
    "email": {"autocomplete"},
    "choice": {"options", "options_from"},
    "several": {"options", "options_from"},
    "boolean": {"options"},
    "file": {"accept", "max_mb"},
    "rows": {"add", "row", "fields", "order"},
}
_EXAMPLE = Text(ru="Например: ^[A-Z]{2}[0-9]{4}$", en="For example: ^[A-Z]{2}[0-9]{4}$")
_NO_LINE = Text(
    ru="Выражение бывает только у строки до 500 знаков.", en="Only a line of up to 500 characters has a pattern."
)


def of_part(part: Part, binds: Names, sources: Names, kinds: Names) -> Iterator[Remark]:
    """form-widget, form-key, form-options, form-limits, form-pattern, form-bind, form-accept."""
    for field in part.group.inputs:
        schema, ui = part.properties[field.name], part.asked.get(field.name, {})
        path = part.path(field.name)
        yield from _widget(path, schema, ui)
        if field.options_from:
            yield from _source(path, field, schema, ui, sources)
        else:
            yield from _options(path, field, schema, ui, part.shared)
        yield from _limits(path, schema, part, field)
        yield from _pattern(path, field, schema)
        yield from _places(path, field, part.above, binds, kinds)
    bound = [field.bind for field in part.group.inputs if field.bind]
    for place in sorted({one for one in bound if bound.count(one) > 1}):
        yield say("bound twice", "schema", part.above, place=place)


def _widget(path: str, schema: Node, ui: Node) -> Iterator[Remark]:
    sort = sort_of(schema, ui)
    if ui.get("widget", WIDGETS[sort][0]) not in WIDGETS[sort]:
        yield say("widget", "ui", path, widget=ui["widget"], listed=", ".join(WIDGETS[sort]))
    for key in sorted(set(ui) - _ALWAYS - _KEYS.get(sort, set())):
        yield say("idle key", "ui", path, key=key)


def _options(path: str, field: Field, schema: Node, ui: Node, shared: Node) -> Iterator[Remark]:
    name = ui.get("options")
    if isinstance(name, str) and name not in shared:
        yield say("no shared options", "ui", path, name=name)
        return
    answers = schema.get("enum") or schema.get("items", {}).get("enum") or ()
    if field.kind == "checkboxes" and not answers:
        yield say("nothing to choose", "schema", path)
    known = ("true", "false") if field.type == "boolean" else answers
    labels = labels_of(ui, shared)
    for value in sorted(set(labels) - set(known)):
        yield say("no answer", "ui", path, value=value)
    for value in sorted(set(answers) - set(labels)):
        yield say("no label", "ui", path, value=value)


def _source(path: str, field: Field, schema: Node, ui: Node, sources: Names) -> Iterator[Remark]:
    if "options" in ui or "enum" in schema or "enum" in schema.get("items", {}):
        yield say("named twice", "ui", path)
    if sources is not None and field.options_from not in sources:
        yield say("no source", "ui", path, name=field.options_from, listed=", ".join(sorted(sources)))


def _limits(path: str, schema: Node, part: Part, field: Field) -> Iterator[Remark]:
    for low, high in (("minLength", "maxLength"), ("minimum", "maximum"), ("minItems", "maxItems")):
        if low in schema and high in schema and schema[low] > schema[high]:
            yield say("crossed limits", "schema", path, low=low, high=high)
    if "const" in schema and field.kind != "checkbox":
        yield say("consent", "schema", path)
    dates = {one.name for one in part.group.inputs if one.kind == "date" and one.name != field.name}
    if field.not_before is not None and (field.kind != "date" or field.not_before not in {"today", *dates}):
        yield say("no date", "schema", path, name=field.not_before)


def _pattern(path: str, field: Field, schema: Node) -> Iterator[Remark]:
    if "pattern" not in schema:
        return
    fault = patterns.fault_of(str(schema["pattern"]))
    if fault is None and (field.kind != "text" or field.max_length > patterns.LINE):
        fault = _NO_LINE
    if fault:
        yield Remark("schema", path, "form-pattern", fault, _EXAMPLE)
    elif "pattern" not in field.messages and not field.help.ru:
        yield say("pattern unexplained", "ui", path, "warning")


def _places(path: str, field: Field, above: str | None, binds: Names, kinds: Names) -> Iterator[Remark]:
    if field.bind and (above or (binds is not None and field.bind not in binds)):
        yield say("no place", "schema", path, place=field.bind)
    for kind in sorted(set(field.accept) - set(kinds if kinds is not None else field.accept)):
        yield say("unknown kind", "ui", path, kind=kind, listed=", ".join(sorted(kinds or ())))
