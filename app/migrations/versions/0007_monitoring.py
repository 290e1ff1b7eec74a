"""Monitoring"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "annual_report",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("meeting_on", sa.Date(), nullable=False),
        sa.Column("meeting_ru", sa.String(), nullable=False),
        sa.Column("meeting_en", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("words_ru", sa.String(), nullable=False),
        sa.Column("words_en", sa.String(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by", sa.String(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('planned', 'prepared', 'sent', 'withdrawn')", name=op.f("ck_annual_report_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annual_report")),
        sa.UniqueConstraint("number", name=op.f("uq_annual_report_number")),
    )
    with op.batch_alter_table("annual_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_annual_report_meeting_on"), ["meeting_on"], unique=False)

    op.create_table(
        "course_module",
        sa.Column("course_id", sa.String(), nullable=False),
        sa.Column("cmid", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("tracked", sa.Boolean(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_module_course_id_course")),
        sa.PrimaryKeyConstraint("course_id", "cmid", name=op.f("pk_course_module")),
    )
    op.create_table(
        "learner_attempt",
        sa.Column("course_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("cmid", sa.BigInteger(), nullable=False),
        sa.Column("ident", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("grade", sa.Double(), nullable=True),
        sa.Column("highest", sa.Double(), nullable=True),
        sa.Column("answers", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_learner_attempt_course_id_course")),
        sa.PrimaryKeyConstraint("course_id", "user_id", "cmid", "ident", name=op.f("pk_learner_attempt")),
    )
    op.create_table(
        "learner_module",
        sa.Column("course_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("cmid", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_learner_module_course_id_course")),
        sa.PrimaryKeyConstraint("course_id", "user_id", "cmid", name=op.f("pk_learner_module")),
    )
    with op.batch_alter_table("learner_module", schema=None) as batch_op:
        batch_op.create_index("ix_learner_module_course_id_cmid", ["course_id", "cmid", "state"], unique=False)

    op.create_table(
        "log_import",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("course_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("day_first", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("layout", sa.Text(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("trouble", sa.String(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'reading', 'done', 'refused')", name=op.f("ck_log_import_state")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_log_import_course_id_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_import")),
    )
    with op.batch_alter_table("log_import", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_log_import_course_id"), ["course_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_log_import_sha256"), ["sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_log_import_state"), ["state"], unique=False)

    op.create_table(
        "monitored_course",
        sa.Column("course_id", sa.String(), nullable=False),
        sa.Column("viewer_key", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(), nullable=False),
        sa.Column("reading", sa.String(), nullable=False),
        sa.Column("to_read", sa.Integer(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("learners", sa.Integer(), nullable=False),
        sa.Column("completed", sa.Integer(), nullable=False),
        sa.Column("past", sa.Integer(), nullable=False),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_monitored_course_course_id_course")),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_monitored_course")),
    )
    op.create_table(
        "monitored_learner",
        sa.Column("course_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("search", sa.String(), nullable=False),
        sa.Column("sorting", sa.String(), nullable=False),
        sa.Column("last_access", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("reading", sa.String(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_monitored_learner_course_id_course")),
        sa.PrimaryKeyConstraint("course_id", "user_id", name=op.f("pk_monitored_learner")),
    )
    with op.batch_alter_table("monitored_learner", schema=None) as batch_op:
        batch_op.create_index(
            "ix_monitored_learner_course_id_sorting", ["course_id", "sorting", "user_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_monitored_learner_last_access"), ["last_access"], unique=False)

    op.create_table(
        "view_day",
        sa.Column("course_id", sa.String(), nullable=False),
        sa.Column("cmid", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('student', 'guest', 'other')", name=op.f("ck_view_day_kind")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_view_day_course_id_course")),
        sa.PrimaryKeyConstraint("course_id", "cmid", "day", "kind", name=op.f("pk_view_day")),
    )
    op.create_table(
        "viewer_day",
        sa.Column("course_id", sa.String(), nullable=False),
        sa.Column("cmid", sa.BigInteger(), nullable=False),
        sa.Column("viewer", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('student', 'guest', 'other')", name=op.f("ck_viewer_day_kind")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_viewer_day_course_id_course")),
        sa.PrimaryKeyConstraint("course_id", "cmid", "viewer", "day", name=op.f("pk_viewer_day")),
    )
    with op.batch_alter_table("viewer_day", schema=None) as batch_op:
        batch_op.create_index(
            "ix_viewer_day_course_id_kind", ["course_id", "kind", "cmid", "viewer", "day"], unique=False
        )

    op.create_table(
        "log_tally",
        sa.Column("import_id", sa.String(), nullable=False),
        sa.Column("cmid", sa.BigInteger(), nullable=False),
        sa.Column("viewer", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["log_import.id"], name=op.f("fk_log_tally_import_id_log_import")),
        sa.PrimaryKeyConstraint("import_id", "cmid", "viewer", "day", name=op.f("pk_log_tally")),
    )


def downgrade() -> None:

    op.drop_table("log_tally")
    with op.batch_alter_table("viewer_day", schema=None) as batch_op:
        batch_op.drop_index("ix_viewer_day_course_id_kind")

    op.drop_table("viewer_day")
    op.drop_table("view_day")
    with op.batch_alter_table("monitored_learner", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_monitored_learner_last_access"))
        batch_op.drop_index("ix_monitored_learner_course_id_sorting")

    op.drop_table("monitored_learner")
    op.drop_table("monitored_course")
    with op.batch_alter_table("log_import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_log_import_state"))
        batch_op.drop_index(batch_op.f("ix_log_import_sha256"))
        batch_op.drop_index(batch_op.f("ix_log_import_course_id"))

    op.drop_table("log_import")
    with op.batch_alter_table("learner_module", schema=None) as batch_op:
        batch_op.drop_index("ix_learner_module_course_id_cmid")

    op.drop_table("learner_module")
    op.drop_table("learner_attempt")
    op.drop_table("course_module")
    with op.batch_alter_table("annual_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_annual_report_meeting_on"))

    op.drop_table("annual_report")
