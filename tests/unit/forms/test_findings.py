"""What the check says of a form: every rule once, in both languages, and nothing of a good form."""

import copy
import re
from pathlib import Path
from typing import Any

import pytest

from app.engine import DefinitionErrors, Finding
from app.forms import Surroundings, check_form, check_forms, load_form, load_forms
from tests.unit.forms.samples import ROWS, TEXT, YES_NO, Node, as_bytes, both, findings_of, schema_of, ui_of

ROOT = Path(__file__).parents[3]
PROPERTIES: Node = {
    "conforms": YES_NO,
    "comments": {"type": "string", "maxLength": 300},
    "answer_by": {"type": "string", "format": "date"},
    "hours": {"type": "integer", "minimum": 1, "maximum": 100},
    "agreed": {"type": "boolean"},
    "topics": {"type": "array", "items": {"type": "string", "enum": ["mass", "time"]}},
    "materials": {"type": "array", "items": {"type": "string", "format": "file"}},
    "people": ROWS,
}
RULE: Node = {
    "if": {"properties": {"conforms": {"const": "no"}}, "required": ["conforms"]},
    "then": {"required": ["comments"]},
}


def good() -> tuple[Node, Node]:
    schema = schema_of(copy.deepcopy(PROPERTIES), required=["conforms"], allOf=[copy.deepcopy(RULE)])
    return schema, copy.deepcopy(ui_of(PROPERTIES))


def put(node: Any, path: str, value: Any) -> None:
    *above, last = path.split("/")
    for step in above:
        node = node[int(step)] if isinstance(node, list) else node.setdefault(step, {})
    node[last] = value


def test_a_good_form_has_no_findings() -> None:
    assert findings_of(*good()) == []


