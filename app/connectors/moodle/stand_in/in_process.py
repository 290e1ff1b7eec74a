"""Talking to the stand-in without a network, through the same library and under the same total time."""

import io
import time
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from app.connectors.moodle.stand_in.rest import StandIn


class _Body(io.RawIOBase):
    """The parts of a WSGI answer as a stream that ends when the time is over."""

    def __init__(self, parts: Iterable[bytes], until: float) -> None:
        self._parts: Iterator[bytes] = iter(parts)
        self._left = b""
        self._until = until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._left:
            if time.monotonic() > self._until:
                raise TimeoutError("no answer in time")
            part = next(self._parts, None)
            if part is None:
                return 0
            self._left = part
        size = min(len(buffer), len(self._left))
        buffer[:size], self._left = self._left[:size], self._left[size:]
        return size


class InProcess(BaseAdapter):
    """Hands requests to a stand-in of this process."""

    def __init__(self, stand_in: StandIn) -> None:
        super().__init__()
        self._stand_in = stand_in

    def send(self, request: requests.PreparedRequest, *_positional: Any, **options: Any) -> requests.Response:
        """The WSGI call; nothing of it leaves this process."""
        parts = urlsplit(str(request.url))
        path = parts.path.removeprefix(urlsplit(self._stand_in.base).path)
        body = request.body or b""
        data = body.encode() if isinstance(body, str) else bytes(body)
        environment = {
            "REQUEST_METHOD": request.method, "PATH_INFO": path, "QUERY_STRING": parts.query,
            "CONTENT_LENGTH": str(len(data)), "wsgi.input": io.BytesIO(data),
        }  # fmt: skip
        answer = self._stand_in.answer(environment)
        until = time.monotonic() + float(options.get("timeout") or 60)
        headers = {"Content-Type": answer.content_type, **dict(answer.headers)}
        raw = HTTPResponse(
            body=io.BufferedReader(_Body(answer.body, until)),
            headers=headers,
            status=int(answer.status[:3]),
            preload_content=False,
        )
        response = requests.Response()
        response.status_code, response.raw, response.request = raw.status, raw, request
        response.headers.update(headers)
        response.url = str(request.url)
        return response

    def close(self) -> None:
        """There is nothing to close."""
