"""A PostgreSQL server of the tests' own: Debian's binaries, an unprivileged user, a socket in a temporary folder."""

import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from app import db

HOME = "TEST_POSTGRES_HOME"


def find_binaries() -> Path | None:
    """The folder with initdb and pg_ctl: Debian's newest, or what stands in PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if debian and (debian[-1] / "initdb").exists():
        return debian[-1]
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def _owner() -> str | None:
    """The user a server started by root must run as; None when we are nobody special."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    return None


def prepare_home() -> None:
    """Choose the folder of the one server that all test processes share; called before any worker starts."""
    if HOME not in os.environ:
        os.environ[HOME] = tempfile.mkdtemp(prefix="coomet-pg-", dir="/tmp")


def start(*, durable: bool = False) -> str:
    """Start the server, or join the one that another process started; returns the URL of its template database.

    `durable`: what is committed outlives a crash of the server, as in production. Raises RuntimeError with a reason
    fit to print when there is no server to start.
    """
    binaries = find_binaries()
    if binaries is None:
        raise RuntimeError("PostgreSQL's server binaries are not installed (Debian: apt-get install postgresql)")
    home = Path(os.environ[HOME])
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "ready").exists():
            _start(binaries, home, durable)
            (home / "ready").touch()
    return url("postgres")


def url(database: str) -> str:
    return f"postgresql+psycopg://postgres@/{database}?host={os.environ[HOME]}"


def _start(binaries: Path, home: Path, durable: bool) -> None:
    owner = _owner()
    if owner:
        shutil.chown(home, owner)
    home.chmod(0o755)
    commit = "on" if durable else "off"
    options = f"-c listen_addresses='' -c fsync=off -c synchronous_commit={commit} -c max_connections=200"
    commands: list[list[str | Path]] = [
        [binaries / "initdb", "-D", home / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"],
        [binaries / "pg_ctl", "-D", home / "data", "-w", "-o", f"{options} -k {home}", "-l", home / "log", "start"],
    ]
    for command in commands:
        done = subprocess.run(command, user=owner, cwd=home, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"PostgreSQL could not be started: {done.stderr.strip().splitlines()[-1:]}")


def stop() -> None:
    """Stop the shared server and forget it; only the process that prepared the home calls this, last of all."""
    home = Path(os.environ.pop(HOME, "/nonexistent"))
    binaries = find_binaries()
    if binaries and (home / "ready").exists():
        command: list[str | Path] = [binaries / "pg_ctl", "-D", home / "data", "-m", "immediate", "stop"]
        subprocess.run(command, user=_owner(), cwd="/", capture_output=True, check=False)
    shutil.rmtree(home, ignore_errors=True)


@contextmanager
def served(database: str) -> Iterator[str]:
    """The URL as given; for the word `postgresql` that of an empty database on a durable server of this call's own."""
    if database != "postgresql":
        yield database
        return
    prepare_home()
    try:
        start(durable=True)
        made = Database(sa.MetaData())
        made.create()
        yield made.url
    finally:
        stop()


def control(home: Path, *words: str) -> None:
    """pg_ctl on the server in that folder: `restart -m immediate`, `stop …`."""
    binaries = find_binaries()
    assert binaries is not None
    command: list[str | Path] = [binaries / "pg_ctl", "-D", home / "data", "-w", "-l", home / "log", *words]
    subprocess.run(command, user=_owner(), cwd="/", capture_output=True, check=True)


class Database:
    """One database that the tests of a process use one after another; emptying it is far faster than a new one."""

    def __init__(
        self, metadata: sa.MetaData, name: str = "", *, further: Sequence[Callable[[sa.Engine], None]] = ()
    ) -> None:
        self._metadata = metadata
        self._further = further
        self._name = name or f"t_{uuid.uuid4().hex}"
        self._schema: object = None

    @property
    def url(self) -> str:
        return url(self._name)

    def create(self) -> None:
        _administer(f"CREATE DATABASE {self._name}")
        engine = db.create_engine(self.url)
        self._metadata.create_all(engine)
        for more in self._further:
            more(engine)
        with engine.connect() as connection:
            self._schema = _schema(connection)
        engine.dispose()

    def drop(self) -> None:
        _administer(f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)")

    def empty(self) -> None:
        """Throw out whoever is connected and every row; a schema that a test has changed is made anew."""
        others = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self._name}'"
        _administer(others)
        engine = sa.create_engine(self.url, poolclass=sa.NullPool)
        names = [table.name for table in reversed(self._metadata.sorted_tables)]
        with engine.begin() as connection:
            unchanged = _schema(connection) == self._schema
            if unchanged:
                _delete_rows(connection, names)
        engine.dispose()
        if not unchanged:
            self.drop()
            self.create()


def _schema(connection: sa.Connection) -> object:
    """All columns and triggers, to notice a test that has changed them."""
    columns = (
        "SELECT table_name, column_name, data_type, is_nullable, column_default, is_identity "
        "FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"
    )
    triggers = "SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger ORDER BY 1, 2"
    return [[tuple(row) for row in connection.execute(sa.text(query))] for query in (columns, triggers)]


def _delete_rows(connection: sa.Connection, tables: list[str]) -> None:
    """From the tables that have any, past the triggers that make some append-only; the triggers stay as they were."""
    filled = " UNION ALL ".join(f"(SELECT '{table}' FROM {table} LIMIT 1)" for table in tables)
    always = "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgenabled = 'A'"
    guards = connection.execute(sa.text(always)).all()
    for table in connection.execute(sa.text(filled)).scalars().all():
        connection.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        connection.execute(sa.text(f"DELETE FROM {table}"))
        connection.execute(sa.text(f"ALTER TABLE {table} ENABLE TRIGGER ALL"))
        for _, trigger in [row for row in guards if row[0] == table]:
            connection.execute(sa.text(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}"))
    used = "SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL"
    for sequence in connection.execute(sa.text(used)).scalars().all():
        connection.execute(sa.text(f"ALTER SEQUENCE {sequence} RESTART"))


def _administer(statement: str) -> None:
    engine = sa.create_engine(url("postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