S, U = "schema", "ui"
BROKEN: list[tuple[str, str, Any, str, str | None]] = [
    (S, "properties/comments/maxLenght", 3, "form-keyword", "comments"),
    (S, "properties/comments/type", "text", "form-keyword", "comments"),
    (S, "properties/comments/title", "Comments", "form-keyword", "comments"),
    (S, "properties/people/items/properties/year/oneOf", [], "form-keyword", "people.year"),
    (S, "properties/people/items/properties/inner", ROWS, "form-keyword", "people.inner"),
    (S, "patternProperties", {}, "form-keyword", None),
    (S, "x-message", both("x"), "form-keyword", None),
    (S, "allOf/0/else", {}, "form-keyword", None),
    (S, "properties/hours/minimum", "1", "form-keyword", "hours"),
    (S, "properties/comments/x-bind", "Course title", "form-keyword", "comments"),
    (U, "fields/comments/lable", both("x"), "form-keyword", "comments"),
    (U, "fields/comments/help", "x", "form-keyword", "comments"),
    (U, "fields/comments/widget", "slider", "form-keyword", "comments"),
    (U, "fields/comments/visible_if", {"field": "conforms"}, "form-keyword", "comments"),
    (U, "fields/comments/visible_if", {"field": "a", "equals": 1, "in": [1]}, "form-keyword", "comments"),
    (U, "order", ["conforms", 3], "form-keyword", None),
    (S, "properties/extra", TEXT, "form-halves", "extra"),
    (U, "fields/extra", {"label": both("x")}, "form-halves", "extra"),
    (U, "order", ["conforms", "nothing"], "form-order", None),
    (U, "order", [*PROPERTIES, "hours"], "form-order", "hours"),
    (U, "order", [name for name in PROPERTIES if name != "hours"], "form-order", "hours"),
    (S, "required", ["conforms", "nothing"], "form-required", None),
    (U, "fields/conforms/read_only", True, "form-required", "conforms"),
    (U, "fields/comments/read_only", True, "form-required", "comments"),
    (U, "fields/comments/label", {"ru": "", "en": " "}, "form-text", "comments"),
    (U, "fields/comments/label", {"ru": "Комментарии"}, "form-language", "comments"),
    (U, "fields/comments/help", {"en": "What"}, "form-language", "comments"),
    (U, "fields/conforms/options/yes", {"ru": "Да"}, "form-language", "conforms"),
    (U, "fields/people/fields/title/label", {"en": "Title"}, "form-language", "people.title"),
    (U, "fields/people/add", {"ru": "Добавить"}, "form-language", "people"),
    (U, "fields/comments/messages", {"required": {"ru": "Да"}}, "form-language", "comments"),
    (U, "order", [{"heading": {"ru": "О курсе"}}, *PROPERTIES], "form-language", None),
    (S, "allOf/0/x-message", {"ru": "Напишите"}, "form-language", None),
    (U, "fields/comments/label", {"ru": "Курс", "en": "Курс"}, "form-language", "comments"),
    (U, "fields/conforms/visible_if", {"field": "comments", "equals": "x"}, "form-visible-if", "conforms"),
    (U, "fields/comments/visible_if", {"field": "comments", "equals": "x"}, "form-visible-if", "comments"),
    (U, "fields/comments/visible_if", {"field": "nothing", "equals": "x"}, "form-visible-if", "comments"),
    (U, "fields/people/fields/year/visible_if", {"field": "agreed", "equals": True}, "form-visible-if", "people.year"),
    (U, "fields/comments/visible_if", {"field": "conforms", "equals": "perhaps"}, "form-never", "comments"),
    (U, "fields/topics/visible_if", {"field": "agreed", "equals": "true"}, "form-never", "topics"),
    (U, "fields/agreed/visible_if", {"field": "hours", "in": [1, "2"]}, "form-never", "agreed"),
    (S, "allOf/0/if/properties/conforms", {"const": False}, "form-never", "conforms"),
    (S, "allOf/0/then/required", ["nothing"], "form-rule", None),
    (S, "allOf/0/if/required", [], "form-rule-blank", "conforms"),
    (U, "fields/hours/widget", "textarea", "form-widget", "hours"),
    (U, "fields/comments/accept", ["pdf"], "form-key", "comments"),
    (U, "fields/hours/options", {"a": both("x")}, "form-key", "hours"),
    (U, "fields/conforms/options", {"yes": both("Yes")}, "form-options", "conforms"),
    (U, "fields/conforms/options/perhaps", both("Perhaps"), "form-options", "conforms"),
    (U, "fields/conforms/options", "scale", "form-options", "conforms"),
    (U, "fields/agreed/options", {"maybe": both("x")}, "form-options", "agreed"),
    (U, "fields/comments/options_from", "planets", "form-options", "comments"),
    (U, "fields/conforms/options_from", "members", "form-options", "conforms"),
    (S, "properties/topics/items", {"type": "string"}, "form-options", "topics"),
    (S, "properties/comments/minLength", 400, "form-limits", "comments"),
    (S, "properties/hours/minimum", 200, "form-limits", "hours"),
    (S, "properties/answer_by/x-not-before", "comments", "form-limits", "answer_by"),
    (S, "properties/comments/x-not-before", "today", "form-limits", "comments"),
    (S, "properties/comments/pattern", "^(a+)+$", "form-pattern", "comments"),
    (S, "properties/comments/pattern", "^[A-Z]+$", "form-pattern", "comments"),
    (S, "properties/comments/x-bind", "course.nothing", "form-bind", "comments"),
    (S, "properties/people/items/properties/title/x-bind", "course.title", "form-bind", "people.title"),
    (U, "fields/materials/accept", ["exe"], "form-accept", "materials"),
]  # fmt: skip
AROUND = Surroundings(binds={"course.title"}, sources={"members"}, kinds={"pdf"})


@pytest.mark.parametrize(("half", "path", "value", "rule", "element"), BROKEN, ids=[f"{b[3]} {b[1]}" for b in BROKEN])
def test_each_fault_is_found(half: str, path: str, value: Any, rule: str, element: str | None) -> None:
    schema, ui = good()
    put(schema if half == S else ui, path, value)
    found = findings_of(schema, ui, AROUND)
    assert (rule, element) in {(one.rule, one.element) for one in found}, found
    for one in found:
        _speaks_both(one)


