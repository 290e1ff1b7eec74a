"""Satisfaction of learners: section 11, Appendix 3; readings A36, A37, A38."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pypdf
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app import worker
from app.audit.history import history
from app.audit.kinds import Kind
from app.connectors import documents
from app.courses import archive
from app.courses.creation import decisions
from app.courses.documents import making
from app.courses.models import Course
from app.courses.surveys import analyses, calendar, figures, questionnaires
from app.courses.surveys.models import CRITERIA, SurveyAnalysis, SurveyAnswer
from app.courses.surveys.quarters import Quarter
from app.db import new_id
from app.files.store import path_of
from app.workflow import events
from app.workflow.models import Incident, Task
from tests.conftest import TestClock
from tests.process import prepared
from tests.process.reviewing import Reviewing
from tests.process.scenario import ROOT, Step, read
from tests.unit.documents import paper

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""The scenarios are played on both databases."""

SCENARIOS = ROOT / "processes" / "satisfaction" / "scenarios.yaml"
THIRD = Quarter(2026, 3)
CONCLUDED = {"conclusions": "Оценки высокие.", "measures": "Добавить примеры до 1 марта."}
needs_pango = pytest.mark.skipif(documents.available() is not None, reason="PDF cannot be made: Pango is missing")

Analyse = Callable[..., Reviewing]


@pytest.fixture
def acts(sessions: sessionmaker[Session], tmp_path: Path, moved_clock: TestClock) -> Analyse:
    """People and release, and nothing begun."""

    def made(**how: Any) -> Reviewing:
        scenario = read(SCENARIOS)[0]
        return Reviewing(sessions, tmp_path, replace(scenario, prepared={**scenario.prepared, **how}), moved_clock)

    return made


@pytest.fixture
def analyse(acts: Analyse) -> Analyse:
    """A quarter has ended, its analysis is open."""

    def begun(**how: Any) -> Reviewing:
        found = acts(**how)
        found.take(Step("event", calendar.QUARTER_ENDED))
        return found

    return begun


def answer(session: Session, course: str, day: date, mark: str = "good", **more: Any) -> None:
    session.add(SurveyAnswer(key=new_id(), course_id=course, day=day, **dict.fromkeys(CRITERIA, mark), **more))


def analysis(acts: Reviewing) -> SurveyAnalysis:
    with acts.sessions() as session:
        found = analyses.latest(session, acts.course)
    assert found is not None
    return found


@pytest.mark.requirement("R11.2-a", "X-8")
def test_past_the_end_of_the_quarter_every_published_course_has_one_task(acts: Analyse) -> None:
    """Two published courses, one of them without an answer; one not published; the clock moved past New Year."""
    made = acts(published=False)
    with made.sessions.begin() as session:
        ids = []
        for number, stage in (("2026-001", "published"), ("2026-002", "published"), ("2026-003", "preparation")):
            course = session.get_one(
                Course,
                prepared.course(session, made.people, {"creator": "creator", "number": number, "published": False}),
            )
            ids.append(course.id)
            if stage == "published":
                course.stage, course.published_at = stage, made.clock.moment
                calendar.begin(session, course)
        answer(session, ids[0], made.clock.moment.date())
    made.clock.set(datetime(2026, 12, 31, 20, 0, tzinfo=UTC))  # 23:00 in Minsk: the quarter is not over
    worker.work_off(made.sessions)
    assert open_tasks(made) == {}
    for hours in (10, 24, 24 * 30):
        made.clock.move(hours=hours)
        worker.work_off(made.sessions)
        worker.work_off(made.sessions)
    assert open_tasks(made) == {ids[0]: 1, ids[1]: 1}
    with made.sessions() as session:
        frozen = {one.course_id: one for one in session.scalars(sa.select(SurveyAnalysis))}
    assert [(one.first_day, one.last_day) for one in frozen.values()] == [(date(2026, 10, 1), date(2026, 12, 31))] * 2
    assert [analyses.whole(frozen[one]).answers for one in ids[:2]] == [1, 0]


