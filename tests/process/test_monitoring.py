"""Monitoring of published courses: section 9, clause 5.2; readings A19, A31; X-7."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app import worker
from app.courses import settings
from app.courses.models import Course
from app.courses.monitoring import brought, completion, figures, imports, keeping, overview, permitted, tables, views
from app.courses.monitoring.models import (
    LearnerAttempt,
    LogImport,
    LogTally,
    MonitoredLearner,
    ViewDay,
    ViewerDay,
)
from app.courses.monitoring.planning import key_of
from app.errors import Conflict, Denied, Invalid, NotFound
from app.i18n import use_locale
from app.workflow.models import Incident, Instance, Job, PlannedEvent, Task
from tests.conftest import TestClock
from tests.process.scenario import read
from tests.process.watching import SAMPLES, SCENARIOS, Watching

DAY = date(2026, 11, 22)
VIEWS = {1: 10, 2: 2, 3: 1, 4: 3, 5: 3, 6: 1, 7: 1, 8: 2}
PEOPLE = {1: 4, 2: 2, 3: 1, 4: 2, 5: 1, 6: 1, 7: 1, 8: 1}
"""What the platform's own activity report showed of the recorded course."""
Watch = Callable[..., Watching]


@pytest.fixture
def watch(sessions: sessionmaker[Session], tmp_path: Path, moved_clock: TestClock) -> Watch:
    def begun(**how: object) -> Watching:
        acts = Watching(sessions, tmp_path, read(SCENARIOS)[0], moved_clock)
        acts.publish(**how)
        return acts

    return begun


def activity(acts: Watching) -> views.Report:
    with acts.sessions() as session:
        return views.activity(session, acts.found(session))


def participation(acts: Watching, first: date, last: date, role: str) -> views.Report:
    with acts.sessions() as session:
        return views.participation(session, acts.found(session), first, last, role)


def written(folder: Path, *rows: tuple[str, int, str], name: str = "log.csv") -> Path:
    """A log export of (time, user, what was viewed); what: a module's number, or "course"."""
    lines = ["Time,User full name,Affected user,Event context,Component,Event name,Description,Origin,IP address"]
    for time, user, what in rows:
        said = f"the course with id '{what[7:] or 2}'" if what.startswith("course") else ""
        said = said or f"the 'page' activity with course module id '{what}'"
        lines.append(
            f'"{time}","Secret Name",-,"Page: x",Page,"Viewed",'
            f'"The user with id \'{user}\' viewed {said}.",web,192.0.2.1'
        )
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


# --- the three reports -----------------------------------------------------------------------------------------


@pytest.mark.requirement("R9.2-a", "R9.1-a")
def test_the_activity_report_equals_that_of_the_platform(watch: Watch) -> None:
    acts = watch()
    acts.read()
    taken = acts.bring(SAMPLES / "log-views.csv")
    assert (taken.state, taken.rows, taken.counted) == ("done", 47, 46)
    report = activity(acts)
    assert {line.cmid: line.views for line in report.lines} == VIEWS
    assert {line.cmid: line.people for line in report.lines} == PEOPLE
    assert [line.name for line in report.lines][:2] == ["Module 1: reading", "Module 1: link"]
    assert report.page_views == 23
    with acts.sessions() as session:
        known = acts.known(session)
        assert known.read_at is not None
        assert known.imported_at is not None
        assert (known.views, known.people) == (sum(VIEWS.values()), report.people)


@pytest.mark.requirement("R9.2-b")
def test_participation_is_counted_from_one_day_on_and_by_kind(watch: Watch, tmp_path: Path) -> None:
    acts = watch()
    acts.read()
    rows = [("20/11/26, 10:00:00", 6, "1"), ("21/11/26, 10:00:00", 6, "1"), ("21/11/26, 11:00:00", 7, "1")]
    rows += [("21/11/26, 12:00:00", 1, "1"), ("21/11/26, 13:00:00", 1, "1"), ("21/11/26, 14:00:00", 5, "1")]
    acts.bring(written(tmp_path, *rows))
    one = participation(acts, date(2026, 11, 21), date(2026, 11, 21), "student").lines[0]
    assert (one.views, one.people) == (2, 2)
    both = participation(acts, date(2026, 11, 20), date(2026, 11, 21), "student").lines[0]
    assert (both.views, both.people) == (3, 2)
    guests = participation(acts, date(2026, 11, 20), date(2026, 11, 21), "guest").lines[0]
    assert (guests.views, guests.people) == (2, 1)
    assert activity(acts).lines[0].views == 6  # the teacher as well


