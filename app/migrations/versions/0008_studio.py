"""Studio"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "studio_draft",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("base_release_id", sa.String(), nullable=False),
        sa.Column("slot", sa.String(), nullable=True),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("release_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["base_release_id"], ["release.id"], name=op.f("fk_studio_draft_base_release_id_release")
        ),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_studio_draft_release_id_release")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_draft")),
        sa.UniqueConstraint("slot", name=op.f("uq_studio_draft_slot")),
    )
    op.create_table(
        "studio_file",
        sa.Column("draft_id", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["studio_draft.id"], name=op.f("fk_studio_file_draft_id_studio_draft")),
        sa.PrimaryKeyConstraint("draft_id", "path", name=op.f("pk_studio_file")),
    )
    op.create_table(
        "studio_presence",
        sa.Column("draft_id", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["studio_draft.id"], name=op.f("fk_studio_presence_draft_id_studio_draft")
        ),
        sa.PrimaryKeyConstraint("draft_id", "path", "person_id", name=op.f("pk_studio_presence")),
    )
    op.create_table(
        "studio_version",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("draft_id", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "how IN ('saved', 'restored', 'imported', 'removed', 'aside')", name=op.f("ck_studio_version_how")
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["studio_draft.id"], name=op.f("fk_studio_version_draft_id_studio_draft")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_version")),
    )
    with op.batch_alter_table("studio_version", schema=None) as batch_op:
        batch_op.create_index("ix_studio_version_draft_id_path", ["draft_id", "path", "at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("studio_version", schema=None) as batch_op:
        batch_op.drop_index("ix_studio_version_draft_id_path")
    op.drop_table("studio_version")
    op.drop_table("studio_presence")
    op.drop_table("studio_file")
    op.drop_table("studio_draft")
