"""Playing the whole story beside the server, in a process of its own, whose clock stands in the past.

Until the story is told the site can be looked at; nothing is done on it, so that past and present do not mix.
"""

import fcntl
import json
import logging
import os
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from flask import Flask, request

from app.errors import N_, Unavailable

log = logging.getLogger("coomet.demo")
WAIT = N_(
    "The demo is being filled: %(done)s of %(of)s steps of its story are played. Look around; act when it is told."
)
_OPEN = {"personas.sign_in", "account.set_language", "account.sign_out"}
"""What may be sent meanwhile: it only says who is looking, and in which language."""


class Filling:
    """How far the process has come, by the file that it writes; `begin` starts it, `end` stops it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "story.json"
        self._process: subprocess.Popen[bytes] | None = None

    def progress(self) -> tuple[int, int] | None:
        """Steps done and all; None: nothing is being played."""
        if self._process is None or self._process.poll() is not None:
            return None
        try:
            done, of = json.loads(self.path.read_text())
        except (OSError, ValueError):
            return 0, 0
        return int(done), int(of)

    def begin(self, command: Sequence[str], then: Callable[[], object]) -> None:
        """`then` is called when it is over, also where it broke off: the next start goes on."""
        process = self._process = subprocess.Popen(command)  # noqa: S603 - our own program

        def wait() -> None:
            if process.wait() == 0:
                then()
            elif process.returncode > 0:
                log.error("the demo's story broke off; what has been played stays, the next start goes on")
                then()

        threading.Thread(target=wait, name="demo-story", daemon=True).start()

    def end(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait()


def reporter(folder: Path) -> Callable[[int, int], bool]:
    """For the playing process: writes how far it is; False when its server has gone."""
    path, parent = folder / "story.json", os.getppid()

    def report(done: int, of: int) -> bool:
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps([done, of]))
        fresh.replace(path)
        return os.getppid() == parent

    return report


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until no other process plays here; a kill lets the lock go."""
    with (folder / "story.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def install(app: Flask, folder: Path) -> None:
    """Refuse what would be done on the site while its past is being played; tell how far it is."""
    filling = Filling(folder)
    app.extensions["demo_filling"] = filling

    def refuse() -> None:
        told = filling.progress() if request.method == "POST" and request.endpoint not in _OPEN else None
        if told is not None:
            raise Unavailable(WAIT, done=told[0], of=told[1])

    app.before_request(refuse)
    app.jinja_env.globals["story_progress"] = filling.progress


def of(app: Flask) -> Filling:
    found: Filling = app.extensions["demo_filling"]
    return found
