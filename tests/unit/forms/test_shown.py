"""What is only shown: it decides, fills rows and is printed, and is never an answer; nor is what was not asked."""

from typing import Any

import pytest

from app.forms import Checked, Context, Form, check, prefilled
from tests.unit.forms.samples import ROWS, TEXT, YES_NO, Node, both, form_of

GIVEN: Node = {
    "type": "array",
    "items": {"type": "object", "properties": {"remark": TEXT, "reply": TEXT}, "required": ["reply"]},
}


def given_form() -> Form:
    cells = {"remark": {"label": both("Remark"), "read_only": True}, "reply": {"label": both("Reply")}}
    return form_of({"answers": GIVEN}, {"answers": {"fields": cells}})


def test_given_rows_are_all_answered_and_keep_what_they_show() -> None:
    context = Context(current={"answers": [{"remark": "One"}, {"remark": "Two"}]})
    checked = check(given_form(), {"answers": [{"reply": "Done"}, {}, {"reply": "A row too many"}]}, context)
    assert list(checked.errors) == ["answers.1.reply"]
    assert checked.values == {"answers": [{"remark": "One", "reply": "Done"}, {"remark": "Two"}]}


def test_without_given_rows_they_are_free() -> None:
    assert check(given_form(), {"answers": [{"reply": "Done"}]}).values == {"answers": [{"reply": "Done"}]}


def read_only_form() -> Form:
    return form_of(
        {"review_round": {"type": "integer"}, "reworked": YES_NO},
        {"review_round": {"read_only": True}, "reworked": {"visible_if": {"field": "review_round", "not_equals": 1}}},
        required=["reworked"],
    )


def test_read_only_values_are_shown_and_decide_but_are_no_answers() -> None:
    first = check(read_only_form(), {"reworked": "yes"}, Context(current={"review_round": 1}))
    assert first == Checked({}, {"review_round": 1}, {})
    second = check(read_only_form(), {"reworked": "yes"}, Context(current={"review_round": 2}))
    assert second == Checked({"reworked": "yes"}, {"review_round": 2}, {})


@pytest.mark.parametrize("raw", [{"review_round": 7}, {"state": "done"}, {"role": "admin", "reworked": "yes"}])
def test_what_is_not_asked_is_refused(raw: dict[str, Any]) -> None:
    """S41, S42."""
    checked = check(read_only_form(), raw, Context(current={"review_round": 1}))
    assert "" in checked.errors
    assert checked.shown == {"review_round": 1}
    assert not {"state", "role", "review_round"} & set(checked.values)


def test_what_is_not_asked_in_a_row_is_refused() -> None:
    assert "" in check(form_of({"people": ROWS}), {"people": [{"title": "A", "admin": True}]}).errors


def test_names_of_outputs_leave_out_what_is_only_shown() -> None:
    assert read_only_form().names == {"reworked"}


def test_a_page_without_a_draft_begins_with_what_is_known() -> None:
    form = read_only_form()
    assert prefilled(form, Context(current={"review_round": 2, "reworked": "no", "other": 1})) == {"reworked": "no"}
