"""Several web processes and a worker on PostgreSQL: together, killed one by one, and stopped."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import postgres
from tests.production.conftest import on_postgresql
from tests.production.serving import FIT, Serving, command, environment, run, serving
from tests.walk.server import ROOT

YOUTH = 7
"""Seconds; a process that dies sooner would die again, and stops them all."""


def children(process: int) -> set[int]:
    listed = Path(f"/proc/{process}/task/{process}/children").read_text()
    return {int(one) for one in listed.split()}


def age(process: int) -> float:
    return time.time() - Path(f"/proc/{process}").stat().st_ctime


def until(held: Callable[[], bool], site: Serving) -> None:
    """Asking the site again and again; each answer takes its time."""
    for _ in range(20_000):
        if held():
            return
        try:
            site.get("/healthz")
        except OSError:
            continue
    raise AssertionError(site.log.read_text()[-2000:])


def test_f36_several_processes_replace_one_that_dies_and_all_stop_in_time(tmp_path: Path) -> None:
    try:
        postgres.start()
    except RuntimeError as reason:
        pytest.skip(str(reason))
    with on_postgresql() as url:
        settings = {**FIT, "DATABASE_URL": url}
        done = run(tmp_path, "migrate", settings=settings)
        assert done.returncode == 0, done.stderr
        with (tmp_path / "worker.log").open("wb") as log:
            asked = command("worker")
            worker = subprocess.Popen(asked, cwd=ROOT, env=environment(settings, tmp_path), stdout=log, stderr=log)
        try:
            with serving(tmp_path, "--processes", "2", settings=settings) as site:
                until(lambda: json.loads(site.get("/readyz").body)["worker"] == "ok", site)
                first = children(site.process.pid)
                assert len(first) == 2
                victim = min(first)
                until(lambda: any(line["message"] == "request" for line in site.lines()), site)
                until(lambda: age(victim) > YOUTH, site)
                os.kill(victim, signal.SIGKILL)
                until(lambda: len(children(site.process.pid) - {victim}) == 2, site)
                site.process.send_signal(signal.SIGTERM)
                assert site.process.wait(30) == 0
            assert not any(Path(f"/proc/{one}").exists() for one in first)
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(30) == 0
        finally:
            if worker.poll() is None:
                worker.kill()
                worker.wait()
    for line in (tmp_path / "worker.log").read_text().splitlines():
        json.loads(line)


STOPPED_AT_THE_FORK = """
import os, signal, sys, threading
from app.cli import siblings
fork = os.fork
def forked():
    child = fork()
    if child:
        os.kill(os.getpid(), signal.SIGTERM)
    return child
os.fork = forked
sys.exit(siblings.Siblings(1, threading.Event().wait).run())
"""


def test_f36_a_process_begun_in_the_moment_of_the_stop_is_told_too() -> None:
    asked = [sys.executable, "-c", STOPPED_AT_THE_FORK]
    assert subprocess.run(asked, cwd=ROOT, timeout=15, check=False).returncode == 0
