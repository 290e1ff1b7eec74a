"""F18, F19, F20: two people, two clicks, several workers at once. One effect each."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from app.db import new_id, transaction
from app.errors import Conflict
from app.worker import claim_one, fire_one, run
from app.workflow import instances, jobs, operations, tasks
from app.workflow.models import Job, Submission, Task, Timer
from app.workflow.operations import Operation, Outside
from app.workflow.tasks import Completion
from tests.conftest import TestClock
from tests.diagrams import diagram, timer, user
from tests.scene import Scene

ROUNDS = 200
TIMERS = 1000
ONE = diagram("one", user("first"), user("second"), flows="start first; first second; second end")


def many(scene: Scene, process: str, number: int) -> None:
    """That many instances, in a few transactions."""
    for _ in range(number // 100):
        with scene.sessions.begin() as session:
            for _instance in range(100):
                instances.start(session, scene.release_id, process, {}, "system:test")


def together(*deeds: Callable[[], object]) -> list[object]:
    """Run them at the same moment; their results, or what they raised."""
    barrier = threading.Barrier(len(deeds))
    results: list[object] = [None] * len(deeds)

    def act(index: int, deed: Callable[[], object]) -> None:
        barrier.wait()
        try:
            results[index] = deed()
        except Exception as error:
            results[index] = error

    threads = [threading.Thread(target=act, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def completing(scene: Scene, who: str, task_id: str, nonce: str) -> Callable[[], Completion]:
    actor = scene.actor(who)

    def deed() -> Completion:
        with transaction(scene.sessions) as session:
            return tasks.complete(session, actor, task_id, {"note": who}, nonce=nonce, revision=0)

    return deed


def open_tasks(scene: Scene) -> list[str]:
    with scene.sessions() as session:
        return list(session.scalars(sa.select(Task.id).where(Task.closed_at.is_(None)).order_by(Task.id)))


def test_of_two_people_one_completes_and_the_other_is_told(scene: Scene) -> None:
    scene.publish(one=ONE)
    many(scene, "one", ROUNDS)
    for task_id in open_tasks(scene):
        results = together(*(completing(scene, who, task_id, new_id()) for who in ("anna", "boris")))
        assert sorted(type(one).__name__ for one in results) == ["Completion", "Conflict"]
    with scene.sessions() as session:
        sent = sa.select(sa.func.count(Submission.id))
        assert session.scalar(sent) == ROUNDS
        assert session.scalar(sa.select(sa.func.count(Task.id)).where(Task.element == "second")) == ROUNDS


def test_a_double_click_has_one_effect_and_one_answer(scene: Scene) -> None:
    scene.publish(one=ONE)
    many(scene, "one", 100)
    for task_id in open_tasks(scene):
        nonce = new_id()
        first, second = together(*(completing(scene, "anna", task_id, nonce) for _click in range(2)))
        assert isinstance(first, Completion)
        assert isinstance(second, Completion)
        assert first.submission_id == second.submission_id
        assert {first.repeated, second.repeated} == {True, False}


def test_claiming_at_once_gives_the_task_to_one(scene: Scene) -> None:
    scene.publish(one=ONE)
    many(scene, "one", 100)

    def claiming(who: str, task_id: str) -> Callable[[], object]:
        actor = scene.actor(who)

        def deed() -> object:
            with transaction(scene.sessions) as session:
                return tasks.claim(session, actor, task_id)

        return deed

    for task_id in open_tasks(scene)[:50]:
        results = together(claiming("anna", task_id), claiming("boris", task_id))
        assert sum(isinstance(one, Conflict) for one in results) == 1


def test_four_workers_fire_each_of_a_thousand_timers_once(scene: Scene, moved_clock: TestClock) -> None:
    waits = diagram(
        "waits", timer("pause", "duration", "PT1H"), user("work"), flows="start pause; pause work; work end"
    )
    scene.publish(waits=waits)
    many(scene, "waits", TIMERS)
    moved_clock.move(hours=1)

    def firing() -> int:
        """As a worker's loop does it: a database that is too busy is asked again."""
        fired, refused = 0, 0
        while refused < 20:
            try:
                if not fire_one(scene.sessions):
                    break
                fired += 1
            except OperationalError:
                refused += 1
        return fired

    fired = together(*[firing] * 4)
    assert [type(one) for one in fired] == [int] * 4, fired
    assert sum(one for one in fired if isinstance(one, int)) == TIMERS
    with scene.sessions() as session:
        assert session.scalar(sa.select(sa.func.count(Timer.id))) == 0
        assert session.scalar(sa.select(sa.func.count(Task.id))) == TIMERS


@pytest.mark.parametrize("number", [300])
def test_four_workers_run_each_job_once(scene: Scene, number: int) -> None:
    acted: list[str] = []
    outside = Outside(lambda _context: "", lambda _request, key: acted.append(key))
    operations.register(Operation("world.ask", lambda _context, answer: answer, outside=outside))
    with scene.sessions.begin() as session:
        for index in range(number):
            jobs.enqueue(session, "world.ask", {}, key=f"job-{index}", queue=f"queue-{index % 40}")

    def working(name: str) -> Callable[[], None]:
        def deed() -> None:
            empty = 0
            while empty < 3:
                job = claim_one(scene.sessions, name, timedelta(minutes=1))
                if job is None:
                    empty += 1 if all_taken(scene.sessions) else 0
                else:
                    run(scene.sessions, job)

        return deed

    assert together(*(working(f"worker-{index}") for index in range(4))) == [None] * 4
    assert sorted(acted) == sorted(f"job-{index}" for index in range(number))
    with scene.sessions() as session:
        finished = session.scalars(sa.select(Job).where(Job.queue == "queue-7").order_by(Job.finished_at)).all()
    assert [job.id for job in finished] == sorted(job.id for job in finished), "a queue is first in, first out"


def all_taken(sessions: sessionmaker[Session]) -> bool:
    with sessions() as session:
        return not session.scalar(sa.select(sa.func.count(Job.id)).where(Job.outcome.is_(None)))
