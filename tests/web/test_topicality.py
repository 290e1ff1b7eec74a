"""Checks of topicality on pages: the overdue list, a check begun early, a course's whole life (13, R1-a)."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app import clock, worker
from app.courses import register
from app.courses.actualisation import calendar, checking, deciding
from app.courses.actualisation.models import Annulment, Edition, TopicalityCheck
from app.courses.models import Course
from app.identity.models import Person
from tests.web.addresses import Things
from tests.web.conftest import Enter

WHERE = "/checks"


@pytest.fixture
def public(busy_site: Flask, found: Things) -> str:
    """The demo's course in agreement, published long ago as far as the register goes."""
    sessions: sessionmaker[Session] = busy_site.extensions["sessions"]
    with sessions.begin() as session:
        publish(session, session.get_one(Course, found.course), clock.now().date() - timedelta(days=4 * 365))
    return found.course


def publish(session: Session, course: Course, day: date) -> None:
    course.stage = "published"
    course.published_at = course.approved_at = calendar.moment_of(day, "Europe/Minsk")
    calendar.plan(session, course)


def annul(session: Session, course: Course) -> str:
    """A check with its conclusions, a new version and TC 4's decision, as the procedure would have left them."""
    someone = session.scalars(sa.select(Person)).first()
    assert someone is not None
    check = TopicalityCheck(course_id=course.id, number=1, due=clock.now().date(), begun_by=someone.id)
    session.add(check)
    session.flush()
    for part in ("secretariat", "tc4", "coordinator"):
        checking.conclude(session, check, part, "obsolete", "Метод больше не применяется.", someone.id)
    session.add(Edition(course_id=course.id, number=2, check_id=check.id, changes="Слайд 4", proposed_by=someone.id))
    today = clock.now().date()
    decision = deciding.Decision("annul", today, "25-е заседание ТК 4", "Метод больше не применяется.")
    return deciding.decide(session, check, decision, someone.id).id


@pytest.mark.requirement("R13.1-a")
@pytest.mark.parametrize("locale", ["ru", "en"])
def test_overdue_courses_are_listed_for_those_who_follow_the_checks(
    enter_busy: Enter, public: str, locale: str
) -> None:  # fmt: skip
    for who in ("secretariat", "tc4", "admin-by"):
        page = enter_busy(who, locale).get(WHERE)
        assert page.links(f"/courses/{public}")
        assert page.tree.xpath("//td//span[contains(@class,'state-late')]")
    for who in ("creator-by", "chair-14", "guest"):
        enter_busy(who, locale).get(WHERE, expect=404)


@pytest.mark.parametrize("locale", ["ru", "en"])
def test_an_empty_list_says_so_and_the_search_forgives(enter_busy: Enter, public: str, locale: str) -> None:
    client = enter_busy("secretariat", locale)
    assert client.get(f"{WHERE}?q=nothing-of-that-name").tree.xpath("//div[contains(@class,'empty')]")
    assert client.get(f"{WHERE}?view=all&q=2026").links(f"/courses/{public}")
    assert client.get(f"{WHERE}?view=nonsense&page=x").status == 200


def test_a_long_list_is_turned_page_by_page(busy_site: Flask, enter_busy: Enter, public: str) -> None:
    sessions: sessionmaker[Session] = busy_site.extensions["sessions"]
    with sessions.begin() as session:
        model = session.get_one(Course, public)
        for number in range(60):
            copy = Course(
                number=f"2020-{number:03}", title_ru=f"Курс {number}", language="ru", initiator_kind="nmi",
                initiator_id=model.initiator_id, year=2020, source="administrator", registered_by=model.registered_by,
            )  # fmt: skip
            session.add(copy)
            session.flush()
            publish(session, copy, date(2020, 1, 1))
    client = enter_busy("secretariat")
    first, second = client.get(WHERE), client.get(f"{WHERE}?page=2")
    assert len(first.tree.xpath("//tbody/tr")) == 50
    assert len(second.tree.xpath("//tbody/tr")) == 11
    assert first.links("page=2")
    assert second.links(WHERE)


def test_a_check_is_begun_before_its_date_with_a_reason(busy_site: Flask, enter_busy: Enter, public: str) -> None:
    client = enter_busy("secretariat", "en")
    client.post(f"/courses/{public}/check", {"reason": " "}, expect=422)
    client.post(f"/courses/{public}/check", {"reason": "A new edition of the standard"})
    worker.work_off(busy_site.extensions["sessions"])
    page = client.get(f"/courses/{public}")
    assert "Begun before its date: A new edition of the standard" in page.text()
    assert not page.tree.xpath("//form[contains(@action, '/check')]")
    client.post(f"/courses/{public}/check", {"reason": "Once more"}, expect=409)
    assert "no conclusion yet" in client.get(f"{WHERE}?q=").text("//tbody")
    enter_busy("chair-14").post(f"/courses/{public}/check", {"reason": "x"}, expect=404)


@pytest.mark.requirement("R1-a")
@pytest.mark.parametrize("locale", ["ru", "en"])
def test_the_history_of_a_course_tells_its_whole_life(
    busy_site: Flask, enter_busy: Enter, public: str, locale: str
) -> None:  # fmt: skip
    """Registration, agreement, check, new version, TC 4's decision and annulment stand on one page."""
    sessions: sessionmaker[Session] = busy_site.extensions["sessions"]
    with sessions.begin() as session:
        decision = annul(session, session.get_one(Course, public))
    client = enter_busy("secretariat", locale)
    text = client.get(f"/courses/{public}/history").text("//main")
    told = {
        "ru": ("курс зарегистрирован", "начата", "дано заключение", "Редакция 2", "25-е заседание ТК 4", "Аннулирован"),
        "en": ("registered the course", "began", "gave a conclusion", "Edition 2", "25-е заседание ТК 4", "Annulled"),
    }
    for words in told[locale]:
        assert words in text, words
    overview = client.get(f"/courses/{public}")
    assert overview.links(f"/courses/{public}/decisions/{decision}")
    stages = overview.text("//ol[@class='stages']")
    assert ("Аннулирован" if locale == "ru" else "Annulled") in stages
    paper = client.get(f"/courses/{public}/decisions/{decision}")
    assert "25-е заседание ТК 4" in paper.text("//article")
    assert client.get("/courses?stage=annulled").links(f"/courses/{public}")
    client.get(f"/courses/{public}/decisions/none", expect=404)


@pytest.mark.requirement("R13.5-c")
def test_the_public_list_no_longer_has_an_annulled_course(
    busy_site: Flask, enter: Enter, enter_busy: Enter, public: str
) -> None:
    client = enter_busy()
    sessions: sessionmaker[Session] = busy_site.extensions["sessions"]
    with sessions() as session:
        title = register.title(session.get_one(Course, public)).into("ru")
    for where in ("/portal?lang=ru", "/portal.csv", "/portal.json", "/portal/fragment?lang=ru"):
        with client.browser.get(where) as answer:
            assert title in answer.get_data(as_text=True), where
    with sessions.begin() as session:
        annul(session, session.get_one(Course, public))
        assert session.get(Annulment, public) is not None
    for where in ("/portal?lang=ru", "/portal.csv", "/portal.json", "/portal/fragment?lang=ru"):
        with client.browser.get(where) as answer:
            assert title not in answer.get_data(as_text=True), where
