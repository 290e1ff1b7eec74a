"""JSON tricks (S67) in the files of a form and in drafts."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.forms import check_form
from app.forms.strict_json import BadJson, read_json
from tests.unit.forms.samples import TEXT, as_bytes, ui_of

TRICKS = {
    "doubled keys": b'{"a": 1, "a": 2}',
    "NaN": b'{"a": NaN}',
    "infinity": b"[-Infinity]",
    "1e400": b"[1e400]",
    "long number": b"[" + b"9" * 5000 + b"]",
    "depth": b"[" * 100_000 + b"]" * 100_000,
    "objects in depth": b'{"a":' * 40 + b"1" + b"}" * 40,
    "lone surrogate": b'["\\ud800"]',
    "lone surrogate in a key": b'{"\\udfff": 1}',
    "not UTF-8": b'["\xff"]',
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "breaks off": b'{"a": ',
    "two values": b"1 2",
    "comment": b"// x\n1",
    "empty": b"",
    "too long": b'"' + b"x" * 2_000_000 + b'"',
}


@pytest.mark.parametrize("data", TRICKS.values(), ids=TRICKS)
def test_a_trick_is_refused(data: bytes) -> None:
    with pytest.raises(BadJson) as caught:
        read_json(data)
    assert caught.value.reason.ru
    assert caught.value.reason.en


@pytest.mark.parametrize("data", TRICKS.values(), ids=TRICKS)
def test_a_trick_in_a_file_is_a_finding(data: bytes) -> None:
    found = check_form(data, as_bytes(ui_of({"a": TEXT})), "sample")
    assert [one.rule for one in found if one.file.endswith("schema.json")] == ["form-json"]


def test_the_line_is_named() -> None:
    found = check_form(b'{\n"type": "object",\n"properties" {}}', as_bytes(ui_of({"a": TEXT})), "sample")
    assert found[0].line == 3


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    with contextlib.suppress(BadJson):
        read_json(data)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=10,
)


@settings(max_examples=200, deadline=None)
@given(JSON)
def test_what_json_writes_is_read_back(value: object) -> None:
    assert read_json(as_bytes(value)) == value
