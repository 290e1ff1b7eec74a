"""The demo's own web server on loopback, and what an empty demo is filled with."""

import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Protocol

import waitress
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app import db
from app.demo import seed
from app.demo.filling import Filling
from app.i18n import gettext
from app.workflow import releases

HOST = "127.0.0.1"
THREADS = 8


class Helper(Protocol):
    """A worker beside the web server, in the same process."""

    def start(self) -> None: ...
    def stop(self) -> bool: ...


class AfterStory:
    """The worker begins when the story is told: before, it would do past work at the present time."""

    def __init__(self, filling: Filling, command: Sequence[str], helper: Helper | None) -> None:
        self._filling, self._command, self._helper = filling, command, helper
        self._started = self._stopped = False
        self._lock = threading.Lock()

    def start(self) -> None:
        self._filling.begin(self._command, self._begin)

    def _begin(self) -> None:
        with self._lock:
            if self._helper is not None and not self._stopped:
                self._helper.start()
                self._started = True

    def stop(self) -> bool:
        with self._lock:
            self._stopped = True
        self._filling.end()
        return self._helper.stop() if self._helper is not None and self._started else True


def fill(sessions: sessionmaker[Session], folders: Path) -> None:
    """Bodies, people and the first release into an empty database."""
    with db.transaction(sessions) as session:
        seed.mark(session)
        seed.load_people(session)
        releases.publish_first(session, folders)


def serve(app: Flask, port: int, helper: Helper | None) -> None:
    """Answer on loopback until SIGTERM or Ctrl-C; the helper finishes what it holds."""
    server = waitress.create_server(app, host=HOST, port=port, threads=THREADS, clear_untrusted_proxy_headers=True)
    signal.signal(signal.SIGTERM, _interrupt)
    if helper:
        helper.start()
    sys.stdout.write(gettext("The demo: http://%(host)s:%(port)s – choose whom to sign in as.", host=HOST, port=port))
    sys.stdout.write("\n")
    sys.stdout.flush()
    try:
        server.run()
    finally:
        if helper:
            helper.stop()


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough: a second one must not break off the stopping
    raise KeyboardInterrupt
