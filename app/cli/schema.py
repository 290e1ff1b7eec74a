"""`migrate`: the database's schema."""

import argparse

from app import db, migrations
from app.cli.arguments import Commands, settings_of


def add(commands: Commands) -> None:
    commands.add("migrate", migrate, "bring the database to this program's schema")


def migrate(arguments: argparse.Namespace) -> int:
    """Bring the database to this program's schema."""
    migrations.upgrade(db.create_engine(settings_of(arguments).database))
    return 0
