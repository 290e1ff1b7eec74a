"""The organisation's settings: dated values kept by the Secretariat; the newest that has begun holds."""

import re
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit import evidence
from app.audit.kinds import Kind
from app.courses.models_kept import Setting as Row
from app.courses.settings.known import SETTINGS, Setting
from app.errors import N_, Invalid, NotFound, Problem
from app.i18n import format_date
from app.identity.places import default_place

__all__ = ["SETTINGS", "Setting"]


def read(session: Session, name: str, on: date) -> str:
    """The value that holds on that day. KeyError for an unknown name."""
    default = SETTINGS[name].default
    query = sa.select(Row.value).where(Row.name == name, Row.valid_from <= on)
    found = session.scalar(query.order_by(Row.valid_from.desc()).limit(1))
    return default if found is None else found


def number(session: Session, name: str, on: date) -> int:
    return int(read(session, name, on))


def change(session: Session, name: str, value: str, valid_from: date, by: str) -> None:
    """Set a value from that day on. Raises NotFound for an unknown setting, Invalid for a value that cannot be."""
    setting = SETTINGS.get(name)
    if setting is None:
        raise NotFound
    value = value.strip()
    if not _fits(setting, value):
        message = N_("This value cannot be set.")
        raise Invalid(message, {"value": Problem(message)})
    session.merge(Row(name=name, valid_from=valid_from, value=value, set_by=by))
    session.flush()
    body = {"name": name, "value": value, "from": valid_from.isoformat()}
    evidence.record(session, "site", "settings", Kind.SETTING_CHANGED, by, body)


def _fits(setting: Setting, value: str) -> bool:
    if setting.allowed:
        return value in setting.allowed
    if setting.day:
        return not value or _is_day(value)
    if setting.pattern:
        return re.fullmatch(setting.pattern, value) is not None
    return value.isdecimal() and len(value) < 4 and 1 <= int(value) <= 250


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def dated(session: Session, name: str) -> list[Row]:
    """All values ever set, the newest first; those of a later day do not hold yet."""
    return list(session.scalars(sa.select(Row).where(Row.name == name).order_by(Row.valid_from.desc())))


def recommendation(session: Session, on: date) -> str:
    """Number and year of this recommendation as they are printed (A47): R/TR/XX:202_."""
    return f"{read(session, 'recommendation_number', on)}:{read(session, 'recommendation_year', on)}"


def recommendation_in_full(session: Session, on: date) -> str:
    """The same with the meeting and the day of its approval, as far as they are entered (A47)."""
    day = read(session, "recommendation_date", on)
    said = [read(session, "recommendation_meeting", on), format_date(date.fromisoformat(day)) if day else ""]
    approved = ", ".join(part for part in said if part)
    return recommendation(session, on) + (f" ({approved})" if approved else "")


def today(session: Session) -> date:
    """The day by which values are read: the Secretariat's, who sets them."""
    return clock.today(default_place(session).zone)