@pytest.mark.requirement("R9.2-b")
def test_guests_are_asked_for_in_open_courses_only_and_a_period_has_an_order(watch: Watch) -> None:
    acts = watch(access="restricted")
    with pytest.raises(Invalid, match="open access only"):
        participation(acts, DAY, DAY, "guest")
    with pytest.raises(Invalid, match="before the first"):
        participation(acts, DAY, DAY - timedelta(days=1), "student")
    with acts.sessions() as session:
        assert views.roles(acts.found(session)) == ("student",)


@pytest.mark.requirement("R9.2-c", "R9.2-d", "R9.2-e")
def test_the_completion_report_holds_participants_by_modules_and_each_ones_attempts(watch: Watch) -> None:
    acts = watch()
    acts.read()
    with acts.sessions() as session, use_locale("en"):
        found = completion.summary(session, acts.found(session))
        assert [module.cmid for module in found.modules] == list(range(1, 9))
        states = {row.learner.name: {cmid: one.state for cmid, one in row.states.items()} for row in found.rows}
        assert list(states) == ["Samir Absent", "Saule Working", "Sofia Passed", "Stepan Failed"]
        assert states["Stepan Failed"] == {1: 1, 2: 0, 3: 2, 4: 2, 5: 0, 6: 0, 7: 0, 8: 3}
        assert (found.done[4], found.failed[8]) == (2, 1)
        learner, details = completion.of_learner(session, acts.found(session), 7)
        assert learner.name == "Stepan Failed"
        made = {one.module.cmid: one.attempts for one in details}
        assert [(one.number, one.grade, one.highest, one.seconds) for one in made[4]] == [
            (1, 0, 10, 300),
            (2, 10, 10, 420),
        ]
        assert all(one.started and one.finished for one in made[4])
        [failed] = made[8]
        assert [(row["given"], row["state"], row["mark"]) for row in failed.answers or ()] == [
            ("False", "gradedwrong", 0.0), ("VIM", "gradedwrong", 0.0),
        ]  # fmt: skip
        assert [(one.grade, one.highest, one.seconds) for one in made[3]] == [(1, 2, 40), (2, 2, 61)]
        _going, mine = completion.of_learner(session, acts.found(session), 8)
        [begun] = next(one.attempts for one in mine if one.module.cmid == 4)
        assert (begun.state, begun.finished, begun.seconds, begun.grade) == ("inprogress", None, None, None)
        known = acts.known(session)
        assert (known.learners, known.completed) == (4, 1)
        with pytest.raises(NotFound):
            completion.of_learner(session, acts.found(session), 10)


@pytest.mark.requirement("R9.2-c", "R5.2-b", "X-7")
def test_only_the_administrator_and_the_courses_coordinator_see_monitoring(watch: Watch) -> None:
    acts = watch()
    for name in ("administrator", "coordinator"):
        who = acts.who(name)
        with acts.sessions() as session:
            assert permitted.get_course_for(session, who, acts.course).id == acts.course
    for name in ("tc4", "chair_tc4", "representative", "creator"):
        who = acts.who(name)
        with acts.sessions() as session:
            with pytest.raises(Denied):
                permitted.get_course_for(session, who, acts.course)
            assert overview.look(session, who).total == 0


@pytest.mark.requirement("R9.3-a", "R5.2-b")
def test_the_administrator_sees_all_courses_and_a_coordinator_the_own_ones(watch: Watch) -> None:
    acts = watch()
    acts.read()
    acts.bring(SAMPLES / "log-views.csv")
    with acts.sessions.begin() as session:
        own = acts.found(session)
        columns = {column.key: getattr(own, column.key) for column in sa.inspect(Course).column_attrs}
        columns |= {"id": "other", "number": "2026-009", "platform_id": 9, "search": "2026-009"}
        session.execute(sa.insert(Course), [columns])
    administrator, coordinator = acts.who("administrator"), acts.who("coordinator")
    with acts.sessions() as session:
        everything = overview.look(session, administrator)
        assert {course.id for course, _ in everything.rows} == {acts.course, "other"}
        assert (everything.sums.courses, everything.sums.views, everything.sums.learners) == (2, 23, 4)
        assert everything.sums.unread == 1
        mine = overview.look(session, coordinator)
        assert [course.id for course, _ in mine.rows] == [acts.course]
        assert mine.sums.courses == 1
        found = overview.look(session, administrator, search="2026-009")
        assert [course.id for course, _ in found.rows] == ["other"]


