"""Working days of a country: the kept library's calendar plus exceptions that people edit, and ends of days in a zone.

`country` None, or a country the library does not know, falls back: None to the Secretariat's country, an unknown one
to Monday to Friday without holidays.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from zoneinfo import ZoneInfo

import holidays
import sqlalchemy as sa
from holidays.registry import COUNTRIES
from sqlalchemy.orm import Session, SessionTransaction

from app.audit import evidence
from app.audit.kinds import Kind
from app.errors import N_, Invalid, NotFound
from app.identity.models import CalendarException
from app.identity.places import default_place

FURTHEST = 5_000
"""Working days, some twenty years: an expression that asks for more is a mistake."""

_CACHE = "calendar exceptions"
_DAY = timedelta(days=1)


def is_workday(session: Session, country: str | None, day: date) -> bool:
    country = country or default_place(session).country
    return _is_workday(country, day, exceptions(session, country))


def add_workdays(session: Session, country: str | None, start: date, n: int) -> date:
    """The n-th working day after `start`, before it for a negative n; `start` itself for 0, working or not.

    ValueError for more than FURTHEST.
    """
    if abs(n) > FURTHEST:
        raise ValueError(f"{n} working days are more than {FURTHEST}")
    country = country or default_place(session).country
    known = exceptions(session, country)
    step, left, day = (_DAY if n > 0 else -_DAY), abs(n), start
    try:
        while left:
            day += step
            left -= _is_workday(country, day, known)
    except OverflowError:
        raise ValueError(f"{n} working days from {start} end outside the calendar") from None
    return day


def workdays_between(session: Session, country: str | None, start: date, end: date) -> int:
    """How many working days after `start` up to and including `end`; negative when `end` lies before.

    The inverse of `add_workdays`: workdays_between(start, add_workdays(start, n)) == n. ValueError where the days
    are further apart than FURTHEST working days can be.
    """
    if end < start:
        return -_count(session, country, end, start - _DAY)
    return _count(session, country, start + _DAY, end)


def _count(session: Session, country: str | None, first: date, last: date) -> int:
    if (last - first).days > 2 * FURTHEST:
        raise ValueError(f"{first} and {last} are too far apart")
    country = country or default_place(session).country
    known = exceptions(session, country)
    days = (first + timedelta(days=i) for i in range((last - first).days + 1))
    return sum(_is_workday(country, day, known) for day in days)


def end_of_day(day: date, zone: str) -> datetime:
    """The last second of the day in that zone, in UTC; where the clock shows it twice, the later one."""
    return max(moment(day, time(23, 59, 59), zone, fold) for fold in (0, 1))


def moment(day: date, at: time, zone: str, fold: int = 0) -> datetime:
    """That wall time in the zone, in UTC. A time that the spring change skips comes an hour later by the clock."""
    return datetime.combine(day, at.replace(fold=fold), ZoneInfo(zone)).astimezone(UTC)


def exceptions(session: Session, country: str) -> dict[date, bool]:
    """The country's exceptions, read once in a transaction: day → whether it is worked on."""
    kept: dict[str, dict[date, bool]] = session.info.setdefault(_CACHE, {})
    if country not in kept:
        query = sa.select(CalendarException.day, CalendarException.working).where(CalendarException.country == country)
        kept[country] = dict(session.execute(query).all())
    return kept[country]


@sa.event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None or transaction.nested:
        session.info.pop(_CACHE, None)


@dataclass(frozen=True, slots=True)
class Difference:
    """A day that is not as Monday to Friday would have it; `note` None: so says the kept library."""

    day: date
    working: bool
    note: str | None = None


def differences(session: Session, country: str, year: int) -> list[Difference]:
    """Holidays, working Saturdays and all exceptions of the year, in order."""
    query = sa.select(CalendarException).where(
        CalendarException.country == country,
        CalendarException.day.between(date(year, 1, 1), date(year, 12, 31)),
    )
    kept = {one.day: Difference(one.day, one.working, one.note) for one in session.scalars(query)}
    worked = _workdays(country, year)
    first, length = date(year, 1, 1), (date(year, 12, 31) - date(year, 1, 1)).days + 1
    days = [first + timedelta(days=number) for number in range(length)]
    usual = {day: Difference(day, day in worked) for day in days if (day in worked) != (day.weekday() < 5)}
    found = usual | kept
    return [found[day] for day in sorted(found)]


def set_exception(session: Session, country: str, day: date, *, working: bool, note: str, by: str) -> None:
    """Say that the day is worked on, or is not, whatever the library knows."""
    if not note.strip():
        raise Invalid(N_("Say why the day differs from the calendar."))
    session.merge(CalendarException(country=country, day=day, working=working, note=note.strip()))
    session.flush()
    session.info.pop(_CACHE, None)
    body = {"country": country, "day": day.isoformat(), "working": working, "note": note.strip()}
    evidence.record(session, "site", f"calendar-{country.lower()}", Kind.CALENDAR_EXCEPTION_SET, by, body)


def remove_exception(session: Session, country: str, day: date, by: str) -> None:
    found = session.get(CalendarException, (country, day))
    if found is None:
        raise NotFound
    session.delete(found)
    session.flush()
    session.info.pop(_CACHE, None)
    body = {"country": country, "day": day.isoformat()}
    evidence.record(session, "site", f"calendar-{country.lower()}", Kind.CALENDAR_EXCEPTION_REMOVED, by, body)


def _is_workday(country: str, day: date, known: dict[date, bool]) -> bool:
    exception = known.get(day)
    return exception if exception is not None else day in _workdays(country, day.year)


@lru_cache(maxsize=512)
def _workdays(country: str, year: int) -> frozenset[date]:
    """The year's working days as the library has them, transferred Saturdays included."""
    length = (date(year, 12, 31) - date(year, 1, 1)).days + 1
    days = [date(year, 1, 1) + timedelta(days=i) for i in range(length)]
    library = _library(country)
    if library is None:
        return frozenset(day for day in days if day.weekday() < 5)
    calendar = library(years=year)
    return frozenset(day for day in days if calendar.is_working_day(day))


@cache
def _library(country: str) -> type[holidays.HolidayBase] | None:
    """The country's calendar alone: through its own entrance the library loads all countries of the world, 8 MB."""
    for name, (calendar, *codes) in COUNTRIES.items():
        if country in codes:
            path = Path(holidays.__file__).with_name("countries") / f"{name}.py"
            module = ModuleType(f"holidays of {name}")
            SourceFileLoader(module.__name__, str(path)).exec_module(module)
            found: type[holidays.HolidayBase] = vars(module)[calendar]
            return found
    return None
