"""Deadlines and timers: one row moves the task's date, its reminders and the timers of the diagram."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.errors import Conflict, Invalid
from app.identity.calendars import end_of_day, workdays_between
from app.identity.places import Place
from app.worker import work_off
from app.workflow import deadlines, instances, moments, operations, reminders, tasks
from app.workflow.models import Deadline, Job
from app.workflow.operations import Context, Operation
from tests.conftest import TestClock
from tests.diagrams import diagram, on_timer, timer, user
from tests.scene import Scene

MINSK = "Europe/Minsk"
ANSWER = diagram(
    "answers",
    user("answer", deadline=("answer", "workdays(10)")),
    on_timer("remind", "answer", "date", 'before("answer", workdays=3)', interrupting=False),
    user("reminded"),
    on_timer("late", "answer", "date", 'after("answer", workdays=2)'),
    user("escalated"),
    flows="start answer; answer end; remind reminded; reminded end; late escalated; escalated end",
)


def deadline(scene: Scene) -> Deadline:
    with scene.sessions() as session:
        return session.scalars(sa.select(Deadline)).one()


def in_minsk(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=UTC) - timedelta(hours=3)  # type: ignore[arg-type, misc]  # year, month, day, …


def test_working_days_end_with_the_last_of_them_where_the_task_is_done(scene: Scene, moved_clock: TestClock) -> None:
    scene.publish(answers=ANSWER)
    scene.start("anna", "answers")
    assert scene.task("answer").due == end_of_day(date(2026, 12, 7), MINSK)
    assert [one.due for one in scene.timers()] == [
        in_minsk(2026, 12, 2, 9),
        end_of_day(date(2026, 12, 9), MINSK),
    ]


def test_a_reminder_comes_and_then_the_escalation(scene: Scene, moved_clock: TestClock) -> None:
    scene.publish(answers=ANSWER)
    scene.start("anna", "answers")
    assert work_off(scene.sessions) == 0
    moved_clock.set(in_minsk(2026, 12, 2, 9))
    work_off(scene.sessions)
    assert scene.open() == ["answer", "reminded"]
    moved_clock.set(in_minsk(2026, 12, 10, 0))
    work_off(scene.sessions)
    assert scene.open() == ["escalated", "reminded"]
    assert scene.timers() == []


def test_completing_the_task_takes_its_timers_and_deadlines_away(scene: Scene, moved_clock: TestClock) -> None:
    scene.publish(answers=ANSWER)
    scene.start("anna", "answers")
    scene.complete("anna", "answer")
    assert scene.timers() == []
    with scene.sessions() as session:
        assert session.scalars(sa.select(Deadline)).all() == []


def test_extending_moves_everything_and_needs_a_reason(scene: Scene, moved_clock: TestClock) -> None:
    scene.publish(answers=ANSWER)
    instance_id = scene.start("anna", "answers")
    task = scene.task("answer")
    for day, reason in ((date(2026, 12, 15), " "), (date(2026, 11, 1), "late")):
        with pytest.raises(Invalid), scene.sessions.begin() as session:
            tasks.extend_deadline(session, scene.actor("anna"), task.id, "answer", day, reason)
    with scene.sessions.begin() as session:
        tasks.extend_deadline(session, scene.actor("anna"), task.id, "answer", date(2026, 12, 15), "holidays")
    assert scene.task("answer").due == end_of_day(date(2026, 12, 15), MINSK)
    assert [one.due for one in scene.timers()] == [
        in_minsk(2026, 12, 10, 9),
        end_of_day(date(2026, 12, 17), MINSK),
    ]
    assert str(scene.events(instance_id)[-1].kind) == "deadline:extended"


def test_a_stopped_clock_stops_all_and_goes_on_with_the_days_that_were_left(
    scene: Scene, moved_clock: TestClock
) -> None:
    scene.publish(answers=ANSWER)
    scene.start("anna", "answers")
    task = scene.task("answer")
    anna = scene.actor("anna")
    moved_clock.move(days=2)
    with scene.sessions.begin() as session:
        tasks.stop_clock(session, anna, task.id, "answer", "waiting for the platform")
    assert deadline(scene).remaining == 8
    assert scene.task("answer").due is None
    moved_clock.move(days=60)
    assert work_off(scene.sessions) == 0
    with pytest.raises(Conflict), scene.sessions.begin() as session:
        tasks.extend_deadline(session, anna, task.id, "answer", date(2027, 6, 1), "more")
    with scene.sessions.begin() as session:
        tasks.start_clock(session, anna, task.id, "answer", "it is back")
    with scene.sessions() as session:
        last = deadline(scene).due.date()
        assert workdays_between(session, "BY", clock.today(MINSK), last) == 8
    assert all(one.due is not None for one in scene.timers())


def test_reminders_follow_the_deadline_and_die_with_the_task(scene: Scene, moved_clock: TestClock) -> None:
    sent: list[tuple[str, str]] = []
    for name in reminders.ALL:

        def send(_context: Context, task: str, name: str = name) -> None:
            sent.append((name, task))

        operations.register(Operation(name, send, {"task": True}))
    scene.publish(answers=ANSWER)
    scene.start("anna", "answers")
    task = scene.task("answer")
    work_off(scene.sessions)
    assert sent == [("task.assigned", task.id)]
    with scene.sessions.begin() as session:
        tasks.extend_deadline(session, scene.actor("anna"), task.id, "answer", date(2026, 12, 15), "holidays")
    moved_clock.set(in_minsk(2026, 12, 9, 12))
    work_off(scene.sessions)
    assert sent == [("task.assigned", task.id)], "the reminder moved with the deadline"
    moved_clock.set(in_minsk(2026, 12, 10, 12))
    work_off(scene.sessions)
    assert sent[1] == ("task.due_soon", task.id)
    scene.complete("anna", "answer")
    moved_clock.move(days=30)
    work_off(scene.sessions)
    assert "task.overdue" not in {name for name, task_id in sent if task_id == task.id}
    with scene.sessions() as session:
        waiting = session.scalars(sa.select(Job.operation).where(Job.outcome.is_(None), Job.task_id == task.id))
        assert waiting.all() == []


@pytest.mark.requirement("X-8")
@pytest.mark.parametrize(("iso", "days"), [("P3M", 92), ("P1Y", 366), ("P3Y", 1097)])
def test_a_quarter_a_year_and_three_years_pass_without_waiting(
    scene: Scene, moved_clock: TestClock, iso: str, days: int
) -> None:
    far = diagram("far", timer("pause", "duration", iso), user("work"), flows="start pause; pause work; work end")
    scene.publish(far=far)
    scene.start("anna", "far")
    moved_clock.move(days=days - 4)
    work_off(scene.sessions)
    assert scene.open() == [], "the day has not come yet"
    moved_clock.move(days=5)
    work_off(scene.sessions)
    assert scene.open() == ["work"]
    assert scene.timers() == []


def test_missed_cycles_collapse_into_one(scene: Scene, moved_clock: TestClock) -> None:
    weekly = diagram(
        "weekly",
        user("work"),
        on_timer("tick", "work", "cycle", "R9/P7D", interrupting=False),
        user("report"),
        flows="start work; work end; tick report; report end",
    )
    scene.publish(weekly=weekly)
    scene.start("anna", "weekly")
    began = clock.now()
    moved_clock.move(days=30)
    work_off(scene.sessions)
    assert scene.open() == ["report", "work"]
    assert [one.due for one in scene.timers()] == [began + timedelta(days=35)]


def test_a_cycle_ends_with_its_repetitions(scene: Scene, moved_clock: TestClock) -> None:
    twice = diagram(
        "twice",
        user("work"),
        on_timer("tick", "work", "cycle", "R2/P1D", interrupting=False),
        user("report"),
        flows="start work; work end; tick report; report end",
    )
    scene.publish(twice=twice)
    scene.start("anna", "twice")
    for _day in range(5):
        moved_clock.move(days=1)
        work_off(scene.sessions)
    assert scene.open() == ["report", "report", "work"]
    assert scene.timers() == []


def test_nine_in_the_morning_stays_nine_in_the_morning_over_summer_time(scene: Scene) -> None:
    berlin = Place("DE", "Europe/Berlin")
    before = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)
    with scene.sessions() as session:
        due = moments.timer_due(session, {"iso": "P3D"}, before, berlin, {})
        exact = moments.timer_due(session, {"iso": "PT72H"}, before, berlin, {})
    assert due == datetime(2026, 3, 30, 7, 0, tzinfo=UTC)
    assert exact == datetime(2026, 3, 30, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("expression", [{"call": "before", "args": ["nowhere"]}, {"iso": "R3/P2D"}, 7, ["P1D"]])
def test_what_names_no_moment_is_refused(scene: Scene, expression: object) -> None:
    with scene.sessions() as session, pytest.raises(moments.Unresolvable):
        moments.deadline_due(session, expression, clock.now(), Place("BY", MINSK))  # type: ignore[arg-type]  # wrong on purpose


def test_a_suspended_instance_fires_no_timer(scene: Scene, moved_clock: TestClock) -> None:
    waits = diagram("waits", timer("pause", "duration", "P1D"), user("work"), flows="start pause; pause work; work end")
    scene.publish(waits=waits)
    instance_id = scene.start("anna", "waits")
    with scene.sessions.begin() as session:
        instances.suspend(session, instance_id, "olga", "a complaint")
    moved_clock.move(days=2)
    assert work_off(scene.sessions) == 0
    with scene.sessions.begin() as session:
        instances.resume(session, instance_id, "olga", "settled")
    work_off(scene.sessions)
    assert scene.open() == ["work"]


def test_the_own_date_of_a_task_is_the_one_it_shows(scene: Scene, moved_clock: TestClock) -> None:
    two = diagram(
        "two", user("work", due="'2026-12-01'", deadline=("other", "'2026-11-25'")), flows="start work; work end"
    )
    scene.publish(two=two)
    scene.start("anna", "two")
    assert scene.task("work").due == end_of_day(date(2026, 12, 1), MINSK)
    with scene.sessions() as session:
        assert len(deadlines.of_task(session, scene.task("work").id)) == 2
