"""Why `serve` and `worker` do not start in production: everything that is wrong at once, each with what to do."""

import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app import db, migrations, platform_of, sender_of
from app.audit.models import StreamRow
from app.config import DEFAULT_SECRET, Config
from app.errors import N_, Problem
from app.identity.models import Person
from app.workflow import deferral

SHORTEST_SECRET = 32
MOST_PROXIES = 9
DEMO_ADDRESSES = "%@demo.example"
"""Where everybody of the demo has their e-mail; nobody else can, the domain is reserved for examples."""


class NotReady(Exception):
    """All that keeps the program from starting."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(*problems)
        self.problems = problems


def insist(settings: Config, processes: int = 1) -> None:
    """Raises NotReady unless these settings and this database are fit for production."""
    found = [*_settings(settings), *_proxies(settings), *_files(settings)]
    if processes < 1:
        found.append(Problem(N_("--processes must be 1 or more.")))
    if processes > 1 and settings.database.startswith("sqlite"):
        found.append(Problem(N_("Several web processes need PostgreSQL: set DATABASE_URL, or leave --processes at 1.")))
    found += _database(settings)
    if found:
        raise NotReady(found)


def _settings(settings: Config) -> Iterator[Problem]:
    if settings.secret_key == DEFAULT_SECRET:
        yield Problem(
            N_("SECRET_KEY is not set. Set it to a random text and keep it, for instance: SECRET_KEY=%(example)s"),
            example=secrets.token_urlsafe(48),
        )
    elif len(settings.secret_key) < SHORTEST_SECRET:
        yield Problem(
            N_("SECRET_KEY is too short: %(length)s characters. Set a random text of %(least)s or more."),
            length=len(settings.secret_key),
            least=SHORTEST_SECRET,
        )
    address = urlsplit(settings.public_url)
    if not settings.public_url:
        yield Problem(N_("PUBLIC_URL is missing. Set the address people use, for instance https://courses.example.org"))
    elif address.scheme != "https" or not address.hostname or address.path.strip("/") or address.query:
        yield Problem(
            N_("PUBLIC_URL must be https:// and a host name, with nothing after it; it is %(value)s"),
            value=settings.public_url,
        )
    if settings.backend == "procrastinate" and settings.database.startswith("sqlite"):
        yield Problem(N_("BACKEND=procrastinate needs PostgreSQL: set DATABASE_URL, or leave BACKEND empty."))
    if settings.smtp_url and not settings.mail_from:
        yield Problem(N_("SMTP_URL is set but MAIL_FROM is not. Set the address that letters come from."))
    else:
        yield from _connections(settings)


def _connections(settings: Config) -> Iterator[Problem]:
    """What connects to the outside judges its own settings; only the reason is told, never the value."""
    made: dict[str, Callable[[Config], object]] = {"SMTP_URL": sender_of, "MOODLE_URL": platform_of}
    for name, connect in made.items():
        try:
            connect(settings)
        except ValueError as error:
            yield Problem(N_("%(name)s cannot be used: %(reason)s"), name=name, reason=error)


def _proxies(settings: Config) -> Iterator[Problem]:
    """The program speaks no TLS, so an https address without a proxy before it cannot be true."""
    hops = settings.trusted_proxies
    if not 0 <= hops <= MOST_PROXIES:
        yield Problem(
            N_("TRUSTED_PROXIES must be the number of proxies before the program, not %(value)s."), value=hops
        )
    elif hops == 0 and urlsplit(settings.public_url).scheme == "https":
        yield Problem(
            N_(
                "TRUSTED_PROXIES is 0, but PUBLIC_URL is https, which only a proxy before the program can speak. "
                "Set TRUSTED_PROXIES to the number of proxies, usually 1."
            )
        )


def _files(settings: Config) -> Iterator[Problem]:
    probe = settings.files / f".probe-{os.getpid()}"
    try:
        settings.files.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
        os.listdir(settings.files)
    except OSError as failure:
        yield Problem(
            N_("The folder of files cannot be used: %(folder)s (%(reason)s). Set FILES_DIR, or give its rights."),
            folder=settings.files,
            reason=failure.strerror,
        )


def _database(settings: Config) -> Iterator[Problem]:
    engine = db.create_engine(settings.database)
    try:
        with engine.connect() as connection:
            yield from _schema(connection)
            if settings.backend == "procrastinate" and not deferral.is_prepared(connection):
                yield Problem(N_("The tables of Procrastinate are missing. Run: ./run migrate"))
    except SQLAlchemyError as error:
        yield _unreachable(error)
    finally:
        engine.dispose()


def demand_tables(settings: Config) -> None:
    """For commands that read what is there, a demo's too. Raises Problem where there is nothing to read."""
    url = make_url(settings.database)
    here = url.get_backend_name() != "sqlite" or Path(url.database or "").is_file()
    engine = db.create_engine(settings.database)
    try:
        if here:
            with engine.connect() as connection:
                here = sa.inspect(connection).has_table(StreamRow.__tablename__)
    except SQLAlchemyError as error:
        raise _unreachable(error) from None
    finally:
        engine.dispose()
    if not here:
        raise Problem(N_("The database is empty. Run: ./run migrate"))


def _unreachable(error: SQLAlchemyError) -> Problem:
    cause = error.__dict__.get("orig") or error
    return Problem(
        N_("The database cannot be reached (%(reason)s). Check DATABASE_URL and that the server runs."),
        reason=type(cause).__name__,
    )


def _schema(connection: sa.Connection) -> Iterator[Problem]:
    here = migrations.revision_of(connection)
    if here is None:
        yield Problem(N_("The database is empty. Run: ./run migrate"))
    elif here > migrations.head():
        yield Problem(
            N_("The database (%(here)s) is newer than the program (%(there)s). Install the newer program."),
            here=here,
            there=migrations.head(),
        )
    elif here != migrations.head():
        yield Problem(
            N_("The schema of the database is old: %(here)s, not %(there)s. Back it up, then run: ./run migrate"),
            here=here,
            there=migrations.head(),
        )
    elif holds_demo(Session(connection)):
        yield Problem(
            N_("The database holds the fictitious people of the demo. Set DATABASE_URL or DATA_DIR to another one.")
        )


def holds_demo(session: Session) -> bool:
    """By the mark in the evidence, which nobody can take out, or by the addresses of the demo's people."""
    marked = sa.select(StreamRow.id).where(StreamRow.kind == "site", StreamRow.ident == "demo")
    known = sa.select(Person.id).where(Person.email.like(DEMO_ADDRESSES)).limit(1)
    return session.scalar(known) is not None or session.scalar(marked) is not None


def is_demo(settings: Config) -> bool:
    """Whether the settings lead to a demo's database; no database at all is nobody's, and is not made by looking."""
    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return False
    engine = db.create_engine(settings.database)
    try:
        with engine.connect() as connection:
            return sa.inspect(connection).has_table(StreamRow.__tablename__) and holds_demo(Session(connection))
    except SQLAlchemyError:
        return False
    finally:
        engine.dispose()
