"""F16, F21, F36: a worker that sleeps too long, clocks that jump, a worker that is told to stop."""

import json
import os
import signal
import sqlite3
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from app.config import Config
from app.engine import Json
from app.worker import Pace, Worker, claim_one, run, work_off
from app.workflow import fsck, jobs, operations
from app.workflow.models import Job
from app.workflow.operations import Context, Operation, Outside
from tests.chaos import model, processes
from tests.conftest import TestClock
from tests.diagrams import diagram, on_timer, service, user
from tests.scene import Scene

ASKS = diagram(
    "asks",
    service("call", "world.ask", result="told", what="'time'"),
    user("read"),
    flows="start call; call read; read end",
)
PATIENCE = 60


def until(true: object, seconds: float = PATIENCE) -> bool:
    """Whether it becomes true in time."""
    pause = threading.Event().wait
    for _look in range(int(seconds / 0.02)):
        if callable(true) and true():
            return True
        pause(0.02)
    return False


def register(act: object) -> None:
    def keep(_context: Context, what: str, answer: Json) -> Json:
        return answer

    outside = Outside(lambda _context, what: what, act)  # type: ignore[arg-type]  # each test's own function
    operations.register(Operation("world.ask", keep, {"what": True}, outside=outside))


def test_a_worker_that_slept_through_its_lease_changes_nothing(scene: Scene) -> None:
    asleep, awake = threading.Event(), threading.Event()
    acted: list[str] = []

    def act(_request: str, key: str) -> str:
        acted.append(key)
        if len(acted) == 1:
            asleep.set()
            awake.wait(PATIENCE)
            return "too late"
        return "in time"

    register(act)
    scene.publish(asks=ASKS)
    instance_id = scene.start("anna", "asks")
    slow = claim_one(scene.sessions, "slow", timedelta(seconds=30))
    assert slow is not None
    sleeper = threading.Thread(target=run, args=(scene.sessions, slow))
    sleeper.start()
    asleep.wait(PATIENCE)
    with scene.sessions.begin() as session:
        session.execute(sa.update(Job).values(lease_until=jobs.lease_clock(session) - timedelta(seconds=1)))
    work_off(scene.sessions)
    awake.set()
    sleeper.join()
    assert scene.jobs()[0].receipt == "in time"
    assert len(set(acted)) == 1, "both attempts used one key, so the world can tell"
    assert len([event for event in scene.events(instance_id) if event.kind == "job:done"]) == 1


def test_a_process_that_was_stopped_and_continued_is_fenced_off(scene: Scene, engine: Engine, tmp_path: Path) -> None:
    """SIGSTOP in the midst of its work until another worker has finished it, then SIGCONT."""
    model.install(tmp_path)
    scene.publish({}, **{model.PROCESS: model.STORM})
    running = processes.begin(tmp_path, {"LEASE_SECONDS": "1", "CHAOS_HOLD": str(tmp_path / "hold")})
    (tmp_path / "hold").touch()
    url = engine.url.render_as_string(hide_password=False)
    try:
        running.add("worker", "--demo", "--database", url)
        scene.start("anna", "storm", note="x")
        scene.complete("anna", "decide", note="x")
        assert until(lambda: (tmp_path / "hold.reached").exists())
        stop_outside_a_transaction(running.all[0].pid, engine)
        (tmp_path / "hold").unlink()
        running.add("worker", "--demo", "--database", url)
        assert until(lambda: any(job.outcome == "done" and job.operation == model.EFFECT for job in scene.jobs()))
        os.kill(running.all[0].pid, signal.SIGCONT)
        assert until(lambda: "close" in scene.open())
        assert until(lambda: "somebody else has it now" in (tmp_path / "worker.log").read_text())
    finally:
        running.stop()
    told = [json.loads(line)["key"] for line in (tmp_path / "world.jsonl").read_text().splitlines()]
    assert len(told) == len(set(told))
    with scene.sessions() as session:
        assert fsck.run(session, Config(mode="test", data_dir=tmp_path)) == []


def stop_outside_a_transaction(pid: int, engine: Engine) -> None:
    """On SQLite a process that is stopped while it writes holds up all others; that is no question of leases."""

    def stopped() -> bool:
        os.kill(pid, signal.SIGSTOP)
        if engine.dialect.name != "sqlite":
            return True
        path = str(engine.url.database)
        with closing(sqlite3.connect(path, timeout=0.5, isolation_level=None)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                os.kill(pid, signal.SIGCONT)
                return False
            return True

    assert until(stopped)


def test_a_worker_that_is_told_to_stop_finishes_what_it_holds(scene: Scene) -> None:
    started, acted = threading.Event(), []

    def act(_request: str, key: str) -> str:
        started.set()
        threading.Event().wait(0.3)
        acted.append(key)
        return "done"

    register(act)
    with scene.sessions.begin() as session:
        for number in range(40):
            jobs.enqueue(session, "world.ask", {"what": "x"}, key=f"job-{number}")
    worker = Worker(scene.sessions, Pace(lease=30, grace=20))
    worker.start()
    started.wait(PATIENCE)
    assert worker.stop()
    held = [job for job in scene.jobs() if job.lease_by is not None]
    assert held == [], "no lease is left behind for others to wait for"
    assert len([job for job in scene.jobs() if job.outcome == "done"]) == len(acted)


def test_a_worker_that_cannot_finish_in_time_gives_back(scene: Scene) -> None:
    started, release = threading.Event(), threading.Event()

    def act(_request: str, _key: str) -> str:
        started.set()
        release.wait(PATIENCE)
        return "too late"

    register(act)
    with scene.sessions.begin() as session:
        jobs.enqueue(session, "world.ask", {"what": "x"}, key="slow")
    worker = Worker(scene.sessions, Pace(lease=30, grace=0.2))
    worker.start()
    started.wait(PATIENCE)
    assert not worker.stop()
    (job,) = scene.jobs()
    assert (job.lease_by, job.outcome, job.attempts) == (None, None, 0)
    release.set()
    assert until(lambda: not any(thread.name.startswith("worker-jobs") for thread in threading.enumerate()))
    assert scene.jobs()[0].outcome is None, "the late answer was not taken"


def test_clocks_that_jump_fire_no_timer_twice_and_none_never(scene: Scene, moved_clock: TestClock) -> None:
    ticking = diagram(
        "ticking",
        user("work"),
        on_timer("tick", "work", "duration", "PT2H", interrupting=False),
        user("told"),
        flows="start work; work end; tick told; told end",
    )
    scene.publish(ticking=ticking)
    for _instance in range(5):
        scene.start("anna", "ticking")
    for hours in (1, -24, 24, -1, 1):
        moved_clock.move(hours=hours)
        work_off(scene.sessions)
        assert scene.open().count("told") == 0, "never early"
    for hours in (2, -24, 48):
        moved_clock.move(hours=hours)
        work_off(scene.sessions)
        assert scene.open().count("told") == 5
