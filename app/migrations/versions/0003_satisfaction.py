"""Satisfaction of learners"""

import sqlalchemy as sa
from alembic import op

from app.audit.append_only import statements

CRITERIA = ("practical", "theoretical", "quality", "design")
MARKED = "IN ('excellent', 'good', 'satisfactory', 'unsatisfactory')"

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "questionnaire",
        sa.Column("course_id", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_questionnaire_course_id_course")),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_questionnaire")),
        sa.UniqueConstraint("code", name=op.f("uq_questionnaire_code")),
    )
    op.create_table(
        "survey_answer",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("course_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(criterion, sa.String(), nullable=False) for criterion in CRITERIA),
        sa.Column("comments", sa.Text(), nullable=False),
        sa.Column("participated_from", sa.Date(), nullable=True),
        sa.Column("participated_to", sa.Date(), nullable=True),
        *(
            sa.CheckConstraint(f"{criterion} {MARKED}", name=op.f(f"ck_survey_answer_{criterion}"))
            for criterion in CRITERIA
        ),
        sa.CheckConstraint("participated_to >= participated_from", name=op.f("ck_survey_answer_participated")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_survey_answer_course_id_course")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_survey_answer")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_survey_answer_course_id_day", "survey_answer", ["course_id", "day"], unique=False)
    op.create_index("ix_survey_answer_day", "survey_answer", ["day"], unique=False)
    op.create_table(
        "survey_analysis",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("course_id", sa.String(), nullable=False),
        sa.Column("instance_id", sa.String(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("quarters", sa.Text(), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("comments", sa.Integer(), nullable=False),
        sa.Column("participated_from", sa.Date(), nullable=True),
        sa.Column("participated_to", sa.Date(), nullable=True),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("conclusions", sa.Text(), nullable=False),
        sa.Column("measures", sa.Text(), nullable=False),
        sa.Column("analysed_by", sa.String(), nullable=True),
        sa.Column("analysed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remarks", sa.Text(), nullable=False),
        sa.Column("confirmed_by", sa.String(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("header", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_survey_analysis_course_id_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_analysis")),
        sa.UniqueConstraint("course_id", "last_day", name=op.f("uq_survey_analysis_course_id_last_day")),
        sa.UniqueConstraint("number", name=op.f("uq_survey_analysis_number")),
    )
    op.create_index("ix_survey_analysis_course_id", "survey_analysis", ["course_id"], unique=False)
    op.create_index("ix_survey_analysis_instance_id", "survey_analysis", ["instance_id"], unique=False)
    op.create_index("ix_survey_analysis_last_day", "survey_analysis", ["last_day"], unique=False)
    for statement in statements(op.get_bind().dialect.name, "survey_answer", ("key",)):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("survey_analysis")
    op.drop_table("survey_answer")
    op.drop_table("questionnaire")
