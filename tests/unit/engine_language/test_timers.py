"""Timer positions: ISO 8601 literals, functions of time handed out as data, and the bounds of both (N11)."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.engine import iso
from app.engine.expressions import compile_expression, names
from app.engine.expressions_errors import ExpressionError
from app.engine.iso import Cycle, Duration

DATA: dict[str, Any] = {
    "due": "2026-12-31",
    "days": 3,
    "name": "answer",
    "urgent": True,
    "none": None,
    "soon": " PT4H ",
}


def value(source: str) -> object:
    return compile_expression(source, position="timer").evaluate(DATA)


@pytest.mark.parametrize(
    "literal",
    [
        "P14D",
        "PT36H",
        "P1Y2M3DT4H5M6S",
        "P2W",
        "P3Y",
        "R3/P2D",
        "R1000/PT1M",
        "R2/2026-01-01T09:00:00+01:00/P1M",
        "2026-01-01T09:00:00+01:00",
        "2026-01-01T09:00Z",
        "2026-12-31",
    ],
)
def test_bare_iso_is_a_literal_only_in_timers(literal: str) -> None:
    assert value(literal) == value(f"  {literal}\n") == value(f"'{literal}'") == {"iso": literal}
    assert names(compile_expression(literal, position="timer")).data == set()


def test_elsewhere_they_are_names_and_sums() -> None:
    with pytest.raises(ExpressionError, match="P14D"):
        compile_expression("P14D", position="parameter").evaluate(DATA)
    assert compile_expression("2026-12-31", position="parameter").evaluate(DATA) == 1983


@pytest.mark.parametrize(
    ("literal", "words"),
    [
        ("R/PT0S", "how often"),
        ("R/P1D", "how often"),
        ("R0/P1D", "how often"),
        ("R1001/P1D", "how often"),
        ("R99999999999999999999/P1D", "how often"),
        ("R3/PT0S", "shorter"),
        ("R3/PT59S", "shorter"),
        ("R3/2026-01-01/P1D", "offset"),
        ("R3/P1D/2026-01-01T09:00:00Z", "not a deadline"),
        ("P99999999D", "longer than"),
        ("P51Y", "longer than"),
        ("PT99999999999999999S", "not a deadline"),
        ("P1.5D", "not a deadline"),
        ("-P1D", "not a deadline"),
        ("P", "no data"),
        ("PT", "not a deadline"),
        ("P1DT", "not a deadline"),
        ("2026-01-01T09:00:00", "offset"),
        ("2026-02-30", "not a deadline"),
        ("2026-02-30T09:00:00Z", "not a deadline"),
        ("1999-01-01", "not a deadline"),
        ("9999-01-01", "not a deadline"),
        ("2026-01-01T25:00:00Z", "not a deadline"),
        ("2026-01-01T09:00:00+25:00", "not a deadline"),
        ("20260101", "not a deadline"),
    ],
)
def test_n11_wrong_or_unbounded_literals_are_refused(literal: str, words: str) -> None:
    with pytest.raises(ExpressionError, match=words):
        value(literal)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("deadline('answer')", {"call": "deadline", "args": ["answer"], "kwargs": {}}),
        ("deadline(name)", {"call": "deadline", "args": ["answer"], "kwargs": {}}),
        ("before('answer', workdays=days)", {"call": "before", "args": ["answer"], "kwargs": {"workdays": 3}}),
        ("after('answer', workdays=days + 2)", {"call": "after", "args": ["answer"], "kwargs": {"workdays": 5}}),
        ("workdays(max(days, 10))", {"call": "workdays", "args": [10], "kwargs": {}}),
        ("workdays(1) if urgent else 'P14D'", {"call": "workdays", "args": [1], "kwargs": {}}),
        ("workdays(1) if not urgent else 'P14D'", {"iso": "P14D"}),
        ("none or deadline(name)", {"call": "deadline", "args": ["answer"], "kwargs": {}}),
        ("due", {"iso": "2026-12-31"}),
        ("soon", {"iso": "PT4H"}),
        ("f'P{days}D'", {"iso": "P3D"}),
    ],
)
def test_expressions_become_plain_data(source: str, expected: object) -> None:
    assert value(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "deadline('a') + 1",
        "[deadline('a')]",
        "str(deadline('a'))",
        "deadline(deadline('a'))",
        "deadline()",
        "deadline('a', 'b')",
        "deadline('a', workdays=1)",
        "deadline(1)",
        "deadline('')",
        "before('a')",
        "before('a', days=1)",
        "before('a', workdays=1, hours=2)",
        "before('a', workdays=True)",
        "before('a', workdays=-1)",
        "before('a', workdays=1001)",
        "workdays('3')",
        "workdays(1.5)",
        "workdays()",
        "none",
        "days",
        "name",
        "{'call': 'deadline', 'args': ['a'], 'kwargs': {}}",
        "{'iso': 'P1D'}",
        "deadline",
    ],
)
def test_other_timers_are_refused(source: str) -> None:
    with pytest.raises(ExpressionError):
        value(source)


def test_durations_count_on_the_calendar() -> None:
    def after(text: str, moment: datetime) -> datetime:
        duration = iso.parse(text)
        assert isinstance(duration, Duration)
        return duration.after(moment)

    january = datetime(2026, 1, 31, 9, tzinfo=UTC)
    assert after("P1M", january) == datetime(2026, 2, 28, 9, tzinfo=UTC)
    assert after("P1Y1M1D", january) == datetime(2027, 3, 1, 9, tzinfo=UTC)
    assert after("P25M", january) == datetime(2028, 2, 29, 9, tzinfo=UTC)
    assert after("P2WT90M", january) == datetime(2026, 2, 14, 10, 30, tzinfo=UTC)
    berlin = datetime(2026, 3, 28, 9, tzinfo=ZoneInfo("Europe/Berlin"))
    assert after("P1D", berlin).hour == 9
    assert after("PT24H", berlin).hour == 10
    assert after("PT30M", datetime(2026, 1, 1)) == datetime(2026, 1, 1, 0, 30)  # noqa: DTZ001 - a naive one stays so


def test_parsing_gives_dates_and_cycles() -> None:
    assert iso.parse("2026-12-31") == date(2026, 12, 31)
    assert iso.parse("2026-12-31T10:00:00+03:00") == datetime(2026, 12, 31, 10, tzinfo=timezone(timedelta(hours=3)))
    assert iso.parse("R3/PT36H") == Cycle(3, Duration(0, 0, 129_600), None)
    assert iso.parse("R3/2026-12-31T10:00:00Z/P1M") == Cycle(
        3, Duration(1, 0, 0), datetime(2026, 12, 31, 10, tzinfo=UTC)
    )
