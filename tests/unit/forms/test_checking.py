"""Drafts become values: faults by path, conditions, rules, rows, files."""

from datetime import date
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from app.errors import Problem
from app.forms import Checked, Context, Form, Option, check, outputs, say
from app.forms.messages import Fault
from app.i18n import LOCALES, Text, use_locale
from tests.unit.forms.samples import ROWS, TEXT, YES_NO, Kept, Node, both, form_of

TODAY = date(2026, 11, 22)
MEMBERS = Context(
    options={"members": [Option("p1", Text("Иванов", "Ivanov")), Option("p2", Text("Петрова", "Petrova"))]},
    files={"f1": Kept("f1"), "f2": Kept("f2", size=30_000_000), "f3": Kept("f3", kind="png")},
    today=TODAY,
)
DATE: Node = {"type": "string", "format": "date"}
FILE: Node = {"type": "string", "format": "file"}
FILES: Node = {"type": "array", "items": FILE}
MANY: Node = {"type": "array", "items": {"type": "string", "enum": ["mass", "time", "force"]}}


def judged(node: Node, raw: Any, ui: Node | None = None, required: bool = False) -> Checked:
    form = form_of({"x": node}, {"x": ui or {}}, required=["x"] if required else [])
    return check(form, {"x": raw} if raw is not None else {}, MEMBERS)


GOOD: list[tuple[Node, Node, Any, Any]] = [
    (TEXT, {}, "  Калибровка  гирь ", "Калибровка гирь"),
    (TEXT, {"widget": "textarea"}, "a\r\nb\n", "a\nb"),
    (TEXT | {"format": "email"}, {}, " a@b.by ", "a@b.by"),
    (TEXT | {"pattern": "^[A-Z]{2}$"}, {"help": both("Two")}, "AB", "AB"),
    (YES_NO, {}, "yes", "yes"),
    (TEXT, {"options_from": "members"}, "p2", "p2"),
    ({"type": "boolean"}, {}, "true", True),
    ({"type": "boolean"}, {}, None, False),
    ({"type": "boolean"}, {"widget": "radio"}, "false", False),
    ({"type": "boolean", "const": True}, {}, "true", True),
    ({"type": "integer"}, {}, "1 200", 1200),
    ({"type": "integer"}, {}, "3,0", 3),
    ({"type": "number"}, {}, "12,5", 12.5),
    ({"type": "number"}, {}, 12.5, 12.5),
    (DATE, {}, "22.11.2026", "2026-11-22"),
    (DATE | {"x-not-before": "today"}, {}, "2026-11-22", "2026-11-22"),
    (MANY, {}, ["time", "mass", "time"], ["mass", "time"]),
    (FILE, {}, "f1", "f1"),
    (FILES, {"accept": ["pdf"]}, ["f2", "f1", "f1"], ["f2", "f1"]),
    (ROWS, {}, [{"title": "A", "year": "2020"}, {}, {"title": "B", "main": "true"}],
     [{"title": "A", "year": 2020, "main": False}, {"title": "B", "main": True}]),
]  # fmt: skip


@pytest.mark.parametrize(("node", "ui", "raw", "value"), GOOD)
def test_answers_are_converted(node: Node, ui: Node, raw: Any, value: Any) -> None:
    checked = judged(node, raw, ui)
    assert not checked.errors
    assert checked.values == {"x": value}
    assert type(checked.values["x"]) is type(value)


