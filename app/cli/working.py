"""`worker`: timers, jobs and chores in a process of its own."""

import argparse

from sqlalchemy import Engine

from app import db, join, logs, worker
from app.cli import refusals
from app.cli.arguments import Commands, settings_of
from app.config import Config


def add(commands: Commands) -> None:
    working = commands.add("worker", work, "do what is due: timers, jobs, letters; in production, unless --demo")
    working.add_argument("--demo", action="store_true", help="work for a demo: its clock, its mailbox, its stand-ins")


def pace_of(settings: Config) -> worker.Pace:
    return worker.Pace(lease=settings.lease_seconds)


def worker_of(settings: Config, database: Engine) -> worker.Worker:
    """The kind of worker that BACKEND names."""
    sessions, pace = db.session_factory(database), pace_of(settings)
    if settings.backend == "local":
        return worker.Worker(sessions, pace, worker.recurring(settings))
    from app.worker_procrastinate import SharedWorker  # a local worker does without its memory

    return SharedWorker(database, sessions, pace, worker.recurring(settings))


def work(arguments: argparse.Namespace) -> int:
    """Run a worker until it is told to stop."""
    settings = settings_of(arguments, "demo" if arguments.demo else "serve")
    if not arguments.demo:
        refusals.insist(settings)
        logs.write_lines(settings.log_level, settings.secrets)
    database = db.create_engine(settings.database)
    join(settings)
    worker_of(settings, database).serve()
    return 0
