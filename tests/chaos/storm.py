"""A storm: clerks work, processes are killed at random, and in the end everything must have come to its end."""

import random
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app import clock, db, migrations, worker_procrastinate
from app.connectors.moodle.stand_in import Fault, StandIn
from app.demo import seed
from app.workflow import releases
from app.workflow.models import Instance, Job, Timer
from tests.chaos import model, processes
from tests.chaos.books import Balance, balance
from tests.chaos.clerks import Clerk, Promises
from tests.chaos.processes import Processes

PEOPLE = ("admin-by", "admin-kz")
LEASE_SECONDS = 2
LONGEST_PAUSE = 0.3
STANDSTILL = 20
REST = 90
"""Seconds without any change after which what is still open counts as lost; a slow machine may take its time."""
PAUSE = threading.Event().wait
SPOILT = ("truncated", "html_after", "empty", "html", "database_away")
"""What the platform does to an answer now and then; where the work was done before, doing it again would double it."""


def rage(
    kills: int, seed_: int, database: str = "", backend: str = "local", *, say: Callable[[str], None] = print
) -> Balance:
    """Kill that often, let everything end, balance the books. `database` must be empty; SQLite if not given."""
    with tempfile.TemporaryDirectory(prefix="coomet-chaos-") as name:
        folder = Path(name)
        url = database or f"sqlite:///{folder / 'coomet.db'}"
        engine = db.create_engine(url)
        sessions = db.session_factory(engine)
        world = model.install(folder)
        _fill(engine, sessions, backend)
        running = _begin(folder, url, backend)
        promises = Promises()
        clerks = [Clerk(running.urls, seed.address(who), seed_ + n, promises, 6) for n, who in enumerate(PEOPLE)]
        try:
            for clerk in clerks:
                clerk.start()
            _kill(running, kills, random.Random(seed_), promises, say)
            _come_to_rest(folder, sessions, clerks, say)
        finally:
            for clerk in clerks:
                clerk.leaving.set()
            running.stop()
        with sessions() as session:
            found = balance(session, folder, world, promises)
        engine.dispose()
        did = f"{found.instances} instances, {found.courses} courses, {len(promises.completed)} tasks"
        say(f"{did}, {promises.resent} pages sent again")
        return found


def _fill(engine: sa.Engine, sessions: sessionmaker[Session], backend: str) -> None:
    migrations.upgrade(engine)
    if backend == "procrastinate":
        worker_procrastinate.prepare(engine)
    with db.transaction(sessions) as session:
        seed.load_people(session)
        releases.publish(session, model.files(), "system:chaos")


def _begin(folder: Path, url: str, backend: str) -> Processes:
    running = processes.begin(folder, {"LEASE_SECONDS": str(LEASE_SECONDS), "BACKEND": backend})
    for _ in range(2):
        running.add("demo", "--no-worker", "--no-seed", "--database", url, web=True)
    for _ in range(2):
        running.add("worker", "--demo", "--database", url)
    return running


def _kill(running: Processes, kills: int, draw: random.Random, promises: Promises, say: Callable[[str], None]) -> None:
    """Each kill at a random moment after the site has kept at least one more promise: it is never idle."""
    for number in range(kills):
        before, end = promises.kept, time.monotonic() + STANDSTILL
        while promises.kept == before and time.monotonic() < end:
            PAUSE(0.02)
        PAUSE(draw.uniform(0, LONGEST_PAUSE))
        _upset(running.folder, draw.choice(SPOILT))
        chosen = draw.choice(running.all)
        if not running.kill(chosen):
            promises.faults.append(f"{chosen.arguments[0]} had ended by itself: {running.last_words(chosen)}")
        if number % 50 == 49:
            say(f"{number + 1} kills, {promises.kept} pages answered")


def _upset(folder: Path, how: str) -> None:
    """The platform spoils its next answer."""
    stand_in = StandIn(folder / "moodle.db", "http://127.0.0.1/moodle")
    stand_in.fill()
    with stand_in.store.open() as memory:
        memory.set_fault(Fault(how, times=1))


def _come_to_rest(
    folder: Path, sessions: sessionmaker[Session], clerks: list[Clerk], say: Callable[[str], None]
) -> None:
    """No new procedures; every open one is brought to its end. Says so when nothing has come to an end for too long."""
    for clerk in clerks:
        clerk.closing.set()
    moved, later = clock.MovedClock(folder / "clock-offset"), time.monotonic() + 15
    seen, end = (0, 0, 0), time.monotonic() + REST
    while time.monotonic() < end:
        if time.monotonic() > later:  # what failed often waits for minutes; all processes' time goes on for it
            moved.move(timedelta(minutes=10))
            later = time.monotonic() + 15
        with sessions() as session:
            live = session.scalar(sa.select(sa.func.count(Instance.id)).where(Instance.ended_at.is_(None)))
            due = sa.select(sa.func.count(Job.id)).where(Job.outcome.is_(None), Job.due <= clock.now())
            waiting = session.scalar(due)
            timers = session.scalar(sa.select(sa.func.count(Timer.id)))
        if not (live or waiting or timers):
            return
        if seen != (seen := (live or 0, waiting or 0, timers or 0)):
            end = time.monotonic() + REST
        PAUSE(0.25)
    open_still = "{} instances, {} jobs, {} timers".format(*seen)
    say(f"for {REST} seconds nothing has come to an end: {open_still} are open")
