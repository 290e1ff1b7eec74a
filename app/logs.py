"""Logs of production: one line of JSON an event (S61), without secrets and without personal data beyond ids (S70)."""

import json
import logging
import re
import sys
import traceback
from collections.abc import Collection
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TextIO

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The request that this thread is answering; the number people see on the page of a failure."""

_ADDRESS = re.compile(r"[\w.+%'-]+@[\w-]+(\.[\w-]+)+")
_LONGEST = 500
_FRAMES = 12
_SHORTEST_SECRET = 6


class JsonLines(logging.Formatter):
    """What is typed by a visitor is escaped; secrets and e-mail addresses are masked wherever they come from."""

    def __init__(self, secrets: Collection[str] = ()) -> None:
        super().__init__()
        self._secrets = [secret for secret in secrets if len(secret) >= _SHORTEST_SECRET]

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, object] = {"at": at, "level": record.levelname.lower(), "log": record.name}
        if number := request_id.get():
            line["request"] = number
        line["message"] = self._clean(record.getMessage())
        line |= _facts(record)
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = self._clean(_said(record.exc_info[1]))
            line["trace"] = _trace(record.exc_info[1])
        return json.dumps(line, ensure_ascii=True, default=str)

    def _clean(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return _ADDRESS.sub("…@…", text)[:_LONGEST]


def _facts(record: logging.LogRecord) -> dict[str, object]:
    """What was logged with `extra={"facts": {...}}`."""
    facts = record.__dict__.get("facts")
    return facts if isinstance(facts, dict) else {}


def _said(error: BaseException) -> str:
    """A database's error quotes rows, and rows are about people: its class has to do."""
    if type(error).__module__.startswith(("sqlalchemy", "psycopg", "sqlite3")):
        cause = error.__dict__.get("orig")
        return f"{type(error).__name__} {type(cause).__name__ if cause else ''}".strip()
    return f"{type(error).__name__}: {error}"


def _trace(error: BaseException) -> list[str]:
    """Places only: the source lines and values of a usual trace may hold anything."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return [f"{frame.filename.rpartition('/app/')[2]}:{frame.lineno} {frame.name}" for frame in frames]


def write_lines(level: str, secrets: Collection[str], stream: TextIO = sys.stdout) -> None:
    """From now on everything this process logs goes to the stream, a line of JSON each."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines(secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper() if level.upper() in logging.getLevelNamesMapping() else "INFO")
