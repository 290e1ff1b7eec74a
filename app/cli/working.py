"""`worker`: timers, jobs and chores in a process of its own."""

import argparse

from app import db, join, worker
from app.cli.arguments import Commands, settings_of
from app.config import Config


def add(commands: Commands) -> None:
    commands.add("worker", work, "run a worker of the demo in a process of its own")


def pace_of(settings: Config) -> worker.Pace:
    return worker.Pace(lease=settings.lease_seconds)


def work(arguments: argparse.Namespace) -> int:
    """Run a worker until it is told to stop."""
    settings = settings_of(arguments)
    database = db.create_engine(settings.database)
    join(settings)
    worker.Worker(db.session_factory(database), pace_of(settings), worker.recurring(settings)).serve()
    return 0
