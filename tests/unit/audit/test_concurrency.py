"""Many writers at once: chains do not fork, and none is lost without its writer knowing."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from app.audit import evidence
from app.audit.evidence import Entry
from app.audit.history import history, merged_history
from app.audit.kinds import Kind
from app.audit.verification import verify_all

WRITERS, ROUNDS = 6, 15


def _at_once(work: Callable[[int], None]) -> list[BaseException]:
    failures: list[BaseException] = []
    barrier = threading.Barrier(WRITERS)

    def run(number: int) -> None:
        try:
            barrier.wait()
            work(number)
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


@pytest.mark.parametrize("stream", [("site", "settings"), ("person", "p1"), ("register", "courses")])
def test_shared_streams_take_all_writers(sessions: sessionmaker[Session], stream: evidence.Stream) -> None:
    def write(number: int) -> None:
        for round_ in range(ROUNDS):
            with sessions.begin() as session:
                evidence.record(session, *stream, Kind.SETTING_CHANGED, f"p{number}", {"round": round_})

    assert _at_once(write) == []
    with sessions() as session:
        assert verify_all(session) == []
        events = history(session, *stream, limit=1000).events
    assert len(events) == WRITERS * ROUNDS
    for number in range(WRITERS):  # everyone's own events in the order in which they were written
        own = [event.body["round"] for event in reversed(events) if event.actor == f"p{number}"]
        assert own == list(range(ROUNDS))


def test_two_shared_streams_in_either_order_do_not_block_each_other_for_ever(sessions: sessionmaker[Session]) -> None:
    def write(number: int) -> None:
        entries = [Entry("site", "a", Kind.SETTING_CHANGED, "p"), Entry("person", "b", Kind.PERSON_CHANGED, "p")]
        for _ in range(ROUNDS):
            with sessions.begin() as session:
                evidence.many(session, entries[:: 1 if number % 2 else -1])

    assert _at_once(write) == []
    with sessions() as session:
        assert verify_all(session) == []


def test_an_instance_written_without_its_lock_does_not_fork(sessions: sessionmaker[Session]) -> None:
    """A caller that forgot to lock the instance gets an error from the database, and the chain is whole."""
    done: list[int] = []
    refused: list[int] = []

    def write(number: int) -> None:
        for round_ in range(ROUNDS):
            try:
                with sessions.begin() as session:
                    evidence.record(session, "instance", "i1", Kind.TASK_OPENED, "p", {"n": [number, round_]})
                    evidence.record(session, "instance", "i1", Kind.TASK_CLAIMED, "p", {"n": [number, round_]})
                done.append(number)
            except IntegrityError:
                refused.append(number)

    assert _at_once(write) == []
    with sessions() as session:
        assert verify_all(session) == []
        events = merged_history(session, limit=1000).events
    assert len(events) == 2 * len(done)
    assert len(done) + len(refused) == WRITERS * ROUNDS
    assert len(done) >= ROUNDS
