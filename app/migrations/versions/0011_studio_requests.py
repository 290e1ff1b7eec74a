"""Requests to publish"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "studio_request",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("slot", sa.String(), nullable=True),
        sa.Column("draft_id", sa.String(), nullable=True),
        sa.Column("again_id", sa.String(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("on_behalf_of", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("release_id", sa.String(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('approved', 'returned', 'withdrawn')", name=op.f("ck_studio_request_outcome")
        ),
        sa.ForeignKeyConstraint(["draft_id"], ["studio_draft.id"], name=op.f("fk_studio_request_draft_id_studio_draft")),
        sa.ForeignKeyConstraint(["again_id"], ["release.id"], name=op.f("fk_studio_request_again_id_release")),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_studio_request_release_id_release")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_request")),
        sa.UniqueConstraint("slot", name=op.f("uq_studio_request_slot")),
    )
    op.create_table(
        "studio_upload",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_upload")),
    )


def downgrade() -> None:
    op.drop_table("studio_upload")
    op.drop_table("studio_request")
