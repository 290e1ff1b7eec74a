"""The stand-in behind a real socket of this machine, with a count of what comes in and how much at a time."""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from app.connectors.moodle import Access, Client
from app.connectors.moodle.stand_in import CATEGORY, MANAGER, Fault, StandIn


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is what these tests are about."""


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on the terminal."""


@dataclass(slots=True)
class Site:
    """A platform at a port; `peak`: how many requests it had at the same time."""

    stand_in: StandIn
    url: str = ""
    requests: int = 0
    peak: int = 0
    now: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def client(self, deadline: float = 5, largest: int = 1_000_000) -> Client:
        access = Access(self.url, MANAGER, CATEGORY, private=True, deadline=deadline, largest=largest)
        return Client(access)

    def fail(self, kind: str, function: str = "*", *, seconds: float = 30, times: int = -1) -> None:
        self.stand_in.fill()
        with self.stand_in.store.open() as memory:
            memory.set_fault(Fault(kind, function, seconds, times))

    def mend(self) -> None:
        with self.stand_in.store.open() as memory:
            memory.lift_faults()

    def effects(self, effect: str) -> int:
        with self.stand_in.store.open() as memory:
            return sum(one["effect"] == effect for one in memory.effects())

    def __call__(self, environment: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with self.lock:
            self.requests += 1
            self.now += 1
            self.peak = max(self.peak, self.now)
        try:
            yield from self.stand_in(environment, start_response)
        finally:
            with self.lock:
                self.now -= 1


def serve(folder: Path) -> Iterator[Site]:
    site = Site(StandIn(folder / "moodle.db", ""))
    server = make_server("127.0.0.1", 0, site, server_class=_Server, handler_class=_Quiet)
    site.url = f"http://127.0.0.1:{server.server_port}"
    site.stand_in.base = site.url
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield site
    server.shutdown()
    server.server_close()
