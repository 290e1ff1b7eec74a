"""What every kind of worker promises, asked of each: the local one on both databases, Procrastinate on PostgreSQL."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, sessionmaker

from app import db, worker_procrastinate
from app.engine import Json
from app.errors import TemporaryFailure
from app.worker import Pace, Worker
from app.worker_procrastinate import SharedWorker
from app.workflow import deferral, jobs, operations
from app.workflow.models import Incident, Job
from app.workflow.operations import Context, Operation
from tests import postgres
from tests.conftest import TestClock, load_models
from tests.fault.test_leases import until
from tests.unit.workflow.conftest import _own_registries, scene

__all__ = ["_own_registries", "scene"]
QUICK = Pace(lease=2, poll=0.1, grace=5, threads=2)
TARGETS = ("local-sqlite", "local-postgresql", "procrastinate-postgresql")


@dataclass
class Target:
    """One kind of worker on one kind of database, and what its workers have done."""

    name: str
    engine: Engine
    sessions: sessionmaker[Session]
    done: list[str] = field(default_factory=list)

    def worker(self, pace: Pace = QUICK) -> Worker:
        if self.name.startswith("procrastinate"):
            return SharedWorker(self.engine, self.sessions, pace, at_a_time=pace.threads)
        return Worker(self.sessions, pace)

    @contextmanager
    def working(self, workers: int = 1, pace: Pace = QUICK) -> Iterator[None]:
        begun = [self.worker(pace) for _ in range(workers)]
        for one in begun:
            one.start()
        try:
            yield
        finally:
            for one in begun:
                one.stop()

    def register(self, name: str, do: Callable[[Context], Json], most: int = 12) -> None:
        operations.register(Operation(name, do, max_attempts=most))

    def add(self, *keys: str, operation: str = "do", **more: object) -> None:
        with self.sessions.begin() as session:
            jobs.enqueue_all(session, [jobs.Wanted(operation, {}, key, **more) for key in keys])  # type: ignore[arg-type]  # each test's own columns

    def job(self, key: str) -> Job:
        with self.sessions() as session:
            return session.scalars(sa.select(Job).where(Job.key == key)).one()

    def ended(self, *keys: str) -> bool:
        with self.sessions() as session:
            query = sa.select(sa.func.count()).where(Job.key.in_(keys), Job.outcome.is_not(None))
            return session.scalar(query) == len(keys)


@pytest.fixture(scope="session")
def shared_database() -> Iterator[postgres.Database]:
    """A database with Procrastinate's tables beside ours."""
    try:
        postgres.start()
    except RuntimeError as reason:
        pytest.skip(str(reason))
    database = postgres.Database(load_models(), further=[worker_procrastinate.prepare])
    database.create()
    yield database
    database.drop()


@pytest.fixture(params=TARGETS)
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Target]:
    kind, _, where = request.param.partition("-")
    if where == "sqlite":
        path = tmp_path / "test.db"
        path.write_bytes(Path(request.getfixturevalue("sqlite_template")).read_bytes())
        url, database = f"sqlite:///{path}", None
    else:
        database = request.getfixturevalue("shared_database" if kind == "procrastinate" else "postgres_database")
        assert isinstance(database, postgres.Database)
        url = database.url
    engine = db.create_engine(url)
    if kind == "procrastinate":
        jobs.defer_by(deferral.defer)
    found = Target(request.param, engine, db.session_factory(engine))
    found.register("do", lambda context: found.done.append(context.key))
    yield found
    jobs.defer_by(None)
    if kind == "procrastinate":
        with engine.begin() as connection:
            connection.execute(sa.text("DELETE FROM procrastinate_jobs"))
    engine.dispose()
    if database is not None:
        database.empty()


def test_a_job_runs_once_and_its_result_is_kept(target: Target) -> None:
    target.register("count", lambda context: {"key": context.key})
    target.add("one", operation="count")
    with target.working():
        assert until(lambda: target.ended("one"))
    assert (target.job("one").outcome, target.job("one").receipt) == ("done", {"key": "one"})
    assert target.job("one").attempts == 1


def test_a_transaction_rolled_back_leaves_nothing(target: Target) -> None:
    with target.sessions() as session:
        jobs.enqueue(session, "do", {}, key="gone")
        session.rollback()
    target.add("stays")
    with target.working():
        assert until(lambda: target.ended("stays"))
    assert target.done == ["stays"]
    if target.name.startswith("procrastinate"):
        with target.engine.connect() as connection:
            assert connection.scalar(sa.text("SELECT count(*) FROM procrastinate_jobs")) == 0


def test_the_same_key_is_one_job(target: Target) -> None:
    target.add("same")
    target.add("same")
    target.add("other")
    with target.working(2):
        assert until(lambda: target.ended("same", "other"))
    assert sorted(target.done) == ["other", "same"]


