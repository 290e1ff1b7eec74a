"""Workbooks: what goes in is what a spreadsheet shows, nothing is calculated, the same tables make the same bytes."""

import io
import re
import tracemalloc
import zipfile
from datetime import UTC, date, datetime

import pytest

from app.courses.workbooks import Cell, Sheet, make, write
from tests.spreadsheets import read

AT = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
HEADS = ("№", "Название")


def made(*rows: tuple[Cell, ...], name: str = "2026", heads: tuple[str, ...] = HEADS, total: bool = False) -> bytes:
    return make([Sheet(name, heads, rows, total)], title="Перечень", at=AT)


def test_a_table_comes_back_as_it_went_in() -> None:
    sheet = read(made((1, "Калибровка гирь"), (2, "Ёмкости & <меры>"), (3, None)))["2026"]
    assert sheet.rows == [list(HEADS), [1, "Калибровка гирь"], [2, "Ёмкости & <меры>"], [3]]


@pytest.mark.parametrize(
    "text", ["=1+1", "+7 495", "-1", "@SUM(A1)", "\t=1", " =1", '=HYPERLINK("http://evil")', "{=1}"]
)
def test_s62_a_text_is_never_calculated(text: str) -> None:
    sheet = read(made((1, text)))["2026"]
    assert sheet.formulas == 0
    assert sheet.rows[1][1] == text
    assert "hyperlink" not in sheet.xml.replace(text, "").casefold().replace("=hyperlink", "")


def test_s62_a_text_stays_text_when_its_cell_is_edited() -> None:
    with zipfile.ZipFile(io.BytesIO(made((1, "=1+1"), (2, "Гири")))) as folder:
        styles = folder.read("xl/styles.xml").decode()
    assert styles.count('quotePrefix="1"') == 1


def test_days_and_moments_are_dates_for_a_spreadsheet() -> None:
    rows = read(made((date(2026, 11, 30), datetime(2026, 11, 30, 12, tzinfo=UTC)), (date(1799, 1, 1), None)))[
        "2026"
    ].rows
    assert rows[1] == [46356, 46356.5]
    assert rows[2] == ["1799-01-01"]


def test_numbers_that_no_spreadsheet_keeps_are_not_spoilt() -> None:
    rows = read(made((12_345_678_901_234_567, float("nan")), (0.5, float("inf"))))["2026"].rows
    assert rows[1:] == [["12345678901234567"], [0.5]]


def test_the_heads_are_bold_stay_in_sight_and_are_printed_on_every_page() -> None:
    workbook = made((1, "Гири"))
    xml = read(workbook)["2026"].xml
    assert 'state="frozen"' in xml
    assert '<autoFilter ref="A1:B2"/>' in xml
    with zipfile.ZipFile(io.BytesIO(workbook)) as folder:
        assert "Print_Titles" in folder.read("xl/workbook.xml").decode()
        assert "<b/>" in folder.read("xl/styles.xml").decode()


def test_columns_are_as_wide_as_what_is_in_them() -> None:
    xml = read(made((1, "Название курса в сорок знаков, не короче"), (2, "д" * 500)))["2026"].xml
    widths = [float(width) for width in re.findall(r'<col [^>]*width="([\d.]+)"', xml)]
    assert widths[0] < 10
    assert 55 < widths[1] < 65


def test_the_same_tables_make_the_same_bytes_and_tell_nothing_of_the_machine() -> None:
    first, second = made((1, "Гири")), made((1, "Гири"))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as folder:
        core = folder.read("docProps/core.xml").decode()
        assert "2026-12-01T09:30:00Z" in core
        assert "<dc:creator></dc:creator>" in core or "<dc:creator/>" in core
        assert {entry.date_time for entry in folder.infolist()} == {(1980, 1, 31, 0, 0, 0)}


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Курс [1]: а/б?", "Курс  1   а б"), ("'x'", "x"), ("", "1"), ("History", "History 2"), ("я" * 40, "я" * 31)],
)
def test_any_name_becomes_one_that_a_sheet_may_have(name: str, shown: str) -> None:
    assert list(read(made((1, "x"), name=name))) == [shown]


def test_two_sheets_of_one_name_are_told_apart() -> None:
    sheets = [Sheet("Гири", HEADS, []), Sheet("гири", HEADS, [])]
    assert list(read(make(sheets, title="", at=AT))) == ["Гири", "гири 2"]


def test_no_sheets_and_no_rows_are_a_workbook_all_the_same() -> None:
    assert read(make([], title="", at=AT))["1"].rows == []
    assert read(made())["2026"].rows == [list(HEADS)]


def test_what_no_cell_can_hold_does_not_break_the_file() -> None:
    rows = read(made(("\ud800", "д" * 40_000), ("\x00\x0b", "строка\nвторая")))["2026"].rows
    assert len(str(rows[1][1])) == 32_767
    assert rows[2][1] == "строка\nвторая"


def test_a_total_is_set_off_and_not_filtered_away() -> None:
    xml = read(made((1, "Гири"), (2, "Итого"), total=True))["2026"].xml
    assert '<autoFilter ref="A1:B2"/>' in xml


def test_memory_does_not_grow_with_the_rows() -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        write(io.BytesIO(), [Sheet("x", HEADS, ((n, "строка") for n in range(count)))], title="", at=AT)
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    peak(10)
    assert peak(20_000) < 1.6 * peak(2_000) + 500_000