def _speaks_both(one: Finding) -> None:
    for text in (one.message, one.hint):
        assert re.search("[а-я]", text.ru)
        assert text.en
        assert not re.search("[а-яА-Я]", re.sub("“[^”]*”", "", text.en))
        assert "{" not in text.ru.replace("{…}", "").replace("{2}", "").replace("{4}", "").replace("{}", "")


def test_severities() -> None:
    schema, ui = good()
    put(ui, "fields/comments/label", {"ru": "Комментарии"})
    put(schema, "allOf/0/if/required", [])
    assert {one.rule: one.severity for one in findings_of(schema, ui)} == {
        "form-language": "publishing",
        "form-rule-blank": "warning",
    }
    assert load_form(as_bytes(schema), as_bytes(ui), "sample").name == "sample"


@pytest.mark.parametrize(
    "name", ["len", "__builtins__", "_x", "a b", "Ф", "class", "sum", "submit", "revision", "X", "a" * 41, "1a", ""]
)
def test_names_that_poison_a_namespace_are_refused(name: str) -> None:
    """S13."""
    properties = {name: TEXT}
    found = findings_of(schema_of(properties), ui_of(properties))
    assert {one.rule for one in found if one.severity == "error"} == {"form-field-name"}
    with pytest.raises(DefinitionErrors):
        load_form(as_bytes(schema_of(properties)), as_bytes(ui_of(properties)), "sample")


def test_functions_of_the_language_are_refused() -> None:
    """As variables; in a row, where they are only keys, they do no harm."""
    properties = {
        "deadline": TEXT,
        "rows": {"type": "array", "items": {"type": "object", "properties": {"title": TEXT}}},
    }
    found = findings_of(schema_of(properties), ui_of(properties))
    assert [(one.rule, one.element) for one in found] == [("form-field-name", "deadline")]


def test_two_fields_in_one_place() -> None:
    properties = {"a": TEXT | {"x-bind": "course.title"}, "b": TEXT | {"x-bind": "course.title"}}
    assert [one.rule for one in findings_of(schema_of(properties), ui_of(properties))] == ["form-bind"]


def test_a_consent_is_a_box() -> None:
    properties = {"agreed": {"type": "boolean", "const": True}}
    ui = ui_of(properties, agreed={"widget": "radio"})
    assert [one.rule for one in findings_of(schema_of(properties), ui)] == ["form-limits"]


@pytest.mark.parametrize("half", [b"[]", b"3", b"null", b'"x"', b"{}", b'{"type": []}', b'{"properties": {"a": []}}'])
def test_any_json_is_only_a_finding(half: bytes) -> None:
    schema, ui = (as_bytes(one) for one in good())
    for found in (check_form(half, ui, "sample"), check_form(schema, half, "sample")):
        assert {one.severity for one in found} == {"error"}


def test_halves_and_strays_are_found() -> None:
    schema, ui = (as_bytes(one) for one in good())
    files = {
        "forms/whole.schema.json": schema, "forms/whole.ui.json": ui, "forms/half.schema.json": schema,
        "forms/readme.txt": b"", "forms/Bad name.schema.json": schema, "forms/Bad name.ui.json": ui,
        "processes/x/y.bpmn": b"",
    }  # fmt: skip
    assert {(one.file, one.rule) for one in check_forms(files)} == {
        ("forms/half.schema.json", "form-file"),
        ("forms/readme.txt", "form-file"),
        ("forms/Bad name.schema.json", "form-name"),
    }
    with pytest.raises(DefinitionErrors):
        load_forms(files)
    assert list(load_forms({path: files[path] for path in files if "whole" in path})) == ["whole"]


def test_the_forms_of_the_project_have_no_findings() -> None:
    files = {f"forms/{path.name}": path.read_bytes() for path in sorted((ROOT / "forms").glob("*"))}
    assert check_forms(files) == []


@pytest.mark.parametrize("page", ["docs/forms.md", "docs/forms.ru.md"])
def test_the_example_of_the_documentation_works(page: str) -> None:
    schema, ui = re.findall(r"```json\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL)
    assert check_form(schema.encode(), ui.encode(), "sheet_verdict") == []
