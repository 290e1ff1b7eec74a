"""`serve`: the program in production, behind a proxy that speaks TLS."""

import argparse
import errno
from dataclasses import replace

from app import create_app, db, logs
from app.cli import refusals
from app.cli.arguments import Commands, settings_of
from app.cli.listening import Listener, bind
from app.cli.siblings import Siblings
from app.cli.terminal import say
from app.errors import N_, Problem
from app.i18n import gettext

ANYWHERE = "0.0.0.0"  # noqa: S104 - in a container the proxy is another machine; --host narrows it


def add(commands: Commands) -> None:
    serving = commands.add("serve", serve, "serve in production; `worker` does the rest in a process of its own")
    serving.add_argument("--host", default=ANYWHERE, help=f"address to listen on, {ANYWHERE} unless given")
    serving.add_argument("--port", type=int, default=0, help="8000, or PORT, unless given")
    serving.add_argument("--processes", type=int, default=1, help="web processes; more than one need PostgreSQL")


def serve(arguments: argparse.Namespace) -> int:
    """Answer until SIGTERM; requests under way are finished within 30 seconds."""
    settings = settings_of(arguments, "serve")
    settings = replace(settings, port=arguments.port or settings.port)
    refusals.insist(settings, processes=arguments.processes)
    try:
        listening = bind(arguments.host, settings.port)
    except OSError as failure:
        raise _no_listening(failure, arguments.host, settings.port) from None
    logs.write_lines(settings.log_level, settings.secrets)
    said = N_("Serving %(url)s on %(host)s:%(port)s, processes: %(count)s.")
    params = {"url": settings.public_url, "host": arguments.host, "port": settings.port, "count": arguments.processes}
    say(gettext(said, **params))

    def live() -> None:
        database = db.create_engine(settings.database)
        Listener(create_app(settings, database), listening).run()
        database.dispose()

    if arguments.processes > 1:
        return Siblings(arguments.processes, live).run()
    live()
    return 0


def _no_listening(failure: OSError, host: str, port: int) -> Problem:
    if failure.errno == errno.EADDRINUSE:
        return Problem(N_("Port %(port)s is taken by another program. Choose another: PORT or --port."), port=port)
    refused = N_("It is not possible to listen on %(host)s:%(port)s. Check --host and PORT.")
    return Problem(refused, host=host, port=port)
