"""SQL that makes a table append-only, for `after_create` listeners and for migrations alike.

On PostgreSQL every UPDATE, DELETE and TRUNCATE is refused, also under `session_replication_role = replica`. On SQLite
the same holds for UPDATE and DELETE, and for INSERT OR REPLACE, which removes rows without firing a DELETE trigger.
Whoever owns the database can still drop the triggers; that is what the hash chain is for.
"""

from typing import Any

import sqlalchemy as sa

MESSAGE = "this table is append-only"

POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $refuse$
BEGIN
  RAISE EXCEPTION USING MESSAGE = '{MESSAGE}: ' || TG_TABLE_NAME, ERRCODE = 'insufficient_privilege';
END
$refuse$
"""


def sqlite_statements(table: str, *keys: tuple[str, ...], deletable: bool = False) -> tuple[str, ...]:
    """Triggers for one table; `keys` are its primary and unique keys, guarded against INSERT OR REPLACE."""
    refusal = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}: {table}'); END"
    taken = " OR ".join("(" + " AND ".join(f"{column} = NEW.{column}" for column in key) + ")" for key in keys)
    exists = f"EXISTS (SELECT 1 FROM {table} WHERE {taken})"  # noqa: S608 - names of our own tables and columns
    statements = [
        f"CREATE TRIGGER {table}_refuses_update BEFORE UPDATE ON {table} {refusal}",
        f"CREATE TRIGGER {table}_refuses_replace BEFORE INSERT ON {table} WHEN {exists} {refusal}",
    ]
    if not deletable:
        statements.append(f"CREATE TRIGGER {table}_refuses_delete BEFORE DELETE ON {table} {refusal}")
    return tuple(statements)


def postgresql_statements(table: str, *, deletable: bool = False) -> tuple[str, ...]:
    """The function and the trigger for one table; `deletable` leaves DELETE (but neither UPDATE nor TRUNCATE) open."""
    actions = "UPDATE OR TRUNCATE" if deletable else "UPDATE OR DELETE OR TRUNCATE"
    each = "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    return (
        POSTGRESQL_FUNCTION,
        f"CREATE TRIGGER {table}_refuses_change BEFORE {actions} ON {table} {each}",
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_refuses_change",
    )


def statements(dialect: str, table: str, *keys: tuple[str, ...], deletable: bool = False) -> tuple[str, ...]:
    """What to execute after `table` was created on that dialect."""
    if dialect == "sqlite":
        return sqlite_statements(table, *keys, deletable=deletable)
    return postgresql_statements(table, deletable=deletable)


def guard(table: sa.Table, *keys: tuple[str, ...], deletable: bool = False) -> None:
    """Have the triggers made whenever the metadata creates this table."""

    def after_create(_target: sa.Table, connection: sa.Connection, **_: Any) -> None:
        for statement in statements(connection.dialect.name, table.name, *keys, deletable=deletable):
            connection.exec_driver_sql(statement)

    sa.event.listen(table, "after_create", after_create)