def test_jobs_of_one_queue_run_one_at_a_time_oldest_first(target: Target) -> None:
    """Also when the first one fails and has to wait: the younger ones wait with it."""
    running, most, failed = [0], [0], threading.Event()
    order: list[str] = []

    def careful(context: Context) -> None:
        running[0] += 1
        most[0] = max(most[0], running[0])
        try:
            if not failed.is_set():
                failed.set()
                raise TemporaryFailure("not yet")
            order.append(context.key)
        finally:
            running[0] -= 1

    target.register("careful", careful)
    keys = [f"step-{number}" for number in range(6)]
    with pytest.MonkeyPatch.context() as patch, target.working(2):
        patch.setattr(jobs, "pause", lambda _attempts: timedelta(seconds=0.3))
        target.add(*keys, operation="careful", queue="instance-1")
        assert until(lambda: target.ended(*keys))
    assert order == keys
    assert most == [1]


def test_a_failure_waits_longer_each_time_and_then_asks_a_person(target: Target) -> None:
    target.register("fails", lambda _context: fail(), most=3)
    target.add("poor", operation="fails")
    pauses: list[int] = []

    def fail() -> None:
        raise TemporaryFailure("no answer")

    def pause(attempts: int) -> timedelta:
        pauses.append(attempts)
        return timedelta(seconds=0.1)

    with pytest.MonkeyPatch.context() as patch, target.working():
        patch.setattr(jobs, "pause", pause)
        assert until(lambda: target.ended("poor"))
    assert pauses == [1, 2]
    assert (target.job("poor").outcome, target.job("poor").attempts) == ("dead", 3)
    with target.sessions() as session:
        assert session.scalars(sa.select(Incident.kind)).all() == ["job"]


def test_a_far_job_waits_and_comes_when_the_clock_is_moved(target: Target, moved_clock: TestClock) -> None:
    target.add("2036", due=moved_clock.moment + timedelta(days=3650))
    target.add("now")
    with target.working():
        assert until(lambda: target.ended("now"))
        assert not target.ended("2036")
        moved_clock.move(days=3651)
        assert until(lambda: target.ended("2036"))
    assert target.done == ["now", "2036"]


@pytest.mark.parametrize("hours", [1, -1, 24, -24])
def test_a_clock_that_jumps_runs_nothing_twice_and_nothing_never_f16(
    target: Target, moved_clock: TestClock, hours: int
) -> None:
    soon = [f"soon-{number}" for number in range(5)]
    with target.working(2):
        target.add(*soon, due=moved_clock.moment + timedelta(minutes=30))
        moved_clock.move(hours=hours)
        target.add("now")
        assert until(lambda: target.ended("now"))
        assert target.ended(*soon) is (hours > 0) or until(lambda: target.ended(*soon), 3) is (hours > 0)
        moved_clock.move(hours=1 - hours)
        assert until(lambda: target.ended(*soon))
    assert sorted(target.done) == sorted([*soon, "now"])


def test_two_workers_share_the_work_and_double_nothing_f20(target: Target) -> None:
    keys = [f"job-{number}" for number in range(60)]
    with target.working(2):
        target.add(*keys)
        assert until(lambda: target.ended(*keys))
    assert sorted(target.done) == sorted(keys)


def test_a_worker_told_to_stop_finishes_what_it_holds_f36(target: Target) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def slow(_context: Context) -> None:
        begun.set()
        may_end.wait(30)

    target.register("slow", slow)
    target.add("long", operation="slow")
    worker = target.worker()
    worker.start()
    assert begun.wait(30)
    threading.Timer(0.3, may_end.set).start()
    assert worker.stop()
    assert target.job("long").outcome == "done"


def test_a_worker_told_to_stop_gives_back_what_it_cannot_finish_f36(target: Target) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def slow(context: Context) -> None:
        target.done.append(context.key)
        begun.set()
        may_end.wait(30)

    target.register("slow", slow)
    target.add("long", operation="slow")
    worker = target.worker(Pace(lease=60, poll=0.1, grace=0.5, threads=2))
    worker.start()
    assert begun.wait(30)
    stopped = threading.Thread(target=worker.stop)
    stopped.start()
    may_end_later = threading.Timer(2, may_end.set)
    may_end_later.start()
    stopped.join(30)
    may_end_later.join(30)
    with target.working():
        assert until(lambda: target.ended("long"), 20)
    assert target.job("long").outcome == "done"


def test_a_killed_workers_job_is_done_by_another_f01(target: Target, tmp_path: Path) -> None:
    """kill -9 in the middle: the lease ends, the attempt counts, the job is done once more."""
    target.register("victim", lambda context: target.done.append(context.key))
    target.add("killed", operation="victim")
    mark = tmp_path / "begun"
    command = [sys.executable, "-m", "tests.contract.victim", target.name, str(target.engine.url), str(mark)]
    doomed = subprocess.Popen(command, cwd=Path(__file__).parents[2])
    try:
        assert until(mark.exists)
    finally:
        os.kill(doomed.pid, signal.SIGKILL)
        doomed.wait(30)
    with target.working():
        assert until(lambda: target.ended("killed"))
    assert target.done == ["killed"]
    assert target.job("killed").attempts == 2
