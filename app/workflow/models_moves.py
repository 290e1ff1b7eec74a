"""The tables of instances moved from one release to another: what was ordered, what came of it, and the way back."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Json, Model, new_id, partial_index


class MoveBatch(Model):
    """One order to move instances of a procedure; each of them is a job and a transaction of its own."""

    __tablename__ = "move_batch"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    process: Mapped[str]
    from_release_id: Mapped[str] = mapped_column(sa.ForeignKey("release.id"))
    to_release_id: Mapped[str] = mapped_column(sa.ForeignKey("release.id"))
    names: Mapped[list[Any]]
    """[process, old element, new element] of every step that has another id now."""
    note: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]
    """What has not been moved by then is left where it is."""


class MoveItem(Model):
    """One instance of an order."""

    __tablename__ = "move_item"
    batch_id: Mapped[str] = mapped_column(sa.ForeignKey("move_batch.id"), primary_key=True)
    instance_id: Mapped[str] = mapped_column(sa.ForeignKey("instance.id"), primary_key=True)
    revision: Mapped[int]
    """Of the instance in the preview that the order was given on."""
    outcome: Mapped[str | None]
    """None while it waits; moved, refused, changed (it has gone on since the preview), over, left (the order was
    stopped)."""
    remarks: Mapped[list[Any] | None] = mapped_column(Json)
    """[ru, en] of each reason of a refusal."""
    at: Mapped[datetime | None]
    __table_args__ = (
        sa.CheckConstraint("outcome IN ('moved', 'refused', 'changed', 'over', 'left')", name="outcome"),
        partial_index("ix_move_item_waiting", "batch_id", where="outcome IS NULL"),
    )


class InstanceMove(Model):
    """A move that was made, with all that is needed to undo it while the instance has not gone on."""

    __tablename__ = "instance_move"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    instance_id: Mapped[str] = mapped_column(sa.ForeignKey("instance.id"), index=True)
    batch_id: Mapped[str] = mapped_column(sa.ForeignKey("move_batch.id"), index=True)
    from_release_id: Mapped[str] = mapped_column(sa.ForeignKey("release.id"))
    to_release_id: Mapped[str] = mapped_column(sa.ForeignKey("release.id"))
    state_before: Mapped[bytes | None]
    """None once it can be of no use any more: the move is undone."""
    rows_before: Mapped[dict[str, Any]]
    """Rows as they were, of tasks, timers, receivers and incidents that the move has changed; see `moves.rows`."""
    revision: Mapped[int]
    """Of the instance after the move: while it stands there, the move can be undone."""
    by: Mapped[str]
    at: Mapped[datetime]
    undone_by: Mapped[str | None]
    undone_at: Mapped[datetime | None]
