"""Tables of the evidence. They are kept small: a finished instance leaves some ten events behind."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from app.audit import append_only
from app.audit.kinds import StreamKind
from app.db import Model

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


class Moment(TypeDecorator[datetime]):
    """Microseconds since 1970 in UTC: a third of the bytes of SQLite's text form, exact on both databases."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else (value - EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else EPOCH + timedelta(microseconds=value)


class StreamRow(Model):
    """One stream of events; events name it by a number so that each is 50 bytes smaller. Its row is also the lock."""

    __tablename__ = "event_stream"
    __table_args__ = (sa.UniqueConstraint("kind", "ident"),)

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    kind: Mapped[StreamKind] = mapped_column(sa.Text)
    ident: Mapped[str]


class EventRow(Model):
    """One event. The hash of its predecessor is not stored twice: it is the `hash` of n - 1 of the same stream."""

    __tablename__ = "event"
    __table_args__ = (sa.UniqueConstraint("stream", "n"),)

    seq: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    """Rises with the order of writing; may have gaps on PostgreSQL, so it proves nothing."""
    stream: Mapped[int] = mapped_column(SERIAL, sa.ForeignKey("event_stream.id"))
    n: Mapped[int]
    """1, 2, 3 … without a gap within the stream."""
    at: Mapped[datetime] = mapped_column(Moment)
    actor: Mapped[str]
    kind: Mapped[str]
    body: Mapped[str]
    """Canonical JSON text, exactly as it was hashed."""
    commitment: Mapped[bytes | None]
    hash: Mapped[bytes]


class PersonalRow(Model):
    """What an event's commitment stands for. Deleting the row erases it; the chain stays valid."""

    __tablename__ = "event_personal"
    __table_args__ = (
        sa.ForeignKeyConstraint(["stream", "n"], ["event.stream", "event.n"]),
        sa.Index(None, "about"),
    )

    stream: Mapped[int] = mapped_column(SERIAL, primary_key=True, autoincrement=False)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    about: Mapped[str | None]
    """Id of the person whose data these are."""
    salt: Mapped[bytes]
    value: Mapped[str]


class LeafRow(Model):
    """Which place an event has among the leaves of the Merkle tree; given by the sealer once the event is committed."""

    __tablename__ = "event_leaf"

    position: Mapped[int] = mapped_column(SERIAL, primary_key=True, autoincrement=False)
    """0, 1, 2 … without a gap; within a stream in the order of its events."""
    seq: Mapped[int] = mapped_column(SERIAL, sa.ForeignKey("event.seq"), unique=True)


class BlockRow(Model):
    """Hash over a full, aligned block of leaves (`checkpoints.BLOCK`): proofs need not read what lies within others."""

    __tablename__ = "event_block"

    number: Mapped[int] = mapped_column(SERIAL, primary_key=True, autoincrement=False)
    hash: Mapped[bytes]


class CheckpointRow(Model):
    """A signed statement about the first `size` leaves. What is signed: `checkpoints.Checkpoint.statement`."""

    __tablename__ = "event_checkpoint"

    size: Mapped[int] = mapped_column(SERIAL, primary_key=True, autoincrement=False)
    root: Mapped[bytes]
    previous: Mapped[bytes]
    """Root of the checkpoint before; empty for the first."""
    at: Mapped[datetime] = mapped_column(Moment)
    key: Mapped[str]
    signature: Mapped[bytes]
    frontier: Mapped[bytes]
    """Hashes of the full subtrees, the largest first: what the next checkpoint goes on from. Not signed."""
    horizon: Mapped[int] = mapped_column(SERIAL)
    """Up to this `seq` every event has its leaf and none can come any more. Not signed."""


class CopyRow(Model):
    """How far the copies outside reach; for the page and for catching up, no evidence itself."""

    __tablename__ = "event_copy"

    place: Mapped[str] = mapped_column(primary_key=True)
    """folder, or mail:<address>"""
    size: Mapped[int] = mapped_column(SERIAL)
    at: Mapped[datetime] = mapped_column(Moment)


append_only.guard(Model.metadata.tables["event_stream"], ("id",), ("kind", "ident"))
append_only.guard(Model.metadata.tables["event"], ("seq",), ("stream", "n"))
append_only.guard(Model.metadata.tables["event_personal"], ("stream", "n"), deletable=True)
append_only.guard(Model.metadata.tables["event_leaf"], ("position",), ("seq",))
append_only.guard(Model.metadata.tables["event_block"], ("number",))
append_only.guard(Model.metadata.tables["event_checkpoint"], ("size",))

TRIGGERS: dict[str, tuple[str, ...]] = {
    dialect: (
        *append_only.statements(dialect, "event_stream", ("id",), ("kind", "ident")),
        *append_only.statements(dialect, "event", ("seq",), ("stream", "n")),
        *append_only.statements(dialect, "event_personal", ("stream", "n"), deletable=True),
    )
    for dialect in ("sqlite", "postgresql")
}
"""For the migration that creates the first three tables: execute all of the dialect's statements after them."""