def open_tasks(acts: Reviewing) -> dict[str, int]:
    query = sa.select(Task.subject, sa.func.count()).where(Task.process == "satisfaction", Task.closed_at.is_(None))
    with acts.sessions() as session:
        assert not session.scalars(sa.select(Incident.message_en)).all()
        return {str(subject): count for subject, count in session.execute(query.group_by(Task.subject))}


@pytest.mark.requirement("R11.2-a")
def test_that_nobody_has_answered_is_said_in_the_task_and_in_the_report(analyse: Analyse) -> None:
    found = analyse(answers=0)
    with found.sessions() as session:
        seen = found.seen(session, "analyse", "satisfaction_analysis", "coordinator")
    assert seen["answered"] == "Ответов не поступило."
    found.do("analyse", "coordinator", **CONCLUDED)
    found.do("confirm", "administrator", decision="confirm")
    words = printed(found, making.ANALYSIS, analysis(found).id)
    assert "Ответов не поступило." in words["ru"]
    assert "No answers were received." in words["en"]


def printed(acts: Reviewing, kind: making.Kind, source: str) -> dict[str, str]:
    """Words of the archived document by language; of a real PDF its text, of a plain one what it says of itself."""
    with acts.sessions() as session:
        entry = archive.newest_of(session, kind, source)
        assert entry is not None
        files = {
            one.language: path_of(acts.folder / "files", one.sha256).read_bytes()
            for one in archive.files_of(session, entry.id)
        }
    told = {}
    for language, content in files.items():
        known = pypdf.PdfReader(io.BytesIO(content)).metadata
        told[language] = (str(known.get("/Subject", "")) if known else "") or paper.text(content)
    return told


@pytest.mark.requirement("R11.2-a")
def test_the_figures_are_frozen_and_both_answer_for_the_analysis(analyse: Analyse) -> None:
    found = analyse()
    with found.sessions.begin() as session:
        seen = found.seen(session, "analyse", "satisfaction_analysis", "coordinator")
        answer(session, found.course, THIRD.last_day, "unsatisfactory")  # as if a late one came in somehow
    assert seen["period"] == "III квартал 2026 года"
    assert "отлично – 3, хорошо – 3, удовлетворительно – 0, неудовлетворительно – 0; средняя 3,5" in str(
        seen["figures"]
    )
    found.do("analyse", "coordinator", **CONCLUDED)
    assert analyses.whole(analysis(found)).answers == 6
    assert analysis(found).confirmed_at is None
    assert archived(found) == []
    found.do("confirm", "administrator", decision="return", remarks="Кто добавит примеры?")
    with found.sessions() as session:
        again = found.seen(session, "analyse", "satisfaction_analysis", "coordinator")
    assert (again["returned"], again["conclusions"]) == ("Кто добавит примеры?", CONCLUDED["conclusions"])
    found.do("analyse", "coordinator", **CONCLUDED)
    found.do("confirm", "administrator", decision="confirm")
    kept = analysis(found)
    assert (kept.analysed_by, kept.confirmed_by) == (found.people["coordinator"], found.people["administrator"])
    assert len(archived(found)) == 1
    with found.sessions() as session:
        events_of_course = [one.kind for one in history(session, "register", f"course-{found.course}").events]
    told = [one for one in events_of_course if one.startswith("survey:")]
    wanted = [
        Kind.SURVEY_FROZEN,
        Kind.SURVEY_ANALYSED,
        Kind.SURVEY_RETURNED,
        Kind.SURVEY_ANALYSED,
        Kind.SURVEY_CONFIRMED,
    ]
    assert told[::-1] == wanted


def archived(acts: Reviewing) -> list[str]:
    with acts.sessions() as session:
        return [one.number for one in archive.of_course(session, acts.course, making.ANALYSIS)]


def test_who_analysed_in_the_coordinators_place_does_not_confirm(analyse: Analyse) -> None:
    found = analyse(coordinated=False)
    found.do("analyse_instead", "administrator", **CONCLUDED)
    with pytest.raises(Exception, match="nothing here"):
        found.do("confirm", "administrator", decision="confirm")
    found.do("confirm", "other_administrator", decision="confirm")
    assert analysis(found).confirmed_by == found.people["other_administrator"]


