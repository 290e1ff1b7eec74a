"""The worker: fires timers, runs jobs and does recurring chores, in threads of its own process or of the demo's.

Whatever it holds when it is killed becomes free when the lease ends; whatever it holds when it is asked to stop is
finished, or given back within the grace.
"""

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from types import FrameType

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, SessionTransaction, sessionmaker

from app.config import Config
from app.courses import chores as course_chores
from app.courses import evidence
from app.db import new_id, transaction
from app.errors import PermanentFailure, Problem, TemporaryFailure
from app.files import store
from app.identity import accounts
from app.workflow import chores, events, execution, jobs, pulse, timers, upkeep
from app.workflow.chores import Chore
from app.workflow.jobs import LeaseLost
from app.workflow.models import Job

Sessions = sessionmaker[Session]
log = logging.getLogger("coomet.worker")
CHORE_POLL = 5.0
NEWS = "news for the worker"
EXPECTED = (TemporaryFailure, PermanentFailure, Problem)


@dataclass(frozen=True, slots=True)
class Pace:
    """How long things take, in seconds."""

    lease: float = 30
    poll: float = 0.5
    """Between two looks when there is nothing to do."""
    grace: float = 25
    """For running jobs when the worker is asked to stop."""
    threads: int = 2
    """Jobs at a time, 0: none of its own accord; timers and chores have threads of their own."""


def fire_one(sessions: Sessions) -> bool:
    """Fire the timer that is longest due. False when none is."""
    timer_id = ""
    try:
        with transaction(sessions) as session:
            due = timers.take_due(session)
            if due is None:
                return False
            timer_id = due[0].id
            timers.fire(session, *due)
    except OperationalError:
        raise
    except Exception as error:
        log.exception("timer %s cannot fire", timer_id)
        with transaction(sessions) as session:
            timers.put_off(session, timer_id, error)
    return True


def announce_one(sessions: Sessions) -> bool:
    """Announce the planned event that is longest due. False when none is."""
    with transaction(sessions) as session:
        return events.announce_due(session)


def claim_one(sessions: Sessions, worker: str, lease: timedelta, only: int | None = None) -> Job | None:
    with transaction(sessions) as session:
        return next(iter(jobs.claim(session, worker, lease, only=only)), None)


def run(sessions: Sessions, job: Job) -> None:
    """Prepare, act, settle. What goes wrong becomes a later attempt or an incident; only the database may raise."""
    try:
        with transaction(sessions) as session:
            request = execution.prepare(session, job)
        answer = execution.act(job, request)
        with transaction(sessions) as session:
            execution.settle(session, job, answer)
    except LeaseLost:
        log.warning("job %s (%s): somebody else has it now", job.id, job.operation)
    except execution.Dropped:
        _quietly(sessions, job, execution.drop)
    except OperationalError:
        raise
    except Exception as error:
        if isinstance(error, EXPECTED):
            log.warning("job %s (%s) failed: %s", job.id, job.operation, error)
        else:
            log.exception("job %s (%s) failed by a fault of the program", job.id, job.operation)
        _quietly(sessions, job, partial(execution.fail, error=error))


def _quietly(sessions: Sessions, job: Job, end: Callable[[Session, Job], None]) -> None:
    try:
        with transaction(sessions) as session:
            end(session, job)
    except LeaseLost:
        log.warning("job %s (%s): somebody else has it now", job.id, job.operation)


def work_off(sessions: Sessions, *, most: int = 10_000) -> int:
    """Do here and now all that is due; for tests and the demo's clock. Returns how many pieces of work it was."""
    name, lease = f"here-{new_id()}", timedelta(minutes=5)
    for done in range(most):
        if fire_one(sessions) or announce_one(sessions):
            continue
        job = claim_one(sessions, name, lease)
        if job is None:
            return done
        run(sessions, job)
    raise RuntimeError(f"more than {most} pieces of work are due: something goes round in circles")


def _mark(session: Session) -> None:
    """This transaction writes jobs that are due: the worker of this process is woken when it ends."""
    session.info[NEWS] = True


def recurring(settings: Config) -> list[Chore]:
    """What every worker of this program does from time to time."""
    return [
        pulse.CHORE,
        *upkeep.CHORES,
        Chore("files.sweep", timedelta(days=1), partial(store.sweep, settings.files)),
        Chore("accounts.clear", timedelta(hours=1), accounts.clear),
        *course_chores.CHORES,
        *evidence.chores(settings),
    ]


