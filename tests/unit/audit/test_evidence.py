"""Recording and reading: chains without gaps, few statements, personal data apart from the chain."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app.audit import erasure, evidence
from app.audit.evidence import Entry
from app.audit.history import history, merged_history
from app.audit.kinds import Kind
from app.audit.models import EventRow, PersonalRow
from app.audit.verification import verify, verify_all
from tests.conftest import TestClock
from tests.unit.conftest import Counting

STEP = [
    Entry("instance", "i1", Kind.TASK_COMPLETED, "p1", {"task": "t1", "submission": "s1"}),
    Entry("instance", "i1", Kind.TASK_OPENED, "system:engine", {"task": "t2"}),
    Entry("instance", "i1", Kind.DEADLINE_SET, "system:engine", {"task": "t2", "due": "2026-12-01"}),
    Entry("instance", "i1", Kind.JOB_ENQUEUED, "system:engine", {"job": "j1"}),
    Entry("instance", "i1", Kind.TIMER_FIRED, "system:engine", {"timer": "x"}),
]


def test_an_event_says_what_was_recorded(session: Session, moved_clock: TestClock) -> None:
    made = evidence.record(session, "instance", "i1", Kind.INSTANCE_STARTED, "p1", {"process": "creation", "№": 1})
    (read,) = history(session, "instance", "i1").events
    assert read == made
    assert (read.n, read.at, read.actor, read.kind) == (1, moved_clock.moment, "p1", Kind.INSTANCE_STARTED)
    assert read.body == {"process": "creation", "№": 1}
    assert read.personal is None
    assert not read.erased


@pytest.mark.requirement("X-3")
def test_a_step_of_an_instance_needs_two_statements(session: Session, statements: Counting) -> None:
    evidence.record(session, "instance", "i1", Kind.INSTANCE_STARTED, "p1")
    with statements() as sent:
        evidence.many(session, STEP)
    assert len(sent) == 2, sent
    assert [event.n for event in history(session, "instance", "i1").events] == [6, 5, 4, 3, 2, 1]
    assert verify(session, "instance", "i1") == []


def test_streams_are_numbered_apart_and_written_in_one_call(session: Session, statements: Counting) -> None:
    both = [
        Entry("instance", "i1", Kind.TASK_COMPLETED, "p1"),
        Entry("register", "courses", Kind.COURSE_CHANGED, "p1"),
        Entry("instance", "i1", Kind.TASK_OPENED, "p1"),
    ]
    evidence.many(session, both)
    with statements() as sent:
        made = evidence.many(session, both)
    assert [(event.stream_kind, event.n) for event in made] == [("instance", 3), ("register", 2), ("instance", 4)]
    assert len(sent) <= 3  # one more only to lock the shared stream on PostgreSQL
    assert verify_all(session) == []


def test_nothing_to_record_is_nothing(session: Session) -> None:
    assert evidence.many(session, []) == []


def test_an_unknown_kind_of_stream_is_a_fault(session: Session) -> None:
    with pytest.raises(ValueError, match="no kind of stream"):
        evidence.record(session, "course", "c1", Kind.COURSE_CHANGED, "p1")  # type: ignore[arg-type]  # on purpose


def test_events_vanish_with_their_transaction(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        evidence.record(session, "instance", "i1", Kind.INSTANCE_STARTED, "p1")
        session.rollback()
    with sessions.begin() as session:
        assert evidence.record(session, "instance", "i1", Kind.INSTANCE_STARTED, "p2").n == 1


def test_history_comes_in_pages(session: Session) -> None:
    for number in range(7):
        evidence.record(session, "instance", "i1", Kind.TASK_OPENED, "p1", {"number": number})
        evidence.record(session, "instance", "other", Kind.TASK_OPENED, "p1")
    numbers, before = [], None
    for length in (3, 3, 1):
        page = history(session, "instance", "i1", before=before, limit=3)
        assert len(page.events) == length
        numbers += [event.body["number"] for event in page.events]
        before = page.before
    assert numbers == [6, 5, 4, 3, 2, 1, 0]
    assert before is None


def test_histories_merge_in_the_order_of_writing(session: Session) -> None:
    evidence.record(session, "register", "course-1", Kind.COURSE_REGISTERED, "p1")
    evidence.record(session, "instance", "i1", Kind.INSTANCE_STARTED, "p1")
    evidence.record(session, "register", "course-1", Kind.COURSE_CHANGED, "p1")
    evidence.record(session, "instance", "foreign", Kind.INSTANCE_STARTED, "p1")
    streams: list[evidence.Stream] = [("register", "course-1"), ("instance", "i1")]
    kinds = [event.kind for event in merged_history(session, streams).events]
    assert kinds == [Kind.COURSE_CHANGED, Kind.INSTANCE_STARTED, Kind.COURSE_REGISTERED]
    assert merged_history(session, []).events == ()
    assert len(merged_history(session).events) == 4
    assert len(merged_history(session, kinds=[Kind.INSTANCE_STARTED]).events) == 2


def test_personal_data_can_be_erased_and_the_chain_stays(session: Session) -> None:
    data = {"name": "Анна Иванова", "email": "anna@example.by"}
    evidence.record(session, "person", "p1", Kind.PERSON_CREATED, "p0", {"organisation": "o"}, data)
    evidence.record(session, "instance", "i1", Kind.TASK_COMPLETED, "p1", {"task": "t"}, {"name": "Анна"}, about="p1")
    evidence.record(session, "person", "p2", Kind.PERSON_CREATED, "p0", {}, {"name": "Пётр"})
    assert history(session, "person", "p1").events[0].personal == data
    assert "Анна" not in "".join(session.scalars(sa.select(EventRow.body)))

    assert erasure.forget(session, "p1") == 2

    (event,) = history(session, "person", "p1").events
    assert event.erased
    assert event.commitment is not None
    assert list(session.scalars(sa.select(PersonalRow.about))) == ["p2"]
    assert verify_all(session) == []


def test_every_kind_reads_subject_and_action() -> None:
    for kind in Kind:
        subject, action = kind.value.split(":")
        assert subject.replace("_", "").isalpha()
        assert action.replace("_", "").isalpha()
