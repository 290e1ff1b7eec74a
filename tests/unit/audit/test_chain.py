"""The format of the evidence: what is hashed must never change by accident."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audit import chain

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@given(JSON)
def test_canonical_text_means_the_value_and_has_one_form(value: object) -> None:
    try:
        text = chain.canonical(value)
    except UnicodeEncodeError:  # lone surrogates, which hypothesis also draws
        return
    assert json.loads(text) == value
    assert chain.canonical(json.loads(text)) == text


def test_the_order_of_keys_does_not_matter() -> None:
    assert chain.canonical({"b": 1, "а": [2], "a": None}) == '{"a":null,"b":1,"а":[2]}'


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), {1: "a"}, {"a": [{None: 1}]}, "\ud800", b"bytes", {1, 2}]
)
def test_what_has_no_canonical_text_is_refused(value: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        chain.canonical(value)


def test_link_is_the_published_one() -> None:
    """A test vector for verifiers written by others; if it fails, old evidence would no longer verify."""
    event = chain.Fields(1, AT, "system:test", "task:completed", '{"task":"t1"}', None)
    assert chain.link(chain.START, "instance", "i1", event).hex() == VECTOR


VECTOR = "aac538aaecd7cc09cfa62d26e14ac1860641b1debe36284765db9d7500219253"


def test_a_commitment_says_nothing_without_its_salt_and_all_with_it() -> None:
    salt = chain.new_salt()
    assert len(salt) == 16
    commitment = chain.commit(salt, '"Анна"')
    assert chain.stands_for(commitment, salt, '"Анна"')
    assert not chain.stands_for(commitment, salt, '"Инна"')
    assert chain.commit(chain.new_salt(), '"Анна"') != commitment
