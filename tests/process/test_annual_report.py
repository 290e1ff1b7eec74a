"""The administrator's yearly report to TC 4: clauses 9.3 and 11.3, reading A30."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app import clock, worker
from app.courses import archive, settings, workbooks
from app.courses.documents import making, pages
from app.courses.models import Course
from app.courses.monitoring import annual, annual_documents, annual_printed
from app.courses.monitoring.models import AnnualReport
from app.courses.surveys.models import SurveyAnalysis, SurveyAnswer
from app.engine import Json
from app.errors import Conflict, Invalid, NotFound
from app.files.models import File
from app.files.store import open_file
from app.i18n import Locale, use_locale
from app.workflow.models import Task
from tests import spreadsheets
from tests.conftest import TestClock
from tests.process.scenario import Step, read
from tests.process.watching import SAMPLES, SCENARIOS, Watching

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""The scenarios are played on both databases."""

MEETING = {"meeting_on": "2027-03-02", "meeting_ru": "35-е заседание, Минск", "meeting_en": "35th meeting, Minsk"}
WORDS = {"decision": "send", "words_ru": "Участие растет.", "words_en": "Participation grows."}
Watch = Callable[[], Watching]


@pytest.fixture
def watch(sessions: sessionmaker[Session], tmp_path: Path, moved_clock: TestClock) -> Watch:
    def begun() -> Watching:
        scenario = next(one for one in read(SCENARIOS) if one.process == "annual_report")
        acts = Watching(sessions, tmp_path, scenario, moved_clock)
        acts.publish()
        return acts

    return begun


def meet(acts: Watching, **values: str) -> str:
    """A meeting is set; the id of its report."""
    course = acts.course
    acts.take(Step("start", "annual_meeting", by="tc4", values={**MEETING, **values}))
    report, acts.course = acts.course, course
    return report


def another(acts: Watching, number: str, published: bool = True) -> None:
    with acts.sessions.begin() as session:
        own = acts.found(session)
        row = {column.key: getattr(own, column.key) for column in sa.inspect(Course).column_attrs}
        row |= {"id": number, "number": number, "platform_id": None, "title_ru": f"Курс {number}", "title_en": ""}
        row |= {} if published else {"published_at": None, "stage": "preparation"}
        session.execute(sa.insert(Course), [row])


@pytest.mark.requirement("R9.3-b")
def test_a_date_for_the_meeting_gives_the_administrator_a_task_in_good_time_before_it(
    watch: Watch, moved_clock: TestClock
) -> None:
    acts = watch()
    with acts.sessions.begin() as session:
        settings.change(session, "annual_report_workdays", "10", settings.today(session), "system:test")
    meet(acts)
    moved_clock.set(moved_clock.moment.replace(year=2027, month=2, day=14))
    worker.work_off(acts.sessions)
    with acts.sessions() as session:
        assert acts.open_tasks(session) == ["keep_date"]
    moved_clock.set(moved_clock.moment.replace(day=16, hour=7))  # ten working days before 2 March 2027
    worker.work_off(acts.sessions)
    with acts.sessions() as session:
        [task] = session.scalars(sa.select(Task).where(Task.element == "finish_report", Task.closed_at.is_(None)))
        assert (task.role, task.due is not None and task.due.date()) == ("administrator", date(2027, 3, 1))


@pytest.mark.requirement("R9.3-b", "R9.3-a")
def test_every_published_course_is_in_the_report_and_it_goes_to_tc_4_and_into_the_archive(watch: Watch) -> None:
    acts = watch()
    acts.read()
    acts.bring(SAMPLES / "log-views.csv")
    another(acts, "2026-007")
    another(acts, "2026-008", published=False)
    report = meet(acts)
    acts.take(Step("timer", "time_to_prepare"))
    acts.do("finish_report", "administrator", **WORDS)
    with acts.sessions() as session:
        found = annual.get(session, report)
        assert [row["number"] for row in found.figures["courses"]] == ["2026-001", "2026-007"]
        first, second = found.figures["courses"]
        assert (first["views"], first["people"], first["learners"], first["completed"]) == (23, 4, 4, 1)
        assert (second["read"], second["log_until"]) == ("", "")
        assert (found.state, found.words_en) == ("sent", "Participation grows.")
        entry = archive.newest_of(session, annual_documents.KIND, report)
        assert entry is not None
        files = {one.name.partition(".")[2]: one for one in archive.files_of(session, entry.id)}
        assert set(files) == {"ru.pdf", "en.pdf", "ru.xlsx", "en.xlsx"}
        with open_file(acts.folder / "files", session.get_one(File, files["en.xlsx"].file_id)) as file:
            book = spreadsheets.read(file.read())
        assert [row[0] for row in book["Courses"].rows] == ["Number", "2026-001", "2026-007"]
        assert book["Courses"].formulas == 0
    for who, said in (("tc4@", "Report on COOMET courses"), ("chair.tc4@", "Отчет о курсах КООМЕТ")):
        [letter] = [one for one in acts.mailbox.messages(who) if said in one.subject]
        assert f"/reports/annual/{report}" in letter.text


