"""F08–F12, F31, S70: a platform that loses answers, falls ill, lies, drags, refuses us, or comes back to a crowd."""

import logging
import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.connectors.moodle import Access, Client, Later
from app.connectors.moodle.stand_in import KINDS, MANAGER
from app.connectors.moodle.stand_in.faults import AFTERWARDS
from app.worker import Pace, Worker, work_off
from app.workflow import jobs, operations, repairs
from app.workflow.operations import Operation, Outside
from tests import platform_scene as scene
from tests.conftest import TestClock
from tests.contract import serving
from tests.contract.serving import Site

Sessions = sessionmaker[Session]
CREATE = "core_course_create_courses"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    yield from serving.serve(tmp_path / "platform")


@pytest.fixture
def ours(site: Site) -> Site:
    """The platform of our operations, with little patience."""
    scene.begin(site.client(deadline=1))
    return site


@pytest.mark.requirement("X-4")
@pytest.mark.parametrize("fault", AFTERWARDS)
def test_f08_done_but_not_answered_makes_one_course(
    sessions: Sessions, moved_clock: TestClock, ours: Site, fault: str
) -> None:
    course = scene.course(sessions)
    ours.fail(fault, CREATE, times=1)
    scene.want(sessions, "moodle.create_course", course)
    work_off(sessions)
    for _ in range(3):
        moved_clock.move(hours=1)
        work_off(sessions)
    assert ours.effects("created") == 1
    assert scene.get(sessions, course).platform_id is not None
    assert scene.open_incidents(sessions) == []


def test_f08_three_losses_in_a_row_and_a_killed_worker_make_one_course(
    sessions: Sessions, moved_clock: TestClock, ours: Site
) -> None:
    course = scene.course(sessions)
    scene.perform(sessions, "moodle.create_course", course)
    with sessions.begin() as session:  # as if the worker had been killed before it could keep what it did
        session.get_one(type(scene.get(sessions, course)), course).platform_id = None
    ours.fail("hang", times=3)
    scene.want(sessions, "moodle.create_course", course)
    for _ in range(6):
        work_off(sessions)
        moved_clock.move(hours=6)
    assert ours.effects("created") == 1
    assert scene.get(sessions, course).platform_id is not None


@pytest.mark.requirement("X-4")
@pytest.mark.parametrize("spoilt", [1, 2])
def test_f10_a_course_that_one_of_two_looks_does_not_show_is_still_ours(
    sessions: Sessions, moved_clock: TestClock, ours: Site, spoilt: int
) -> None:
    """Found by 500 kills: with an empty list for the ID number, our own short name was somebody else's."""
    course = scene.course(sessions)
    scene.perform(sessions, "moodle.create_course", course)
    with sessions.begin() as session:  # as if the worker had been killed before it could keep what it did
        session.get_one(type(scene.get(sessions, course)), course).platform_id = None
    ours.fail("empty", "core_course_get_courses_by_field", times=spoilt)
    scene.want(sessions, "moodle.create_course", course)
    for _ in range(3):
        work_off(sessions)
        moved_clock.move(hours=6)
    assert ours.effects("created") == 1
    assert scene.get(sessions, course).platform_id is not None
    assert scene.open_incidents(sessions) == []


@pytest.mark.parametrize("fault", ["unavailable", "busy", "maintenance", "database_away"])
def test_f09_an_outage_is_waited_out_and_nothing_is_lost(
    sessions: Sessions, moved_clock: TestClock, ours: Site, fault: str
) -> None:
    operations.register(Operation("other.work", lambda _context, course: course, {"course": True}))
    courses = [scene.course(sessions, number) for number in range(1, 6)]
    ours.fail(fault)
    scene.want(sessions, "moodle.create_course", *courses)
    scene.want(sessions, "other.work", *courses)
    work_off(sessions)
    told = scene.jobs_of(sessions)
    assert [job.outcome for job in told if job.operation == "other.work"] == ["done"] * 5
    waiting = [job for job in told if job.operation == "moodle.create_course"]
    assert {job.attempts for job in waiting} == {1}
    assert len({job.due for job in waiting}) == 5, "the pauses differ, so that the crowd does not come back at once"
    ours.mend()
    moved_clock.move(minutes=1)
    work_off(sessions)
    assert ours.effects("created") == 5
    assert scene.open_incidents(sessions) == []