BAD: list[tuple[Node, Node, Any, str]] = [
    (TEXT, {}, 5, "anew"),
    (TEXT | {"maxLength": 3}, {}, "abcd", "3 characters at most, now there are 4"),
    (TEXT | {"minLength": 3}, {}, "ab", "3 characters at least, now there are 2"),
    (TEXT, {}, "x" * 501, "500 characters at most"),
    (TEXT | {"format": "email"}, {}, "a@b", "name@example.org"),
    (TEXT | {"pattern": "^[A-Z]{2}$"}, {"help": both("Two")}, "ABC", "form that is asked for"),
    (YES_NO, {}, "perhaps", "offered"),
    (TEXT, {"options_from": "members"}, "p3", "offered"),
    (TEXT, {"options_from": "elsewhere"}, "p1", "offered"),
    ({"type": "boolean", "const": True}, {}, None, "Tick the box"),
    ({"type": "boolean"}, {}, "yes", "anew"),
    ({"type": "boolean"}, {"widget": "radio"}, "1", "offered"),
    ({"type": "integer"}, {}, "2,5", "whole number"),
    ({"type": "integer"}, {}, True, "whole number"),
    ({"type": "number"}, {}, "many", "in digits"),
    ({"type": "number"}, {}, float("inf"), "in digits"),
    ({"type": "number"}, {}, "1e400", "in digits"),
    ({"type": "number", "minimum": 0.5}, {}, "0", "0.5 or more"),
    ({"type": "integer", "maximum": 10}, {}, "11", "10 or less"),
    (DATE, {}, "31.02.2026", "such a day"),
    (DATE, {}, {"a": 1}, "such a day"),
    (DATE | {"x-not-before": "today"}, {}, "21.11.2026", "not earlier than 22 November 2026"),
    (MANY, {}, ["mass", "length"], "offered"),
    (MANY, {}, "mass", "anew"),
    (MANY | {"maxItems": 1}, {}, ["mass", "time"], "1 at most, now there are 2"),
    (MANY | {"minItems": 2}, {}, ["mass"], "2 at least, now there are 1"),
    (FILE, {}, "f9", "no longer at hand"),
    (FILE, {}, ["f1", "f2"], "1 at most"),
    (FILES, {"accept": ["pdf"]}, ["f1", "f3"], "one of these: PDF"),
    (FILES, {"max_mb": 20}, ["f1", "f2"], "at most 20 MB"),
    (ROWS, {}, "rows", "anew"),
    (ROWS | {"minItems": 2}, {}, [{"title": "A"}], "2 at least"),
    (ROWS | {"maxItems": 1}, {}, [{"title": "A"}, {"title": "B"}], "1 at most"),
]  # fmt: skip


@pytest.mark.parametrize(("node", "ui", "raw", "told"), BAD)
def test_a_fault_says_what_to_do(node: Node, ui: Node, raw: Any, told: str) -> None:
    checked = judged(node, raw, ui)
    assert list(checked.errors) == ["x"]
    _told(checked.errors["x"], told)


REQUIRED: list[tuple[Node, Node, str]] = [
    (TEXT, {}, "Fill this in"),
    (TEXT, {"widget": "textarea"}, "Write your answer"),
    (YES_NO, {}, "one of the answers"),
    (TEXT, {"options_from": "members"}, "from the list"),
    ({"type": "number"}, {}, "Write a number"),
    (DATE, {}, "Give the date"),
    (MANY, {}, "at least one"),
    (FILE, {}, "Attach"),
    (ROWS, {}, "at least one entry"),
]


@pytest.mark.parametrize(("node", "ui", "told"), REQUIRED)
@pytest.mark.parametrize("raw", [None, "", [], "  "])
def test_what_must_be_answered(node: Node, ui: Node, told: str, raw: Any) -> None:
    if raw == "  " and (node is not TEXT or "options_from" in ui):
        return
    checked = judged(node, raw, ui, required=True)
    assert checked.values == {}
    _told(checked.errors["x"], told)


def _told(problem: Problem, told: str) -> None:
    with use_locale("en"):
        assert told in say(problem)
    with use_locale("ru"):
        assert not any("a" <= letter <= "z" for letter in say(problem).replace("name@example.org", ""))


CONDITIONAL: Node = {"conforms": YES_NO, "comments": TEXT, "note": TEXT, "answer_by": DATE}


def conditional() -> Form:
    return form_of(
        CONDITIONAL,
        {
            "comments": {"visible_if": {"field": "conforms", "equals": "no"}},
            "note": {"visible_if": {"field": "comments", "not_equals": "none"}},
        },
        required=["conforms", "comments", "note"],
        allOf=[
            {
                "if": {"properties": {"conforms": {"const": "no"}}, "required": ["conforms"]},
                "then": {"required": ["answer_by"], "properties": {"comments": {"minLength": 5}}},
                "x-message": {"ru": "Укажите срок и подробности.", "en": "State deadline and details."},
            }
        ],
    )


def test_hidden_fields_are_neither_missed_nor_kept() -> None:
    checked = check(conditional(), {"conforms": "yes", "comments": "typed before", "note": "x"})
    assert checked == Checked({"conforms": "yes"}, {}, {})


def test_shown_fields_are_missed() -> None:
    checked = check(conditional(), {"conforms": "no"})
    assert list(checked.errors) == ["comments", "answer_by"]
    assert say(checked.errors["answer_by"]) == "Укажите срок и подробности."


