"""What every template may use."""

from flask import Flask

from app import clock
from app.i18n import format_date, format_datetime, format_day


def install(app: Flask) -> None:
    app.jinja_env.globals.update({"now": clock.now})
    app.jinja_env.filters.update({"date": format_date, "day": format_day, "moment": format_datetime})
