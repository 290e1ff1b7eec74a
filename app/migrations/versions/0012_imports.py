"""Reports brought by hand, and imports that can be taken back"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

STATES_BEFORE = ("waiting", "reading", "done", "refused")
STATES_NOW = (*STATES_BEFORE, "leaving", "taken_back", "replaced")
REPORTS = ("log", "progress", "completion", "overview", "responses")


def upgrade() -> None:
    with op.batch_alter_table("log_import", schema=None) as batch_op:
        batch_op.add_column(sa.Column("report", sa.String(), server_default="log", nullable=False))
        batch_op.add_column(sa.Column("cmid", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("kept", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_check_constraint(op.f("ck_log_import_report"), _one_of("report", REPORTS))
    _allow(STATES_NOW)
    op.create_table(
        "brought_row",
        sa.Column("import_id", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["log_import.id"], name=op.f("fk_brought_row_import_id_log_import")),
        sa.PrimaryKeyConstraint("import_id", "place", name=op.f("pk_brought_row")),
    )
    with op.batch_alter_table("brought_row", schema=None) as batch_op:
        batch_op.create_index("ix_brought_row_import_id_person", ["import_id", "person"], unique=False)
    # What was imported before stays as one whole, so that a later import can be taken back without losing it.
    op.execute(
        "INSERT INTO log_tally (import_id, cmid, viewer, day, kind, views) "
        "SELECT i.id, v.cmid, v.viewer, v.day, v.kind, v.views FROM viewer_day v "
        "JOIN log_import i ON i.course_id = v.course_id "
        "WHERE i.id = (SELECT max(j.id) FROM log_import j WHERE j.course_id = v.course_id AND j.state = 'done')"
    )


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _allow(states: tuple[str, ...]) -> None:
    with op.batch_alter_table("log_import", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_log_import_state"), type_="check")
        batch_op.create_check_constraint(op.f("ck_log_import_state"), _one_of("state", states))


def downgrade() -> None:
    op.drop_table("brought_row")
    op.execute("DELETE FROM log_tally WHERE import_id IN (SELECT id FROM log_import WHERE ended_at IS NOT NULL)")
    op.execute("DELETE FROM log_import WHERE report <> 'log' OR state IN ('leaving', 'taken_back', 'replaced')")
    _allow(STATES_BEFORE)
    with op.batch_alter_table("log_import", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_log_import_report"), type_="check")
        batch_op.drop_column("kept")
        batch_op.drop_column("cmid")
        batch_op.drop_column("report")
