"""Flask's own settings, derived from the deployment's."""

from collections.abc import MutableMapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask.templating import Environment
from itsdangerous import URLSafeTimedSerializer
from werkzeug.middleware.proxy_fix import ProxyFix

from app.config import Config

_MEGABYTE = 1024 * 1024


class Cookies(SecureCookieSessionInterface):
    """Flask's own signed cookie; what signs it is made once and not for every request."""

    @cache  # noqa: B019 - one application, for as long as the process lives
    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        return super().get_signing_serializer(app)


class Templates(Environment):
    """Flask's own, but a template looks names up in one dictionary: a chain of two costs at each import of macros."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}


def apply(app: Flask, config: Config) -> None:
    """Cookies, limits, templates and proxies; the deployment's settings stay in `app.extensions["config"]`."""
    secure = config.mode == "serve"
    app.extensions["config"] = config
    app.session_interface = Cookies()
    app.jinja_environment = Templates
    app.config.update(
        SECRET_KEY=config.secret_key,
        SESSION_COOKIE_NAME="__Host-session" if secure else "session",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=(config.max_upload_mb + 2) * _MEGABYTE,
        MAX_FORM_MEMORY_SIZE=2 * _MEGABYTE,
        MAX_FORM_PARTS=2000,
        TEMPLATES_AUTO_RELOAD=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    if config.public_url and secure:
        app.config["TRUSTED_HOSTS"] = [urlsplit(config.public_url).hostname]
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # Flask's documented way to wrap
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
