"""How the stand-in misbehaves when it is told to: recorded faults, and what proxies and dying servers do."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from app.connectors.moodle.stand_in.refusals import MoodleError, access, simple, token
from app.connectors.moodle.stand_in.store import Fault

JSON, HTML = "application/json", "text/html; charset=utf-8"
MAINTENANCE = "The site is undergoing maintenance and is currently not available"
NO_DATABASE = (
    "<p>Error: Database connection failed</p>\n<p>It is possible that the database is overloaded or otherwise not "
    "running properly.</p>\n<p>The site administrator should also check that the database details have been correctly "
    "specified in config.php</p>"
)
PAGE = b'<!DOCTYPE html>\n<html lang="en"><head><title>Site</title></head><body><h1>Maintenance</h1></body></html>\n'

REFUSALS: dict[str, MoodleError] = {
    "maintenance": simple("sitemaintenance", MAINTENANCE),
    "database_away": MoodleError("dml_connection_exception", "dbconnectionfailed", NO_DATABASE),
    "expired": token(),
    "no_right": access(),
    "no_errorcode": MoodleError("Error", None, "Call to a member function get() on null"),
    "exception": simple("generalexceptionmessage", "Something is wrong"),
}
"""Answered in place of doing anything."""
AFTERWARDS = ("hang", "truncated", "endless", "slow", "empty", "html_after")
"""The work is done, its answer is spoilt."""
KINDS = (*REFUSALS, "html", "unavailable", "busy", "services_off", "redirect", "warnings", *AFTERWARDS)


@dataclass(frozen=True, slots=True)
class Response:
    status: str
    content_type: str
    body: Iterable[bytes]
    headers: tuple[tuple[str, str], ...] = ()


def instead(fault: Fault) -> Response | None:
    """The answer of a fault that hinders the work; None where it only spoils what comes after."""
    if fault.kind == "html":
        return Response("200 OK", HTML, [PAGE])
    if fault.kind == "unavailable":
        return Response("503 Service Unavailable", HTML, [PAGE], (("Retry-After", "300"),))
    if fault.kind == "busy":
        return Response("429 Too Many Requests", HTML, [PAGE], (("Retry-After", "60"),))
    if fault.kind == "services_off":
        return Response("403 Forbidden", HTML, [b""])
    if fault.kind == "redirect":
        return Response("302 Found", HTML, [b""], (("Location", "http://169.254.169.254/latest/meta-data/"),))
    if fault.kind == "warnings":
        row = b'{"warnings":[{"item":"course","itemid":0,"warningcode":"1","message":"No access rights"}]}'
        return Response("200 OK", JSON, [row])
    return None


def afterwards(fault: Fault, body: bytes, answer: Any) -> Response:
    if fault.kind == "hang":
        return Response("200 OK", JSON, _late(body, fault.seconds))
    if fault.kind == "truncated":
        return Response("200 OK", JSON, [body[: len(body) // 2]])
    if fault.kind == "endless":
        return Response("200 OK", JSON, _endless())
    if fault.kind == "slow":
        return Response("200 OK", JSON, _slowly(body, fault.seconds))
    if fault.kind == "html_after":
        return Response("200 OK", HTML, [PAGE])
    empty = b'{"courses":[],"warnings":[]}' if isinstance(answer, dict) and "courses" in answer else b"[]"
    return Response("200 OK", JSON, [empty])


def _late(body: bytes, seconds: float) -> Iterator[bytes]:
    """Nothing at all for so long; the empty parts let whoever serves us notice that the other side has gone."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(0.05)
        yield b""
    yield body


def _slowly(body: bytes, seconds: float) -> Iterator[bytes]:
    """A byte at a time, so many seconds apart."""
    for position in range(len(body)):
        yield body[position : position + 1]
        time.sleep(seconds)


def _endless() -> Iterator[bytes]:
    yield b'["'
    while True:
        yield b"x" * 65_536