# --- reading from the platform ---------------------------------------------------------------------------------


@pytest.mark.requirement("R9.1-a")
def test_the_platform_is_away_and_the_last_figures_stay_with_their_time(watch: Watch, moved_clock: TestClock) -> None:
    acts = watch()
    acts.read()
    with acts.sessions() as session:
        before = acts.known(session).read_at
    moved_clock.move(days=2)
    acts.fail("unavailable")
    acts.read()
    with acts.sessions() as session:
        known = acts.known(session)
        assert known.read_at == before
        assert known.asked_at is not None
        assert before is not None
        assert known.asked_at > before
        assert (known.learners, known.completed) == (4, 1)
        assert session.scalar(sa.select(sa.func.count()).select_from(Incident)) == 0
    acts.mend()
    moved_clock.move(days=1)
    worker.work_off(acts.sessions)
    with acts.sessions() as session:
        assert (acts.known(session).read_at or before) > before


@pytest.mark.requirement("R9.1-a")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_right_that_is_missing_is_told_and_stops_nothing(watch: Watch) -> None:
    acts = watch()
    with acts.platform.store.open() as memory:
        memory.drop("answers", "site")
        memory.put("shut", "core_enrol_get_enrolled_users", {})
    acts.read()
    with acts.sessions() as session:
        assert "core_enrol_get_enrolled_users is not in the service" in acts.known(session).trouble
        assert acts.known(session).read_at is None
        stuck = session.scalars(sa.select(Job.last_error).where(Job.outcome.is_(None), Job.last_error.is_not(None)))
        assert list(stuck) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_has_left_the_course_goes_and_answers_are_asked_for_once(watch: Watch) -> None:
    acts = watch()
    acts.read()
    with acts.sessions() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(LearnerAttempt)) == 8
    with acts.platform.store.open() as memory:
        row = memory.get("enrolment", "2-7")
        assert row is not None
        memory.put("enrolment", "2-7", {**row, "suspend": 1})
        for ident in (1, 3, 4, 5):
            memory.drop("review", ident)
    acts.read()
    with acts.sessions() as session:
        assert session.get(MonitoredLearner, (acts.course, 7)) is None
        assert session.scalar(sa.select(sa.func.count()).where(LearnerAttempt.user_id == 7)) == 0
        kept = session.scalars(
            sa.select(LearnerAttempt).where(LearnerAttempt.user_id == 6, LearnerAttempt.cmid == 4)
        ).one()
        assert kept.answers
        assert kept.answers[0]["given"] == "False"


# --- the log ---------------------------------------------------------------------------------------------------


@pytest.mark.requirement("R9.2-a")
def test_the_same_log_twice_and_overlapping_periods_count_nothing_double(watch: Watch, tmp_path: Path) -> None:
    acts = watch()
    acts.read()
    acts.bring(SAMPLES / "log-views.csv")
    with pytest.raises(Conflict, match="imported on"):
        acts.bring(SAMPLES / "log-views.csv")
    assert acts.bring(SAMPLES / "log-all.csv").state == "done"  # all actions of the same days
    assert {line.cmid: line.views for line in activity(acts).lines} == VIEWS
    monday = [("16/11/26, 10:00:00", 6, "1"), ("17/11/26, 10:00:00", 6, "1")]
    early = acts.bring(written(tmp_path, *monday, name="early.csv"))
    later = [monday[1], ("17/11/26, 20:00:00", 6, "1"), ("18/11/26, 10:00:00", 7, "1")]
    late = acts.bring(written(tmp_path, *later, name="late.csv"))
    assert (early.counted, late.counted) == (2, 3)
    report = participation(acts, date(2026, 11, 16), date(2026, 11, 18), "student")
    assert (report.lines[0].views, report.lines[0].people) == (4, 2)
    with acts.sessions() as session:
        day = session.get(ViewDay, (acts.course, 1, date(2026, 11, 17), "student"))
        assert day is not None
        assert (day.views, day.people) == (2, 1)


