"""When an appointment or a substitution holds, in Python and in SQL."""

from datetime import date
from typing import TypeAlias

import sqlalchemy as sa

from app.identity.models import Appointment, Substitution

Days: TypeAlias = tuple[date | None, date | None]
"""First and last day, both included; None: without end on that side."""


def is_valid(start: date, end: date | None, day: date) -> bool:
    """Both days are included."""
    return start <= day and (end is None or day <= end)


def overlap(one: Days, other: Days) -> Days:
    """The days that are in both; the last before the first where there are none."""
    ends = [last for last in (one[1], other[1]) if last is not None]
    begins = [first for first in (one[0], other[0]) if first is not None]
    return max(begins, default=None), min(ends, default=None)


def meets(days: Days, first: date, last: date) -> bool:
    """Whether any of them lies from `first` to `last`."""
    begin, end = max(days[0] or first, first), min(days[1] or last, last)
    return begin <= end


def lends() -> sa.ColumnElement[bool]:
    """Which appointments a substitution passes on: the absent person's, narrowed to its role and organisation."""
    return sa.and_(
        Appointment.person_id == Substitution.absent_id,
        sa.or_(Substitution.role.is_(None), Substitution.role == Appointment.role),
        sa.or_(Substitution.organisation_id.is_(None), Substitution.organisation_id == Appointment.organisation_id),
    )
