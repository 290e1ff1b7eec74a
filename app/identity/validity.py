"""When an appointment or a substitution holds, in Python and in SQL."""

from datetime import date

import sqlalchemy as sa

from app.identity.models import Appointment, Substitution


def is_valid(start: date, end: date | None, day: date) -> bool:
    """Both days are included."""
    return start <= day and (end is None or day <= end)


def lends() -> sa.ColumnElement[bool]:
    """Which appointments a substitution passes on: the absent person's, narrowed to its role and organisation."""
    return sa.and_(
        Appointment.person_id == Substitution.absent_id,
        sa.or_(Substitution.role.is_(None), Substitution.role == Appointment.role),
        sa.or_(Substitution.organisation_id.is_(None), Substitution.organisation_id == Appointment.organisation_id),
    )
