"""`./run bench http`: the model of `tests/bench/model` over HTTP, one client, one web process, SQLite.

An instance is nine requests, redirects not followed: start, inbox, three form pages, three completions (the first sends
it back), instance page. `complete_*` are the times of the completions alone, from POST to redirect. So that no model is
tuned for, `creation_*` say the same of the first stretch of the procedure `creation` (see `tests.bench.creation`) in a
server of its own.
"""

import json
import re
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from tests.bench import creation
from tests.bench.creation import found
from tests.bench.statements import count, count_creation
from tests.walk.server import ROOT, running
from tests.walk.visitor import Visitor

MODEL = Path(__file__).parent / "model"
WARM_UP, COUNTED = 20, 150
CREATION_WARM_UP, CREATION_COUNTED = 5, 40
ANSWERS = (
    {"title": "Calibration of weights", "hours": "12", "decision": "rework"},
    {"title": "Calibration of weights", "hours": "16", "decision": "approve"},
    {"publish_note": "In the catalogue from Monday."},
)


@dataclass(slots=True)
class Client:
    """One person at one connection."""

    wire: HTTPConnection
    cookies: str
    completions: list[float] = field(default_factory=list)

    def get(self, path: str) -> str:
        self.wire.request("GET", path, headers={"Cookie": self.cookies})
        answer = self.wire.getresponse()
        text = answer.read().decode()
        assert answer.status == 200, f"{path}: {answer.status}"
        return text

    def post(self, path: str, values: Mapping[str, str]) -> str:
        headers = {"Cookie": self.cookies, "Content-Type": "application/x-www-form-urlencoded"}
        self.wire.request("POST", path, urlencode(values), headers)
        answer = self.wire.getresponse()
        text = answer.read().decode()
        assert answer.status == 303, f"{path}: {answer.status} {text[:500]}"
        return str(answer.headers["Location"])

    def complete(self, path: str, values: Mapping[str, str]) -> str:
        began = time.perf_counter()
        onward = self.post(path, values)
        self.completions.append((time.perf_counter() - began) * 1000)
        return onward

    def play(self, start_page: str) -> None:
        """One instance from its start to its end."""
        instance = self.post("/procedures/approval", creation.hidden(start_page))
        inbox = self.get("/?view=roles")
        path = found(creation.TASK, inbox)
        for number, values in enumerate(ANSWERS):
            onward = self.complete(path, creation.hidden(self.get(path)) | values)
            if number < len(ANSWERS) - 1:
                assert onward.startswith("/tasks/"), f"the next task is not offered: {onward}"
                path = onward
        assert "/instances/" in instance
        self.get(instance)


def signed_in(url: str, person: str) -> Client:
    visitor = Visitor(url)
    visitor.submit(visitor.get("/demo"), "/demo/sign-in", {}, f"person={person}@demo.example")
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in visitor.web.cookies)
    return Client(HTTPConnection(url.removeprefix("http://")), cookies)


def folders_of_model(target: Path) -> Path:
    """The model with the letters that every release has."""
    shutil.copytree(MODEL, target)
    shutil.copytree(ROOT / "processes" / "letters", target / "processes" / "letters")
    return target


def resident(pid: int) -> float:
    """Memory of the process now, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(found(re.compile(r"VmRSS:\s+(\d+)"), status)) / 1024


def measure() -> dict[str, float]:
    model, real = _approval(), _creation()
    return {**model, **real}


def _approval() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        model = folders_of_model(Path(folder) / "model")
        # No worker runs: the letters of tasks wait as jobs. The product compared with sends none at all.
        options = ["--no-courses", "--no-worker", "--folders", str(model)]
        with running(1, 0, options=options, folder=Path(folder)) as servers:
            client = signed_in(servers.url, creation.ADMINISTRATOR)
            start_page = client.get("/procedures/approval")
            seconds = _timed([client], lambda: client.play(start_page), WARM_UP, COUNTED)
            memory = resident(servers.processes[0].pid)
            finished = sqlite3.connect(Path(folder) / "coomet.db").execute(
                "SELECT count(*) FROM instance WHERE status = 'completed'"
            )
            assert finished.fetchone()[0] == WARM_UP + COUNTED
    counted = count()
    return {
        **_times("", [client]),
        "instances_per_s": round(COUNTED / seconds, 1),
        "rss_mb": round(memory, 1),
        "statements": counted.statements,
        "commits": counted.commits,
    }


def _creation() -> dict[str, float]:
    """Over the folders of this release, also without a worker."""
    with running(1, 0, options=["--no-courses", "--no-worker"]) as servers:
        people = {name: signed_in(servers.url, name) for name in (creation.ADMINISTRATOR, *creation.CREATORS)}
        clients = list(people.values())
        seconds = _timed(clients, lambda: creation.play(people), CREATION_WARM_UP, CREATION_COUNTED)
        memory = resident(servers.processes[0].pid)
    counted = count_creation()
    return {
        **_times("creation_", clients),
        "creation_requests_per_s": round(CREATION_COUNTED * creation.REQUESTS / seconds, 1),
        "creation_rss_mb": round(memory, 1),
        "creation_statements": statistics.median_low([one.statements for one in counted]),
        "creation_statements_most": max(one.statements for one in counted),
        "creation_commits": max(one.commits for one in counted),
    }


def _timed(clients: list[Client], play: Callable[[], None], warm_up: int, counted: int) -> float:
    """Seconds of the counted ones; only their completions stay with the clients."""
    for _ in range(warm_up):
        play()
    for client in clients:
        client.completions.clear()
    began = time.perf_counter()
    for _ in range(counted):
        play()
    return time.perf_counter() - began


def _times(prefix: str, clients: list[Client]) -> dict[str, float]:
    times = sorted(one for client in clients for one in client.completions)
    return {
        f"{prefix}complete_p50_ms": round(statistics.median(times), 2),
        f"{prefix}complete_p95_ms": round(times[int(len(times) * 0.95)], 2),
    }


def main(as_json: bool) -> None:
    result = measure()
    if as_json:
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name:26} {value}", file=sys.stderr)