@pytest.mark.requirement("RA3-g", "RA3-f")
def test_of_few_answers_neither_dates_nor_comments_are_shown_nor_printed(analyse: Analyse) -> None:
    """A37: with four answers nothing, with five both; comments never on paper."""
    few = analyse(answers=4)
    with few.sessions() as session:
        seen = few.seen(session, "analyse", "satisfaction_analysis", "coordinator")
    for field in ("participation", "suggestions"):
        assert str(seen[field]).startswith("Не показано: ответов меньше 5")
    few.do("analyse", "coordinator", **CONCLUDED)
    few.do("confirm", "administrator", decision="confirm")
    kept = analysis(few)
    assert (kept.participated_from, kept.participated_to, kept.comments) == (None, None, 4)
    words = printed(few, making.ANALYSIS, kept.id)
    assert "Не показано: ответов меньше 5" in words["ru"]
    assert "1 июля 2026 –" not in words["ru"]


@pytest.mark.requirement("RA3-g", "RA3-f")
def test_with_enough_answers_dates_and_comments_are_shown_to_those_two_and_comments_are_not_printed(
    analyse: Analyse,
) -> None:
    found = analyse(answers=5)
    with found.sessions() as session:
        seen = found.seen(session, "analyse", "satisfaction_analysis", "coordinator")
    assert seen["participation"] == "1 июля 2026 – 1 июля 2026"
    assert "Больше примеров, номер 3" in str(seen["suggestions"])
    found.do("analyse", "coordinator", **CONCLUDED)
    found.do("confirm", "administrator", decision="confirm")
    words = printed(found, making.ANALYSIS, analysis(found).id)
    assert "1 июля 2026" in words["ru"]
    assert "Больше примеров" not in words["ru"]
    assert "5; доступны администратору раздела и координаторам курса" in words["ru"]


def test_quarters_that_were_missed_are_analysed_together_and_none_is_lost(analyse: Analyse) -> None:
    found = analyse(published_on="2026-01-15", answers=3)
    with found.sessions() as session:
        seen = found.seen(session, "analyse", "satisfaction_analysis", "coordinator")
    assert seen["period"] == "I квартал 2026 года – III квартал 2026 года"
    written = analyses.figures_of(analysis(found))
    assert [(str(quarter.number), one.answers) for quarter, one in written] == [("1", 0), ("2", 0), ("3", 3)]


def test_the_quarter_that_was_analysed_is_not_analysed_twice(analyse: Analyse) -> None:
    found = analyse()
    with found.sessions.begin() as session:
        events.announce(session, calendar.QUARTER_ENDED, found.course, key="by mistake")
    worker.work_off(found.sessions)
    assert open_tasks(found) == {found.course: 1}


def test_a_course_that_is_published_gets_its_questionnaire_and_its_rule(acts: Analyse) -> None:
    found = acts()
    with found.sessions.begin() as session:
        course = session.get_one(Course, prepared.course(session, found.people, {"creator": "creator"}))
        course.stage, course.published_at = "published", found.clock.moment
        calendar.keep(session)
        calendar.keep(session)
        code = questionnaires.of(session, course).code
        planned = events.planned(session, course.id)
        assert questionnaires.of(session, course).code == code
    assert [(one.name, one.every) for one in planned] == [(calendar.QUARTER_ENDED, "P3M")]
    assert planned[0].due == datetime(2027, 1, 1, 6, 0, tzinfo=UTC)
    worker.work_off(found.sessions)
    with found.sessions() as session:
        assert len(archive.of_course(session, course.id, making.QUESTIONNAIRE)) == 1


def test_a_withdrawn_course_is_analysed_no_more(acts: Analyse) -> None:
    found = acts(published=False)
    with found.sessions.begin() as session:
        course = session.get_one(Course, prepared.course(session, found.people, {"creator": "creator"}))
        calendar.plan(session, course.id, found.clock.moment.date())
        decisions.withdraw(session, found.actor(session, "administrator"), course, "Нет создателя")
        assert events.planned(session, course.id) == []


