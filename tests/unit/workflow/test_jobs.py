"""Jobs: written with the step that wants them, claimed once, finished only by who holds the newest claim."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app import clock
from app.errors import PermanentFailure, TemporaryFailure
from app.worker import claim_one, run, work_off
from app.workflow import incidents, jobs, operations, repairs
from app.workflow.jobs import LeaseLost
from app.workflow.models import Job
from app.workflow.operations import Context, Operation, Outside
from tests.conftest import TestClock

Sessions = sessionmaker[Session]
LEASE = timedelta(seconds=30)


def enqueue(sessions: Sessions, key: str, **more: Any) -> None:
    with sessions.begin() as session:
        jobs.enqueue(session, "letters.send", {"to": key}, key=key, **more)


def claim(sessions: Sessions, worker: str = "one", limit: int = 1) -> list[Job]:
    with sessions.begin() as session:
        return jobs.claim(session, worker, LEASE, limit)


def stored(sessions: Sessions, key: str) -> Job:
    with sessions() as session:
        return session.scalars(sa.select(Job).where(Job.key == key)).one()


def outside(act: Any) -> Operation:
    return Operation(
        "letters.send",
        lambda _context, to, answer: {"to": to, "receipt": answer},
        {"to": True},
        outside=Outside(lambda _context, to: f"letter to {to}", act),
    )


def test_a_job_of_a_transaction_that_is_rolled_back_was_never_there(sessions: Sessions) -> None:
    with sessions() as session:
        jobs.enqueue(session, "letters.send", {}, key="a")
        session.rollback()
    assert claim(sessions) == []


def test_a_key_is_written_once(sessions: Sessions) -> None:
    enqueue(sessions, "a")
    enqueue(sessions, "a")
    assert len(claim(sessions, limit=9)) == 1


def test_a_job_is_claimed_once(sessions: Sessions) -> None:
    enqueue(sessions, "a")
    assert [job.attempts for job in claim(sessions)] == [1]
    assert claim(sessions, "two") == []


def test_a_job_of_the_future_waits_for_the_programs_clock(sessions: Sessions, moved_clock: TestClock) -> None:
    enqueue(sessions, "a", due=clock.now() + timedelta(days=365))
    assert claim(sessions) == []
    moved_clock.move(days=365)
    assert len(claim(sessions)) == 1


def test_jobs_of_one_queue_run_one_after_the_other(sessions: Sessions, moved_clock: TestClock) -> None:
    enqueue(sessions, "first", queue="instance")
    enqueue(sessions, "second", queue="instance")
    enqueue(sessions, "other", queue="another")
    held = claim(sessions, limit=9)
    assert [job.key for job in held] == ["first", "other"]
    with sessions.begin() as session:
        jobs.put_off(session, jobs.hold(session, held[0].id, held[0].token), "away")
    assert claim(sessions) == [], "the older one waits for its next attempt and the younger for it"
    moved_clock.move(seconds=10)
    again = claim(sessions)
    with sessions.begin() as session:
        jobs.finish(session, jobs.hold(session, again[0].id, again[0].token), None)
    assert [job.key for job in claim(sessions)] == ["second"]


def test_a_lost_lease_is_an_attempt_and_the_late_holder_changes_nothing(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    enqueue(sessions, "a")
    (late,) = claim(sessions)
    with sessions.begin() as session:
        session.execute(sa.update(Job).values(lease_until=jobs.lease_clock(session) - timedelta(seconds=1)))
    (newer,) = claim(sessions, "two")
    assert (newer.attempts, newer.token) == (2, 2)
    with pytest.raises(LeaseLost), sessions.begin() as session:
        jobs.hold(session, late.id, late.token)
    with sessions.begin() as session:
        assert jobs.renew(session, {late.id: late.token}, LEASE) == {late.id}
        jobs.finish(session, jobs.hold(session, newer.id, newer.token), {"ok": True})
    assert stored(sessions, "a").outcome == "done"


def test_an_operation_acts_between_two_transactions_and_its_result_is_kept(sessions: Sessions) -> None:
    acted: list[tuple[str, str]] = []

    def act(request: str, key: str) -> str:
        acted.append((request, key))
        return "250 OK"

    operations.register(outside(act))
    enqueue(sessions, "anna")
    assert work_off(sessions) == 1
    job = stored(sessions, "anna")
    assert acted == [("letter to anna", "anna")]
    assert (job.outcome, job.receipt) == ("done", {"to": "anna", "receipt": "250 OK"})


def test_a_passing_failure_is_tried_again_with_growing_pauses(sessions: Sessions, moved_clock: TestClock) -> None:
    refusals = iter(["451", "452", ""])

    def act(_request: str, _key: str) -> str:
        if refusal := next(refusals):
            raise TemporaryFailure(refusal)
        return "250 OK"

    operations.register(outside(act))
    enqueue(sessions, "a")
    pauses = []
    while stored(sessions, "a").outcome is None:
        work_off(sessions)
        pauses.append((stored(sessions, "a").due - clock.now()).total_seconds())
        moved_clock.set(max(clock.now(), stored(sessions, "a").due))
    assert 3.75 <= pauses[0] <= 6.25
    assert 15 <= pauses[1] <= 25
    assert stored(sessions, "a").attempts == 3


def test_a_job_that_never_succeeds_is_given_up_and_a_person_can_retry_it(
    sessions: Sessions, moved_clock: TestClock
) -> None:
    works = False

    def act(_request: str, _key: str) -> str:
        if not works:
            raise TemporaryFailure("no route")
        return "250 OK"

    operations.register(outside(act))
    enqueue(sessions, "a")
    for _attempt in range(20):
        work_off(sessions)
        moved_clock.move(hours=8)
    dead = stored(sessions, "a")
    assert (dead.outcome, dead.attempts) == ("dead", 12)
    with sessions.begin() as session:
        (incident,) = incidents.listed(session)
        assert "no route" in incident.detail
        works = True
        repairs.retry(session, incident.id, "olga")
    work_off(sessions)
    done = stored(sessions, "a")
    assert done.outcome == "done"
    assert done.id > dead.id, "a late holder of the dead job cannot meet the new one under its number"
    with sessions() as session:
        assert incidents.listed(session) == []


def test_a_permanent_failure_is_not_tried_again(sessions: Sessions) -> None:
    def act(_request: str, _key: str) -> str:
        raise PermanentFailure("550 no such user", "no_user")

    operations.register(outside(act))
    enqueue(sessions, "a")
    work_off(sessions)
    assert (stored(sessions, "a").outcome, stored(sessions, "a").attempts) == ("dead", 1)


def test_a_fault_of_the_program_rolls_back_what_the_operation_wrote(sessions: Sessions, moved_clock: TestClock) -> None:
    def faulty(context: Context, to: str) -> None:
        jobs.enqueue(context.session, "letters.send", {}, key="written half-way")
        raise KeyError(to)

    operations.register(Operation("letters.send", faulty, {"to": True}))
    enqueue(sessions, "a")
    assert work_off(sessions) == 1
    with sessions() as session:
        assert session.scalars(sa.select(Job.key)).all() == ["a"]
    assert "KeyError" in str(stored(sessions, "a").last_error)


def test_a_job_whose_workers_vanish_every_time_is_given_up(sessions: Sessions) -> None:
    operations.register(outside(lambda _request, _key: "never reached"))
    enqueue(sessions, "poison")
    for _worker in range(12):
        assert claim_one(sessions, "doomed", LEASE) is not None
        with sessions.begin() as session:
            session.execute(sa.update(Job).values(lease_until=jobs.lease_clock(session) - timedelta(seconds=1)))
    last = claim_one(sessions, "careful", LEASE)
    assert last is not None
    run(sessions, last)
    assert stored(sessions, "poison").outcome == "dead"


def test_a_worker_that_stops_gives_back_without_counting(sessions: Sessions) -> None:
    enqueue(sessions, "a")
    (job,) = claim(sessions)
    with sessions.begin() as session:
        jobs.release(session, job.id, job.token)
    (again,) = claim(sessions, "two")
    assert again.attempts == 1


def test_leases_do_not_follow_the_movable_clock(sessions: Sessions, moved_clock: TestClock) -> None:
    enqueue(sessions, "a")
    claim(sessions)
    moved_clock.move(days=3)
    assert claim(sessions, "two") == []


@pytest.mark.parametrize(("attempt", "seconds"), [(1, 5), (2, 20), (3, 80), (8, 21600), (12, 21600)])
def test_pauses_grow_to_six_hours_and_differ_by_chance(attempt: int, seconds: int) -> None:
    drawn = {jobs.pause(attempt).total_seconds() for _ in range(50)}
    assert len(drawn) > 1
    assert all(seconds * 0.75 <= pause <= seconds * 1.25 for pause in drawn)
