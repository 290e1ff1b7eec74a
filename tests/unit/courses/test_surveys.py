"""The parts of the survey: quarters, nonces, buckets, taking an answer, counting, hiding (11, Appendix 3; S58)."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.orm import Session

from app import clock
from app.courses import settings
from app.courses.models import Course
from app.courses.surveys import answering, figures, pages, quarters, questionnaires, tables
from app.courses.surveys.models import CRITERIA, MARKS, SurveyAnswer
from app.courses.surveys.pace import Pace
from app.courses.surveys.quarters import Quarter
from app.db import new_id
from app.errors import Conflict, Invalid, NotFound
from app.i18n import use_locale
from app.identity import reference
from tests.conftest import TestClock
from tests.spreadsheets import read

GOOD = dict.fromkeys(CRITERIA, "good")


@pytest.fixture
def course(session: Session, moved_clock: TestClock) -> Course:
    return published(session, "2026-001")


def published(session: Session, number: str, **more: Any) -> Course:
    """A row of the register, published today."""
    reference.load(session)
    given = {"title_ru": "Гири", "title_en": "Weights", "stage": "published", "published_at": clock.now()} | more
    made = Course(
        number=number, language="ru_en", initiator_kind="nmi", initiator_id="nmi-by-belgim", year=2026,
        source="administrator", registered_by="nobody", **given,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def answer(session: Session, course: Course, day: date, mark: str = "good", **more: Any) -> None:
    session.add(SurveyAnswer(key=new_id(), course_id=course.id, day=day, **dict.fromkeys(CRITERIA, mark), **more))
    session.flush()


def test_quarters_follow_the_calendar() -> None:
    assert quarters.of(date(2026, 3, 31)) == Quarter(2026, 1)
    assert quarters.of(date(2026, 4, 1)) == Quarter(2026, 2)
    assert Quarter(2026, 4).next == Quarter(2027, 1)
    assert Quarter(2026, 1).previous == Quarter(2025, 4)
    assert (Quarter(2028, 1).first_day, Quarter(2028, 1).last_day) == (date(2028, 1, 1), date(2028, 3, 31))
    assert len(list(quarters.between(date(2025, 12, 31), date(2027, 1, 1)))) == 6
    with use_locale("ru"):
        assert quarters.period(date(2026, 1, 1), date(2026, 3, 31)) == "I квартал 2026 года"
        assert quarters.period(date(2026, 1, 1), date(2026, 9, 30)) == "I квартал 2026 года – III квартал 2026 года"


def test_a_nonce_is_ours_of_that_course_and_knows_its_age() -> None:
    nonce = pages.issue("secret", "abc", at=1_000_000)
    shown = pages.read("secret", "abc", nonce)
    assert shown is not None
    assert shown.age > pages.LONGEST
    assert nonce != pages.issue("secret", "abc", at=1_000_000)
    for secret, code, sent in (
        ("other", "abc", nonce),
        ("secret", "abd", nonce),
        ("secret", "abc", nonce[:-1]),
        ("secret", "abc", ""),
        ("secret", "abc", "ff.ы.ы" * 100),
        ("secret", "abc", nonce.replace("f", "e", 1)),
    ):
        assert pages.read(secret, code, sent) is None


def test_s58_a_bucket_holds_a_class_and_stops_a_robot_and_fills_up_again() -> None:
    now = [0.0]
    pace = Pace(lambda: now[0])
    assert sum(pace.allows("one") for _ in range(10_000)) == 60
    assert pace.allows("another")
    assert sum(pace.allows(f"course {number}") for number in range(500)) == 240 - 61
    now[0] = 10.0
    assert sum(pace.allows("one") for _ in range(100)) == 5
    now[0] = 86_400.0
    assert sum(pace.allows("one") for _ in range(1000)) == 60


@pytest.mark.requirement("R11.1-a")
def test_the_same_form_counts_once(session: Session, course: Course) -> None:
    """A double click, a resend, a page gone back to."""
    assert answering.take(session, course, GOOD, "random")
    assert not answering.take(session, course, GOOD | {"comments": "another"}, "random")
    assert answering.take(session, course, GOOD, "another")
    assert session.scalar(sa.select(sa.func.count()).select_from(SurveyAnswer)) == 2


def test_s58_ten_thousand_answers_do_not_fill_the_database(session: Session, course: Course) -> None:
    """A robot that waits patiently between its posts ends at the limit of the day; the next day is another."""
    other = published(session, "2026-002")
    taken = 0
    for number in range(10_000):
        try:
            taken += answering.take(session, course, GOOD, f"random {number}")
        except answering.Full:
            if number > 300:
                break
    assert taken == settings.number(session, "survey_daily", settings.today(session)) == 200
    with pytest.raises(answering.Full):
        answering.take(session, course, GOOD, "random 9999")
    assert answering.take(session, other, GOOD, "x")
    with clock.standing_at(clock.now() + timedelta(days=1)):
        assert answering.take(session, course, GOOD, "y")


def test_all_courses_together_have_a_limit_of_the_day(
    session: Session, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "ALL_COURSES", 3)
    other = published(session, "2026-002")
    assert all(answering.take(session, one, GOOD, str(place)) for place, one in enumerate((course, course, other)))
    with pytest.raises(answering.Full):
        answering.take(session, other, GOOD, "4")


@pytest.mark.requirement("RA3-b", "RA3-c", "RA3-d", "RA3-e")
@pytest.mark.parametrize("criterion", CRITERIA)
def test_one_of_four_marks_is_needed_for_each_criterion(session: Session, course: Course, criterion: str) -> None:
    for mark in ("", None, "superb", ["good", "excellent"]):
        with pytest.raises(Invalid) as caught:
            answering.take(session, course, GOOD | {criterion: mark}, "random")
        assert set(caught.value.fields) == {criterion}
    assert set(answering.check_marks({criterion: ["good", "excellent"]})) == {criterion}
    assert answering.check_marks({criterion: ["good"]}) == {}


def test_only_a_published_course_takes_answers(session: Session, course: Course) -> None:
    for stage, at in (("annulled", course.published_at), ("withdrawn", course.published_at), ("preparation", None)):
        closed = Course(id="x", stage=stage, published_at=at)
        with pytest.raises(Conflict):
            answering.take(session, closed, GOOD, "random")


def test_the_database_itself_refuses_what_appendix_3_does_not_have(session: Session, course: Course) -> None:
    for wrong in ({"quality": "superb"}, {"participated_from": date(2026, 2, 2), "participated_to": date(2026, 2, 1)}):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(
                sa.insert(SurveyAnswer).values(key="k", course_id=course.id, day=date(2026, 1, 1), **GOOD | wrong)
            )
    answer(session, course, date(2026, 1, 1))
    for change in (sa.update(SurveyAnswer).values(design="excellent"), sa.delete(SurveyAnswer)):
        with pytest.raises(DatabaseError), session.begin_nested():
            session.execute(change)


def test_the_database_counts_by_course_and_quarter(session: Session, course: Course) -> None:
    other = published(session, "2026-002")
    for month in range(1, 13):
        answer(session, course, date(2026, month, 28), MARKS[month % 4])
    answer(session, other, date(2026, 12, 31), "excellent")
    answer(session, other, date(2027, 1, 1), "unsatisfactory")
    found = figures.by_quarter(session, date(2026, 1, 1), date(2026, 12, 31))
    assert {quarter.number: one.answers for quarter, one in found[course.id].items()} == {1: 3, 2: 3, 3: 3, 4: 3}
    assert found[other.id] == {Quarter(2026, 4): figures.Figures(1, dict.fromkeys(CRITERIA, (1, 0, 0, 0)))}
    first = found[course.id][Quarter(2026, 1)]
    assert first.marks["design"] == (0, 1, 1, 1)
    assert first.mean("design") == first.overall == 2
    together = figures.together(found[course.id].values())
    assert (together.answers, together.marks["design"]) == (12, (3, 3, 3, 3))
    whole = figures.of_course(session, other.id, date(2026, 7, 1), date(2027, 3, 31))
    assert [one.answers for _, one in whole] == [0, 1, 1]
    assert figures.EMPTY.overall is None
    assert figures.by_quarter(session, date(2026, 1, 1), date(2026, 12, 31), []) == {}


@pytest.mark.requirement("RA3-g", "RA3-f")
def test_few_answers_hide_who_gave_them(session: Session, course: Course) -> None:
    """A37: dates and comments only from so many answers on, in an order that is not theirs."""
    day = date(2026, 10, 1)
    for number in range(4):
        when = day + timedelta(days=number)
        answer(session, course, when, comments=f"comment {number}", participated_from=day, participated_to=when)
    assert figures.told(session, course.id, day, date(2026, 12, 31), 5) == figures.Told((), None, None)
    answer(session, course, date(2026, 11, 1))
    told = figures.told(session, course.id, day, date(2026, 12, 31), 5)
    assert sorted(told.comments) == [f"comment {number}" for number in range(4)]
    assert (told.first, told.last) == (day, date(2026, 10, 4))
    assert figures.told(session, course.id, day, date(2026, 10, 31), 5).comments == ()


def test_s62_no_cell_of_the_tables_is_calculated(session: Session, course: Course) -> None:
    course.title_ru = course.title_en = "=HYPERLINK(1)"
    rows = [(course, Quarter(2026, 4), figures.EMPTY)]
    comments = ('=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\t=1")
    with use_locale("ru"):
        assert ",'=HYPERLINK(1)," in tables.as_csv(rows)
        book = read(tables.as_workbook(rows, comments))
    assert [sheet.formulas for sheet in book.values()] == [0, 0]
    assert [row[0] for row in book["Предложения"].rows[1:]] == list(comments)
    assert book["Удовлетворенность"].rows[1][1] == "=HYPERLINK(1)"


def test_a_link_is_found_again_never_changes_and_cannot_be_guessed(session: Session, course: Course) -> None:
    codes = {questionnaires.of(session, published(session, f"2026-1{number:02}")).code for number in range(50)}
    assert len(codes) == 50
    assert all(len(code) == questionnaires.LENGTH for code in codes)
    code = questionnaires.of(session, course).code
    assert questionnaires.of(session, course).code == code
    assert questionnaires.find(session, f" {code.upper()} ") is course
    assert code in questionnaires.known_link(session, course.id)
    with pytest.raises(NotFound):
        questionnaires.find(session, course.number)


@pytest.mark.requirement("R6.9-a")
def test_the_code_holds_the_address_and_runs_nothing() -> None:
    drawn = questionnaires.qr_code("https://courses.example/survey/abc", "QR <b>")
    assert drawn.startswith("<svg")
    assert "viewBox" in drawn
    assert "<b>" not in drawn
    assert questionnaires.qr_file("https://courses.example/survey/abc", "x").startswith(b"<?xml")
