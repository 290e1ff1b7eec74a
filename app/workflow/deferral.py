"""Handing jobs to Procrastinate on PostgreSQL: a job there carries nothing but the number of our row.

It is written by Procrastinate's own SQL function in the session of the step, so that both are stored or neither is.
What was lost on the way (a worker killed, a clock moved, a queue that was blocked) is found by `sweep`: a due row that
nobody has claimed is handed over again. At most one job there waits for each row.
"""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.db import is_sqlite
from app.errors import N_, Unavailable
from app.workflow import jobs, standstill

TASK, QUEUE = "coomet.run", "coomet"
AT_ONCE = 200
_WANTED = "unnest(CAST(:ids AS bigint[]), CAST(:moments AS timestamptz[])) AS wanted(id, at)"
_DEFER = sa.text(f"""
    SELECT procrastinate_defer_jobs_v1(array_agg(ROW(
        '{QUEUE}', '{TASK}', 0, NULL, 'coomet-' || wanted.id, jsonb_build_object('job', wanted.id), wanted.at
    )::procrastinate_job_to_defer_v1))
    FROM {_WANTED} WHERE NOT EXISTS (
        SELECT 1 FROM procrastinate_jobs there
        WHERE there.queueing_lock = 'coomet-' || wanted.id AND there.status = 'todo'
    )""")  # noqa: S608 - constants only
_HASTEN = sa.text("""
    UPDATE procrastinate_jobs SET scheduled_at = NULL
    WHERE status = 'todo' AND scheduled_at > now() AND queueing_lock = ANY(:locks)""")
_FORGET = sa.text(
    "DELETE FROM procrastinate_jobs WHERE status NOT IN ('todo', 'doing') OR (status = 'doing' AND worker_id IS NULL)"
)
_LOCK = sa.text("SELECT pg_advisory_xact_lock(hashtext('coomet sweep'))")
_TRY = sa.text("SELECT pg_try_advisory_xact_lock(hashtext('coomet sweep'))")


def is_prepared(connection: sa.Connection) -> bool:
    """Whether Procrastinate's tables are there; `migrate` makes them."""
    return sa.inspect(connection).has_table("procrastinate_jobs")


def defer(session: Session, fresh: Mapping[int, datetime]) -> None:
    """Have the jobs (number -> due by the program's clock) run there at their time."""
    if is_sqlite(session):
        raise Unavailable(N_("Procrastinate works on PostgreSQL only: set DATABASE_URL, or BACKEND to local."))
    if fresh:
        ahead = clock.system() - clock.now()
        now = clock.now()
        moments = [None if due <= now else due + ahead for due in fresh.values()]
        session.execute(_DEFER, {"ids": list(fresh), "moments": moments})


def sweep(session: Session) -> int:
    """Hand over again what is due and unclaimed; 0 also while another worker sweeps. Clears what has ended there."""
    if standstill.is_on(session) or not session.scalar(_TRY):
        return 0
    session.execute(_FORGET)
    return _again(session, jobs.unclaimed(session, AT_ONCE))


def follow(session: Session, queue: str) -> None:
    """One of the queue has ended: its next can be claimed now."""
    session.execute(_LOCK)
    _again(session, jobs.unclaimed(session, 1, queue))


def _again(session: Session, due: Mapping[int, datetime]) -> int:
    if due:
        session.execute(_HASTEN, {"locks": [f"coomet-{number}" for number in due]})
        defer(session, due)
    return len(due)
