"""Redirects that stay in the house."""

from urllib.parse import urlsplit

from flask import redirect, request, url_for
from werkzeug import Response


def safe_next(wanted: str | None) -> str:
    """A path of this site, or the first page: no host, scheme, backslash or control character gets through (S50)."""
    home = url_for("inbox.front")
    if not wanted or not wanted.startswith("/") or wanted[1:2] in ("/", "\\"):
        return home
    if "\\" in wanted or any(ord(character) < 33 for character in wanted):
        return home
    parts = urlsplit(wanted)
    return home if parts.scheme or parts.netloc else wanted


def see(endpoint: str, **values: str) -> Response:
    """After a change: 303, so that a reload asks for the page and does not send the form again."""
    return redirect(url_for(endpoint, **values), 303)  # type: ignore[arg-type]  # values are path parts and queries


def back(wanted: str | None) -> Response:
    return redirect(safe_next(wanted), 303)


def here() -> str:
    """The path and query of this page, to come back to; of a form's answer, the first page."""
    return request.full_path.rstrip("?") if request.method == "GET" else url_for("inbox.front")
