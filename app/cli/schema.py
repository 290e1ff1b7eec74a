"""`migrate`: the database's schema, and what an empty database begins with."""

import argparse
from pathlib import Path

from sqlalchemy import Engine

from app import db, migrations
from app.cli.arguments import ROOT, Commands, connected, joined, settings_of
from app.cli.terminal import say
from app.config import Config
from app.i18n import gettext
from app.identity import reference
from app.workflow import releases


def add(commands: Commands) -> None:
    migrating = commands.add("migrate", migrate, "bring the database to this program's schema; fill an empty one")
    migrating.add_argument("--demo", action="store_true", help="of a demo: it may name a platform on this machine")


def migrate(arguments: argparse.Namespace) -> int:
    """All steps in one transaction: breaking it off leaves the old schema, and the next run begins again."""
    settings = settings_of(arguments, "demo") if arguments.demo else settings_of(arguments)
    with connected(settings) as engine:
        return _migrate(engine, settings, arguments.folders or ROOT)


def _migrate(engine: Engine, settings: Config, folders: Path) -> int:
    before, after = migrations.upgrade(engine)
    if settings.backend == "procrastinate":
        from app import worker_procrastinate  # only where it is used

        worker_procrastinate.prepare(engine)
    if before == after:
        say(gettext("The schema is up to date: %(revision)s.", revision=after))
    else:
        say(gettext("Schema: %(before)s → %(after)s.", before=before or gettext("none"), after=after))
    joined(settings)
    with db.transaction(db.session_factory(engine)) as session:
        bodies = reference.load(session, settings) if releases.current(session) is None else []
        release = releases.publish_first(session, folders)
    if release is not None:
        say(gettext("Release %(number)s is published.", number=release.number))
        say(gettext("Bodies, institutes and countries entered: %(count)s.", count=len(bodies)))
    return 0