@pytest.mark.requirement("R11.3-a")
def test_the_yearly_report_gets_figures_and_analyses_by_course_and_quarter(analyse: Analyse) -> None:
    found = analyse()
    found.do("analyse", "coordinator", **CONCLUDED)
    with found.sessions.begin() as session:
        answer(session, found.course, date(2026, 10, 5), "excellent")
        year = figures.by_quarter(session, date(2026, 1, 1), date(2026, 12, 31))
        assert analyses.confirmed_between(session, date(2026, 1, 1), date(2026, 12, 31)) == {}
    assert set(year) == {found.course}
    assert {quarter: one.answers for quarter, one in year[found.course].items()} == {THIRD: 6, Quarter(2026, 4): 1}
    assert year[found.course][THIRD].marks["practical"] == (3, 3, 0, 0)
    assert year[found.course][Quarter(2026, 4)].overall == 4
    found.do("confirm", "administrator", decision="confirm")
    with found.sessions() as session:
        confirmed = analyses.confirmed_between(session, date(2026, 1, 1), date(2026, 12, 31))
    assert [one.number for one in confirmed[found.course]] == ["2026-001/S1"]


@needs_pango
@pytest.mark.requirement("RA3-a", "RA3-b", "RA3-c", "RA3-d", "RA3-e", "RA3-f", "RA3-g", "X-5")
def test_appendix_3_on_paper_has_the_whole_form_in_order_in_both_languages(acts: Analyse) -> None:
    found = acts()
    found.make_documents(making.typeset)
    with found.sessions.begin() as session:
        course = session.get_one(Course, prepared.course(session, found.people, {"creator": "creator"}))
        course.stage, course.published_at = "published", found.clock.moment
        calendar.begin(session, course)
        code = questionnaires.of(session, course).code
    worker.work_off(found.sessions)
    words = printed(found, making.QUESTIONNAIRE, course.id)
    assert paper.in_order(words["ru"], "Приложение 3", "Форма анкеты для анализа оценки удовлетворенности обучающихся",
        "ОЦЕНКА УДОВЛЕТВОРЕННОСТИ ДЛЯ КУРСА КООМЕТ", "Калибровка гирь", "наименование курса КООМЕТ",
        "Оценка респондента", "Отлично", "Хорошо", "Актуальность и практическая", "Теоретическая полезность",
        "Качество материала", "Оформление материала", "Предложения и комментарии",
        "Даты участия в курсе", code)  # fmt: skip
    assert paper.in_order(words["en"], "Appendix 3", "Questionnaire form for analysing learners’ satisfaction",
        "SATISFACTION EVALUATION FOR A COOMET COURSE", "Calibration of weights", "Respondent’s mark", "Excellent",
        "Good", "Satisfactory", "Unsatisfactory", "Topicality and practical usefulness", "Theoretical usefulness",
        "Quality of the material", "Presentation of the material", "Suggestions and comments",
        "Dates of participation", code)  # fmt: skip
    assert all(text.count("☐") == 16 for text in words.values())


@needs_pango
@pytest.mark.requirement("R11.2-a", "X-5")
def test_the_quarterly_report_is_in_the_archive_in_both_languages(analyse: Analyse) -> None:
    found = analyse()
    found.make_documents(making.typeset)
    found.do("analyse", "coordinator", **CONCLUDED)
    found.do("confirm", "administrator", decision="confirm")
    words = printed(found, making.ANALYSIS, analysis(found).id)
    assert paper.in_order(words["ru"], "Анализ удовлетворенности обучающихся", "Калибровка гирь",
        "III квартал 2026 года", "6 ответов", "Распределение оценок", "Оценки высокие.", "Добавить примеры до 1 марта.",
        "Кира Координаторова", "Анна Администраторова", "2026-001/S1")  # fmt: skip
    assert paper.in_order(words["en"], "Analysis of learners’ satisfaction", "Calibration of weights",
        "quarter III of 2026", "6 answers", "Kira Koordinatorova", "Anna Administratorova")  # fmt: skip
