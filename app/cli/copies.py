"""The copy of a database as one file: SQLite copies itself, PostgreSQL is copied by its own pg_dump and psql."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

from app.errors import N_, Problem

SQLITE, POSTGRESQL = "database.sqlite", "database.dump"
SET_ASIDE = "alembic_version_restoring"
"""Name of the table of the schema's revision until a restored database may be used."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A consistent copy, and a connection that sees exactly what was copied."""

    path: Path
    connection: sa.Connection


@contextmanager
def taken(engine: sa.Engine, folder: Path) -> Iterator[Snapshot]:
    """Copy the database, as it is at one moment, into the folder; others go on writing meanwhile."""
    if engine.dialect.name == "sqlite":
        with _of_sqlite(engine, folder / SQLITE) as snapshot:
            yield snapshot
        return
    reading = engine.connect().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with reading as connection, connection.begin():
        name = connection.execute(sa.text("SELECT pg_export_snapshot()")).scalar_one()
        server = connection.execute(sa.text("SHOW server_version_num")).scalar_one()
        target = folder / POSTGRESQL
        shown = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={name}", f"--file={target}"]
        _call(tool("pg_dump", int(server) // 10_000), shown, engine.url)
        yield Snapshot(target, connection)


@contextmanager
def _of_sqlite(engine: sa.Engine, target: Path) -> Iterator[Snapshot]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT", reading=True) as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.cursor().execute("VACUUM INTO ?", (str(target),))
    copy = sa.create_engine(f"sqlite:///{target}")
    try:
        with copy.connect() as connection:
            yield Snapshot(target, connection)
    finally:
        copy.dispose()


def is_empty(engine: sa.Engine) -> bool:
    """Whether the database has no table at all."""
    with engine.connect() as connection:
        return not sa.inspect(connection).get_table_names()


def put_sqlite(copy: Path, url: str) -> None:
    """Move the copy to where the database is to be; whole or not at all."""
    target = Path(str(make_url(url).database))
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f"{target.name}.restoring")
    shutil.copyfile(copy, beside)
    with beside.open("rb") as stream:
        os.fsync(stream.fileno())
    beside.replace(target)


def put_postgresql(copy: Path, engine: sa.Engine, folder: Path) -> None:
    """In one transaction, and without the table by which programs know the schema: nobody uses it before `release`."""
    with engine.connect() as connection:
        server = int(connection.execute(sa.text("SHOW server_version_num")).scalar_one()) // 10_000
    script = folder / "restore.sql"
    _call(tool("pg_restore", server), ["--no-owner", "--no-privileges", f"--file={script}", str(copy)], None)
    with script.open("a") as stream:
        stream.write(f"\nALTER TABLE public.alembic_version RENAME TO {SET_ASIDE};\n")
    _call(tool("psql", server), ["-q", "-1", "-X", "-v", "ON_ERROR_STOP=1", "-f", str(script)], engine.url)


def tool(name: str, server: int) -> Path:
    """PostgreSQL's program of at least the server's version, Debian's newest or the one in PATH."""
    debian = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    candidates = sorted(debian, key=lambda path: int(path.parents[1].name), reverse=True)
    found = shutil.which(name)
    for candidate in [*candidates, *([Path(found)] if found else [])]:
        if _version(candidate) >= server:
            return candidate
    missing = N_("%(name)s of PostgreSQL %(version)s or later is not installed. Debian: postgresql-client-%(version)s")
    raise Problem(missing, name=name, version=server)


def _version(program: Path) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - found above
    number = re.search(r"(\d+)\.", said.stdout)
    return int(number[1]) if number else 0


def _call(program: Path, arguments: Sequence[str], url: URL | None) -> None:
    """The password goes through the environment, where other users cannot read it."""
    environment = dict(os.environ)
    if url is not None:
        given = {"PGHOST": url.host or url.query.get("host"), "PGPORT": url.port, "PGUSER": url.username}
        given |= {"PGPASSWORD": url.password, "PGDATABASE": url.database}
        environment |= {name: str(value) for name, value in given.items() if value}
    done = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - found by `tool`
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["?"])[-1]
        raise Problem(N_("%(name)s failed: %(reason)s"), name=program.name, reason=reason)
