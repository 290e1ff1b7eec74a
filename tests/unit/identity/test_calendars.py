"""Working days and ends of days; F17: dates around clock changes, leap days and ends of months, worked out by hand."""

import time as stopwatch
from datetime import UTC, date, datetime, time, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.audit.history import history
from app.audit.kinds import Kind
from app.errors import Invalid, NotFound
from app.identity import calendars
from app.identity.calendars import add_workdays, end_of_day, is_workday, moment, workdays_between
from tests.unit.conftest import Counting
from tests.unit.identity.conftest import BY

END_OF_DAY = [
    ("Europe/Berlin", "2026-03-28", "2026-03-28T22:59:59"),  # the night in which the clocks go forward
    ("Europe/Berlin", "2026-03-29", "2026-03-29T21:59:59"),
    ("Europe/Berlin", "2026-10-24", "2026-10-24T21:59:59"),  # and back
    ("Europe/Berlin", "2026-10-25", "2026-10-25T22:59:59"),
    ("Europe/Kyiv", "2026-10-25", "2026-10-25T21:59:59"),
    ("Europe/Chisinau", "2026-03-29", "2026-03-29T20:59:59"),
    ("Europe/Minsk", "2026-03-29", "2026-03-29T20:59:59"),  # no clock changes there
    ("Europe/Minsk", "2026-10-25", "2026-10-25T20:59:59"),
    ("Europe/Istanbul", "2026-10-25", "2026-10-25T20:59:59"),
    ("Europe/Moscow", "2026-12-31", "2026-12-31T20:59:59"),  # end of the year
    ("Asia/Tashkent", "2028-02-29", "2028-02-29T18:59:59"),  # leap day
    ("Europe/Bratislava", "2026-04-30", "2026-04-30T21:59:59"),  # end of a month
    ("America/Havana", "2026-03-07", "2026-03-08T04:59:59"),  # clocks change at midnight
    ("America/Havana", "2026-10-31", "2026-11-01T03:59:59"),
    ("America/Havana", "2026-11-01", "2026-11-02T04:59:59"),
    ("Asia/Almaty", "2024-02-29", "2024-02-29T18:59:59"),  # midnight put back to 23:00 for good: the later 23:59:59
    ("Asia/Almaty", "2024-03-01", "2024-03-01T18:59:59"),
]
AT_A_TIME = [
    ("Europe/Berlin", "2026-03-30", "09:00", "2026-03-30T07:00:00"),  # "in 3 days at 9" from 27 March, then 08:00 UTC
    ("Europe/Berlin", "2026-10-26", "09:00", "2026-10-26T08:00:00"),
    ("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:30:00"),  # never shown: it is 03:30
    ("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30:00"),  # shown twice: the first
    ("Europe/Minsk", "2028-03-01", "09:00", "2028-03-01T06:00:00"),
    ("Europe/Sarajevo", "2026-02-01", "09:00", "2026-02-01T08:00:00"),
]


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(("zone", "day", "expected"), END_OF_DAY)
def test_end_of_day(zone: str, day: str, expected: str) -> None:
    assert end_of_day(date.fromisoformat(day), zone) == _utc(expected)


@pytest.mark.parametrize(("zone", "day", "at", "expected"), AT_A_TIME)
def test_wall_time(zone: str, day: str, at: str, expected: str) -> None:
    assert moment(date.fromisoformat(day), time.fromisoformat(at), zone) == _utc(expected)


MEMBERS = ["AM", "AZ", "BY", "BA", "BG", "CN", "CU", "GE", "DE", "KZ", "KG", "LT", "MD", "RU", "SK", "TJ", "TR", "UZ"]
WORKING_DAYS: list[tuple[str | None, str, int, str]] = [
    ("BY", "2026-04-17", 1, "2026-04-22"),  # Monday moved to a Saturday, then Radunitsa
    ("BY", "2026-04-24", 1, "2026-04-25"),  # that Saturday is worked
    ("BY", "2026-12-31", 1, "2027-01-04"),
    ("RU", "2025-12-30", 1, "2026-01-12"),
    ("RU", "2026-05-08", 1, "2026-05-12"),
    ("KZ", "2026-03-20", 1, "2026-03-26"),  # Nowruz with its moved days
    ("KZ", "2026-11-23", 10, "2026-12-07"),
    ("DE", "2026-12-24", 1, "2026-12-28"),
    ("DE", "2028-02-28", 1, "2028-02-29"),
    ("BY", "2026-11-23", 0, "2026-11-23"),
    ("BY", "2026-11-22", 0, "2026-11-22"),
    ("BY", "2026-11-23", -1, "2026-11-20"),
    ("BY", "2026-04-22", -1, "2026-04-17"),
    ("XX", "2026-12-31", 1, "2027-01-01"),  # unknown: Monday to Friday
    (None, "2026-04-17", 1, "2026-04-22"),  # the Secretariat's
]


