"""The page of a form: what is linked to what, without scripts, inert whatever stands in it."""

import re
from typing import Any

import pytest

from app.forms import Context, Form, Option, check, parse
from app.i18n import LOCALES, Locale, Text, use_locale
from tests.unit.forms.pages import by_id, named, posted, rendered, tree, words
from tests.unit.forms.samples import ROWS, TEXT, YES_NO, Kept, both, form_of

FILE = {"type": "string", "format": "file"}
PROPERTIES: dict[str, Any] = {
    "sheet": TEXT,
    "topic": TEXT | {"maxLength": 20},
    "conforms": YES_NO,
    "comments": TEXT,
    "answer_by": {"type": "string", "format": "date"},
    "hours": {"type": "integer", "minimum": 1},
    "agreed": {"type": "boolean", "const": True},
    "topics": {"type": "array", "items": {"type": "string", "enum": ["mass", "time"]}},
    "member": TEXT,
    "people": ROWS | {"maxItems": 3},
    "materials": {"type": "array", "items": FILE},
    "address": TEXT | {"format": "email"},
}
UI: dict[str, Any] = {
    "sheet": {"read_only": True},
    "comments": {"widget": "textarea", "help": both("Be exact"), "visible_if": {"field": "conforms", "equals": "no"}},
    "member": {"options_from": "members", "visible_if": {"field": "agreed", "equals": True}},
    "people": {"add": {"ru": "Добавить человека", "en": "Add a person"}, "row": {"ru": "Человек", "en": "Person"}},
    "materials": {"accept": ["pdf", "pptx"], "max_mb": 100},
    "address": {"autocomplete": "email"},
}
AROUND = Context(
    options={"members": [Option("p1", Text("Иванов", "Ivanov"))]},
    current={"sheet": "ЛС-1"},
    files={"f1": Kept("f1", "Курс\u202efdp.exe")},
)


@pytest.fixture(scope="module")
def form() -> Form:
    return form_of(PROPERTIES, UI, required=["topic", "conforms", "people", "topics", "member"])


