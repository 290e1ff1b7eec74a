"""The database: one declarative model base, types that mean the same on SQLite and PostgreSQL, and its sessions."""

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from app import clock

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id() -> str:
    """26 characters, unguessable, sorting by the millisecond they were made in (48 bits time, 80 random)."""
    number = (int(time.time() * 1000) << 80) | int.from_bytes(os.urandom(10), "big")
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))


def new_secret() -> str:
    """A token of 256 bits, to be stored only as a hash."""
    return secrets.token_urlsafe(32)


class UtcDateTime(TypeDecorator[datetime]):
    """Aware in Python, UTC in the database; a naive value is a fault of the program."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Json(TypeDecorator[Any]):
    """Plain JSON kept as text, so that the order of keys survives on both databases."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else orjson.dumps(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        return None if value is None else orjson.loads(value)


NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


_WHERE = "where"


class Model(DeclarativeBase):
    """Base of all tables."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcDateTime, dict[str, Any]: Json, list[Any]: Json}  # noqa: RUF012


def partial_index(name: str, *columns: str, where: str | sa.ColumnElement[bool], unique: bool = False) -> sa.Index:
    """An index of the rows for which `where` holds, on either database.

    The condition is handed to the dialect when tables are made: as `postgresql_where` it would load PostgreSQL's
    dialect into every process on SQLite (2.3 MB).
    """
    condition = sa.text(where) if isinstance(where, str) else where
    return sa.Index(name, *columns, unique=unique, sqlite_where=condition, info={_WHERE: condition})


@event.listens_for(Model.metadata, "before_create")
def _condition(metadata: sa.MetaData, connection: sa.Connection, **_: object) -> None:
    name = connection.dialect.name
    for table in metadata.tables.values():
        for index in table.indexes:
            if _WHERE in index.info:
                index.dialect_options[name]["where"] = index.info[_WHERE]


def _prepare_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # sqlite3 must not begin on its own: we send BEGIN
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def create_engine(url: str) -> Engine:
    """An engine whose transactions begin as writers on SQLite, so that none fails half-way with a lock (N5)."""
    if not url.startswith("sqlite"):
        return sa.create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=10)
    engine = sa.create_engine(url, connect_args={"timeout": 10, "check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        options = connection.get_execution_options()
        connection.exec_driver_sql("BEGIN" if options.get("reading") else "BEGIN IMMEDIATE")

    return engine


def session_factory(engine: Engine) -> sessionmaker[Session]:
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def transaction(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """One unit of work: committed when the block ends well, rolled back when it raises. For web, cli, worker only."""
    with sessions() as session, session.begin():
        yield session


def is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def real_time(session: Session) -> datetime:
    """Time that nobody moves, for leases and sign-in: the database's own on PostgreSQL, this machine's on SQLite."""
    if is_sqlite(session):
        return clock.system()
    now: datetime = session.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    return now


def lock_table(session: Session, model: type[Model]) -> None:
    """Let nobody else write the table until this transaction ends, so that the next number is taken once.

    SQLite has one writer at a time anyway.
    """
    if not is_sqlite(session):
        session.execute(sa.text(f"LOCK TABLE {model.__tablename__} IN SHARE ROW EXCLUSIVE MODE"))
