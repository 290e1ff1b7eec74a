"""`demo`: everything on loopback, in one process."""

import argparse
import errno
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from app import create_app, db, join, migrations, worker
from app.cli.arguments import ROOT, Commands, settings_of
from app.cli.terminal import say
from app.cli.working import worker_of
from app.config import Config
from app.errors import N_
from app.i18n import gettext


def add(commands: Commands) -> None:
    serving = commands.add("demo", demo, "serve the demo on loopback (the default)")
    serving.add_argument("--port", type=int, default=0, help="8000, or PORT, unless given")
    serving.add_argument("--no-courses", dest="courses", action="store_false", help="people only, no course")
    serving.add_argument("--recent", action="store_true", help="only the courses of the last weeks, before serving")
    serving.add_argument("--story", action="store_true", help=argparse.SUPPRESS)
    serving.add_argument("--no-worker", dest="worker", action="store_false", help="jobs wait for `worker`")
    serving.add_argument("--no-seed", dest="seed", action="store_false", help="the database is already filled")


def demo(arguments: argparse.Namespace) -> int:
    """Serve the demo on loopback, with everything it needs in its data folder."""
    from app.demo import courses, filling, server  # `serve` and the worker must not load the demo

    settings = settings_of(arguments, "demo")
    if arguments.story:
        return tell(settings)
    settings = replace(settings, port=arguments.port or settings.port)
    database = db.create_engine(settings.database)
    sessions = db.session_factory(database)
    if arguments.seed and not migrations.is_current(database):
        migrate_apart(settings, arguments.folders or ROOT)
    app = create_app(settings, database)
    if arguments.seed:
        server.fill(sessions, arguments.folders or ROOT)
    helper: server.Helper | None = worker_of(settings, database) if arguments.worker else None
    if arguments.seed and arguments.courses and arguments.recent:
        courses.play(sessions, settings.files, lambda: worker.work_off(sessions))
    elif arguments.seed and arguments.courses and not courses.is_told_in(sessions):
        helper = server.AfterStory(filling.of(app), _playing(settings), helper)
    try:
        server.serve(app, settings.port, helper)
    except OSError as failure:
        if failure.errno != errno.EADDRINUSE:
            raise
        taken = N_("Port %(port)s is taken by another program. Choose one: ./run demo --port 8001")
        say(gettext(taken, port=settings.port))
        return 1
    return 0


def tell(settings: Config) -> int:
    """Play what is left of the story, with a clock of its own; another process serves meanwhile."""
    from app.demo import courses, filling

    sessions = db.session_factory(db.create_engine(settings.database))
    join(settings)
    report = filling.reporter(settings.data_dir)
    with filling.alone(settings.data_dir):
        told = courses.play(
            sessions, settings.files, lambda: worker.work_off(sessions), whole=True, report=report
        )  # fmt: skip
    return 0 if told else 1


def _playing(settings: Config) -> list[str]:
    command = [sys.executable, "-m", "app.cli", "demo", "--story", "--data", str(settings.data_dir)]
    return [*command, "--database", settings.database]


def migrate_apart(settings: Config, folders: Path) -> None:
    """In a process of its own: what migrating loads would stay in the serving process for good."""
    command = ["migrate", "--demo", "--data", str(settings.data_dir), "--database", settings.database]
    command += ["--folders", str(folders)]
    subprocess.run([sys.executable, "-m", "app.cli", *command], cwd=ROOT, check=True)  # noqa: S603 - our own program
