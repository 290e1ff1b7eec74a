"""The organisation's settings: dated values kept by the Secretariat; the newest that has begun holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import evidence
from app.audit.kinds import Kind
from app.courses.models import Setting as Row
from app.errors import N_, Invalid, NotFound, Problem
from app.i18n import Text


@dataclass(frozen=True, slots=True)
class Setting:
    """What can be set; `allowed` empty: a whole number from 1 to 250."""

    label: Text
    default: str
    allowed: tuple[str, ...] = ()


SETTINGS: Mapping[str, Setting] = {
    "answer_workdays": Setting(
        Text("Срок рассмотрения листа согласования, рабочих дней", "Time to consider an agreement sheet, working days"),
        "15",
    ),
    "remind_before": Setting(
        Text("Напоминание до срока, рабочих дней", "Reminder before a deadline, working days"), "3"
    ),
    "remind_every": Setting(
        Text("Повтор напоминания после срока, рабочих дней", "Reminder repeated after a deadline, working days"), "3"
    ),
    "package_to": Setting(
        Text("Куда направляется согласованный пакет (пункт 7.4)", "Where the agreed package goes (clause 7.4)"),
        "both",
        ("both", "administrator", "secretariat"),
    ),
    "own_decisions": Setting(
        Text("Решать по собственным материалам (без исключения)", "Decide on one's own materials (without exception)"),
        "no",
        ("no", "yes"),
    ),
}


def read(session: Session, name: str, on: date) -> str:
    """The value that holds on that day. KeyError for an unknown name."""
    default = SETTINGS[name].default
    query = sa.select(Row.value).where(Row.name == name, Row.valid_from <= on)
    return session.scalar(query.order_by(Row.valid_from.desc()).limit(1)) or default


def number(session: Session, name: str, on: date) -> int:
    return int(read(session, name, on))


def change(session: Session, name: str, value: str, valid_from: date, by: str) -> None:
    """Set a value from that day on. Raises NotFound for an unknown setting, Invalid for a value that cannot be."""
    setting = SETTINGS.get(name)
    if setting is None:
        raise NotFound
    numeric = value.isdecimal() and 1 <= int(value) <= 250
    if value not in setting.allowed and (setting.allowed or not numeric):
        message = N_("This value cannot be set.")
        raise Invalid(message, {"value": Problem(message)})
    session.merge(Row(name=name, valid_from=valid_from, value=value, set_by=by))
    session.flush()
    body = {"name": name, "value": value, "from": valid_from.isoformat()}
    evidence.record(session, "site", "settings", Kind.SETTING_CHANGED, by, body)
