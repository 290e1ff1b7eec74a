"""`serve` and its relatives as processes, with settings in the environment as an operator gives them."""

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any

from tests.walk.server import ROOT, free_port

SECRET = "a-secret-of-the-tests-that-nobody-knows-0123456789"
HOST = "courses.example.org"
FIT = {"SECRET_KEY": SECRET, "PUBLIC_URL": f"https://{HOST}", "TRUSTED_PROXIES": "1", "LANG": "en_GB.UTF-8"}
"""Settings that `serve` accepts."""


def environment(settings: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Nothing of this process's own settings, so that a missing one is missing."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONDONTWRITEBYTECODE") if name in os.environ}
    return {**kept, "PYTHONUNBUFFERED": "1", "DATA_DIR": str(folder), **settings}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "app.cli", *arguments]


def run(folder: Path, *arguments: str, settings: Mapping[str, str] = FIT) -> subprocess.CompletedProcess[str]:
    """A command to its end."""
    return subprocess.run(
        command(*arguments), cwd=ROOT, env=environment(settings, folder), capture_output=True, text=True, timeout=120
    )


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Message
    body: bytes


@dataclass(slots=True)
class Serving:
    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def get(self, path: str, host: str = HOST, **headers: str) -> Answer:
        said = {"Host": host, "X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https", **headers}
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request("GET", path, headers=said)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())

    def lines(self) -> list[dict[str, Any]]:
        """What was logged."""
        return [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]


@contextmanager
def serving(folder: Path, *arguments: str, settings: Mapping[str, str] = FIT) -> Iterator[Serving]:
    """A production site on a free port, waited for until it answers."""
    port = free_port()
    log = folder / f"serve-{port}.log"
    with log.open("wb") as stream:
        line = command("serve", "--host", "127.0.0.1", "--port", str(port), *arguments)
        process = subprocess.Popen(line, cwd=ROOT, env=environment(settings, folder), stdout=stream, stderr=stream)
    one = Serving(process, port, log)
    try:
        _wait(one)
        yield one
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(40)


def _wait(one: Serving) -> None:
    for _ in range(600):
        if one.process.poll() is not None:
            raise RuntimeError(one.log.read_text())
        try:
            one.get("/healthz")
        except OSError:
            try:
                one.process.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
        else:
            return
    raise RuntimeError(one.log.read_text())
