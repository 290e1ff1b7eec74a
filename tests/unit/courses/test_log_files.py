"""The log export as files come: languages, encodings, delimiters, zones, orders of dates; and what cannot be read."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.courses.monitoring import log_files
from app.courses.monitoring.log_files import View
from app.courses.monitoring.moments import Clock, Unreadable
from app.errors import Invalid

SAMPLES = Path(__file__).parents[2] / "samples" / "monitoring"
NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
RUSSIAN = (
    "Время,Полное имя пользователя,Затронутый пользователь,Контекст события,Компонент,Название события,"
    "Описание,Источник,IP-адрес"
)
ENGLISH = "Time,User full name,Affected user,Event context,Component,Event name,Description,Origin,IP address"
ROW = (
    '"{time}","Сидоров, Иван",-,"Страница: Модуль 1",Страница,"Модуль курса просмотрен",'
    '"The user with id \'6\' viewed the \'page\' activity with course module id \'1\'.",web,192.0.2.1'
)


def read(path: Path, *, zone: str = "UTC", day_first: bool = True, piece: int = 1000, course: int = 2) -> list[View]:
    layout = log_files.inspect(path)
    found: list[View] = []
    offset, rows = layout.start, 0
    while True:
        one = log_files.read(path, layout, Clock(zone, day_first, NOW), offset, rows, piece, course)
        found += one.views
        offset, rows = one.offset, rows + one.rows
        if one.ended:
            assert offset == path.stat().st_size
            return found


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "log.csv"
    path.write_bytes(text.encode(encoding))
    return path


def refused(path: Path) -> str:
    with pytest.raises(Invalid) as caught:
        read(path)
    return str(caught.value)


@pytest.mark.requirement("R9.2-a")
@pytest.mark.parametrize("name", ["log-views.csv", "log-all.csv"])
def test_views_and_people_are_those_that_the_platforms_own_report_shows(name: str) -> None:
    """Of the export with all actions only the views count; both exports of one log give the same figures."""
    found = read(SAMPLES / name)
    views = {cmid: sum(1 for one in found if one.cmid == cmid) for cmid in range(1, 9)}
    people = {cmid: len({one.user for one in found if one.cmid == cmid}) for cmid in range(1, 9)}
    assert views == {1: 10, 2: 2, 3: 1, 4: 3, 5: 3, 6: 1, 7: 1, 8: 2}
    assert people == {1: 4, 2: 2, 3: 1, 4: 2, 5: 1, 6: 1, 7: 1, 8: 1}


@pytest.mark.parametrize("piece", [1, 7, 46, 47, 48])
def test_the_pieces_together_are_the_whole(piece: int) -> None:
    assert read(SAMPLES / "log-views.csv", piece=piece) == read(SAMPLES / "log-views.csv")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_russian_headings_in_any_encoding_and_with_any_delimiter(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = RUSSIAN.replace(",", delimiter) + "\r\n"
    cells = [
        '"22/11/26, 10:47:15"', '"Сидоров, Иван"', "-", '"Страница: Модуль 1"', "Страница", "Просмотрено",
        "\"The user with id '6' viewed the 'page' activity with course module id '1'.\"", "web", "192.0.2.1",
    ]  # fmt: skip
    text += (delimiter.join(cells) + "\r\n") * 3
    found = read(written(tmp_path, text, encoding), piece=2)
    assert found == [View(6, 1, datetime(2026, 11, 22, 10, 47, 15, tzinfo=UTC))] * 3


def test_a_first_line_of_a_spreadsheet_names_the_delimiter(tmp_path: Path) -> None:
    text = "sep=;\n" + ENGLISH.replace(",", ";") + "\n"
    text += "\"22/11/26, 10:47:15\";A;-;B;C;D;\"The user with id '6' viewed the course with id '2'.\";web;::1\n"
    assert read(written(tmp_path, text)) == [View(6, 0, datetime(2026, 11, 22, 10, 47, 15, tzinfo=UTC))]


TIMES = [
    ("22/11/26, 10:47:15", True, "Europe/Minsk", "2026-11-22T07:47:15"),
    ("11/22/26, 10:47:15", False, "America/New_York", "2026-11-22T15:47:15"),
    ("22.11.2026, 10:47", True, "Asia/Almaty", "2026-11-22T05:47:00"),
    ("2026-11-22 10:47:15", True, "UTC", "2026-11-22T10:47:15"),
    ("22 November 2026, 12:47 AM", True, "UTC", "2026-11-22T00:47:00"),
    ("22 ноября 2026, 10:47", True, "Europe/Moscow", "2026-11-22T07:47:00"),
    ("воскресенье, 22 ноября 2026, 10:47", True, "UTC", "2026-11-22T10:47:00"),
    ("22/11/26, 11:47:15 PM", True, "UTC", "2026-11-22T23:47:15"),
]


@pytest.mark.parametrize(("text", "day_first", "zone", "wanted"), TIMES)
def test_times_of_other_zones_languages_and_orders(text: str, day_first: bool, zone: str, wanted: str) -> None:
    assert Clock(zone, day_first, NOW).read(text).isoformat() == f"{wanted}+00:00"


@pytest.mark.parametrize("text", ["", "yesterday", "32/11/26, 10:00:00", "11/22/26, 10:00:00", "22 Smarch 2026, 10:00"])
def test_what_is_no_time_is_said_to_be_none(text: str) -> None:
    with pytest.raises(Unreadable):
        Clock("UTC", day_first=True, now=NOW).read(text)


def test_months_and_days_the_wrong_way_round_are_found_out(tmp_path: Path) -> None:
    text = ENGLISH + "\n" + ROW.format(time="11/12/26, 10:47:15") + "\n"
    assert "in the future" in refused(written(tmp_path, text))
    assert [one.at.month for one in read(written(tmp_path, text), day_first=False)] == [11]


def test_a_truncated_file_counts_nothing(tmp_path: Path) -> None:
    whole = (SAMPLES / "log-views.csv").read_bytes()
    for length in (len(whole) - 1, len(whole) - 20, len(whole) - 130, 5000):
        path = tmp_path / "cut.csv"
        path.write_bytes(whole[:length])
        assert "breaks off" in refused(path), length


def test_a_renamed_or_missing_column_is_named_with_those_that_are_there(tmp_path: Path) -> None:
    row = ROW.format(time="22/11/26, 10:47:15")
    said = refused(written(tmp_path, ENGLISH.replace("Description", "Details") + "\n" + row + "\n"))
    assert "Description / Описание" in said
    assert "«Details»" in said
    said = refused(written(tmp_path, ENGLISH.replace("Time,", "") + "\n" + row + "\n"))
    assert "Time / Время" in said


def test_a_row_too_short_and_a_row_of_another_course_are_named(tmp_path: Path) -> None:
    good = ROW.format(time="22/11/26, 10:47:15")
    assert "Row 3 is damaged" in refused(written(tmp_path, f"{ENGLISH}\n{good}\na,b,c\n{good}\n"))
    foreign = good.replace("viewed the 'page' activity with course module id '1'", "viewed the course with id '9'")
    said = refused(written(tmp_path, f"{ENGLISH}\n{good}\n{foreign}\n"))
    assert "another course" in said
    assert "9" in said


@pytest.mark.parametrize(
    "content", [b"", b"\xef\xbb\xbf", b"\n\n", b"PK\x03\x04\x00\x00\x00", b"just words\n", b"\x89PNG\r\n\x1a\n\x00"]
)
def test_what_is_no_table_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(content)
    assert refused(path)


def test_a_long_file_is_read_in_little_time(tmp_path: Path) -> None:
    row = ROW.format(time="22/11/26, 10:47:15")
    path = written(tmp_path, ENGLISH + "\n" + (row + "\n") * 20_000)
    begun = datetime.now(UTC)
    assert len(read(path, piece=5000)) == 20_000
    assert datetime.now(UTC) - begun < timedelta(seconds=10)
