"""What people type becomes values: texts, numbers, dates, addresses."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.forms.cleaning import clean_line, clean_text
from app.forms.conversion import read_date, read_number
from app.forms.patterns import fault_of, is_email

NUMBERS = {
    "12": 12, "12,5": 12.5, "12.5": 12.5, "-3": -3, "−3": -3, "+7": 7, "1 234,5": 1234.5, "1\u00a0234": 1234,
    "1\u202f234\u202f567": 1234567, "007": 7, "3,0": 3, "0,1": 0.1, "1234567890123": 1234567890123,
}  # fmt: skip
NO_NUMBERS = [
    "",
    "abc",
    "1e5",
    "1e400",
    "NaN",
    "inf",
    "1,234.5",
    "½",
    "12 34",
    "0x10",
    "1_000",
    "٣",
    "1,",
    ",5",
    "9" * 40,
]
DATES = {
    "22.11.2026": date(2026, 11, 22), "2026-11-22": date(2026, 11, 22), "22/11/2026": date(2026, 11, 22),
    "2.1.2027": date(2027, 1, 2), "22 ноября 2026": date(2026, 11, 22), "22 ноября 2026 г.": date(2026, 11, 22),
    "1 мая 2027": date(2027, 5, 1), "22 November 2026": date(2026, 11, 22), "3 Sept. 2026": date(2026, 9, 3),
    "29.02.2028": date(2028, 2, 29),
}  # fmt: skip
NO_DATES = [
    "",
    "31.02.2026",
    "29.02.2027",
    "22.11.26",
    "11/22/2026",
    "tomorrow",
    "2026-13-01",
    "0000-01-01",
    "٢٢.١١.٢٠٢٦",
]


@pytest.mark.parametrize(("text", "value"), NUMBERS.items())
def test_numbers_as_people_write_them(text: str, value: float) -> None:
    found = read_number(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_no_number(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize(("text", "value"), DATES.items())
def test_dates_as_people_write_them(text: str, value: date) -> None:
    assert read_date(text) == value


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date(text: str) -> None:
    assert read_date(text) is None


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_date_is_read_in_both_notations(day: date) -> None:
    assert read_date(day.isoformat()) == read_date(f"{day.day}.{day.month:02}.{day.year}") == day


def test_lines_are_made_one() -> None:
    assert clean_line("  Калибровка\r\n гирь\t№\u00a01\x00\u202e ") == "Калибровка гирь № 1"


def test_texts_keep_their_breaks() -> None:
    assert clean_text("один\r\nдва\rтри\u2028четыре\x0b\x07\n") == "один\nдва\nтри\nчетыре"


def test_form_c_is_made_and_squares_stay() -> None:
    assert clean_line("и\u0306 м² µ") == "й м² µ"


@pytest.mark.parametrize("text", ["\u200b\u2060", "\u200d", "\ufeff", "\u202e\u2066", "\x00", "\ud800", " \n\t"])
def test_what_nobody_sees_is_nothing(text: str) -> None:
    assert clean_line(text) == clean_text(text) == ""


@settings(max_examples=150)
@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    for clean in (clean_line, clean_text):
        once = clean(text)
        assert clean(once) == once == unicodedata.normalize("NFC", once)
        assert not any(unicodedata.category(one) in ("Cc", "Cs") for one in once.replace("\n", "").replace("\t", ""))


ADDRESSES = ["a@b.by", "имя.фамилия@пример.рф", "x+y@tc-1.coomet.org", "o'neil@nmi.example"]
NO_ADDRESSES = [
    "", "a", "a@b", "@b.by", "a@b.by, c@d.by", "A <a@b.by>", "a b@c.by", "a@-b.by", ".a@b.by", "a..b@c.by",
    "a@b.by\nBcc: c@d.by", "a@[127.0.0.1]", "x" * 300 + "@b.by",
]  # fmt: skip
PATTERNS = [
    "^[A-Z]{2}[0-9]{4}$", r"^\d{3}-\d{2}$", r"^\+?[0-9 ()-]+$", "^(?:да|нет)$", r"^(\d{2}\.){2}\d{4}$",
    "^[^]x]$", r"^a\)b{2,}$",
]  # fmt: skip
BAD_PATTERNS = [
    "^(a+)+$", "^(a|a)*$", "^(a*)*b$", "^(a|aa)+$", "^.*.*.*$", r"^(\w+\s?)*$", "^(a{0,30}){30}$", "[A-Z]", "^(?=a)a$",
    r"^(a)\1$", "^(a$", "^((a?){30}){30}$", "^(?i)a$", "^" + "(" * 5000 + "$",
]  # fmt: skip


@pytest.mark.parametrize("text", ADDRESSES)
def test_addresses(text: str) -> None:
    assert is_email(text)


@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_what_is_no_address(text: str) -> None:
    assert not is_email(text)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_patterns_taken(pattern: str) -> None:
    assert fault_of(pattern) is None


@pytest.mark.parametrize("pattern", BAD_PATTERNS)
def test_patterns_that_a_text_could_make_slow_or_that_say_nothing_are_refused(pattern: str) -> None:
    """S10."""
    fault = fault_of(pattern)
    assert fault is not None
    assert fault.ru
