"""One event a request in the log, and the number by which it is found (S61).

No query, no body and no part of an address that may be a secret is written.
"""

import logging
import time

from flask import Flask, Response, g, request

from app import logs
from app.db import new_id

log = logging.getLogger("coomet.web")
SECRET_PARTS = frozenset({"token", "secret", "key", "code"})
"""Names of the parts of an address that open something."""
SILENT = ("survey",)
"""Parts of the site of which nothing is written: when somebody answers anonymously is nobody's business (11.1)."""


def request_id() -> str:
    """The number a person can quote when something fails; the same as in the log."""
    return str(g.get("request_id", ""))


def sent(name: str) -> None:
    """This request sends a form: the log says which, so that nothing taken can be lost unseen (V23)."""
    g.sent = name


def _begin() -> None:
    g.request_id = new_id()
    g.began = time.perf_counter()
    logs.request_id.set(g.request_id)


def _path() -> str:
    """The address as it was asked for, or its pattern where a part of it is a secret."""
    rule = request.url_rule
    if rule is not None and SECRET_PARTS & rule.arguments:
        return rule.rule
    return request.path[:300]


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = request_id()
    if request.endpoint != "static" and request.blueprint not in SILENT and log.isEnabledFor(logging.INFO):
        facts = {
            "method": request.method,
            "path": _path(),
            "status": response.status_code,
            "ms": round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
            "person": visitor.id if (visitor := g.get("visitor")) else None,
        }
        if "sent" in g:
            facts["sent"] = g.sent
        log.info("request", extra={"facts": facts})
    return response


def _over(_error: BaseException | None) -> None:
    logs.request_id.set("")


def install(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(_over)