def test_f09_a_site_that_is_not_there_becomes_an_incident_after_days_not_at_once(
    sessions: Sessions, moved_clock: TestClock
) -> None:
    scene.begin(Client(Access(f"http://127.0.0.1:{free_port()}", MANAGER, 2, private=True, deadline=1)))
    scene.want(sessions, "moodle.create_course", scene.course(sessions))
    began = moved_clock.moment
    while not scene.open_incidents(sessions):
        work_off(sessions)
        moved_clock.move(hours=1)
    [job] = scene.jobs_of(sessions)
    assert job.attempts == 12
    assert moved_clock.moment - began > timedelta(days=1)


@pytest.mark.parametrize("fault", sorted(set(KINDS) - set(AFTERWARDS)))
def test_f10_no_kind_of_bad_answer_is_taken_for_success(sessions: Sessions, ours: Site, fault: str) -> None:
    course = scene.course(sessions)
    ours.fail(fault)
    for name in ("moodle.create_course", "moodle.inspect"):
        scene.want(sessions, name, course)
    work_off(sessions)
    assert [job.outcome for job in scene.jobs_of(sessions) if job.outcome == "done"] == []
    assert scene.get(sessions, course).platform_id is None
    assert scene.checks(sessions) == 0
    permanent = fault in ("no_errorcode", "exception", "warnings")
    dead = [job.attempts for job in scene.jobs_of(sessions) if job.outcome == "dead"]
    assert dead == ([1, 1] if permanent else []), "what a later try may cure is tried again, the rest is told at once"


@pytest.mark.parametrize(("fault", "seconds"), [("slow", 0.1), ("hang", 60), ("endless", 0)])
def test_f11_a_dragging_or_endless_answer_frees_the_worker_in_time(site: Site, fault: str, seconds: float) -> None:
    site.fail(fault, seconds=seconds)
    began = time.monotonic()
    with pytest.raises(Later):
        site.client(deadline=1, largest=2_000_000).site()
    assert time.monotonic() - began < 2


