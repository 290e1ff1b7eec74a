"""A filled-in form in words, in the reader's language."""

from typing import Any

import pytest

from app.forms import Context, Form, Option, Printed, present
from app.i18n import Locale, Text
from tests.unit.forms.pages import printed_page, tree
from tests.unit.forms.samples import ROWS, TEXT, YES_NO, Kept, Node, as_bytes, both, schema_of, ui_of

FILE = {"type": "string", "format": "file"}
PROPERTIES: Node = {
    "sheet": TEXT,
    "conforms": YES_NO,
    "comments": TEXT,
    "answer_by": {"type": "string", "format": "date"},
    "hours": {"type": "number"},
    "agreed": {"type": "boolean"},
    "topics": {"type": "array", "items": {"type": "string", "enum": ["mass", "time"]}},
    "member": TEXT,
    "people": ROWS,
    "materials": {"type": "array", "items": FILE},
}
AROUND = Context(
    options={"members": [Option("p1", Text("Иванов", "Ivanov"))]},
    current={"sheet": "ЛС-1"},
    files={"f1": Kept("f1", "<b>Гири</b>.pdf")},
)
VALUES: dict[str, Any] = {
    "conforms": "no",
    "comments": "Формула (3)\n<script>",
    "answer_by": "2026-11-22",
    "hours": 12.5,
    "agreed": True,
    "topics": ["mass", "time"],
    "member": "p1",
    "people": [{"title": "Гири", "year": 2020, "main": True}, {"title": "Весы"}],
    "materials": ["f1", "gone"],
}


@pytest.fixture(scope="module")
def form() -> Form:
    from app.forms import load_form

    ui = ui_of(
        PROPERTIES,
        sheet={"read_only": True},
        comments={"widget": "textarea", "visible_if": {"field": "conforms", "equals": "no"}},
        member={"options_from": "members"},
    )
    ui["order"] = ["sheet", {"heading": both("The course"), "prose": both("Prose")}, "conforms", "comments",
                   {"heading": both("Hidden"), "visible_if": {"field": "conforms", "equals": "yes"}},
                   *(name for name in PROPERTIES if name not in ("sheet", "conforms", "comments"))]  # fmt: skip
    return load_form(as_bytes(schema_of(PROPERTIES)), as_bytes(ui), "sample")


def by_label(printed: list[Printed]) -> dict[str, Printed]:
    return {one.label.removeprefix("Label of "): one for one in printed}


def test_answers_in_english(form: Form) -> None:
    found = by_label(present(form, VALUES, "en", AROUND))
    assert found["sheet"].text == "ЛС-1"
    assert found["The course"] == Printed("The course", "heading", "Prose")
    assert found["conforms"].text == "Option no"
    assert found["comments"].lines == ("Формула (3)", "<script>")
    assert found["answer_by"].text == "22 November 2026"
    assert found["hours"].text == "12.5"
    assert found["agreed"].text == "Yes"
    assert found["topics"].lines == ("Option mass", "Option time")
    assert found["member"].text == "Ivanov"
    assert found["people"].head == ("Label of title", "Label of year", "Label of main")
    assert found["people"].rows == (("Гири", "2020", "Yes"), ("Весы", "—", "—"))
    assert found["materials"].files == (("f1", "<b>Гири</b>.pdf (1.9 MB)"), ("gone", "a file that is not shown here"))
    assert "Hidden" not in found


def test_answers_in_russian(form: Form) -> None:
    texts = [one.text for one in present(form, VALUES, "ru", AROUND)]
    assert {"22 ноября 2026", "12,5", "Да", "Иванов"} <= set(texts)


def test_what_was_not_shown_is_not_printed_and_what_was_not_answered_is_a_dash(form: Form) -> None:
    found = by_label(present(form, {"conforms": "yes", "sheet": "ЛС-7"}, "en", AROUND))
    assert "comments" not in found
    assert found["sheet"].text == "ЛС-7"
    assert {found[name].text for name in ("answer_by", "people", "topics", "materials")} == {"—"}


def test_a_heading_with_nothing_under_it_is_left_out(form: Form) -> None:
    assert [one.label for one in present(form, {}, "en") if one.kind == "heading"] == ["The course"]


@pytest.mark.parametrize("locale", ["ru", "en"])
def test_the_print_is_markup_that_holds_and_text_that_does_nothing(form: Form, locale: Locale) -> None:
    """S24."""
    page = f"<!doctype html><title>x</title><main>{printed_page(present(form, VALUES, locale, AROUND))}</main>"
    main = tree(page)
    assert not list(main.iter("script", "b"))
    assert len(list(main.iter("dt"))) == len(list(main.iter("dd"))) == len(PROPERTIES)


def test_values_of_another_shape_are_printed_as_they_are(form: Form) -> None:
    """A form may have changed since a submission."""
    odd: dict[str, Any] = {
        "conforms": "perhaps",
        "answer_by": "soon",
        "people": "nobody",
        "topics": ["length"],
        "hours": "many",
    }
    found = by_label(present(form, odd, "en"))
    assert [found[name].text for name in ("conforms", "answer_by", "people", "hours")] == [
        "perhaps",
        "soon",
        "—",
        "many",
    ]
    assert found["topics"].lines == ("length",)
