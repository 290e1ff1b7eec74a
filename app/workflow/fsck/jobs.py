"""Jobs against their reasons and results (V11–V13)."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.workflow import jobs
from app.workflow.fsck.folding import Fold
from app.workflow.fsck.violation import Violation
from app.workflow.models import Incident, Instance, Job

FORGOTTEN = timedelta(minutes=10)
"""Twenty leases of half a minute: by then some worker must have taken the job of a dead one."""
OUTCOMES = {None, "done", "dead", "cancelled"}


def check(session: Session, told: Mapping[str, Fold]) -> Iterator[Violation]:
    at = jobs.lease_clock(session)
    ended = set(session.scalars(sa.select(Instance.id).where(Instance.ended_at.is_not(None))))
    looked_at = set(session.scalars(sa.select(Incident.job_id).where(Incident.job_id.is_not(None))))
    for job in session.scalars(sa.select(Job).order_by(Job.id).execution_options(yield_per=1000)):
        where, fold = f"job {job.id}", told.get(job.instance_id or "", Fold())
        if job.outcome not in OUTCOMES or (job.outcome is None) != (job.finished_at is None):
            yield Violation("V11", where, f"outcome {job.outcome}, finished {job.finished_at}")
        if job.call is not None:
            yield from _call(where, job, fold)
        if job.outcome is None and job.lease_until is not None and job.lease_until < at - FORGOTTEN:
            yield Violation("V12", where, f"its lease ended at {job.lease_until}")
        if job.attempts > job.max_attempts + 1:
            yield Violation("V12", where, f"{job.attempts} attempts of {job.max_attempts}")
        if job.outcome == "dead" and job.id not in looked_at and job.call not in fold.answered:
            yield Violation("V12", where, "it was given up, and nobody was told")
        if job.outcome is None and job.call is not None and job.instance_id in ended:
            yield Violation("V13", where, "its instance has ended")


def _call(where: str, job: Job, fold: Fold) -> Iterator[Violation]:
    if job.call not in fold.asked:
        yield Violation("V11", where, "no step asked for it")
    if job.outcome == "done" and job.call not in fold.answered:
        yield Violation("V11", where, "it is done, but no step took its answer")
