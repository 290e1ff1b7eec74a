"""What a browser sends: tidied, limited, with the buttons for rows and files, and nothing that was not asked."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import TooLarge
from app.forms import Context, Draft, Form, check, parse, say
from app.forms.model import FIELD_BYTES, MAX_ROWS
from tests.unit.forms.samples import ROWS, TEXT, YES_NO, Kept, form_of

FILE = {"type": "string", "format": "file"}
PROPERTIES: dict[str, Any] = {
    "topic": TEXT,
    "comments": TEXT,
    "conforms": YES_NO,
    "agreed": {"type": "boolean"},
    "topics": {"type": "array", "items": {"type": "string", "enum": ["mass", "time"]}},
    "people": ROWS | {"maxItems": 3},
    "picture": FILE,
    "materials": {"type": "array", "items": FILE},
    "sheet": TEXT,
}


@pytest.fixture(scope="module")
def form() -> Form:
    return form_of(
        PROPERTIES, {"comments": {"widget": "textarea"}, "picture": {"accept": ["png"]}, "sheet": {"read_only": True}}
    )


def test_texts_are_tidied(form: Form) -> None:
    draft = parse(
        form,
        {"topic": ["  Гири\r\n E2 ", "second"], "comments": ["a\r\nb "], "agreed": ["true"], "topics": ["mass", ""]},
    )
    assert draft.values == {"topic": "Гири E2", "comments": "a\nb", "agreed": "true", "topics": ["mass"], "people": []}
    assert not draft.refused
    assert draft.pressed is None


def test_the_pages_own_names_are_left_alone(form: Form) -> None:
    assert (
        parse(
            form, {"_csrf": ["x"], "csrf_token": ["x"], "nonce": ["1"], "revision": ["3"], "_action": ["send"]}
        ).refused
        == ()
    )


STRANGERS = [
    "role", "task.state", "instance_id", "sheet", "people", "people.0.admin", "people.x.title", "people.0.title.x",
    "people.-1.title", "topic.0", "topic.0.x", "TOPIC", "", "people.99999.title",
]  # fmt: skip


@pytest.mark.parametrize("name", STRANGERS)
def test_names_that_are_not_asked_for_are_refused(form: Form, name: str) -> None:
    """S41, S42: mass assignment, read-only and undeclared fields."""
    draft = parse(form, {name: ["admin"], "topic": ["x"]}, context=Context(current={"sheet": "ЛС-1"}))
    assert draft.refused == (name,)
    assert "admin" not in str(draft.values)
    checked = check(form, draft, Context(current={"sheet": "ЛС-1"}))
    assert "Он отброшен" in say(checked.errors[""])
    assert list(draft.faults) == [""]
    assert checked.shown == {"sheet": "ЛС-1"}


def test_a_flood_of_names_is_named_only_in_part(form: Form) -> None:
    draft = parse(form, {f"x{number}": ["1"] for number in range(10_000)})
    assert len(draft.refused) == 20


def rows(*titles: str) -> dict[str, list[str]]:
    posted = {f"people.{index}.title": [title] for index, title in enumerate(titles)}
    return posted | {"_rows": [f"people.{index}" for index in range(len(titles))]}


def test_a_row_is_added_without_scripts(form: Form) -> None:
    draft = parse(form, rows("A") | {"_add": ["people"]})
    assert (draft.pressed, draft.focus) == ("add", "people.1.title")
    assert draft.values["people"] == [{"title": "A"}, {}]


def test_no_row_is_added_beyond_the_limit(form: Form) -> None:
    draft = parse(form, rows("A", "B", "C") | {"_add": ["people"]})
    assert draft.pressed is None
    assert len(draft.values["people"]) == 3  # type: ignore[arg-type]  # a list


def test_a_row_is_removed_without_scripts(form: Form) -> None:
    draft = parse(form, rows("A", "B", "C") | {"_remove": ["people.1"]})
    assert (draft.pressed, draft.focus, draft.refused) == ("remove", "people", ())
    assert draft.values["people"] == [{"title": "A"}, {"title": "C"}]


@pytest.mark.parametrize("name", ["topic", "people.7", "sheet", "", "people.x", "nothing"])
def test_a_button_that_is_not_there_does_nothing(form: Form, name: str) -> None:
    draft = parse(form, rows("A") | {"_remove": [name], "_add": ["topic"]})
    assert draft.pressed is None
    assert draft.values["people"] == [{"title": "A"}]


def test_rows_with_gaps_are_numbered_anew(form: Form) -> None:
    posted = {"people.7.title": ["B"], "people.2.year": ["x"], "_rows": ["people.2", "people.7"]}
    draft = parse(form, posted)
    assert draft.values["people"] == [{"year": "x"}, {"title": "B"}]
    assert list(check(form, draft).errors) == ["people.0.title", "people.0.year"]


def test_rows_have_an_end(form: Form) -> None:
    draft = parse(form, {f"people.{index}.title": ["x"] for index in range(1000)})
    assert len(draft.values["people"]) == MAX_ROWS + 1  # type: ignore[arg-type]  # a list
    assert {"", "people"} <= set(check(form, draft).errors)


def test_files_are_kept_by_id_and_only_those_of_the_draft(form: Form) -> None:
    kept = Context(files={"f1": Kept("f1"), "f2": Kept("f2")})
    draft = parse(form, {"materials": ["f1", "somebody-elses", "f1"]}, {"materials": [Kept("f3")]}, kept)
    assert draft.values["materials"] == ["f1", "f3"]
    assert list(draft.attached) == ["f3"]
    assert check(form, draft, kept).values["materials"] == ["f1", "f3"]


def test_a_new_file_takes_the_place_of_the_only_one(form: Form) -> None:
    draft = parse(
        form, {"picture": ["f1"]}, {"picture": [Kept("f2", kind="png")]}, Context(files={"f1": Kept("f1", kind="png")})
    )
    assert draft.values["picture"] == "f2"


def test_a_file_that_does_not_suit_is_not_kept(form: Form) -> None:
    draft = parse(form, {}, {"picture": [Kept("f2", kind="pdf")], "materials": [TooLarge("too large")]})
    assert not {"picture", "materials"} & set(draft.values)
    assert list(check(form, draft).errors) == ["picture", "materials"]


def test_a_file_is_removed_without_scripts(form: Form) -> None:
    kept = Context(files={"f1": Kept("f1"), "f2": Kept("f2")})
    draft = parse(form, {"materials": ["f1", "f2"], "_remove": ["materials.f1"]}, None, kept)
    assert (draft.values["materials"], draft.pressed, draft.focus) == (["f2"], "remove", "materials")


def test_files_for_no_field_are_refused(form: Form) -> None:
    draft = parse(form, {}, {"topic": [Kept("f1")], "other": [Kept("f2")]})
    assert set(draft.refused) >= {"other"}
    assert not draft.attached


@pytest.mark.parametrize("letter", ["x", "я", "\U0001f4d0"])
def test_a_field_larger_than_can_be_kept_is_refused(form: Form, letter: str) -> None:
    """F28: 256 kB a field; the draft holds it cut, so that it can be shortened."""
    draft = parse(form, {"comments": [letter * 10_000_000], "topic": ["x"]})
    assert list(draft.faults) == ["comments"]
    assert len(str(draft.values["comments"]).encode()) <= FIELD_BYTES
    assert "Столько здесь не поместится" in say(check(form, draft).errors["comments"])


def test_all_rows_of_a_field_count_together(form: Form) -> None:
    draft = parse(form, rows("x" * 200_000, "y" * 200_000))
    assert list(draft.faults) == ["people"]


def test_a_submission_has_an_end() -> None:
    form = form_of({f"f{number}": TEXT for number in range(6)})
    draft = parse(form, {f"f{number}": ["x" * 250_000] for number in range(6)})
    assert list(draft.faults) == [""]


def test_a_draft_is_plain_json(form: Form) -> None:
    draft = parse(form, {"topic": ["\ud800a\x00"], **rows("A")})
    assert draft.values == {"topic": "a", "people": [{"title": "A"}]}


ANY = form_of(PROPERTIES, {"sheet": {"read_only": True}})
NAMES = st.sampled_from([*PROPERTIES, "people.0.title", "people.1.year", "_rows", "_add", "_remove", "x"]) | st.text(
    max_size=8
)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        NAMES, st.lists(st.text(max_size=20) | st.sampled_from(["people", "people.0"]), max_size=3), max_size=8
    )
)
def test_nothing_posted_breaks_anything(posted: dict[str, list[str]]) -> None:
    draft = parse(ANY, posted)
    assert isinstance(draft, Draft)
    assert set(draft.values) <= set(PROPERTIES)
    check(ANY, draft)
