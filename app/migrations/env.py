"""Alembic's entry: runs on the connection that `schema.upgrade` hands over."""

import sqlalchemy as sa
from alembic import context

from app.db import Model


def run() -> None:
    connection: sa.Connection = context.config.attributes["connection"]
    batch = connection.dialect.name == "sqlite"
    context.configure(connection=connection, target_metadata=Model.metadata, render_as_batch=batch, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


run()
