"""Security headers of every answer, written by hand so that the whole policy can be read here."""

import secrets

from flask import Flask, Response, current_app, g, request

_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
    "frame-ancestors 'none'"
)
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
_FRAMED = {"X-Frame-Options": "", "Cross-Origin-Resource-Policy": "cross-origin"}
"""Of the one page made to be embedded: who may frame it stands in its own policy."""
_FOR_ALL = ("portal.as_json",)
"""The same for everybody who asks: shared caches may keep it."""


def nonce() -> str:
    """The nonce of this answer: what the policy allows inline, and nothing else."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def _add(response: Response) -> Response:
    headers = response.headers
    for name, value in (_ALWAYS | (_FRAMED if request.endpoint == "portal.fragment" else {})).items():
        if value:
            headers.setdefault(name, value)
    headers.setdefault("Content-Security-Policy", _POLICY.format(nonce=nonce()))
    if request.endpoint not in ("static", "assets.styles"):
        headers.setdefault("Cache-Control", "no-store")
        if request.endpoint not in _FOR_ALL:
            headers.add("Vary", "Cookie")
    if request.is_secure or current_app.config["SESSION_COOKIE_SECURE"]:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    return response


def install(app: Flask) -> None:
    app.after_request(_add)
    app.jinja_env.globals["nonce"] = nonce
