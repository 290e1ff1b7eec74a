"""What every template may use."""

from zoneinfo import ZoneInfo

from flask import Flask, get_flashed_messages, request
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from app import clock
from app.i18n import format_date, format_datetime, format_day
from app.web import navigation, standstill
from app.web.access import visitor
from app.web.icons import icon
from app.web.redirects import here

THEME = "theme"
THEMES = ("auto", "light", "dark")


def theme() -> str:
    """Colours chosen by the reader: auto, light or dark."""
    wanted = request.cookies.get(THEME, "")
    return wanted if wanted in THEMES else "auto"


def hidden() -> Markup:
    """The field against forged forms, first in every form that changes something."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def flashed() -> list[tuple[str, str]]:
    """Messages for the next page: (kind of notice, text)."""
    messages: list[tuple[str, str]] = list(get_flashed_messages(with_categories=True))  # type: ignore[arg-type]  # pairs
    return messages


def install(app: Flask) -> None:
    app.jinja_env.globals.update(
        {
            "flashed": flashed,
            "here": here,
            "hidden": hidden,
            "icon": icon,
            "navigation": navigation.entries,
            "now": clock.now,
            "on_hold": standstill.shown,
            "strips": app.extensions.setdefault("strips", []),
            "theme": theme,
            "visitor": visitor,
            "zone_of": ZoneInfo,
        }
    )
    app.jinja_env.filters.update({"date": format_date, "day": format_day, "moment": format_datetime})