def test_a_rule_limits_another_answer_in_the_analysts_words() -> None:
    checked = check(conditional(), {"conforms": "no", "comments": "ab", "note": "x", "answer_by": "22.11.2026"})
    assert {path: say(one) for path, one in checked.errors.items()} == {"comments": "Укажите срок и подробности."}


def test_a_condition_of_a_faulty_answer_hides() -> None:
    checked = check(conditional(), {"conforms": "perhaps", "comments": "x"})
    assert list(checked.errors) == ["conforms"]


def test_the_analysts_words_for_a_keyword() -> None:
    form = form_of(
        {"x": TEXT}, {"x": {"messages": {"required": {"ru": "Назовите курс.", "en": "Name it."}}}}, required=["x"]
    )
    assert say(check(form, {}).errors["x"]) == "Назовите курс."


def test_only_one_answer_is_possible() -> None:
    """RA2-f: the word of the option is told, not its value."""
    form = form_of(
        {"content": YES_NO, "place": YES_NO},
        allOf=[
            {
                "if": {"properties": {"content": {"const": "no"}}, "required": ["content"]},
                "then": {"properties": {"place": {"const": "no"}}},
            }
        ],
    )
    assert check(form, {"content": "yes", "place": "yes"}).errors == {}
    _told(check(form, {"content": "no", "place": "yes"}).errors["place"], "only this is possible here: Option no.")


def test_one_date_not_before_another() -> None:
    """RA3-g."""
    form = form_of({"begin": DATE, "finish": DATE | {"x-not-before": "begin"}})
    assert check(form, {"begin": "01.11.2026", "finish": "01.11.2026"}).errors == {}
    assert check(form, {"finish": "01.11.2026"}).errors == {}
    _told(check(form, {"begin": "02.11.2026", "finish": "01.11.2026"}).errors["finish"], "2 November 2026")


def test_errors_in_rows_keep_the_number_that_the_page_shows() -> None:
    form = form_of({"first": TEXT, "people": ROWS, "last": TEXT}, required=["first", "last"])
    checked = check(form, {"people": [{}, {"year": "x"}, {"title": "A"}]})
    assert list(checked.errors) == ["first", "people.1.title", "people.1.year", "last"]


def test_an_unticked_box_makes_no_row() -> None:
    assert judged(ROWS, [{"main": False}, {"main": "true"}]).errors.keys() == {"x.1.title"}


def test_outputs_name_every_answer_so_that_no_old_one_survives() -> None:
    form = form_of({"a": TEXT, "b": TEXT, "people": ROWS, "agreed": {"type": "boolean"}})
    checked = check(form, {"a": "x"})
    assert outputs(form, checked, ["a", "b", "people", "agreed"]) == {
        "a": "x",
        "b": None,
        "people": [],
        "agreed": False,
    }


def test_a_form_names_the_lists_that_it_needs() -> None:
    cells = {"person": {"label": both("Person"), "options_from": "members"}}
    rows = {"type": "array", "items": {"type": "object", "properties": {"person": TEXT}}}
    form = form_of({"body": TEXT, "people": rows}, {"body": {"options_from": "bodies"}, "people": {"fields": cells}})
    assert form.sources == {"bodies", "members"}


@pytest.mark.parametrize("locale", LOCALES)
def test_a_number_in_a_message_is_written_as_the_language_does(locale: Any) -> None:
    with use_locale(locale):
        assert ("0,5" if locale == "ru" else "0.5") in say(Fault("Write a number of %(limit)s or more.", limit=0.5))


def test_agrees_with_the_standard_where_nothing_is_hidden() -> None:
    schema = {
        "type": "object",
        "properties": {"a": YES_NO, "b": {"type": "integer", "minimum": 2}, "c": TEXT},
        "required": ["a"],
        "allOf": [
            {"if": {"properties": {"a": {"const": "no"}}, "required": ["a"]}, "then": {"required": ["c"]}},
            {"if": {"properties": {"b": {"minimum": 5}}}, "then": {"properties": {"a": {"const": "yes"}}}},
        ],
    }
    form = form_of(schema["properties"], required=schema["required"], allOf=schema["allOf"])  # type: ignore[arg-type]  # a literal of mixed values
    standard = Draft202012Validator(schema)
    for a in (None, "yes", "no", "x"):
        for b in (None, 1, 3, 7):
            for c in (None, "text"):
                values = {key: value for key, value in (("a", a), ("b", b), ("c", c)) if value is not None}
                assert (not check(form, values).errors) == standard.is_valid(values), values
