"""Giving a client recorded answers, and keeping what it asked."""

import io
from typing import Any
from urllib.parse import parse_qsl

import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from app.connectors.moodle.parameters import flatten, nest
from tests.contract.recordings import ALL, Recording

SITE = "https://platform.example"
TOKEN = "0123456789abcdef0123456789abcdef"


class Replay(BaseAdapter):
    """Answers every call with the recordings in turn; the last one again and again."""

    def __init__(self, *recordings: Recording) -> None:
        super().__init__()
        self._left = list(recordings)
        self.asked: list[dict[str, Any]] = []

    def send(self, request: requests.PreparedRequest, *_positional: Any, **_options: Any) -> requests.Response:
        self.asked.append(nest(parse_qsl(str(request.body), keep_blank_values=True)))
        recording = self._left.pop(0) if len(self._left) > 1 else self._left[0]
        headers = {"Content-Type": recording.content_type}
        response = requests.Response()
        response.raw = HTTPResponse(
            body=io.BytesIO(recording.body), headers=headers, status=recording.status, preload_content=False
        )
        response.status_code, response.request, response.url = recording.status, request, str(request.url)
        response.headers.update(headers)
        return response

    def close(self) -> None:
        """Nothing is open."""


def sent(recording: Recording) -> dict[str, Any]:
    """The recorded parameters as they go over the wire: all texts."""
    return nest(flatten(recording.params))


def every() -> list[Recording]:
    return list(ALL.values())
