"""A text area sends CR LF for every end of line: what nobody touched must come back byte by byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.workflow.studio import endings

TEXTS = st.lists(st.tuples(st.text("аб x", max_size=4), st.sampled_from(["\n", "\r\n", "\r"])), max_size=8)


def browsers(text: str) -> str:
    """What a form sends of it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")


@given(TEXTS, st.text("аб", max_size=3))
def test_untouched_bytes_stay_untouched(lines: list[tuple[str, str]], tail: str) -> None:
    text = "".join(line + end for line, end in lines) + tail
    if "\r\n" not in text.replace("\r\r\n", "") or "\r\r\n" not in text:  # a lone CR before CR LF is two ends to nobody
        assert endings.kept(text.encode(), browsers(text)) == text.encode()


def test_a_changed_line_takes_the_usual_end_and_its_neighbours_keep_theirs() -> None:
    before = b"one\r\ntwo\nthree\nfour\n"
    assert endings.kept(before, "one\r\nTWO\r\nthree\r\nnew\r\nfour\r\n") == b"one\r\nTWO\nthree\nnew\nfour\n"


def test_a_file_without_an_end_of_line_at_its_end_keeps_it_so() -> None:
    assert endings.kept(b"one\ntwo", "one\r\ntwo") == b"one\ntwo"


def test_a_byte_order_mark_stays() -> None:
    assert endings.kept("\ufeffone\n".encode(), "two\r\n") == "\ufefftwo\n".encode()


def test_a_new_file_has_lf() -> None:
    assert endings.kept(b"", "one\r\ntwo\r\n") == b"one\ntwo\n"


@pytest.mark.parametrize(("content", "text"), [(b"a\tb\r\n", True), (b"a\0b", False), (b"\xff\xfe", False)])
def test_what_a_text_area_cannot_keep_is_not_offered_in_one(content: bytes, text: bool) -> None:
    assert endings.is_text(content) is text
