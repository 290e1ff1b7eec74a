"""Alembic's entry: runs on the connection that `upgrade` hands over."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.types import TypeDecorator

from app.db import Model


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """A revision names the database's own types, so that it still means the same when ours have changed."""
    if kind == "type" and isinstance(item, TypeDecorator):
        plain = item.impl_instance
        while isinstance(plain, TypeDecorator):
            plain = plain.impl_instance
        return f"sa.{plain!r}"
    return False


def run() -> None:
    connection: sa.Connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=Model.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
