"""The worker's threads: they wake for new work, share chores, and go on after what they cannot do."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app import clock
from app.config import Config
from app.worker import Pace, Worker, recurring, work_off
from app.workflow import chores, drafts, jobs, operations, repairs, timers, upkeep
from app.workflow.chores import Chore
from app.workflow.models import Chore as ChoreRow
from app.workflow.models import Draft, Job, Timer
from app.workflow.operations import Context, Operation
from tests.conftest import TestClock
from tests.diagrams import diagram, service, timer, user
from tests.scene import Scene

Sessions = sessionmaker[Session]
PATIENCE = 30


def test_a_job_is_begun_as_soon_as_it_is_committed(sessions: Sessions) -> None:
    """Without waiting for the next look, which would be in ten minutes here."""
    done = threading.Event()
    operations.register(Operation("world.ask", lambda _context: done.set()))
    worker = Worker(sessions, Pace(poll=600, grace=5))
    worker.start()
    try:
        threading.Event().wait(0.3)  # until its threads have looked once and found nothing
        with sessions.begin() as session:
            with session.begin_nested():
                jobs.enqueue(session, "world.ask", {}, key="a")
            session.execute(sa.select(1))
        assert done.wait(PATIENCE)
    finally:
        assert worker.stop()


def test_a_chore_is_done_by_one_of_many_and_not_again_before_its_time(sessions: Sessions) -> None:
    times: list[int] = []
    chore = Chore("sweep", timedelta(hours=1), lambda _session: times.append(1))
    with sessions.begin() as session:
        chores.enrol(session, [chore])
    for _worker in range(3):
        with sessions.begin() as session:
            chores.do_due(session, chore)
    assert times == [1]
    with sessions.begin() as session:
        session.execute(sa.update(ChoreRow).values(due=jobs.lease_clock(session)))
        assert chores.do_due(session, chore)
    assert times == [1, 1]


def test_a_chore_that_fails_is_due_again(sessions: Sessions) -> None:
    def fail(_session: Session) -> None:
        raise OSError("no room")

    chore = Chore("sweep", timedelta(hours=1), fail)
    with sessions.begin() as session:
        chores.enrol(session, [chore])
    with pytest.raises(OSError, match="no room"), sessions.begin() as session:
        chores.do_due(session, chore)
    with sessions() as session:
        assert session.get_one(ChoreRow, "sweep").due <= jobs.lease_clock(session)


def test_the_broom_takes_old_done_jobs_and_nothing_that_is_needed(
    sessions: Sessions, moved_clock: TestClock, tmp_path: Path
) -> None:
    operations.register(Operation("world.ask", lambda _context: None))
    with sessions.begin() as session:
        jobs.enqueue(session, "world.ask", {}, key="old")
        jobs.enqueue(session, "world.ask", {}, key="far", due=clock.now() + timedelta(days=800))
        drafts.keep(session, "task:x", "anna", {"note": "half"})
    work_off(sessions)
    with sessions.begin() as session:
        upkeep.clear(session)
        assert len(session.scalars(sa.select(Job)).all()) == 2
    moved_clock.move(days=400)
    with sessions.begin() as session:
        for chore in recurring(Config(mode="test", data_dir=tmp_path)):
            chore.do(session)
        kept = session.scalars(sa.select(Job.key).where(~Job.key.startswith("moodle.site"))).all()
        assert kept == ["far"]
        assert session.scalars(sa.select(Draft)).all() == []


def test_a_timer_that_cannot_fire_is_tried_again_and_then_an_incident(scene: Scene, moved_clock: TestClock) -> None:
    broken = True

    def number(_context: Context) -> str:
        if broken:
            raise KeyError("a fault of the program")
        return "1"

    operations.register(Operation("register.number", number, immediate=True))
    waits = diagram(
        "waits",
        timer("pause", "duration", "PT1H"),
        service("call", "register.number", immediate=True, result="no"),
        user("work"),
        flows="start pause; pause call; call work; work end",
    )
    fine = diagram("fine", timer("rest", "duration", "PT1H"), user("rise"), flows="start rest; rest rise; rise end")
    scene.publish(waits=waits, fine=fine)
    scene.start("anna", "waits")
    scene.start("anna", "fine")
    for _attempt in range(timers.MOST_ATTEMPTS + 1):
        moved_clock.move(hours=2)
        work_off(scene.sessions)
    assert scene.open() == ["rise"], "others are not kept waiting"
    (incident,) = scene.incidents()
    assert incident.kind == "timer"
    broken = False
    with scene.sessions.begin() as session:
        repairs.retry(session, incident.id, "olga")
    work_off(scene.sessions)
    assert scene.open() == ["rise", "work"]
    with scene.sessions() as session:
        assert session.scalars(sa.select(Timer)).all() == []
