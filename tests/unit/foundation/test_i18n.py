from datetime import UTC, date, datetime

import pytest

from app.i18n import Text, as_locale, fold, format_date, format_datetime, format_day, sort_key, use_locale


def test_a_text_reads_in_the_current_language() -> None:
    text = Text(ru="Срок", en="Deadline")
    with use_locale("en"):
        assert str(text) == "Deadline"
        with use_locale("ru"):
            assert str(text) == "Срок"
        assert str(text) == "Deadline"
    assert Text(ru="", en="only").into("ru") == "only"


def test_dates_are_written_in_words() -> None:
    day = date(2026, 11, 22)
    with use_locale("ru"):
        assert format_date(day) == "22 ноября 2026"
        assert format_day(day, date(2026, 1, 1)) == "22 ноября"
        assert format_day(day, date(2027, 1, 1)) == "22 ноября 2026"
    with use_locale("en"):
        assert format_date(day) == "22 November 2026"
        end = datetime(2026, 11, 22, 20, 59, 59, tzinfo=UTC)
        assert format_datetime(end, "Europe/Minsk") == "22 November 2026, 23:59"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("КООМЕТ", "KOOMET"),
        ("CОOMET", "СООМЕТ"),
        ("ещё", "еще"),
        ("Калибровка  Гирь", "калибровка гирь"),
        ("BIРМ", "BIPM"),
    ],
)
def test_look_alike_letters_are_equal_in_a_search(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_sorting_puts_yo_beside_ye() -> None:
    assert sorted(["ж", "ёж", "еж", "Ель"], key=sort_key) == ["еж", "ёж", "Ель", "ж"]


def test_only_two_locales_are_known() -> None:
    assert [as_locale(value) for value in ("ru", "en", "de", "", None)] == ["ru", "en", None, None, None]
