"""`admin`: the first person of a new site."""

import argparse

from app import db, join
from app.cli import refusals
from app.cli.arguments import Commands, connected, settings_of
from app.cli.terminal import say
from app.errors import N_, Problem
from app.i18n import gettext
from app.identity import accounts


def add(commands: Commands) -> None:
    first = commands.add("admin", admin, "a one-time link for the first person, who then invites the others")
    first.add_argument("email", metavar="EMAIL")
    first.add_argument("--name", default="", help="as it is shown to others; the address unless given")


def admin(arguments: argparse.Namespace) -> int:
    """The link goes to standard output and nowhere else. Refused once anybody has chosen a password (S44)."""
    settings = settings_of(arguments, "serve")
    refusals.insist(settings)
    email = arguments.email.strip().lower()
    if email.count("@") != 1 or not all(email.split("@")) or any(sign.isspace() for sign in email):
        raise Problem(N_("This is not an e-mail address: %(value)s"), value=arguments.email)
    join(settings)
    with connected(settings) as engine, db.transaction(db.session_factory(engine)) as session:
        token = accounts.invite_first(session, email, arguments.name.strip() or email)
    say(gettext("This link opens the site once, for choosing a password. Give it to nobody else:"))
    print(f"{settings.public_url.rstrip('/')}/link/{token}", flush=True)
    return 0
