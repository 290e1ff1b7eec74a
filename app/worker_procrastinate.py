"""Workers on many machines, woken by Procrastinate on PostgreSQL. The job row stays the truth.

Procrastinate brings the number of a row; whoever hears it claims the row with the same lease and token as the local
worker, so a number that comes twice, too early or too late does nothing. Attempts and pauses are counted in the row
only: a job of Procrastinate never fails and is never retried there.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

import procrastinate
import sqlalchemy as sa
from procrastinate.schema import SchemaManager
from procrastinate.worker import Worker as Listener
from psycopg.conninfo import make_conninfo

from app.db import transaction
from app.worker import Pace, Sessions, Worker
from app.workflow import deferral, jobs
from app.workflow.chores import Chore
from app.workflow.models import Job

log = logging.getLogger("coomet.worker")


def prepare(engine: sa.Engine) -> None:
    """Procrastinate's own tables and functions, where the database has none of them yet."""
    with engine.begin() as connection:
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('coomet schema'))"))
        if not deferral.is_prepared(connection):
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.execute(SchemaManager.get_schema())


class SharedWorker(Worker):
    """Fires timers and does chores as the local worker does; its jobs come from Procrastinate, `at_a_time` at once."""

    def __init__(
        self, engine: sa.Engine, sessions: Sessions, pace: Pace, recurring: Sequence[Chore] = (), at_a_time: int = 4
    ) -> None:
        quiet = Pace(pace.lease, pace.poll, pace.grace, threads=0)
        super().__init__(sessions, quiet, recurring)
        self._at_a_time = at_a_time
        known = engine.dialect.create_connect_args(engine.url)[1]
        self._arguments = {name: value for name, value in known.items() if name != "context"}  # SQLAlchemy's own
        self._listener: Listener | None = None
        self._ear = threading.Thread(target=self._listen, name="worker-procrastinate", daemon=True)

    def start(self) -> None:
        jobs.defer_by(deferral.defer)
        super().start()
        self._ear.start()

    def stop(self) -> bool:
        """First no further job is taken and those that run are finished, then all else as ever."""
        self._stopping.set()
        if self._listener is not None:
            self._listener.stop()  # type: ignore[no-untyped-call]  # as the library has it
        self._ear.join(self.pace.grace)
        return super().stop() and not self._ear.is_alive()

    def further(self) -> list[tuple[str, Callable[[], bool]]]:
        return [("sweep", self._sweep)]

    def _sweep(self) -> bool:
        with transaction(self.sessions) as session:
            deferral.sweep(session)
        return False

    def take(self, number: int) -> None:
        """A number has come: run its row, if it is to be had, and let the next of its queue follow."""
        if self._stopping.is_set():
            return
        try:
            if self.run_one(number):
                self._follow(number)
        except sa.exc.SQLAlchemyError:
            log.warning("job %s: the database is not there; it is handed over again later", number)

    def _follow(self, number: int) -> None:
        with transaction(self.sessions) as session:
            queue = session.scalar(sa.select(Job.queue).where(Job.id == number))
            if queue is not None:
                deferral.follow(session, queue)

    def _listen(self) -> None:
        while not self._stopping.is_set():
            try:
                asyncio.run(self._hear())
            except Exception:
                log.exception("Procrastinate stumbled; it is started anew")
            self._stopping.wait(self.pace.poll)

    async def _hear(self) -> None:
        connector = procrastinate.PsycopgConnector(
            conninfo=make_conninfo(**self._arguments), min_size=1, max_size=self._at_a_time + 2
        )
        app = procrastinate.App(connector=connector)
        app.task(name=deferral.TASK, queue=deferral.QUEUE)(self._heard)
        async with app.open_async():
            self._listener = Listener(
                app,
                queues=[deferral.QUEUE],
                name=self.name,
                concurrency=self._at_a_time,
                fetch_job_polling_interval=max(self.pace.poll, 0.2),
                shutdown_graceful_timeout=self.pace.grace,
                delete_jobs="always",
                install_signal_handlers=False,
                update_heartbeat_interval=self.pace.lease / 3,
                stalled_worker_timeout=self.pace.lease * 2,
            )
            if not self._stopping.is_set():
                await self._listener.run()  # type: ignore[no-untyped-call]  # as the library has it

    async def _heard(self, job: int) -> None:
        """In a thread that nobody waits for when the process ends: what it holds is given back by then."""
        loop = asyncio.get_running_loop()
        ended: asyncio.Future[None] = loop.create_future()

        def tell() -> None:
            if not ended.done():
                ended.set_result(None)

        def work() -> None:
            try:
                self.take(job)
            finally:
                with suppress(RuntimeError):  # the loop has been closed meanwhile
                    loop.call_soon_threadsafe(tell)

        threading.Thread(target=work, name=f"worker-job-{job}", daemon=True).start()
        await ended
