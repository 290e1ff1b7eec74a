"""F17: what diagrams say about time, over clock changes, leap days and ends of months: moments worked out by hand."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from app.identity.places import Place
from app.workflow import moments

DATES = [
    # place, set at (UTC), what the diagram says, fires at (UTC)
    ("DE Europe/Berlin", "2026-03-27T08:00", "P3D", "2026-03-30T07:00"),  # 9 stays 9 when the clocks go forward
    ("DE Europe/Berlin", "2026-03-27T08:00", "PT72H", "2026-03-30T08:00"),  # hours are hours
    ("DE Europe/Berlin", "2026-10-23T07:00", "P3D", "2026-10-26T08:00"),  # and back
    ("DE Europe/Berlin", "2026-10-24T23:30", "PT1H", "2026-10-25T00:30"),  # into the hour that comes twice
    ("DE Europe/Berlin", "2026-03-28T01:30", "P1D", "2026-03-29T01:30"),  # 2:30 does not exist: 3:30 it is
    ("BY Europe/Minsk", "2026-03-27T06:00", "P3D", "2026-03-30T06:00"),  # no clock change there
    ("BY Europe/Minsk", "2026-01-31T06:00", "P1M", "2026-02-28T06:00"),  # a month from the last of January
    ("BY Europe/Minsk", "2028-01-31T06:00", "P1M", "2028-02-29T06:00"),  # in a leap year
    ("BY Europe/Minsk", "2028-02-29T06:00", "P1Y", "2029-02-28T06:00"),  # a year from a leap day
    ("BY Europe/Minsk", "2028-02-29T06:00", "P4Y", "2032-02-29T06:00"),
    ("BY Europe/Minsk", "2026-03-31T06:00", "P1M", "2026-04-30T06:00"),
    ("BY Europe/Minsk", "2026-12-31T06:00", "P2M", "2027-02-28T06:00"),
    ("BY Europe/Minsk", "2026-11-23T06:00", "P3Y", "2029-11-23T06:00"),  # the three years of actualisation
    ("BY Europe/Minsk", "2026-12-31T20:59", "PT2M", "2026-12-31T21:01"),  # over the new year of Minsk
    ("KZ Asia/Almaty", "2024-02-29T06:00", "P1D", "2024-03-01T07:00"),  # the zone itself moved: noon stays noon
    ("CU America/Havana", "2026-03-07T14:00", "P1D", "2026-03-08T13:00"),
    ("MD Europe/Chisinau", "2026-10-24T06:00", "P1D", "2026-10-25T07:00"),
    ("DE Europe/Berlin", "2026-11-23T08:00", "2027-03-28", "2027-03-28T21:59:59"),  # a day ends with the day
    ("DE Europe/Berlin", "2026-11-23T08:00", "2028-02-29", "2028-02-29T22:59:59"),
    ("BY Europe/Minsk", "2026-11-23T08:00", "2026-12-31T23:59:59+03:00", "2026-12-31T20:59:59"),
    ("TR Europe/Istanbul", "2026-10-24T06:00", "P2D", "2026-10-26T06:00"),
]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(("place", "set_at", "said", "expected"), DATES)
def test_the_moment_a_timer_fires_f17(session: Session, place: str, set_at: str, said: str, expected: str) -> None:
    where = Place(*place.split(" "))
    assert moments.timer_due(session, said, utc(set_at), where, {}) == utc(expected)