def test_f11_a_head_that_comes_byte_by_byte_frees_the_worker_in_time() -> None:
    """Every byte comes before the reading would time out: only the total time ends it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_drip, args=(server,), daemon=True).start()
        port = server.getsockname()[1]
        client = Client(Access(f"http://127.0.0.1:{port}", MANAGER, private=True, deadline=1))
        began = time.monotonic()
        with pytest.raises(Later):
            client.site()
        assert time.monotonic() - began < 2


def _drip(server: socket.socket) -> None:
    accepted, _ = server.accept()
    stop = threading.Event()
    with accepted:
        try:
            for byte in b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 10_000:
                accepted.sendall(bytes([byte]))
                stop.wait(0.05)
        except OSError:
            return


@pytest.mark.parametrize("fault", ["expired", "no_right", "services_off", "redirect"])
def test_f12_a_refused_access_is_one_incident_and_few_calls(
    sessions: Sessions, moved_clock: TestClock, ours: Site, fault: str
) -> None:
    operations.register(Operation("other.work", lambda _context, course: course, {"course": True}))
    courses = [scene.course(sessions, number) for number in range(1, 31)]
    ours.fail(fault)
    scene.want(sessions, "moodle.create_course", *courses)
    scene.want(sessions, "other.work", courses[0])
    work_off(sessions)
    [incident] = scene.open_incidents(sessions)
    assert (incident.kind, incident.element, incident.instance_id) == ("system", "moodle", None)
    assert ours.requests <= 2, "one call, and one to ask what is refused"
    waiting = [job for job in scene.jobs_of(sessions) if job.operation == "moodle.create_course"]
    assert {(job.outcome, job.attempts) for job in waiting} == {(None, 0)}
    assert [job.outcome for job in scene.jobs_of(sessions) if job.operation == "other.work"] == ["done"]
    ours.mend()
    work_off(sessions)
    assert ours.effects("created") == 0, "nothing goes on before a person has looked"
    with sessions.begin() as session:
        repairs.retry(session, incident.id, "operator")
    work_off(sessions)
    moved_clock.move(hours=1)  # a call that a busy machine answered too late is made again
    work_off(sessions)
    assert ours.effects("created") == 30
    assert scene.open_incidents(sessions) == []


def test_f12_retried_too_early_it_is_one_incident_again(sessions: Sessions, ours: Site) -> None:
    ours.fail("expired")
    scene.want(sessions, "moodle.create_course", *(scene.course(sessions, number) for number in range(1, 11)))
    for _ in range(3):
        work_off(sessions)
        [incident] = scene.open_incidents(sessions)
        with sessions.begin() as session:
            repairs.retry(session, incident.id, "operator")
    work_off(sessions)
    assert len(scene.open_incidents(sessions)) == 1
    assert ours.requests == 4


class _Counted:
    """An outside system that counts how many come at a time."""

    def __init__(self, wanted: int) -> None:
        self.wanted = wanted
        self.now = self.peak = self.done = 0
        self.lock = threading.Lock()
        self.all_done = threading.Event()

    def act(self, request: Any, _key: str) -> Any:
        with self.lock:
            self.now += 1
            self.peak = max(self.peak, self.now)
        threading.Event().wait(0.001)
        with self.lock:
            self.now -= 1
            self.done += 1
            if self.done >= self.wanted:
                self.all_done.set()
        return request


def test_f31_a_thousand_due_at_once_never_exceed_what_the_system_takes(sessions: Sessions) -> None:
    """Two workers of four threads each, as on two machines, until a part is done; the limit holds over all of them."""
    counted = _Counted(150)
    outside = Outside(lambda _context, n: n, counted.act)
    kept = {"n": True}
    counting = Operation(
        "moodle.counted", lambda _context, n, answer: n + answer, kept, outside=outside, system="moodle", at_a_time=2
    )
    operations.register(counting)
    with sessions.begin() as session:
        wanted = [jobs.Wanted("moodle.counted", {"n": n}, f"key-{n}") for n in range(1000)]
        jobs.enqueue_all(session, wanted)
    workers = [Worker(sessions, Pace(lease=30, poll=0.2, threads=4)) for _ in range(2)]
    for worker in workers:
        worker.start()
    assert counted.all_done.wait(120)
    for worker in workers:
        assert worker.stop()
    print(f"F31: 1000 jobs due, 8 threads, {counted.done} done, peak {counted.peak} of 2")
    assert counted.peak <= 2
    assert [job.outcome for job in scene.jobs_of(sessions)].count("done") == counted.done
    assert scene.open_incidents(sessions) == []


def test_s70_the_token_is_in_no_log_no_row_no_message(
    sessions: Sessions, ours: Site, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    course = scene.course(sessions)
    for number, fault in enumerate(KINDS):
        ours.mend() if number else None
        ours.fail(fault, seconds=0.1 if fault == "slow" else 30)
        with sessions.begin() as session:
            jobs.enqueue(session, "moodle.create_course", {"course": course}, key=f"try-{fault}")
        work_off(sessions)
    told = [job.last_error or "" for job in scene.jobs_of(sessions)]
    told += [f"{one.detail}{one.message_en}" for one in scene.open_incidents(sessions)]
    told += [caplog.text, repr(ours.client()), repr(ours.client().access)]
    assert len(told) > len(KINDS)
    assert not any(MANAGER in text or "a secret of the stand-in" in text for text in told)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
