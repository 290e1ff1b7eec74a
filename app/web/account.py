"""What a person sets for themselves: language, colours, and leaving."""

from flask import Blueprint, current_app, request
from werkzeug import Response

from app.i18n import as_locale
from app.web import language
from app.web.access import leave, public
from app.web.pages import THEME, THEMES
from app.web.redirects import back, see

blueprint = Blueprint("account", __name__)

_YEAR = 365 * 24 * 3600


@blueprint.post("/sign-out")
def sign_out() -> Response:
    leave()
    return see(current_app.extensions["sign_in"])


@blueprint.post("/language")
@public
def set_language() -> Response:
    return _remember(language.COOKIE, as_locale(request.form.get("language")))


@blueprint.post("/theme")
@public
def set_theme() -> Response:
    wanted = request.form.get("theme")
    return _remember(THEME, wanted if wanted in THEMES else None)


def _remember(name: str, value: str | None) -> Response:
    answer = back(request.form.get("next"))
    if value:
        answer.set_cookie(name, value, max_age=_YEAR, samesite="Lax", httponly=True, secure=request.is_secure)
    return answer
