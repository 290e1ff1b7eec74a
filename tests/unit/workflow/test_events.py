"""Domain events start procedures, once; calendar rules are events with a date."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app import worker
from app.errors import PermanentFailure
from app.i18n import Text
from app.workflow import events, happenings, instances, operations, releases
from app.workflow.happenings import Happening
from app.workflow.models import Instance
from tests.conftest import TestClock
from tests.diagrams import diagram, service, start_form, user
from tests.scene import Scene

PUBLISHED = Happening(
    "course.published",
    Text("Курс опубликован", "The course is published"),
    "course",
    Text("Курс", "Course"),
    {"place": Text("Место", "Place")},
)
TOLD = diagram("telling", user("a", title="course"), flows="start a; a end", start=start_form(event=PUBLISHED.name))
ALSO = diagram("also", user("b"), flows="start b; b end", start=start_form(event=PUBLISHED.name, roles="administrator"))


@pytest.fixture(autouse=True)
def _known(moved_clock: TestClock) -> None:
    assert moved_clock
    happenings.register(PUBLISHED)
    operations.register(events.ANNOUNCING)


def running(sessions: sessionmaker[Session]) -> list[Instance]:
    with sessions() as session:
        return session.query(Instance).order_by(Instance.process).all()


def test_an_event_starts_every_procedure_that_names_it_with_its_data(
    scene: Scene, sessions: sessionmaker[Session]
) -> None:
    scene.publish(telling=TOLD, also=ALSO, other=diagram("other", user("c"), flows="start c; c end"))
    with sessions.begin() as session:
        assert events.announce(session, "course.published", "course-1", {"place": "Minsk"}, "once")
    worker.work_off(sessions)
    begun = running(sessions)
    assert [one.process for one in begun] == ["also", "telling"]
    assert {one.subject for one in begun} == {"course-1"}
    assert scene.task("a").title == "course-1"
    assert scene.events(begun[0].id)[0].body["event"] == "course.published"


def test_the_same_key_never_starts_anything_twice(scene: Scene, sessions: sessionmaker[Session]) -> None:
    scene.publish(telling=TOLD)
    for first in (True, False, False):
        with sessions.begin() as session:
            assert events.announce(session, "course.published", "course-1", key="once") is first
        worker.work_off(sessions)
    assert len(running(sessions)) == 1


def test_nothing_begins_when_the_announcement_is_rolled_back(scene: Scene, sessions: sessionmaker[Session]) -> None:
    scene.publish(telling=TOLD)
    with sessions() as session:
        events.announce(session, "course.published", "course-1", key="once")
        session.rollback()
    worker.work_off(sessions)
    assert running(sessions) == []


def test_a_diagram_announces_an_event_about_its_own_subject(scene: Scene, sessions: sessionmaker[Session]) -> None:
    asking = service("tell", "events.announce", immediate=True, event="'course.published'", data="{'place': 'Riga'}")
    scene.publish(telling=TOLD, review=diagram("review", asking, flows="start tell; tell end"))
    scene.start("anna", "review", "course-7")
    worker.work_off(sessions)
    begun = [one for one in running(sessions) if one.process == "telling"]
    assert [one.subject for one in begun] == ["course-7"]


def test_who_starts_by_event_only_is_not_offered_to_people(scene: Scene, sessions: sessionmaker[Session]) -> None:
    scene.publish(telling=TOLD, also=ALSO)
    with sessions() as session:
        release = releases.current(session)
        assert release is not None
        processes = releases.specification(session, release.id).processes
    assert processes["telling"].start is None
    assert processes["also"].start is not None
    assert processes["also"].event == "course.published"


def test_an_event_nobody_announces_is_a_finding() -> None:
    wrong = diagram("p", user("a"), flows="start a; a end", start=start_form(event="course.publishd"))
    asking = service("tell", "events.announce", immediate=True, event="'course.gone'")
    calls = diagram("q", asking, flows="start tell; tell end")
    found = releases.check({"processes/p/p.bpmn": wrong, "processes/q/q.bpmn": calls})
    assert [one.rule for one in found if one.rule == "event-unknown"] == ["event-unknown"] * 2


def test_an_unknown_event_is_refused(session: Session) -> None:
    with pytest.raises(PermanentFailure):
        events.announce(session, "course.gone", "course-1")


def test_a_planned_event_comes_once_when_its_date_has_come(
    scene: Scene, sessions: sessionmaker[Session], moved_clock: TestClock
) -> None:
    scene.publish(telling=TOLD)
    with sessions.begin() as session:
        assert events.plan(session, "course.published", "course-1", date(2029, 11, 23), "review")
    worker.work_off(sessions)
    assert running(sessions) == []
    moved_clock.set(datetime(2029, 11, 23, 5, 59, tzinfo=UTC))  # 8:59 in Minsk
    worker.work_off(sessions)
    assert running(sessions) == []
    moved_clock.move(minutes=1)
    worker.work_off(sessions)
    moved_clock.move(days=400)
    worker.work_off(sessions)
    assert len(running(sessions)) == 1
    with sessions.begin() as session:
        assert not events.plan(session, "course.published", "course-1", date(2033, 1, 1), "review")
        assert not events.replan(session, "review", date(2033, 1, 1))


def test_a_planned_event_moves_with_its_date_and_can_be_withdrawn(
    scene: Scene, sessions: sessionmaker[Session], moved_clock: TestClock
) -> None:
    scene.publish(telling=TOLD)
    with sessions.begin() as session:
        events.plan(session, "course.published", "course-1", moved_clock.moment + timedelta(days=3), "moved")
        events.plan(session, "course.published", "course-2", moved_clock.moment + timedelta(days=3), "withdrawn")
        assert events.replan(session, "moved", moved_clock.moment + timedelta(days=30))
        assert events.withdraw(session, "withdrawn")
        assert not events.withdraw(session, "withdrawn")
    moved_clock.move(days=29)
    worker.work_off(sessions)
    assert running(sessions) == []
    moved_clock.move(days=2)
    worker.work_off(sessions)
    assert [one.subject for one in running(sessions)] == ["course-1"]


def test_a_yearly_rule_comes_every_year_and_what_was_missed_comes_once_f16(
    scene: Scene, sessions: sessionmaker[Session], moved_clock: TestClock
) -> None:
    scene.publish(telling=TOLD)
    with sessions.begin() as session:
        events.plan(session, "course.published", "course-1", date(2027, 2, 1), "survey", every="P1Y")
    moved_clock.set(datetime(2027, 2, 2, tzinfo=UTC))
    worker.work_off(sessions)
    assert len(running(sessions)) == 1
    moved_clock.set(datetime(2031, 6, 1, tzinfo=UTC))
    worker.work_off(sessions)
    assert len(running(sessions)) == 2
    with sessions() as session:
        assert [one.due for one in events.planned(session, "course-1")] == [datetime(2032, 2, 1, 6, tzinfo=UTC)]
    moved_clock.set(datetime(2028, 6, 1, tzinfo=UTC))  # the clock was wrong, and is put right
    worker.work_off(sessions)
    assert len(running(sessions)) == 2


def test_several_workers_announce_each_planned_event_once_f20(
    scene: Scene, sessions: sessionmaker[Session], moved_clock: TestClock
) -> None:
    scene.publish(telling=TOLD)
    with sessions.begin() as session:
        for number in range(12):
            events.plan(session, "course.published", f"course-{number}", moved_clock.moment, f"rule-{number}")
    helpers = [threading.Thread(target=worker.work_off, args=(sessions,)) for _ in range(3)]
    for one in helpers:
        one.start()
    for one in helpers:
        one.join(60)
    worker.work_off(sessions)
    assert sorted(str(one.subject) for one in running(sessions)) == sorted(f"course-{n}" for n in range(12))


def test_who_asked_hears_of_the_end_of_an_instance_in_its_own_step(
    scene: Scene, sessions: sessionmaker[Session]
) -> None:
    heard: list[tuple[str, str]] = []
    instances.on_end(lambda _session, instance, how: heard.append((instance.id, how)))
    scene.publish(other=diagram("other", user("c"), flows="start c; c end"))
    done, given_up = scene.start("anna", "other"), scene.start("anna", "other")
    with sessions.begin() as session:
        instances.cancel(session, given_up, "anna", "not needed")
    scene.complete("anna", "c")
    assert heard == [(given_up, "cancelled"), (done, "completed")]
