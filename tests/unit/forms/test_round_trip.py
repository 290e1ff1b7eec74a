"""What a page shows is what comes back: any form, any values, through a browser without scripts."""

import unicodedata
from datetime import date
from functools import partial
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.forms import Context, Json, Option, check, parse
from app.i18n import Locale, Text, use_locale
from tests.unit.forms.pages import posted, rendered
from tests.unit.forms.samples import Kept, Node, form_of

OPTIONS = ["mass", "time", "force", "x y", 'a"<b>']
AROUND = Context(
    options={"members": [Option("p1", Text("Иванов", "Ivanov")), Option("p2", Text("Петрова", "Petrova"))]},
    files={f"f{number}": Kept(f"f{number}") for number in range(4)},
)
LETTERS = st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"])
LINE = st.text(LETTERS, min_size=1, max_size=30).map(lambda text: " ".join(text.split())).filter(bool)


line = LINE.map(partial(unicodedata.normalize, "NFC"))
lines = st.lists(line, min_size=1, max_size=3).map("\n".join)
Sample = tuple[Node, Node, st.SearchStrategy[Any]]
CELLS: list[Sample] = [
    ({"type": "string"}, {}, line),
    ({"type": "string"}, {"widget": "textarea"}, lines),
    ({"type": "string", "enum": OPTIONS}, {}, st.sampled_from(OPTIONS)),
    ({"type": "string", "enum": OPTIONS}, {"widget": "select"}, st.sampled_from(OPTIONS)),
    ({"type": "string"}, {"options_from": "members"}, st.sampled_from(["p1", "p2"])),
    ({"type": "boolean"}, {}, st.booleans()),
    ({"type": "boolean"}, {"widget": "radio"}, st.booleans()),
    ({"type": "string", "format": "date"}, {}, st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(date.isoformat)),
    ({"type": "integer"}, {}, st.integers(-(10**12), 10**12)),
    ({"type": "number"}, {}, st.integers(-(10**8), 10**8).map(lambda number: number / 1000).map(
        lambda number: int(number) if number.is_integer() else number)),
    ({"type": "array", "items": {"type": "string", "enum": OPTIONS}}, {},
     st.sets(st.sampled_from(OPTIONS), min_size=1).map(lambda chosen: [one for one in OPTIONS if one in chosen])),
    ({"type": "string", "format": "file"}, {}, st.sampled_from(["f0", "f1"])),
    ({"type": "array", "items": {"type": "string", "format": "file"}}, {},
     st.lists(st.sampled_from(["f0", "f1", "f2"]), min_size=1, unique=True)),
]  # fmt: skip


@st.composite
def samples(draw: st.DrawFn, cells: bool = True) -> tuple[dict[str, Node], dict[str, Node], dict[str, Json]]:
    """Properties, keys of the other file, values; an unanswered field is absent, an unticked box false."""
    properties, ui, values = {}, {}, {}
    for number, (schema, keys, value) in enumerate(draw(st.lists(st.sampled_from(CELLS), min_size=1, max_size=5))):
        name = f"f{number}"
        properties[name], ui[name] = schema, keys
        if (schema == {"type": "boolean"} and not keys) or draw(st.booleans()):
            values[name] = draw(value)
    if cells and draw(st.booleans()):
        _add_rows(draw, properties, ui, values)
    return properties, ui, values


def _add_rows(draw: st.DrawFn, properties: dict[str, Node], ui: dict[str, Node], values: dict[str, Json]) -> None:
    inner, keys, _ = draw(samples(cells=False))
    inner["always"] = {"type": "string"}
    texts = {name: {"label": {"ru": name, "en": name}} | keys.get(name, {}) for name in inner}
    for name, node in inner.items():
        answers = node.get("enum") or node.get("items", {}).get("enum") or ()
        if answers:
            texts[name]["options"] = {one: {"ru": one, "en": one} for one in answers}
    properties["table"] = {"type": "array", "items": {"type": "object", "properties": inner}}
    ui["table"] = {"fields": texts}
    rows: list[Json] = [_row(draw, inner, keys) for _ in range(draw(st.integers(0, 3)))]
    if rows:
        values["table"] = rows


def _row(draw: st.DrawFn, inner: dict[str, Node], keys: dict[str, Node]) -> Json:
    row: dict[str, Json] = {"always": draw(line)}
    for name, node in inner.items():
        found = [value for schema, more, value in CELLS if schema == node and more == keys.get(name, {})]
        box = node == {"type": "boolean"} and not keys.get(name)
        if name != "always" and (box or draw(st.booleans())):
            row[name] = draw(found[0])
    return row


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(samples(), st.sampled_from(["ru", "en"]))
def test_typed_values_come_back(sample: Any, locale: Locale) -> None:
    properties, ui, values = sample
    form = form_of(properties, ui)
    with use_locale(locale):
        page = rendered(form, values, context=AROUND)
        draft = parse(form, posted(page), None, AROUND)
        checked = check(form, draft, AROUND)
    assert not checked.errors
    assert not draft.refused
    assert checked.values == values


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(samples())
def test_a_draft_shown_again_is_the_same_draft(sample: Any) -> None:
    properties, ui, values = sample
    form = form_of(properties, ui)
    first = parse(form, posted(rendered(form, values, context=AROUND)), None, AROUND)
    second = parse(form, posted(rendered(form, first, context=AROUND)), None, AROUND)
    assert second.values == first.values


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(["f0", "f1", "f2", "f3"]), st.text(max_size=30), max_size=4))
def test_whatever_was_typed_is_shown_again(typed: dict[str, str]) -> None:
    """Also what cannot be converted stays in the page until it is corrected."""
    kinds = [
        {"type": "string"},
        {"type": "integer"},
        {"type": "string", "format": "date"},
        {"type": "string", "format": "email"},
    ]
    form = form_of({f"f{number}": node for number, node in enumerate(kinds)})
    draft = parse(form, {name: [text] for name, text in typed.items()})
    again = parse(form, posted(rendered(form, draft, check(form, draft).errors)))
    checked = check(form, draft)
    for name, value in draft.values.items():
        if name in checked.errors or name == "f0":
            assert again.values.get(name) == value