@pytest.mark.requirement("R9.2-a", "X-7")
def test_names_and_addresses_of_the_log_are_kept_nowhere_and_the_file_goes(watch: Watch, tmp_path: Path) -> None:
    acts = watch()
    acts.bring(written(tmp_path, ("22/11/26, 10:00:00", 6, "1")))
    assert list((acts.folder / "files" / "imports").iterdir()) == []
    with acts.sessions() as session:
        for table in (LogImport, LogTally, ViewDay, ViewerDay):
            for row in session.scalars(sa.select(table)):
                told = " ".join(str(getattr(row, column.name)) for column in table.__table__.columns)
                assert "Secret" not in told
                assert "192.0.2.1" not in told
        viewer = session.scalars(sa.select(ViewerDay.viewer)).one()
        assert viewer == figures.pseudonym(acts.known(session).viewer_key, 6) != 6


def test_a_log_in_pieces_is_the_same_and_a_repeated_piece_counts_once(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "PIECE", 7)
    acts = watch()
    taken = acts.bring(SAMPLES / "log-views.csv")
    assert (taken.rows, brought.share(taken)) == (47, 100)
    assert {line.cmid: line.views for line in activity(acts).lines} == VIEWS
    with acts.sessions.begin() as session:
        jobs_done = session.scalars(sa.select(Job).where(Job.operation == imports.READ)).all()
        assert len(jobs_done) == 7
        jobs_done[2].outcome = None  # as if its end had been lost
        jobs_done[2].finished_at = None
    worker.work_off(acts.sessions)
    assert {line.cmid: line.views for line in activity(acts).lines} == VIEWS


@pytest.mark.requirement("R9.2-a")
def test_another_zone_moves_views_to_the_day_they_belong_to(watch: Watch, tmp_path: Path) -> None:
    """Days are those of the Secretariat (Minsk, three hours before UTC), wherever the file was downloaded."""
    acts = watch()
    acts.read()
    acts.bring(written(tmp_path, ("21/11/26, 23:30:00", 6, "1")), zone="America/New_York")
    with acts.sessions() as session:
        assert session.scalars(sa.select(ViewDay.day)).all() == [DAY]


@pytest.mark.requirement("R9.2-b")
def test_views_imported_before_the_learners_were_read_are_theirs_afterwards(watch: Watch, tmp_path: Path) -> None:
    acts = watch()
    acts.bring(written(tmp_path, ("21/11/26, 10:00:00", 6, "1"), ("21/11/26, 10:00:00", 5, "1")))
    assert participation(acts, DAY - timedelta(days=1), DAY, "student").views == 0
    acts.read()
    report = participation(acts, DAY - timedelta(days=1), DAY, "student")
    assert (report.lines[0].views, report.lines[0].people) == (1, 1)
    assert activity(acts).lines[0].views == 2


REFUSED = [
    (("22/11/26, 10:00:00", 6, "course 9"), "another course"),
    (("22/11/26, 10:00:00", 6, "77"), "No module of the file belongs to this course"),
    (("22/13/26, 10:00:00", 6, "1"), "not understood"),
    (("22/11/27, 10:00:00", 6, "1"), "in the future"),
]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("row", "said"), REFUSED)
def test_what_cannot_be_right_is_refused_in_words_and_counts_nothing(
    watch: Watch, tmp_path: Path, row: tuple[str, int, str], said: str
) -> None:
    acts = watch()
    acts.read()
    good = ("21/11/26, 10:00:00", 6, "77" if row[2] == "77" else "1")
    taken = acts.bring(written(tmp_path, good, row))
    assert taken.state == "refused"
    assert said in taken.trouble % taken.facts
    with acts.sessions() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ViewDay)) == 0
        assert session.scalar(sa.select(sa.func.count()).select_from(LogTally)) == 0
    assert list((acts.folder / "files" / "imports").iterdir()) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_truncated_log_and_one_with_a_renamed_column_leave_the_figures_as_they_were(
    watch: Watch, tmp_path: Path
) -> None:
    acts = watch()
    acts.bring(SAMPLES / "log-views.csv")
    cut = tmp_path / "cut.csv"
    cut.write_bytes((SAMPLES / "log-all.csv").read_bytes()[:9000])
    taken = acts.bring(cut)
    assert (taken.state, "breaks off" in taken.trouble) == ("refused", True)
    renamed = tmp_path / "renamed.csv"
    renamed.write_bytes((SAMPLES / "log-all.csv").read_bytes().replace(b"Description", b"Details", 1))
    with pytest.raises(Invalid, match="Description / Описание"):
        acts.bring(renamed)
    assert {line.cmid: line.views for line in activity(acts).lines} == VIEWS


