"""Conditions: `visible_if` of the one file, `if`/`then` of the other."""

import json
from collections.abc import Iterator

from app.engine import Json
from app.forms.building import Node, rule_nodes
from app.forms.model import Condition, Field
from app.forms.remarks import Part, Remark, say

_NO_CONDITION_ON = ("rows", "file", "heading")


def of_part(part: Part) -> Iterator[Remark]:
    """form-visible-if, form-never, form-rule, form-rule-blank."""
    before: dict[str, Field] = {}
    for field in part.group.fields:
        if field.visible_if:
            yield from _visible(part, field, field.visible_if, before)
        if field.name:
            before[field.name] = field
    for node in rule_nodes(part.schema):
        yield from _rule(part, node)


def _visible(part: Part, field: Field, condition: Condition, before: dict[str, Field]) -> Iterator[Remark]:
    element = part.path(field.name) if field.name else part.above
    other = before.get(condition.field)
    if other is None or other.kind in _NO_CONDITION_ON:
        yield say("looks nowhere", "ui", element, name=condition.field)
        return
    for value in condition.values:
        if not is_answer(other, value):
            yield say("never", "ui", element, name=condition.field, value=json.dumps(value, ensure_ascii=False))


def is_answer(field: Field, value: Json) -> bool:
    """Whether the field can hold that value at all (of several answers: as one of them)."""
    if field.type in ("string", "array"):
        closed = bool(field.options) and not field.options_from
        return isinstance(value, str) and (not closed or any(value == one.value for one in field.options))
    if field.type == "boolean":
        return isinstance(value, bool)
    return isinstance(value, int | float) and not isinstance(value, bool)


def _rule(part: Part, node: Node) -> Iterator[Remark]:
    tests: Node = node["if"].get("properties", {})
    then: Node = node["then"]
    known = {one.name: one for one in part.group.inputs}
    asked, demanded = node["if"].get("required", ()), {*then.get("required", ()), *then.get("properties", ())}
    for name in sorted({*tests, *asked, *demanded} - set(known)):
        yield say("rule unknown", "schema", part.above, name=name)
    for name in sorted(set(tests) & set(known)):
        yield from _test(part.path(name), known[name], tests[name])
        if name not in asked and known[name].kind != "checkbox":
            yield say("holds when blank", "schema", part.path(name), "warning", name=name)
    for name in sorted(demanded & set(known)):
        if known[name].read_only:
            yield say("required shown", "schema", part.path(name))


def _test(path: str, field: Field, test: Node) -> Iterator[Remark]:
    inner: Node = test.get("contains" if field.type == "array" else "not", {})
    for value in (*_wanted(inner), *_wanted(test)):
        if not is_answer(field, value):
            yield say("never", "schema", path, name=field.name, value=json.dumps(value, ensure_ascii=False))


def _wanted(test: Node) -> list[Json]:
    return [*test.get("enum", ()), *([test["const"]] if "const" in test else ())]