class Worker:
    """`start`, then `stop`. Several may run against one database, on PostgreSQL on several machines."""

    def __init__(self, sessions: Sessions, pace: Pace | None = None, recurring: Sequence[Chore] = ()) -> None:
        self.sessions = sessions
        self.pace = pace or Pace()
        self.name = f"{socket.gethostname()}-{os.getpid()}-{new_id()[-6:]}"
        self._recurring = recurring
        self._stopping = threading.Event()
        self._bell = threading.Condition()
        self._rung = 0
        """How often somebody said that there is new work."""
        self._over = threading.Event()
        self._held: dict[int, int] = {}
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        """The working ones; the heart beats until they have ended."""

    def start(self) -> None:
        if self.pace.threads:
            jobs.dispatch_by(_mark)
        event.listen(self.sessions, "after_transaction_end", self._ring_at_end)
        with transaction(self.sessions) as session:
            chores.enrol(session, self._recurring)
        loops: list[tuple[str, Callable[[], bool]]] = [("timers", lambda: fire_one(self.sessions))]
        loops += [("calendar", lambda: announce_one(self.sessions)), *self.further()]
        loops += [(f"jobs-{number}", self.run_one) for number in range(self.pace.threads)]
        for name, once in loops:
            self._begin(name, partial(self._loop, once))
        if self._recurring:
            self._begin("chores", self._do_chores)
        threading.Thread(target=self._beat, name="worker-heartbeat", daemon=True).start()

    def further(self) -> list[tuple[str, Callable[[], bool]]]:
        """Loops of another kind of worker: what is done once, and whether there was anything to do."""
        return []

    def stop(self) -> bool:
        """Finish what runs, or give it back when the grace is over. True when everything was finished."""
        self._stopping.set()
        self._ring()
        until = self.pace.grace
        for thread in self._threads:
            began = time.monotonic()
            thread.join(max(until, 0.01))
            until -= time.monotonic() - began
        for job_id, token in self._holdings().items():
            log.warning("job %s given back: the worker stops", job_id)
            with transaction(self.sessions) as session:
                jobs.release(session, job_id, token)
        self._over.set()
        event.remove(self.sessions, "after_transaction_end", self._ring_at_end)
        return not any(thread.is_alive() for thread in self._threads)

    def serve(self) -> None:
        """Work until SIGTERM or SIGINT."""

        def ask(_signal: int, _frame: FrameType | None) -> None:
            self._stopping.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, ask)
        self.start()
        self._stopping.wait()
        self.stop()

    def _begin(self, name: str, target: Callable[[], None]) -> None:
        thread = threading.Thread(target=target, name=f"worker-{name}", daemon=True)
        thread.start()
        self._threads.append(thread)

    def _loop(self, once: Callable[[], bool]) -> None:
        while not self._stopping.is_set():
            heard = self._rung
            try:
                if once():
                    continue
            except Exception:
                log.exception("the worker stumbled and goes on")
            with self._bell:
                self._bell.wait_for(partial(self._has_news, heard), self.pace.poll)

    def run_one(self, only: int | None = None) -> bool:
        """Claim and run the job that is longest due, or that one. False where there is none to be had."""
        job = claim_one(self.sessions, self.name, timedelta(seconds=self.pace.lease), only)
        if job is None:
            return False
        with self._holding(job):
            self._until_stored(job)
        return True

    def _until_stored(self, job: Job) -> None:
        """The database may be away for a moment; under the same token a repetition cannot do anything twice."""
        while True:
            try:
                return run(self.sessions, job)
            except OperationalError as error:
                log.warning("job %s: the database is not there (%s)", job.id, error.orig)
                if self._stopping.wait(self.pace.poll * 4) or job.id not in self._holdings():
                    return None

    @contextmanager
    def _holding(self, job: Job) -> Iterator[None]:
        with self._lock:
            self._held[job.id] = job.token
        try:
            yield
        finally:
            with self._lock:
                self._held.pop(job.id, None)

    def _holdings(self) -> dict[int, int]:
        with self._lock:
            return dict(self._held)

    def _beat(self) -> None:
        """Renew the leases of all running jobs; forget those that are lost."""
        while not self._over.wait(self.pace.lease / 3):
            held = self._holdings()
            try:
                with transaction(self.sessions) as session:
                    lost = jobs.renew(session, held, timedelta(seconds=self.pace.lease)) if held else set()
            except sa.exc.SQLAlchemyError:
                log.warning("leases not renewed: the database is not there")
                continue
            with self._lock:
                for job_id in lost:
                    self._held.pop(job_id, None)

    def _do_chores(self) -> None:
        while True:
            for chore in self._recurring:
                try:
                    with transaction(self.sessions) as session:
                        chores.do_due(session, chore)
                except Exception:
                    log.exception("the chore %s failed", chore.name)
            if self._stopping.wait(CHORE_POLL):
                return

    def _has_news(self, heard: int) -> bool:
        return self._stopping.is_set() or self._rung != heard

    def _ring(self) -> None:
        with self._bell:
            self._rung += 1
            self._bell.notify_all()

    def _ring_at_end(self, session: Session, transaction: SessionTransaction) -> None:
        """Not at a savepoint's end, when the new work cannot be seen yet."""
        if transaction.parent is None and session.info.pop(NEWS, False):
            self._ring()
