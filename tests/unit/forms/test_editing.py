"""A form changed in the list: both files in step, everything untouched byte for byte."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from app import forms
from app.errors import Invalid
from app.forms import editing
from app.forms.editing.json_text import rewritten
from app.i18n import Text

ROOT = Path(__file__).parents[3]
NAMES = sorted(path.name.removesuffix(".schema.json") for path in (ROOT / "forms").glob("*.schema.json"))


def halves(name: str) -> editing.Halves:
    return editing.Halves(*(Path(ROOT / f"forms/{name}.{half}.json").read_bytes() for half in ("schema", "ui")))


def entries(pair: editing.Pair) -> dict[str, editing.Entry]:
    return {one.key: one for top in editing.listed(pair) for one in (top, *top.within)}


@pytest.mark.parametrize("name", NAMES)
def test_opening_and_saving_every_field_as_it_is_changes_no_byte(name: str) -> None:
    before = halves(name)
    pair = editing.read(*before)
    for key, entry in entries(pair).items():
        if entry.is_heading:
            editing.set_heading(
                pair, key, Text(**entry.ui["heading"]), Text(**entry.ui.get("prose", {"ru": "", "en": ""}))
            )
        else:
            editing.change(pair, key, editing.settings_of(entry))
    assert pair.written() == before


def test_a_changed_label_changes_its_line_alone() -> None:
    before = halves("sheet_verdict")
    pair = editing.read(*before)
    settings = editing.settings_of(entries(pair)["comments"])
    editing.change(pair, "comments", replace(settings, label=Text("Замечания", settings.label.en)))
    after = pair.written()
    assert after.schema == before.schema
    old, new = before.ui.decode().splitlines(), after.ui.decode().splitlines()
    assert len(old) == len(new)
    assert [two.strip() for one, two in zip(old, new, strict=True) if one != two] == ['"ru": "Замечания",']


def test_what_the_list_does_not_know_stays() -> None:
    schema = b'{"type":"object","$comment":"ours","properties":{"a":{"type":"string","x-later":[1, 2]}}}'
    ui = '{"title":{"ru":"А","en":"A"},"fields":{"a":{"label":{"ru":"А","en":"A"},"shiny":  true}}}'.encode()
    pair = editing.read(schema, ui)
    settings = editing.settings_of(entries(pair)["a"])
    editing.change(pair, "a", replace(settings, help=Text("Подсказка", "A hint")))
    after = pair.written()
    assert after.schema == schema
    assert json.loads(after.ui)["fields"]["a"]["shiny"] is True
    assert b'"x-later":[1, 2]' in after.schema


@pytest.mark.parametrize("kind", [*editing.KINDS, "heading"])
def test_every_kind_of_field_can_be_added_and_is_a_form_without_findings(kind: str) -> None:
    pair = editing.read(*editing.fresh("Отзыв", "Opinion"))
    editing.add(pair, "", kind, "extra", Text("Еще", "More"))
    after = pair.written()
    assert forms.check_form(*after, "opinion") == []
    assert forms.load_form(*after, "opinion").fields[-1].label == Text("Еще", "More")


@pytest.mark.parametrize("kind", editing.KINDS)
@pytest.mark.parametrize("other", editing.KINDS)
def test_any_kind_of_answer_becomes_any_other(kind: str, other: str) -> None:
    pair = editing.read(*editing.fresh("Отзыв", "Opinion"))
    editing.add(pair, "", kind, "extra", Text("Еще", "More"))
    settings = editing.settings_of(entries(pair)["extra"])
    editing.change(
        pair,
        "extra",
        replace(settings, kind=other, answers=settings.answers or (("yes", "Да", "Yes"),), options_from="people"),
    )
    assert [one.rule for one in forms.check_form(*pair.written(), "opinion")] == []
    assert entries(pair)["extra"].kind == other


def test_rows_have_fields_of_their_own() -> None:
    pair = editing.read(*editing.fresh("Отзыв", "Opinion"))
    editing.add(pair, "", "rows", "papers", Text("Документы", "Documents"))
    assert editing.add(pair, "papers", "integer", "year", Text("Год", "Year")) == "papers.year"
    editing.change(
        pair,
        "papers.year",
        replace(
            editing.settings_of(entries(pair)["papers.year"]),
            required=True,
            limits={"minimum": "1900", "maximum": "2100"},
        ),
    )
    form = forms.load_form(*pair.written(), "opinion")
    year = next(one for one in form.fields if one.name == "papers").rows
    assert year is not None
    assert year.inputs[-1].required


def test_a_renamed_field_is_renamed_wherever_the_form_speaks_of_it() -> None:
    pair = editing.read(*halves("sheet_verdict"))
    settings = editing.settings_of(entries(pair)["conforms"])
    editing.change(pair, "conforms", replace(settings, name="fits"))
    after = pair.written()
    assert b'"conforms"' not in after.schema + after.ui
    assert not [one for one in forms.check_form(*after, "sheet_verdict") if one.severity == "error"]


def test_fields_move_are_doubled_and_removed() -> None:
    pair = editing.read(*halves("sheet_verdict"))
    order = [one.key for one in editing.listed(pair) if not one.is_heading]
    editing.move(pair, order[1], -1)
    again = editing.duplicate(pair, "comments")
    editing.remove(pair, order[0])
    left = [one.key for one in editing.listed(pair)]
    assert left[0] == order[1]
    assert again == "comments_2"
    assert left.index(again) == left.index("comments") + 1
    assert order[0] not in left
    assert not [one for one in forms.check_form(*pair.written(), "x") if one.rule in ("form-order", "form-halves")]


@pytest.mark.parametrize("name", ["__proto__", "constructor", "Имя", "a b", "len", "a" * 41, ""])
def test_s13_a_name_that_no_field_may_have_is_refused(name: str) -> None:
    pair = editing.read(*editing.fresh("Отзыв", "Opinion"))
    with pytest.raises(Invalid):
        editing.add(pair, "", "text", name, Text("Еще", "More"))
    assert pair.written() == editing.fresh("Отзыв", "Opinion")


@pytest.mark.parametrize(
    ("schema", "ui"),
    [(b"{", b"{}"), (b"[]", b"{}"), (b'{"properties": {"a": 1}}', b"{}"), (b'{"properties": []}', b'{"fields": {}}')],
)
def test_what_is_no_form_at_all_is_left_to_its_source(schema: bytes, ui: bytes) -> None:
    with pytest.raises(Invalid):
        editing.read(schema, ui)


def test_thousands_of_fields_are_left_to_the_source() -> None:
    many = {"type": "object", "properties": {f"f{one}": {"type": "string"} for one in range(5000)}}
    with pytest.raises(Invalid):
        editing.read(json.dumps(many).encode(), b'{"title": {"ru": "x"}, "fields": {}}')


def test_json_keeps_its_own_notation_where_nothing_changed() -> None:
    old = b'\xef\xbb\xbf{ "a" : 1.50, "b": [ 1,2 ],\r\n "c": {"d": "\\u0416"} }\n'
    assert rewritten(old, {"a": 1.5, "b": [1, 2], "c": {"d": "Ж"}}) == old
    assert rewritten(old, {"a": 1.5, "b": [1, 3], "c": {"d": "Ж"}}) == old.replace(b"1,2", b"1,3")
