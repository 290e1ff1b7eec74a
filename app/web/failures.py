"""What a person sees when something does not work: what happened, what is safe, what to do; never a trace."""

import errno
import logging
import re
from collections.abc import Mapping

from flask import Flask, current_app, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from app.audit import evidence
from app.audit.kinds import Kind
from app.db import transaction
from app.errors import N_, Denied, NotFound, Problem
from app.forms.names import is_own
from app.web.access import database, visitor
from app.web.journal import request_id
from app.workflow.instances import Damaged, quarantine

log = logging.getLogger("coomet.web")

Answer = tuple[str, int, dict[str, str]]

TITLES = {
    400: N_("The request could not be read"),
    404: N_("Page not found"),
    405: N_("This address does not work that way"),
    409: N_("Somebody was faster"),
    413: N_("Too large"),
    422: N_("Something has to be put right"),
    429: N_("Too many attempts"),
    500: N_("Something broke on our side"),
    503: N_("Not available for the moment"),
    507: N_("No room left"),
}
ADVICE = {
    400: N_("Nothing was changed. Go back, reload the page and send it again."),
    404: N_("Check the address, or begin at the inbox."),
    405: N_("Nothing was changed. Begin at the inbox."),
    409: N_("Nothing of yours was overwritten. Open the page again to see how it stands now."),
    413: N_("Nothing was stored. Send a smaller file, or split it."),
    422: N_("Nothing was changed. Go back and correct what is named above."),
    429: N_("Wait a minute and try again."),
    500: N_("Nothing was half done: the change was undone as a whole. Tell the operator the number below."),
    503: N_("Nothing was changed. Try again in a few seconds."),
    507: N_("Nothing was stored. Tell the operator; what you typed is still in your browser if you go back."),
}

FORMS = ("tasks", "procedures", "creation", "instances")
MOST_SHOWN = 20_000
OPTION = re.compile(r"[a-z_]{1,20}")
BARE = """<!doctype html><html lang="ru"><meta charset="utf-8"><title>COOMET Courses</title>
<h1>У нас что-то сломалось</h1><p>Ничего не сделано наполовину. Сообщите оператору номер ниже.</p>
<div lang="en"><h2>Something broke on our side</h2>
<p>Nothing was half done. Tell the operator the number below.</p></div>
<p>%s</p></html>"""
"""Shown when not even the page of a failure can be drawn."""


def page(status: int, message: str = "", params: dict[str, object] | None = None) -> Answer:
    """The page for a failure, in the reader's language; `message` is an English msgid."""
    known = status if status in TITLES else 400 if status < 500 else 500
    shown = {"status": status, "title_id": TITLES[known], "advice_id": ADVICE[known]}
    said = {
        "message_id": message,
        "message_params": params or {},
        "request_number": request_id(),
        "typed": _typed(status),
    }
    try:
        text = render_template("failure.html", **shown, **said)
    except Exception:
        log.exception("the page of a failure cannot be drawn, request %s", request_id())
        text, status = BARE % request_id(), 500
    return text, status, {"Retry-After": "5"} if status == 503 else {}


def _typed(status: int) -> list[str]:
    """What was typed into a form of a procedure that is refused: shown, so that it can be copied, never stored.

    The names of options that were only ticked say nothing to a reader and are left out.
    """
    if status == 413 or request.method != "POST" or request.blueprint not in FORMS:
        return []
    sent = [text.strip() for name, texts in request.form.lists() if not is_own(name) for text in texts]
    return [text[:MOST_SHOWN] for text in sent if text and not OPTION.fullmatch(text)][:100]


def _problem(problem: Problem) -> Answer:
    return page(problem.status, problem.message, problem.params)


def _damaged(problem: Damaged) -> Answer:
    """Whoever meets a damaged state first has it stopped, in a transaction of its own."""
    database().rollback()
    with transaction(current_app.extensions["sessions"]) as session:
        quarantine(session, problem.instance_id)
    return _problem(problem)


def _denied(problem: Denied) -> Answer:
    """The same page as for what does not exist; that somebody tried is kept in a transaction of its own."""
    me = visitor()
    if me is not None:
        record_denial(me.id, problem.params)
    return page(problem.status, NotFound().message)


def record_denial(person_id: str, params: Mapping[str, object]) -> None:
    """In a transaction of its own, since that of the request is rolled back."""
    database().rollback()
    kind = Kind.TASK_DENIED if params.get("kind") == "task" else Kind.ACCESS_DENIED
    body = {
        "method": request.method,
        "path": request.path[:300],
        **{name: str(value) for name, value in params.items()},
    }
    with transaction(current_app.extensions["sessions"]) as session:
        evidence.record(session, "person", person_id, kind, person_id, body)


def _refused(error: HTTPException) -> Answer | HTTPException:
    if error.code is None or error.code < 400:
        return error
    if error.code == 404:
        return _problem(NotFound())
    if error.code == 413:
        limit = current_app.extensions["config"].max_upload_mb
        return page(413, N_("One form may send at most %(limit)s MB, all its files together."), {"limit": limit})
    return page(error.code)


def _forged(_error: CSRFError) -> Answer:
    return page(400, N_("This page was open for too long, or came from somewhere else."))


def _database(error: OperationalError) -> Answer:
    log.warning("database not available, request %s: %s", request_id(), type(error.orig).__name__)
    return page(503)


def _disk(error: OSError) -> Answer:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return page(507)
    return _fault(error)


def _fault(error: Exception) -> Answer:
    log.exception("request %s failed at %s", request_id(), request.endpoint, exc_info=error)
    if current_app.config.get("RAISE_FAULTS"):
        raise error
    return page(500)


def install(app: Flask) -> None:
    app.register_error_handler(Problem, _problem)
    app.register_error_handler(Denied, _denied)
    app.register_error_handler(Damaged, _damaged)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(OSError, _disk)
    app.register_error_handler(Exception, _fault)
