"""When: what a diagram says about time becomes a moment, on the working-day calendar of whoever must act.

A date without a time ends at 23:59:59 there. `workdays(n)` and `after(…)` end with their last day as well;
`before(…)` falls at nine in the morning of its day, so that a reminder is read on the day it is meant for.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.engine import Json, iso
from app.engine.expressions_errors import ExpressionError
from app.identity import calendars
from app.identity.places import Place

MORNING = time(9)


class Unresolvable(Exception):
    """The expression names no moment; the message is for the person who drew the diagram."""


def deadline_due(session: Session, expression: Json, now: datetime, place: Place) -> datetime:
    """By when: a date, a duration or `workdays(n)`; whole days end with the day. Raises Unresolvable."""
    match expression:
        case {"call": "workdays", "args": [int(count)]}:
            return _after_workdays(session, now, count, place)
        case str(text) | {"iso": str(text)}:
            return _by(_read(text), now, place)
    raise Unresolvable(f"{expression!r} is no date, no duration and not workdays(n)")


def timer_due(
    session: Session, expression: Json, now: datetime, place: Place, deadlines: Mapping[str, datetime | None]
) -> datetime | None:
    """When the timer fires; None while the clock of the deadline it depends on is stopped. Raises Unresolvable.

    Durations run from `now`, the moment the timer is set; their days keep the hour on the local clock.
    """
    match expression:
        case {"call": "deadline" | "before" | "after" as relation, "args": [str(name)], **rest}:
            if name not in deadlines:
                raise Unresolvable(f"the task has no deadline named {name!r}")
            due = deadlines[name]
            return None if due is None else _relative(session, relation, due, rest.get("kwargs"), place)
        case {"call": "workdays", "args": [int(count)]}:
            return _after_workdays(session, now, count, place)
        case str(text) | {"iso": str(text)}:
            return _at(_read(text), now, place)
    raise Unresolvable(f"{expression!r} is no moment")


def next_in_cycle(session: Session, expression: Json, first: datetime, now: datetime, place: Place) -> datetime | None:
    """The firing after `now` of a cycle whose last one was due at `first`: those missed meanwhile collapse into one.

    `after("answer", workdays=2)` as a cycle comes every two working days after the deadline. None if the expression is
    no cycle.
    """
    match expression:
        case {"call": "after", "kwargs": {"workdays": int(count)}} if count > 0:
            due = _after_workdays(session, first, count, place)
            while due <= now:
                due = _after_workdays(session, due, count, place)
            return due
    text = expression.get("iso") if isinstance(expression, dict) else expression
    cycle = _read(text) if isinstance(text, str) else None
    if not isinstance(cycle, iso.Cycle):
        return None
    due = _local_after(cycle.interval, first, place)
    while due <= now:
        due = _local_after(cycle.interval, due, place)
    return due


def depends_on(expression: Json) -> str | None:
    """Name of the deadline that the timer follows."""
    match expression:
        case {"call": "deadline" | "before" | "after", "args": [str(name)]}:
            return name
    return None


def _read(text: str) -> iso.Duration | iso.Cycle | datetime | date:
    try:
        return iso.parse(text)
    except ExpressionError as error:
        raise Unresolvable(str(error)) from None


def _relative(session: Session, relation: str, due: datetime, amount: Any, place: Place) -> datetime:
    """`deadline(…)` itself, or a number of working days, days or hours before or after it."""
    amount = amount or {}
    if relation == "deadline":
        return due
    sign = -1 if relation == "before" else 1
    if "hours" in amount:
        return due + sign * timedelta(hours=amount["hours"])
    day = due.astimezone(ZoneInfo(place.zone)).date()
    if "workdays" in amount:
        day = calendars.add_workdays(session, place.country, day, sign * amount["workdays"])
    else:
        day += sign * timedelta(days=amount.get("days", 0))
    if relation == "before":
        return calendars.moment(day, MORNING, place.zone)
    return calendars.end_of_day(day, place.zone)


def _after_workdays(session: Session, now: datetime, count: int, place: Place) -> datetime:
    today = now.astimezone(ZoneInfo(place.zone)).date()
    return calendars.end_of_day(calendars.add_workdays(session, place.country, today, count), place.zone)


def _by(read: iso.Duration | iso.Cycle | datetime | date, now: datetime, place: Place) -> datetime:
    match read:
        case datetime():
            return read.astimezone(UTC)
        case date():
            return calendars.end_of_day(read, place.zone)
        case iso.Duration(seconds=0):
            last = _local_after(read, now, place).astimezone(ZoneInfo(place.zone))
            return calendars.end_of_day(last.date(), place.zone)
        case iso.Duration():
            return _local_after(read, now, place)
    raise Unresolvable("a repetition is no deadline")


def _at(read: iso.Duration | iso.Cycle | datetime | date, now: datetime, place: Place) -> datetime:
    match read:
        case iso.Cycle(start=None, interval=interval) | (iso.Duration() as interval):
            return _local_after(interval, now, place)
        case iso.Cycle(start=datetime() as start):
            return start.astimezone(UTC)
    return _by(read, now, place)


def _local_after(interval: iso.Duration, moment: datetime, place: Place) -> datetime:
    """Months and days on the local clock (nine o'clock stays nine o'clock over summer time), then exact seconds."""
    local = moment.astimezone(ZoneInfo(place.zone))
    days = iso.Duration(interval.months, interval.days, 0)
    return days.after(local).astimezone(UTC) + timedelta(seconds=interval.seconds)
