"""Databases of released versions, kept as SQL text with the files their rows name; loaded into either kind."""

import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app import db, migrations
from app.files.store import path_of

HERE = Path(__file__).parent
FIRST = {"0.1.0": "0001", "0.2.0": "0002"}
"""The revision of each version's schema."""


def load(version: str, url: str, files: Path) -> datetime:
    """Fill an empty database and the store; returns the moment of the newest event in it."""
    source = sqlite3.connect(":memory:")
    source.executescript((HERE / version / "database/demo.sql").read_text("utf-8"))
    engine = db.create_engine(url)
    if engine.dialect.name == "sqlite":
        with sqlite3.connect(str(engine.url.database)) as target:
            source.backup(target)
        target.close()
    else:
        migrations.upgrade(engine, FIRST[version])
        _copy(source, engine)
    (moment,) = source.execute("SELECT max(at) FROM event").fetchone()
    source.close()
    engine.dispose()
    for path in (HERE / version / "database/files").iterdir():
        place = path_of(files, path.stem)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)
    return datetime.fromtimestamp(moment / 1e6, UTC)


def _copy(source: sqlite3.Connection, engine: sa.Engine) -> None:
    """Row for row in the order of writing, each value in the type that PostgreSQL's column has."""
    metadata = sa.MetaData()
    metadata.reflect(engine)
    source.row_factory = sqlite3.Row
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            if table.name == "alembic_version":
                continue
            rows = source.execute(f'SELECT * FROM "{table.name}" ORDER BY rowid').fetchall()
            made = [{name: _value(table.c[name], row[name]) for name in row.keys()} for row in rows]  # noqa: SIM118 - a row is no dict
            if made:
                connection.execute(table.insert(), made)
        _go_on_counting(connection)


def _value(column: sa.Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, sa.Boolean):
        return bool(value)
    if isinstance(column.type, sa.DateTime):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    if isinstance(column.type, sa.Date):
        return datetime.fromisoformat(value).date()
    return value


def _go_on_counting(connection: sa.Connection) -> None:
    """Sequences begin after the rows that were copied."""
    owned = (
        "SELECT * FROM (SELECT table_name, column_name, pg_get_serial_sequence(table_name, column_name) AS sequence "
        "FROM information_schema.columns WHERE table_schema = 'public') AS columns WHERE sequence IS NOT NULL"
    )
    for table, column, sequence in connection.execute(sa.text(owned)).all():
        newest = f"(SELECT coalesce(max({column}), 0) + 1 FROM {table})"
        connection.execute(sa.text(f"SELECT setval('{sequence}', {newest}, false)"))
