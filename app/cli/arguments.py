"""What every command takes, and the settings that follow from it."""

import argparse
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Engine

from app import config, db, join
from app.cli import refusals
from app.config import Config, Mode
from app.errors import N_, Problem

ROOT = Path(__file__).parents[2]
Command = Callable[[argparse.Namespace], int]


class Commands:
    """The commands of one parser: each module of this package adds its own."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self._all = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
        self._shared = argparse.ArgumentParser(add_help=False)
        self._shared.add_argument("--data", type=Path, help="folder for database, files and the demo's clock")
        self._shared.add_argument("--database", help="SQLAlchemy URL of the database")
        self._shared.add_argument("--json", action="store_true", help="one object on standard output")
        self._shared.add_argument("--folders", type=Path, help="where processes/ and forms/ stand")

    def add(self, name: str, act: Command, help_: str) -> argparse.ArgumentParser:
        """A command; what it takes besides the shared arguments is added to what is returned."""
        one = self._all.add_parser(name, parents=[self._shared], help=help_)
        one.set_defaults(act=act)
        return one

    def group(self, name: str, help_: str) -> "Commands":
        """A command that only others of its own stand behind."""
        return Commands(self._all.add_parser(name, help=help_))


def settings_of(arguments: argparse.Namespace, mode: Mode | None = None) -> Config:
    """Settings from the environment, and from --data and --database where they are given.

    A command that is asked for in both worlds gives no mode: the database says whether it is a demo's.
    """
    given = {"data_dir": arguments.data, "database_url": arguments.database}
    try:
        read = config.read(os.environ, mode=mode or "serve", **{name: value for name, value in given.items() if value})
    except ValueError as error:
        raise Problem(N_("A setting cannot be used: %(reason)s"), reason=error) from None
    read.data_dir.mkdir(parents=True, exist_ok=True)
    return replace(read, mode="demo") if mode is None and refusals.is_demo(read) else read


def joined(settings: Config) -> Config:
    """The program joined with these settings, which are told where they cannot be used."""
    try:
        join(settings)
    except ValueError as error:
        raise Problem(N_("A setting cannot be used: %(reason)s"), reason=error) from None
    return settings


@contextmanager
def connected(settings: Config) -> Iterator[Engine]:
    """The database for the length of a command; every connection is closed at its end."""
    engine = db.create_engine(settings.database)
    try:
        yield engine
    finally:
        engine.dispose()