def test_working_days(session: Session, bodies: None) -> None:
    for country, start, days, expected in WORKING_DAYS:
        found = add_workdays(session, country, date.fromisoformat(start), days)
        assert found == date.fromisoformat(expected), (country, start, days)


def test_every_member_country_has_a_calendar(session: Session) -> None:
    for country in MEMBERS:
        assert not is_workday(session, country, date(2026, 1, 1)), country
    assert is_workday(session, "UA", date(2026, 1, 1))  # holidays are suspended there under martial law


def test_each_country_alone_has_the_same_days_as_the_library(session: Session) -> None:
    """It is loaded past the library's own entrance, which brings all countries of the world into memory."""
    for country in MEMBERS:
        theirs = holidays.country_holidays(country, years=2026)
        for day in (date(2026, 1, 1) + timedelta(days=number) for number in range(365)):
            assert is_workday(session, country, day) == theirs.is_working_day(day), (country, day)


def test_too_many_days_are_a_mistake(session: Session) -> None:
    for days in (calendars.FURTHEST + 1, -calendars.FURTHEST - 1, 10**12):
        with pytest.raises(ValueError, match="more than"):
            add_workdays(session, "BY", date(2026, 1, 1), days)


def test_the_calendar_has_an_end(session: Session) -> None:
    with pytest.raises(ValueError, match="outside"):
        add_workdays(session, "BY", date(9999, 12, 30), 5)
    with pytest.raises(ValueError, match="apart"):
        workdays_between(session, "BY", date(1, 1, 1), date(9999, 12, 31))


def test_counting_is_the_inverse_of_adding(session: Session) -> None:
    starts = st.dates(date(2020, 1, 1), date(2035, 12, 31))

    @given(st.sampled_from(["BY", "RU", "KZ", "DE", "XX"]), starts, st.integers(-300, 300))
    def holds(country: str, start: date, days: int) -> None:
        end = add_workdays(session, country, start, days)
        assert days == 0 or is_workday(session, country, end)
        if days >= 0 or is_workday(session, country, start):
            assert workdays_between(session, country, start, end) == days

    holds()


def test_exceptions_win_and_are_evidence(session: Session) -> None:
    saturday, tuesday = date(2027, 2, 6), date(2027, 2, 9)
    assert not is_workday(session, "BY", saturday)
    calendars.set_exception(session, "BY", saturday, working=True, note="Перенос, постановление № 1", by=BY)
    calendars.set_exception(session, "BY", tuesday, working=False, note="Траур", by=BY)
    assert is_workday(session, "BY", saturday)
    assert not is_workday(session, "BY", tuesday)
    assert is_workday(session, "RU", tuesday)
    assert add_workdays(session, "BY", date(2027, 2, 5), 3) == date(2027, 2, 10)
    calendars.set_exception(session, "BY", tuesday, working=True, note="Отменено", by=BY)
    calendars.remove_exception(session, "BY", saturday, BY)
    assert is_workday(session, "BY", tuesday)
    assert not is_workday(session, "BY", saturday)
    events = history(session, "site", "calendar-by").events
    assert [event.kind for event in events] == [Kind.CALENDAR_EXCEPTION_REMOVED, *[Kind.CALENDAR_EXCEPTION_SET] * 3]
    assert events[-1].body["note"] == "Перенос, постановление № 1"


def test_an_exception_needs_a_reason_and_only_what_is_there_can_be_removed(session: Session) -> None:
    with pytest.raises(Invalid):
        calendars.set_exception(session, "BY", date(2027, 2, 6), working=True, note=" ", by=BY)
    with pytest.raises(NotFound):
        calendars.remove_exception(session, "BY", date(2027, 2, 6), BY)


def test_exceptions_of_others_are_seen_in_the_next_transaction(session: Session) -> None:
    day = date(2027, 2, 6)
    assert not is_workday(session, "BY", day)
    session.commit()
    with Session(session.get_bind()) as other, other.begin():
        calendars.set_exception(other, "BY", day, working=True, note="Перенос", by=BY)
    assert is_workday(session, "BY", day)


def test_an_exception_rolled_back_is_forgotten(session: Session) -> None:
    day = date(2027, 2, 6)
    with session.begin_nested() as savepoint:
        calendars.set_exception(session, "BY", day, working=True, note="Перенос", by=BY)
        assert is_workday(session, "BY", day)
        savepoint.rollback()
    assert not is_workday(session, "BY", day)


def test_ten_thousand_additions_are_quick(session: Session, statements: Counting) -> None:
    session.connection()
    began = stopwatch.perf_counter()
    with statements() as sent:
        for number in range(10_000):
            add_workdays(session, "BY", date(2026, 1 + number % 12, 1 + number % 28), 10)
    assert len(sent) == 1
    assert stopwatch.perf_counter() - began < 3  # some 0.1 s on an idle machine
