"""Types of columns that the workflow's tables share."""

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from app.db import UtcDateTime

SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")
FOREVER = datetime(9999, 12, 31, tzinfo=UTC)


class Due(TypeDecorator[datetime]):
    """A moment that may be absent; stored so that what has none sorts last and an index serves both."""

    impl = UtcDateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime:  # noqa: ARG002
        return FOREVER if value is None else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None or value.year == FOREVER.year else value
