"""One POST within one total time: names, connecting, TLS, slow heads and endless bodies all count against it."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from app.connectors.moodle import addresses
from app.connectors.moodle.failures import Closed, Later

CHUNK = 65_536
HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "COOMET-Courses"}


@dataclass(slots=True)
class Watch:
    """Ends a call when its time is over, wherever it hangs, by shutting its socket."""

    rules: addresses.Rules
    until: float
    sockets: list[socket.socket] = field(default_factory=list)
    over: bool = False

    def left(self) -> float:
        """Seconds; raises Later when there are none."""
        seconds = self.until - time.monotonic()
        if seconds <= 0 or self.over:
            raise Later("too_slow", "the site did not answer within the time allowed")
        return seconds

    def end(self) -> None:
        self.over = True
        for one in self.sockets:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


_watch: ContextVar[Watch] = ContextVar("watch")


def _connect(connection: HTTPConnection) -> socket.socket:
    watch = _watch.get()
    last: OSError | None = None
    for address in addresses.resolve(watch.rules, connection.host, connection.port or 0):
        try:
            made = socket.create_connection((address, connection.port or 0), timeout=watch.left())
        except OSError as error:
            last = error
            continue
        watch.sockets.append(made)
        return made
    raise Later("no_connection", f"no connection to the site ({last.strerror or last if last else 'no address'})")


class _Plain(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self)


class _Secure(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


class Network(HTTPAdapter):
    """Connects to judged addresses only."""

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **more: Any) -> None:
        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **more)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}


@contextmanager
def watching(rules: addresses.Rules, seconds: float) -> Iterator[Watch]:
    watch = Watch(rules, time.monotonic() + seconds)
    token = _watch.set(watch)
    alarm = threading.Timer(seconds, watch.end)
    alarm.daemon = True
    alarm.start()
    try:
        yield watch
    finally:
        alarm.cancel()
        _watch.reset(token)


class _Session(requests.Session):
    """Without redirects: the library would read the whole body of one before leaving it alone."""

    def get_redirect_target(self, _response: requests.Response) -> str | None:
        return None


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    content_type: str
    body: bytes


def post(
    url: str, fields: Sequence[tuple[str, str]], watch: Watch, *, adapter: BaseAdapter | None, most: int
) -> Reply:
    """What the site answered, whatever it is. Raises Later or Closed; no message holds what was sent."""
    with _Session() as session:
        session.trust_env = False
        session.mount("https://", adapter or Network(max_retries=0))
        session.mount("http://", adapter or Network(max_retries=0))
        try:
            return _exchange(session, url, fields, watch, most)
        except (requests.RequestException, HTTPError, OSError) as error:
            raise _told(error, watch) from None


def _exchange(
    session: requests.Session, url: str, fields: Sequence[tuple[str, str]], watch: Watch, most: int
) -> Reply:
    with session.post(
        url, data=list(fields), headers=HEADERS, timeout=watch.left(), allow_redirects=False, stream=True
    ) as reply:
        parts: list[bytes] = []
        size = 0
        while part := reply.raw.read1(CHUNK):
            watch.left()
            size += len(part)
            if size > most:
                raise Later("too_long", "the site's answer does not end")
            parts.append(part)
        watch.left()
        return Reply(reply.status_code, reply.headers.get("Content-Type", ""), b"".join(parts))


def _told(error: Exception, watch: Watch) -> Exception:
    """The library's own words may hold addresses and half an answer: only the kind of failure is told."""
    if watch.over or isinstance(error, requests.Timeout | TimeoutError):
        return Later("too_slow", "the site did not answer within the time allowed")
    if isinstance(error, requests.exceptions.SSLError | ssl.SSLError):
        return Closed("certificate", "the site's certificate cannot be trusted")
    return Later("broken", "the connection to the site broke off")
