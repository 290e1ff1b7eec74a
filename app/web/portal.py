"""The public list of COOMET courses: a page, exports and a fragment that the web portal may embed (12.2)."""

import hashlib

import orjson
from flask import Blueprint, Response, render_template, request

from app import clock
from app.courses import portal
from app.courses.letters.publication import ACCESS, LANGUAGES
from app.i18n import Locale, as_locale, current_locale, set_locale
from app.web.access import database, public
from app.web.numbers import whole

blueprint = Blueprint("portal", __name__)

_KEPT = "public, max-age=300"
_FRAGMENT = (
    "default-src 'none'; style-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors {ancestors}"
)


@blueprint.get("/portal")
@public
def listed() -> Response:
    _speak()
    found = portal.page(database(), _number())
    text = render_template("portal.html", found=found, languages=LANGUAGES, accesses=ACCESS)
    return Response(text, mimetype="text/html")


@blueprint.get("/portal/fragment")
@public
def fragment() -> Response:
    """Without script, without cookies; only the sites of the setting may frame it."""
    _speak()
    found = portal.page(database(), _number())
    text = render_template("portal_fragment.html", found=found, languages=LANGUAGES, accesses=ACCESS)
    answer = _cached(Response(text, mimetype="text/html"))
    policy = _FRAGMENT.format(ancestors=portal.frame_ancestors(database()))
    answer.headers["Content-Security-Policy"] = policy
    return answer


@blueprint.get("/portal.json")
@public
def as_json() -> Response:
    found = portal.page(database(), _number())
    body = {
        "source": "COOMET Courses",
        "page": found.number,
        "pages": found.pages,
        "total": found.total,
        "courses": portal.as_json(found.courses),
    }
    return _cached(Response(orjson.dumps(body, option=orjson.OPT_INDENT_2), mimetype="application/json"))


@blueprint.get("/portal.csv")
@public
def as_csv() -> Response:
    """With a byte order mark, so that spreadsheets read the Cyrillic."""
    locale = _speak()
    text = "\ufeff" + portal.as_csv(portal.everything(database()), locale)
    answer = Response(text.encode(), mimetype="text/csv")
    name = f"coomet-courses-{clock.now():%Y-%m-%d}.{locale}.csv"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return _cached(answer)


def _number() -> int:
    return min(max(whole(request.args.get("page"), 1), 1), 100_000)


def _speak() -> Locale:
    """The language of the address comes first: the portal links to one of them."""
    wanted = as_locale(request.args.get("lang"))
    if wanted:
        set_locale(wanted)
    return wanted or current_locale()


def _cached(answer: Response) -> Response:
    """A reader that has it already is told so (304); others may keep it for five minutes."""
    answer.headers["Cache-Control"] = _KEPT
    answer.set_etag(hashlib.sha256(answer.get_data()).hexdigest()[:32])
    answer.make_conditional(request)
    return answer
