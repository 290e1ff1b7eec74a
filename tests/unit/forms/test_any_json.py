"""A draft of an older release, an answer from elsewhere: whatever JSON stands in a field, no page breaks."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.forms import Context, check, outputs, prefilled, present
from tests.unit.forms.pages import posted, printed_page, rendered
from tests.unit.forms.samples import ROWS, TEXT, YES_NO, Kept, Node, form_of

FILE: Node = {"type": "string", "format": "file"}
PROPERTIES: Node = {
    "shown": TEXT,
    "line": TEXT | {"pattern": "^[A-Z]+$"},
    "address": TEXT | {"format": "email"},
    "choice": YES_NO,
    "either": {"type": "boolean"},
    "box": {"type": "boolean", "const": True},
    "day": {"type": "string", "format": "date", "x-not-before": "today"},
    "whole": {"type": "integer", "minimum": 3},
    "real": {"type": "number"},
    "several": {"type": "array", "items": {"type": "string", "enum": ["mass", "time"]}},
    "person": TEXT,
    "table": ROWS,
    "file": FILE,
    "files": {"type": "array", "items": FILE},
}
FORM = form_of(
    PROPERTIES,
    {
        "shown": {"read_only": True},
        "line": {"help": {"ru": "Буквы", "en": "Letters"}},
        "either": {"widget": "radio"},
        "person": {"options_from": "members", "visible_if": {"field": "choice", "equals": "no"}},
    },
    required=["choice", "table"],
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10) | st.sampled_from(["f1", "yes"])
JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["title", "year", "main", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from([*PROPERTIES, "unknown"]), JSON, max_size=8), JSON)
def test_no_value_breaks_a_page(values: dict[str, object], shown: object) -> None:
    context = Context(current={"shown": shown, "table": shown}, files={"f1": Kept("f1")})  # type: ignore[dict-item]  # JSON
    checked = check(FORM, values, context)  # type: ignore[arg-type]  # any JSON
    page = rendered(FORM, values, checked.errors, context)  # type: ignore[arg-type]  # any JSON
    assert posted(page)
    printed_page(present(FORM, values, "ru", context))  # type: ignore[arg-type]  # any JSON
    prefilled(FORM, context)
    if not checked.errors:
        json.dumps(outputs(FORM, checked, FORM.names), allow_nan=False)
