"""Days in what was typed: a scenario that holds on every day has working days from now in place of a date."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app.forms import Field, Form
from app.workflow.sandbox.times import Times

AHEAD = "workdays:"


def dated(values: Mapping[str, Any], times: Times, now: datetime) -> dict[str, Any]:
    """`workdays:N` becomes the day that it is now."""
    return {name: _dated(value, times, now) for name, value in values.items()}


def _dated(value: Any, times: Times, now: datetime) -> Any:
    match value:
        case dict():
            return {name: _dated(one, times, now) for name, one in value.items()}
        case list():
            return [_dated(one, times, now) for one in value]
        case str() if value.startswith(AHEAD) and value[len(AHEAD) :].isdecimal() and len(value) < 14:
            return times.in_workdays(now, int(value[len(AHEAD) :])).isoformat()
    return value


def undated(values: Mapping[str, Any], form: Form, times: Times, now: datetime) -> dict[str, Any]:
    """The days of date fields that are working days ahead become `workdays:N`."""
    fields = {one.name: one for one in form.group.inputs}
    return {
        name: _undated(fields[name], value, times, now) if name in fields else value for name, value in values.items()
    }


def _undated(field: Field, value: Any, times: Times, now: datetime) -> Any:
    if field.rows is not None and isinstance(value, list):
        cells = {one.name: one for one in field.rows.inputs}
        return [
            {name: _undated(cells[name], one, times, now) if name in cells else one for name, one in row.items()}
            for row in value
        ]
    if field.kind != "date" or not isinstance(value, str) or value.startswith(AHEAD):
        return value
    try:
        count = times.workdays_to(now, date.fromisoformat(value))
    except ValueError:
        return value
    return value if count is None else f"{AHEAD}{count}"
