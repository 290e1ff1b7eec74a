"""What a person sets for themselves: language and colours."""

from flask import Blueprint, request
from werkzeug import Response

from app.i18n import as_locale
from app.web import language
from app.web.redirects import back

blueprint = Blueprint("account", __name__)

_YEAR = 365 * 24 * 3600
THEME = "theme"


def _remember(answer: Response, name: str, value: str) -> None:
    answer.set_cookie(name, value, max_age=_YEAR, samesite="Lax", httponly=True, secure=request.is_secure)


@blueprint.post("/language")
def set_language() -> Response:
    answer = back(request.form.get("next"))
    wanted = as_locale(request.form.get("language"))
    if wanted:
        _remember(answer, language.COOKIE, wanted)
    return answer


@blueprint.post("/theme")
def set_theme() -> Response:
    answer = back(request.form.get("next"))
    wanted = request.form.get("theme", "")
    if wanted in ("light", "dark", "auto"):
        _remember(answer, THEME, wanted)
    return answer