# --- retention -------------------------------------------------------------------------------------------------


@pytest.mark.requirement("X-7")
def test_details_go_after_the_months_of_the_setting_and_the_counts_stay(
    watch: Watch, moved_clock: TestClock, tmp_path: Path
) -> None:
    acts = watch()
    acts.read()
    acts.bring(SAMPLES / "log-views.csv")
    with acts.sessions.begin() as session:
        settings.change(session, "monitoring_months", "3", settings.today(session), "system:test")
    moved_clock.move(days=120)
    with acts.sessions.begin() as session:
        assert keeping.forget(session) == 4
    with acts.sessions() as session:
        for table in (ViewerDay, MonitoredLearner, LearnerAttempt):
            assert session.scalar(sa.select(sa.func.count()).select_from(table)) == 0
        assert acts.known(session).past == 4
    report = activity(acts)
    assert {line.cmid: line.views for line in report.lines} == VIEWS
    assert report.lines[0].at_least
    assert report.lines[0].people >= 1
    acts.bring(written(tmp_path, ("21/11/26, 10:00:00", 6, "1"), ("20/03/27, 10:00:00", 6, "1")))
    assert {line.cmid: line.views for line in activity(acts).lines} == {**VIEWS, 1: 11}


# --- the procedure and files -----------------------------------------------------------------------------------


@pytest.mark.requirement("R5.2-b", "R9.3-a")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_published_course_is_read_and_its_log_asked_for_again_and_again(watch: Watch, moved_clock: TestClock) -> None:
    acts = watch()
    with acts.sessions.begin() as session:
        from app.courses.monitoring import planning

        planning.begin(session, acts.found(session))
        rule = session.get_one(PlannedEvent, key_of(acts.course))
        assert rule.every == "P30D"
    for count in (1, 2):
        moved_clock.move(days=30)
        worker.work_off(acts.sessions)
        with acts.sessions() as session:
            begun = session.scalars(sa.select(Instance).where(Instance.process == "monitoring")).all()
            assert len(begun) == count
            opened = session.scalars(sa.select(Task).where(Task.element == "bring_log", Task.closed_at.is_(None))).all()
            assert len(opened) == 1  # the one before was closed when its period was over
            assert acts.known(session).learners == 4
        assert acts.who("coordinator").may(opened[0].role, subject=opened[0].subject)
    with acts.sessions.begin() as session:
        settings.change(session, "monitoring_days", "90", settings.today(session), "system:test")
    moved_clock.move(days=30)
    worker.work_off(acts.sessions)
    with acts.sessions() as session:
        assert session.get_one(PlannedEvent, key_of(acts.course)).every == "P90D"


@pytest.mark.requirement("R9.2-e")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_s62_the_files_say_not_supplied_and_hold_no_formula(watch: Watch) -> None:
    acts = watch()
    acts.read()
    with acts.sessions.begin() as session:
        session.get_one(MonitoredLearner, (acts.course, 8)).name = "=HYPERLINK(1)"
    with acts.sessions() as session, use_locale("en"):
        people, attempts = (
            "".join(tables.as_csv(sheet)) for sheet in tables.of_completion(session, acts.found(session), "UTC")
        )
    assert "'=HYPERLINK(1)" in people
    assert "Sofia Passed,fulfilled,2026-11-22 10:47:14" in people
    assert "not supplied" in attempts
    assert "Stepan Failed,Module 1: quiz,1,finished,2026-11-14 10:47:13,2026-11-14 10:52:13,300,0,10" in attempts
