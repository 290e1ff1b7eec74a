"""`./run bench http`: the model of `tests/bench/model` over HTTP, one client, one web process, SQLite.

An instance is nine requests, redirects not followed: start, inbox, three form pages, three completions (the first sends
it back), instance page. `complete_*` are the times of the completions alone, from POST to redirect.
"""

import json
import re
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

from tests.bench.statements import count
from tests.walk.server import ROOT, running
from tests.walk.visitor import Visitor

MODEL = Path(__file__).parent / "model"
WARM_UP, COUNTED = 20, 150
ANSWERS = (
    {"title": "Calibration of weights", "hours": "12", "decision": "rework"},
    {"title": "Calibration of weights", "hours": "16", "decision": "approve"},
    {"publish_note": "In the catalogue from Monday."},
)
CSRF, NONCE = re.compile(r'name="csrf_token" value="([^"]+)"'), re.compile(r'name="nonce" value="([^"]+)"')


@dataclass(slots=True)
class Client:
    """One administrator at one connection."""

    wire: HTTPConnection
    cookies: str
    completions: list[float] = field(default_factory=list)

    def get(self, path: str) -> str:
        self.wire.request("GET", path, headers={"Cookie": self.cookies})
        answer = self.wire.getresponse()
        text = answer.read().decode()
        assert answer.status == 200, f"{path}: {answer.status}"
        return text

    def post(self, path: str, page: str, values: dict[str, str]) -> str:
        hidden = {"csrf_token": found(CSRF, page), "nonce": found(NONCE, page), "revision": "0", "_send": "1"}
        headers = {"Cookie": self.cookies, "Content-Type": "application/x-www-form-urlencoded"}
        self.wire.request("POST", path, urlencode(hidden | values), headers)
        answer = self.wire.getresponse()
        text = answer.read().decode()
        assert answer.status == 303, f"{path}: {answer.status} {text[:500]}"
        return str(answer.headers["Location"])

    def play(self, start_page: str) -> None:
        """One instance from its start to its end."""
        fresh = start_page.replace(found(NONCE, start_page), uuid4().hex[:26])
        instance = self.post("/procedures/approval", fresh, {})
        inbox = self.get("/?view=roles")
        path = found(re.compile(r'href="(/tasks/[^"]+)"'), inbox)
        for number, values in enumerate(ANSWERS):
            page = self.get(path)
            began = time.perf_counter()
            onward = self.post(path, page, values)
            self.completions.append((time.perf_counter() - began) * 1000)
            if number < len(ANSWERS) - 1:
                assert onward.startswith("/tasks/"), f"the next task is not offered: {onward}"
                path = onward
        assert "/instances/" in instance
        self.get(instance)


def found(pattern: re.Pattern[str], page: str) -> str:
    match = pattern.search(page)
    assert match, f"{pattern.pattern} is not on the page: {page[:2000]}"
    return match.group(1)


def signed_in(url: str) -> Client:
    visitor = Visitor(url)
    visitor.submit(visitor.get("/demo"), "/demo/sign-in", {}, "person=admin-by@demo.example")
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
    with tempfile.TemporaryDirectory() as folder:
        model = folders_of_model(Path(folder) / "model")
        # No worker runs: the letters of tasks wait as jobs. The product compared with sends none at all.
        options = ["--no-courses", "--no-worker", "--folders", str(model)]
        with running(1, 0, options=options, folder=Path(folder)) as servers:
            client = signed_in(servers.url)
            start_page = client.get("/procedures/approval")
            for _ in range(WARM_UP):
                client.play(start_page)
            client.completions.clear()
            began = time.perf_counter()
            for _ in range(COUNTED):
                client.play(start_page)
            seconds = time.perf_counter() - began
            memory = resident(servers.processes[0].pid)
            finished = sqlite3.connect(Path(folder) / "coomet.db").execute(
                "SELECT count(*) FROM instance WHERE status = 'completed'"
            )
            assert finished.fetchone()[0] == WARM_UP + COUNTED
    times = sorted(client.completions)
    counted = count()
    return {
        "complete_p50_ms": round(statistics.median(times), 2),
        "complete_p95_ms": round(times[int(len(times) * 0.95)], 2),
        "instances_per_s": round(COUNTED / seconds, 1),
        "rss_mb": round(memory, 1),
        "statements": counted.statements,
        "commits": counted.commits,
    }


def main(as_json: bool) -> None:
    result = measure()
    if as_json:
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name:18} {value}", file=sys.stderr)
