"""One JSON line a request. JSON escapes what a visitor types, so that no line can be forged (S61)."""

import json
import logging
import time

from flask import Flask, Response, g, request, session

from app.db import new_id

log = logging.getLogger("coomet.web")


def request_id() -> str:
    """The number a person can quote when something fails; the same as in the log."""
    return str(g.get("request_id", ""))


def _begin() -> None:
    g.request_id = new_id()
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = request_id()
    if request.endpoint != "static" and log.isEnabledFor(logging.INFO):
        line = {
            "id": request_id(),
            "method": request.method,
            "path": request.path,
            "status": response.status_code,
            "ms": round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
            "person": session.get("_user_id"),
            "from": request.remote_addr,
        }
        log.info(json.dumps(line))
    return response


def install(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_end)
