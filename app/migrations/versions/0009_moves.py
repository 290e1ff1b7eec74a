"""Moves of instances between releases"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

WAITING = sa.text("outcome IS NULL")


def upgrade() -> None:
    op.create_table(
        "move_batch",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("process", sa.String(), nullable=False),
        sa.Column("from_release_id", sa.String(), nullable=False),
        sa.Column("to_release_id", sa.String(), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["from_release_id"], ["release.id"], name=op.f("fk_move_batch_from_release_id_release")),
        sa.ForeignKeyConstraint(["to_release_id"], ["release.id"], name=op.f("fk_move_batch_to_release_id_release")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_move_batch")),
    )
    op.create_table(
        "instance_move",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("instance_id", sa.String(), nullable=False),
        sa.Column("batch_id", sa.String(), nullable=False),
        sa.Column("from_release_id", sa.String(), nullable=False),
        sa.Column("to_release_id", sa.String(), nullable=False),
        sa.Column("state_before", sa.LargeBinary(), nullable=True),
        sa.Column("rows_before", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by", sa.String(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["move_batch.id"], name=op.f("fk_instance_move_batch_id_move_batch")),
        sa.ForeignKeyConstraint(
            ["from_release_id"], ["release.id"], name=op.f("fk_instance_move_from_release_id_release")
        ),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_instance_move_instance_id_instance")),
        sa.ForeignKeyConstraint(["to_release_id"], ["release.id"], name=op.f("fk_instance_move_to_release_id_release")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instance_move")),
    )
    op.create_index(op.f("ix_instance_move_batch_id"), "instance_move", ["batch_id"], unique=False)
    op.create_index(op.f("ix_instance_move_instance_id"), "instance_move", ["instance_id"], unique=False)
    op.create_table(
        "move_item",
        sa.Column("batch_id", sa.String(), nullable=False),
        sa.Column("instance_id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("remarks", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('moved', 'refused', 'changed', 'over', 'left')", name=op.f("ck_move_item_outcome")
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["move_batch.id"], name=op.f("fk_move_item_batch_id_move_batch")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_move_item_instance_id_instance")),
        sa.PrimaryKeyConstraint("batch_id", "instance_id", name=op.f("pk_move_item")),
    )
    op.create_index(
        "ix_move_item_waiting",
        "move_item",
        ["batch_id"],
        unique=False,
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )


def downgrade() -> None:
    op.drop_table("move_item")
    op.drop_table("instance_move")
    op.drop_table("move_batch")
