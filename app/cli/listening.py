"""Serving pages from one process, and stopping without breaking off what somebody waits for (F36)."""

import signal
import socket
import time
from types import FrameType

import waitress
from flask import Flask
from waitress import wasyncore

THREADS = 8
GRACE = 25.0
"""Seconds for requests that are being answered when the process is asked to stop."""
_LOOK = 0.5
_BACKLOG = 512
_CONNECTIONS = 500


def bind(host: str, port: int) -> socket.socket:
    """The listening socket; made before any fork, so that all processes share it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(_BACKLOG)
    except OSError:
        listening.close()
        raise
    return listening


class Listener:
    """Answers on the socket until SIGTERM or SIGINT; then takes no more, finishes what it has and returns."""

    def __init__(self, app: Flask, listening: socket.socket) -> None:
        self._map: dict[int, object] = {}
        self._server = waitress.create_server(
            app,
            map=self._map,
            sockets=[listening],
            threads=THREADS,
            connection_limit=_CONNECTIONS,
            asyncore_use_poll=True,
            clear_untrusted_proxy_headers=False,  # the program itself counts TRUSTED_PROXIES
            ident=None,
        )
        self._stopping = False

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)
        while not self._stopping:
            self._turn(1.0)
        self._server.del_channel(self._map)
        self._server.socket.close()
        end = time.monotonic() + GRACE
        while self._busy() and time.monotonic() < end:
            self._turn(_LOOK)
        self._server.task_dispatcher.shutdown()
        wasyncore.close_all(self._map)

    def _ask(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping = True
        self._server.pull_trigger()

    def _turn(self, seconds: float) -> None:
        wasyncore.loop(timeout=seconds, use_poll=True, map=self._map, count=1)

    def _busy(self) -> bool:
        """Whether a request is being read, answered or its answer sent; an idle connection does not count."""
        open_ones = list(self._server.active_channels.values())
        return any(one.requests or one.request is not None or one.total_outbufs_len for one in open_ones)
