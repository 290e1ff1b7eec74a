"""What every template may use."""

from functools import lru_cache
from zoneinfo import ZoneInfo

from flask import Flask, g, get_flashed_messages, render_template, request
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from app import clock
from app.i18n import Locale, current_locale, format_date, format_datetime, format_day, weekday
from app.web import navigation, standstill
from app.web.access import visitor
from app.web.designation import designation
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
    if "hidden" not in g:
        g.hidden = Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())
    field: Markup = g.hidden
    return field


_TOKEN, _HERE = Markup("\1"), Markup("\2")
"""Stand in a kept bar for what is of this request alone; neither can be typed into a name."""


def bar() -> Markup:
    """The head of the page. Only what it depends on is asked for; the rest is kept."""
    me = visitor()
    whose = (str(me.name), me.roles) if me else None
    kept = _bar(current_locale(), theme(), request.blueprint or "", whose)
    return Markup(kept.replace(_TOKEN, hidden()).replace(_HERE, escape(here())))  # noqa: S704 - escaped all


@lru_cache(maxsize=128)
def _bar(_locale: Locale, _theme: str, _part: str, _whose: tuple[str, frozenset[str]] | None) -> str:
    return render_template("bar.html", hidden=lambda: _TOKEN, here=lambda: _HERE)


def flashed() -> list[tuple[str, str]]:
    """Messages for the next page: (kind of notice, text)."""
    messages: list[tuple[str, str]] = list(get_flashed_messages(with_categories=True))  # type: ignore[arg-type]  # pairs
    return messages


def install(app: Flask) -> None:
    app.jinja_env.globals.update(
        {
            "bar": bar,
            "designation": designation,
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
    told = {"date": format_date, "day": format_day, "moment": format_datetime, "weekday": weekday}
    app.jinja_env.filters.update(told)
