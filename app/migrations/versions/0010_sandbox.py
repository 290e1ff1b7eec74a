"""Runs in the studio's sandbox"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "studio_sandbox",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("process", sa.String(), nullable=False),
        sa.Column("setting", sa.Text(), nullable=False),
        sa.Column("acts", sa.Text(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("begun_by", sa.String(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_sandbox")),
    )
    with op.batch_alter_table("studio_sandbox", schema=None) as batch_op:
        batch_op.create_index("ix_studio_sandbox_at", ["at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("studio_sandbox", schema=None) as batch_op:
        batch_op.drop_index("ix_studio_sandbox_at")
    op.drop_table("studio_sandbox")
