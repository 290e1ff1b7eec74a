"""Access and certificates"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_list",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("course_id", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("grounds", sa.String(), nullable=False),
        sa.Column("confirmation", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("way IN ('key', 'list')", name=op.f("ck_access_list_way")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_access_list_course_id_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_list")),
    )
    with op.batch_alter_table("access_list", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_list_course_id"), ["course_id"], unique=False)

    op.create_table(
        "certificate_batch",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("course_id", sa.String(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("started_by", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_certificate_batch_course_id_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_batch")),
    )
    with op.batch_alter_table("certificate_batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_batch_course_id"), ["course_id"], unique=False)

    op.create_table(
        "certificate_request",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("course_id", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("instance_id", sa.String(), nullable=True),
        sa.Column("learner", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("tests", sa.Text(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("certificate_id", sa.String(), nullable=True),
        sa.Column("batch_id", sa.String(), nullable=True),
        sa.Column("trouble", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('asked', 'waiting', 'refused', 'issued', 'again', 'considered', 'unknown', 'overtaken')",
            name=op.f("ck_certificate_request_state"),
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_certificate_request_course_id_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_request")),
    )
    with op.batch_alter_table("certificate_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_request_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_request_certificate_id"), ["certificate_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_request_course_id"), ["course_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_request_instance_id"), ["instance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_request_learner"), ["learner"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_request_state"), ["state"], unique=False)

    op.create_table(
        "certificate_terms",
        sa.Column("course_id", sa.String(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_certificate_terms_course_id_course")),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_certificate_terms")),
    )
    op.create_table(
        "access_entry",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("list_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("platform_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("letter_id", sa.String(), nullable=True),
        sa.Column("settled_by", sa.String(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'enrolled', 'unknown', 'failed', 'dropped')",
            name=op.f("ck_access_entry_state"),
        ),
        sa.ForeignKeyConstraint(["list_id"], ["access_list.id"], name=op.f("fk_access_entry_list_id_access_list")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_entry")),
        sa.UniqueConstraint("list_id", "position", name=op.f("uq_access_entry_list_id_position")),
    )
    with op.batch_alter_table("access_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_entry_list_id"), ["list_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_access_entry_state"), ["state"], unique=False)

    op.create_table(
        "certificate",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("course_id", sa.String(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("learner", sa.String(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("title_ru", sa.String(), nullable=False),
        sa.Column("title_en", sa.String(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("wording", sa.String(), nullable=False),
        sa.Column("signatory", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_by", sa.String(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content_sha256", sa.String(), nullable=False),
        sa.Column("search", sa.String(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(), nullable=True),
        sa.Column("revocation", sa.String(), nullable=False),
        sa.Column("replaced_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_certificate_course_id_course")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["certificate_request.id"], name=op.f("fk_certificate_request_id_certificate_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("code", name=op.f("uq_certificate_code")),
        sa.UniqueConstraint("course_id", "learner", "edition", name=op.f("uq_certificate_course_id_learner_edition")),
        sa.UniqueConstraint("number", name=op.f("uq_certificate_number")),
        sa.UniqueConstraint("serial", name=op.f("uq_certificate_serial")),
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_course_id"), ["course_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_request_id"), ["request_id"], unique=False)
        batch_op.create_index(
            "ix_certificate_valid",
            ["course_id", "learner"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )

    op.create_table(
        "sealed_key",
        sa.Column("list_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["list_id"], ["access_list.id"], name=op.f("fk_sealed_key_list_id_access_list")),
        sa.PrimaryKeyConstraint("list_id", name=op.f("pk_sealed_key")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.add_column(sa.Column("attached_id", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("secret_id", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_column("secret_id")
        batch_op.drop_column("attached_id")

    op.drop_table("sealed_key")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_certificate_valid",
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_certificate_request_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_course_id"))

    op.drop_table("certificate")
    with op.batch_alter_table("access_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_entry_state"))
        batch_op.drop_index(batch_op.f("ix_access_entry_list_id"))

    op.drop_table("access_entry")
    op.drop_table("certificate_terms")
    with op.batch_alter_table("certificate_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_request_state"))
        batch_op.drop_index(batch_op.f("ix_certificate_request_learner"))
        batch_op.drop_index(batch_op.f("ix_certificate_request_instance_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_request_course_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_request_certificate_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_request_batch_id"))

    op.drop_table("certificate_request")
    with op.batch_alter_table("certificate_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_batch_course_id"))

    op.drop_table("certificate_batch")
    with op.batch_alter_table("access_list", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_list_course_id"))

    op.drop_table("access_list")
