"""Several processes on one socket: the first of them starts the others again when they die, and stops them all."""

import os
import signal
import time
from collections.abc import Callable
from types import FrameType

from app.cli.terminal import say
from app.i18n import gettext

GRACE = 30.0
_ASKED = (signal.SIGTERM, signal.SIGINT)
_TOO_SOON = 5.0
"""A process that dies within so many seconds of its start would die again."""


class Siblings:
    """`run` returns the exit code when all have ended."""

    def __init__(self, count: int, live: Callable[[], None]) -> None:
        self._count = count
        self._live = live
        self._born: dict[int, float] = {}
        self._stopping = False
        self._failed = False

    def run(self) -> int:
        for number in _ASKED:
            signal.signal(number, self._stop)
        for _ in range(self._count):
            self._begin()
        while self._born:
            self._mourn()
        return int(self._failed)

    def _begin(self) -> None:
        """Signals wait meanwhile: one that comes between the fork and the note of it would not reach the child."""
        signal.pthread_sigmask(signal.SIG_BLOCK, _ASKED)
        child = os.fork()
        if child == 0:
            code = 1
            try:
                for number in (*_ASKED, signal.SIGALRM):
                    signal.signal(number, signal.SIG_DFL)
                signal.pthread_sigmask(signal.SIG_UNBLOCK, _ASKED)
                self._live()
                code = 0
            finally:  # a child must never return into the loop of its parent
                os._exit(code)
        self._born[child] = time.monotonic()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ASKED)

    def _mourn(self) -> None:
        child, _status = os.wait()
        born = self._born.pop(child, 0.0)
        if self._stopping:
            return
        if time.monotonic() - born < _TOO_SOON:
            say(gettext("A web process ended right after its start; see the log above. All of them stop."))
            self._failed = True
            self._stop(signal.SIGTERM, None)
            return
        say(gettext("A web process ended by itself and is started again."))
        self._begin()

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping = True
        self._tell(signal.SIGTERM)
        signal.signal(signal.SIGALRM, lambda _number, _frame: self._tell(signal.SIGKILL))
        signal.setitimer(signal.ITIMER_REAL, GRACE)

    def _tell(self, number: signal.Signals) -> None:
        for child in list(self._born):
            try:
                os.kill(child, number)
            except ProcessLookupError:
                continue
