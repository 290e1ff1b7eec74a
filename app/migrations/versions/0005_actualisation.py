"""Actualisation and annulment"""

import sqlalchemy as sa
from alembic import op

from app.audit.append_only import statements

GUARDED = (
    ("check_conclusion", [("check_id", "part")], False),
    ("body_decision", [("id",), ("number",), ("course_id", "position")], False),
)
"""Table, its keys, whether rows may be deleted."""
STAGES_BEFORE = (
    "stage IN ('registered', 'agreement', 'agreed', 'handed_over', 'preparation', 'submitted', 'rework', 'approved', "
    "'published', 'withdrawn')"
)
STAGES_NOW = STAGES_BEFORE.replace("'withdrawn')", "'withdrawn', 'annulled')")

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "topicality_check",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("course_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("instance_id", sa.String(), nullable=True),
        sa.Column("begun_by", sa.String(), nullable=False),
        sa.Column("early_reason", sa.String(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("result IN ('', 'topical', 'updated', 'annulled')", name=op.f("ck_topicality_check_result")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_topicality_check_course_id_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topicality_check")),
        sa.UniqueConstraint("course_id", "number", name=op.f("uq_topicality_check_course_id_number")),
    )
    with op.batch_alter_table("topicality_check", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_topicality_check_course_id"), ["course_id"], unique=False)
        batch_op.create_index(
            "one_open_check",
            ["course_id"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "body_decision",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("course_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("check_id", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("meeting", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("minutes_id", sa.String(), nullable=True),
        sa.Column("header", sa.Text(), nullable=False),
        sa.Column("recommendation", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("act IN ('annul', 'update', 'keep')", name=op.f("ck_body_decision_act")),
        sa.ForeignKeyConstraint(
            ["check_id"], ["topicality_check.id"], name=op.f("fk_body_decision_check_id_topicality_check")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_body_decision_course_id_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body_decision")),
        sa.UniqueConstraint("course_id", "position", name=op.f("uq_body_decision_course_id_position")),
        sa.UniqueConstraint("number", name=op.f("uq_body_decision_number")),
    )
    with op.batch_alter_table("body_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_body_decision_check_id"), ["check_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_body_decision_course_id"), ["course_id"], unique=False)

    op.create_table(
        "check_conclusion",
        sa.Column("check_id", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("outcome IN ('topical', 'update', 'obsolete')", name=op.f("ck_check_conclusion_outcome")),
        sa.CheckConstraint("part IN ('secretariat', 'tc4', 'coordinator')", name=op.f("ck_check_conclusion_part")),
        sa.ForeignKeyConstraint(
            ["check_id"], ["topicality_check.id"], name=op.f("fk_check_conclusion_check_id_topicality_check")
        ),
        sa.PrimaryKeyConstraint("check_id", "part", name=op.f("pk_check_conclusion")),
    )
    op.create_table(
        "edition",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("course_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("check_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("description_ru", sa.Text(), nullable=False),
        sa.Column("description_en", sa.Text(), nullable=False),
        sa.Column("version_id", sa.String(), nullable=True),
        sa.Column("editorial", sa.Boolean(), nullable=False),
        sa.Column("waived_by", sa.String(), nullable=True),
        sa.Column("waiver_reason", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approval_id", sa.String(), nullable=True),
        sa.Column("in_force_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('preparing', 'submitted', 'approved', 'in_force', 'dropped')", name=op.f("ck_edition_state")
        ),
        sa.ForeignKeyConstraint(
            ["check_id"], ["topicality_check.id"], name=op.f("fk_edition_check_id_topicality_check")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_edition_course_id_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("course_id", "number", name=op.f("uq_edition_course_id_number")),
    )
    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_edition_course_id"), ["course_id"], unique=False)

    op.create_table(
        "annulment",
        sa.Column("course_id", sa.String(), nullable=False),
        sa.Column("decision_id", sa.String(), nullable=False),
        sa.Column("annulled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_by", sa.String(), nullable=True),
        sa.Column("told_note", sa.String(), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("portal_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_annulment_course_id_course")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["body_decision.id"], name=op.f("fk_annulment_decision_id_body_decision")
        ),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_annulment")),
    )
    with op.batch_alter_table("course", schema=None) as batch_op:
        batch_op.add_column(sa.Column("check_due", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("annulled_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_course_check_due"), ["check_due"], unique=False)
    allow_stages(STAGES_NOW)
    dialect = op.get_bind().dialect.name
    for table, keys, deletable in GUARDED:
        for statement in statements(dialect, table, *keys, deletable=deletable):
            op.execute(statement)


def allow_stages(condition: str) -> None:
    with op.batch_alter_table("course") as batch_op:
        batch_op.drop_constraint(op.f("ck_course_stage"), type_="check")
        batch_op.create_check_constraint(op.f("ck_course_stage"), condition)


def downgrade() -> None:
    op.execute("UPDATE course SET stage = 'withdrawn' WHERE stage = 'annulled'")
    allow_stages(STAGES_BEFORE)
    with op.batch_alter_table("course", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_course_check_due"))
        batch_op.drop_column("annulled_at")
        batch_op.drop_column("check_due")

    op.drop_table("annulment")
    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_edition_course_id"))

    op.drop_table("edition")
    op.drop_table("check_conclusion")
    with op.batch_alter_table("body_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_body_decision_course_id"))
        batch_op.drop_index(batch_op.f("ix_body_decision_check_id"))

    op.drop_table("body_decision")
    with op.batch_alter_table("topicality_check", schema=None) as batch_op:
        batch_op.drop_index(
            "one_open_check", sqlite_where=sa.text("closed_at IS NULL"), postgresql_where=sa.text("closed_at IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_topicality_check_course_id"))

    op.drop_table("topicality_check")
