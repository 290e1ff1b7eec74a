"""The reader's language: what they chose, else what their account says, else what the browser asks for."""

from flask import Flask, request

from app.i18n import Locale, as_locale, current_locale, gettext, ngettext, set_locale

COOKIE = "language"


def chosen() -> Locale:
    """The language asked for by the cookie or the browser; Russian where neither is known."""
    return as_locale(request.cookies.get(COOKIE)) or _asked() or "ru"


def is_chosen() -> bool:
    """Whether the reader has pressed the switch; else the account's language comes before the browser's."""
    return as_locale(request.cookies.get(COOKIE)) is not None


def _asked() -> Locale | None:
    """The first of the browser's languages that we speak; en-GB counts as English."""
    known = (as_locale(tag.partition("-")[0].lower()) for tag in request.accept_languages.values())
    return next((locale for locale in known if locale), None)


def _begin() -> None:
    set_locale(chosen())


def install(app: Flask) -> None:
    app.before_request(_begin)
    app.jinja_env.globals.update({"_": gettext, "ngettext": ngettext, "locale": current_locale})