@pytest.mark.requirement("R9.3-b")
def test_the_next_report_begins_where_the_last_one_ended(watch: Watch, moved_clock: TestClock) -> None:
    acts = watch()
    acts.bring(SAMPLES / "log-views.csv")
    meet(acts)
    acts.take(Step("timer", "time_to_prepare"))
    acts.do("finish_report", "administrator", **WORDS)
    second = meet(acts, meeting_on="2028-03-02")
    acts.take(Step("timer", "time_to_prepare"))
    with acts.sessions() as session, use_locale("en"):
        first, last = session.scalars(sa.select(AnnualReport).order_by(AnnualReport.meeting_on))
        assert last.id == second
        assert first.until is not None
        assert last.since is not None
        assert (last.since - first.until).days == 1
        assert last.figures["courses"][0]["views"] == 0  # told in the first report already
        assert annual_printed.period(last).startswith("from ")
        assert moved_clock.moment.year == 2028


@pytest.mark.requirement("R9.3-b")
def test_two_meetings_at_once_and_a_day_that_is_over_are_refused(watch: Watch) -> None:
    acts = watch()
    with pytest.raises(Invalid):
        meet(acts, meeting_on="2026-11-23")
    meet(acts)
    with pytest.raises(Conflict, match="under way"):
        meet(acts, meeting_on="2027-06-01")


@pytest.mark.requirement("R9.3-b")
def test_nothing_goes_to_tc_4_without_the_administrators_words_in_both_languages(watch: Watch) -> None:
    acts = watch()
    meet(acts)
    acts.take(Step("timer", "time_to_prepare"))
    with pytest.raises(Invalid) as refused:
        acts.do("finish_report", "administrator", **{**WORDS, "words_en": ""})
    assert "words_en" in refused.value.fields
    assert acts.mailbox.messages("chair.tc4@") == []


def test_a_report_is_read_by_those_who_make_it_and_those_to_whom_it_goes(watch: Watch) -> None:
    acts = watch()
    report = meet(acts)
    for name in ("administrator", "tc4", "chair_tc4"):
        who = acts.who(name)
        with acts.sessions() as session:
            assert annual.get_for(session, who, report).id == report
    for name in ("creator", "representative", "coordinator"):
        who = acts.who(name)
        with acts.sessions() as session, pytest.raises(NotFound):
            annual.get_for(session, who, report)


@pytest.mark.requirement("R11.3-a", "R1-b")
def test_the_report_has_the_satisfaction_and_its_analysis_by_course_and_quarter(watch: Watch) -> None:
    acts = watch()
    with acts.sessions.begin() as session:
        course = acts.found(session)
        course.published_at = datetime(2026, 7, 20, tzinfo=UTC)
        for number, mark in enumerate(("excellent", "excellent", "good")):
            marks = dict.fromkeys(("practical", "theoretical", "quality", "design"), mark)
            session.add(SurveyAnswer(key=f"answer-{number}", course_id=course.id, day=date(2026, 8, 3), **marks))
        concluded = {"conclusions": "Просят больше примеров.", "measures": "Добавить два примера."}
        days = {"first_day": date(2026, 7, 1), "last_day": date(2026, 9, 30)}
        session.add(
            SurveyAnalysis(
                number="2026-001/S1", course_id=course.id, least=5, confirmed_at=clock.now(), **days, **concluded
            )
        )
    report = meet(acts)
    acts.take(Step("timer", "time_to_prepare"))
    with acts.sessions() as session, use_locale("ru"):
        found = annual.get(session, report)
        said: Any = annual_printed.facts(session, found)
        [course_said] = said["rated"]
        [quarter] = course_said["quarters"]
        assert (quarter["name"], quarter["answers"], quarter["marks"]) == ("III квартал 2026 года", 3, [8, 4, 0, 0])
        [analysis] = said["analysed"][0]["analyses"]
        assert (analysis["name"], analysis["conclusions"]) == ("III квартал 2026 года", "Просят больше примеров.")
        book = spreadsheets.read(workbooks.make(annual_printed.tables(session, found), title="", at=clock.now()))
        assert book["Анализы"].rows[1][3:] == ["Просят больше примеров.", "Добавить два примера."]
        heads: dict[Locale, str] = {"ru": "Анализ по кварталам", "en": "Analyses of the quarters"}
        for locale, head in heads.items():
            with use_locale(locale):
                facts: dict[str, Json] = {**annual_printed.facts(session, found), "chart": ""}
                given: dict[str, Json] = {"report": facts, "document": {"title": ""}}
                text = pages.compose(making.newest_files(session), "monitoring", "annual_report", locale, given)
            assert head in text
            assert "Добавить два примера." in text