def test_every_field_has_a_label_and_one_id(form: Form) -> None:
    page = rendered(form, {"materials": ["f1"]}, context=AROUND)
    ids = [one.get("id") for one in tree(page).iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    for one in tree(page).iter("input", "select", "textarea"):
        if one.get("type") != "hidden":
            labels = [label for label in tree(page).iter("label") if label.get("for") == one.get("id")]
            assert len(labels) == 1, one.get("name")


def test_every_reference_leads_somewhere(form: Form) -> None:
    errors = check(form, {"hours": "x", "people": [{}, {"year": "x"}]}, AROUND).errors
    page = rendered(form, {"hours": "x", "people": [{}, {"year": "x"}]}, errors, AROUND)
    ids = {one.get("id") for one in tree(page).iter() if one.get("id")}
    for one in tree(page).iter():
        for name in ("aria-describedby", "aria-labelledby", "for"):
            assert set((one.get(name) or "").split()) <= ids
        if one.tag == "a":
            assert one.get("href", "")[1:] in ids


def test_an_error_stands_at_the_top_and_beside_its_field(form: Form) -> None:
    checked = check(form, {"topic": "Гири", "hours": "x"}, AROUND)
    page = rendered(form, {"topic": "Гири", "hours": "x"}, checked.errors, AROUND)
    summary = next(one for one in tree(page).iter("div") if "error-summary" in one.get("class", ""))
    assert summary.get("role") == "alert"
    links = {one.get("href"): words(one) for one in summary.iter("a")}
    assert (
        list(links) == ["#f-conforms", "#f-hours", "#f-agreed", "#f-topics", "#f-people-0-title"]
        or "#f-people" in links
    )
    hours = by_id(page, "f-hours")
    assert hours.get("aria-invalid") == "true"
    assert "f-hours-error" in hours.get("aria-describedby")
    assert "целое число цифрами" in words(by_id(page, "f-hours-error"))
    assert "Ошибка:" in words(by_id(page, "f-hours-error"))
    assert by_id(page, "f-topic").get("aria-invalid") is None


def test_without_errors_there_is_no_summary(form: Form) -> None:
    assert "error-summary" not in rendered(form, {}, context=AROUND)


@pytest.mark.parametrize(("locale", "mark"), [("ru", "(обязательно)"), ("en", "(required)")])
def test_what_is_required_is_said_in_words(form: Form, locale: Locale, mark: str) -> None:
    with use_locale(locale):
        page = rendered(form, {}, context=AROUND)
    label = next(one for one in tree(page).iter("label") if one.get("for") == "f-topic")
    assert mark in words(label)
    assert mark not in words(next(one for one in tree(page).iter("label") if one.get("for") == "f-hours"))


def test_choices_are_grouped_under_their_question(form: Form) -> None:
    page = rendered(form, {"conforms": "no", "topics": ["time"]}, context=AROUND)
    group = next(one for one in tree(page).iter("fieldset") if one.find(".//input[@name='conforms']") is not None)
    assert words(group.find("legend")) == "По-русски 17 (обязательно)"
    assert [(one.get("value"), one.get("checked") is not None) for one in named(page, "conforms")] == [
        ("yes", False),
        ("no", True),
    ]
    assert [one.get("checked") is not None for one in named(page, "topics")] == [False, True]


def test_a_condition_is_said_in_words_and_for_the_script(form: Form) -> None:
    with use_locale("en"):
        page = rendered(form, {}, context=AROUND)
    field = next(one for one in tree(page).iter("div") if one.get("data-when") == "conforms")
    assert field.get("data-when-values") == '["no"]'
    assert "Only if the answer to “Label of conforms” is “Option no”" in words(field)
    assert "Only if “Label of agreed” is ticked" in words(by_id(page, "f-member-when"))


def test_a_condition_on_what_is_only_shown_is_decided_by_the_server() -> None:
    form = form_of(
        {"review_round": {"type": "integer"}, "reworked": YES_NO, "how": TEXT},
        {"review_round": {"read_only": True}, "reworked": {"visible_if": {"field": "review_round", "not_equals": 1}},
         "how": {"visible_if": {"field": "reworked", "equals": "yes"}}},
    )  # fmt: skip
    first = rendered(form, {}, context=Context(current={"review_round": 1}))
    assert not named(first, "reworked")
    assert not named(first, "how")
    second = rendered(form, {}, context=Context(current={"review_round": 2}))
    assert len(named(second, "reworked")) == 2
    assert second.count("data-when=") == 1


def test_what_is_only_shown_is_no_input(form: Form) -> None:
    page = rendered(form, {}, context=AROUND)
    assert not named(page, "sheet")
    assert words(by_id(page, "f-sheet")) == "ЛС-1"


def test_the_enter_key_presses_no_button_of_a_row(form: Form) -> None:
    first = next(one for one in tree(rendered(form, {}, context=AROUND)).iter("button"))
    assert first.get("name") not in ("_add", "_remove")
    assert first.get("tabindex") == "-1"


def test_rows_grow_and_shrink_without_scripts(form: Form) -> None:
    page = rendered(form, {"people": [{"title": "A", "main": True}]}, context=AROUND)
    draft = parse(form, posted(page, ("_add", "people")), None, AROUND)
    page = rendered(form, draft, context=AROUND)
    assert by_id(page, "f-people-1-title").get("autofocus") is not None
    assert [one.get("value") for one in named(page, "_rows")] == ["people.0", "people.1"]
    page = rendered(form, parse(form, posted(page, ("_add", "people")), None, AROUND), context=AROUND)
    assert not named(page, "_add")
    draft = parse(form, posted(page, ("_remove", "people.1")), None, AROUND)
    page = rendered(form, draft, context=AROUND)
    assert next(iter(named(page, "_add"))).get("autofocus") is not None
    assert check(form, draft, AROUND).values["people"] == [{"title": "A", "main": True}]
    assert [words(one) for one in named(page, "_remove")] == ["Убрать Человек 1", "Убрать Человек 2"]


def test_rows_that_are_given_cannot_be_added_or_removed() -> None:
    rows = {"type": "array", "items": {"type": "object", "properties": {"remark": TEXT, "reply": TEXT}}}
    cells = {"remark": {"label": both("Remark"), "read_only": True}, "reply": {"label": both("Reply")}}
    form = form_of({"answers": rows}, {"answers": {"fields": cells}})
    page = rendered(form, {}, context=Context(current={"answers": [{"remark": "Formula 3"}, {"remark": "Units"}]}))
    assert not named(page, "_add")
    assert not named(page, "_remove")
    assert words(by_id(page, "f-answers-1-remark")) == "Units"
    assert len(named(page, "answers.1.reply")) == 1


def test_files_already_there_are_named_with_their_size(form: Form) -> None:
    page = rendered(form, {"materials": ["f1", "gone"]}, context=AROUND)
    assert "Курсfdp.exe" in page
    assert "1,9 МБ" in page
    assert "PDF, PPTX; до 100 МБ каждый" in words(by_id(page, "f-materials-help"))
    assert by_id(page, "f-materials").get("accept") == ".pdf,.pptx"
    draft = parse(form, posted(page, ("_remove", "materials.f1")), None, AROUND)
    assert "materials" not in draft.values


@pytest.mark.parametrize(
    ("raw", "kind", "value"),
    [("22.11.2026", "date", "2026-11-22"), ("31.11.2026", "text", "31.11.2026"), ("", "date", "")],
)
def test_a_date_that_cannot_be_read_is_not_lost(form: Form, raw: str, kind: str, value: str) -> None:
    """A date input would show nothing of it."""
    field = by_id(rendered(form, {"answer_by": raw}, context=AROUND), "f-answer_by")
    assert (field.get("type"), field.get("value")) == (kind, value)


def test_notation_and_purpose_are_told_to_the_browser(form: Form) -> None:
    page = rendered(form, {}, context=AROUND)
    assert by_id(page, "f-hours").get("inputmode") == "numeric"
    address = by_id(page, "f-address")
    assert (address.get("type"), address.get("autocomplete")) == ("email", "email")
    assert "22.11.2026" in words(by_id(page, "f-answer_by-help"))


ATTACKS = [
    "<img src=x onerror=alert(1)>",
    '"];alert(1)//',
    "'\"><script>alert(1)</script>",
    "{{7*7}}",
    "${7*7}",
    "&lt;b&gt;",
    "</textarea><b>",
]


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("locale", LOCALES)
def test_no_text_of_an_analyst_becomes_markup(attack: str, locale: Locale) -> None:
    """S20, S23."""
    text = {"ru": attack, "en": attack}
    options = {"yes": text, "no": text}
    ui: dict[str, Any] = {
        "conforms": {"label": text, "help": text, "options": options},
        "comments": {
            "label": text,
            "help": text,
            "visible_if": {"field": "conforms", "equals": "no"},
            "messages": {"required": text},
        },
        "people": {"add": text, "row": text, "label": text},
    }
    form = form_of({"conforms": YES_NO, "comments": TEXT, "people": ROWS}, ui, required=["comments", "people"])
    with use_locale(locale):
        errors = check(form, {"conforms": "no"}).errors
        page = rendered(form, {"conforms": "no"}, errors)
    _inert(page, attack)


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_text_of_a_person_becomes_markup(form: Form, attack: str) -> None:
    """S24."""
    around = Context(
        options={"members": [Option(attack, Text(attack, attack))]},
        current={"sheet": attack},
        files={"f1": Kept("f1", attack)},
    )
    values: Any = dict.fromkeys(("topic", "comments", "answer_by", "hours", "member"), attack)
    values |= {"materials": ["f1"], "people": [{"title": attack}]}
    page = rendered(form, values, check(form, values, around).errors, around)
    _inert(page, attack)
    assert posted(page)["topic"] == [attack]
    assert posted(page)["comments"] == [attack]
    assert posted(page)["people.0.title"] == [attack]


def _inert(page: str, attack: str) -> None:
    assert not list(tree(page).iter("script", "img", "b", "style"))
    for one in tree(page).iter():
        assert not [name for name in one.keys() if re.match("on|style", name)]  # noqa: SIM118 - an element, not a dict
    assert attack in " ".join("".join(tree(page).itertext()).split()) or attack in page


def test_no_style_and_no_script_in_the_page(form: Form) -> None:
    page = rendered(form, {"materials": ["f1"]}, check(form, {}, AROUND).errors, AROUND)
    assert not re.search(r"<script|<style| style=| on\w+=|javascript:", page)
