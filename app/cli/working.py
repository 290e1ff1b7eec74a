"""`worker`: timers, jobs and chores in a process of its own."""

import argparse

from app import db, join, logs, worker
from app.cli import refusals
from app.cli.arguments import Commands, settings_of
from app.config import Config


def add(commands: Commands) -> None:
    working = commands.add("worker", work, "do what is due: timers, jobs, letters; in production, unless --demo")
    working.add_argument("--demo", action="store_true", help="work for a demo: its clock, its mailbox, its stand-ins")


def pace_of(settings: Config) -> worker.Pace:
    return worker.Pace(lease=settings.lease_seconds)


def work(arguments: argparse.Namespace) -> int:
    """Run a worker until it is told to stop."""
    settings = settings_of(arguments, "demo" if arguments.demo else "serve")
    if not arguments.demo:
        refusals.insist(settings)
        logs.write_lines(settings.log_level, settings.secrets)
    database = db.create_engine(settings.database)
    join(settings)
    worker.Worker(db.session_factory(database), pace_of(settings), worker.recurring(settings)).serve()
    return 0
