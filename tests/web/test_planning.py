"""Pages of planning: the survey, prospective topics, the list with its past states and exports, requests (6.1, 6.2)."""

import csv
import io
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app import clock
from app.courses.models import Course
from app.courses.planning.models import ProspectiveTopic, SurveyCampaign
from app.db import new_id
from app.i18n import Locale
from app.identity.models import Person
from tests.spreadsheets import read
from tests.web.client import Client
from tests.web.conftest import Enter


def in_days(days: int) -> str:
    return (clock.now() + timedelta(days=days)).date().isoformat()


@pytest.fixture
def campaign(busy_site: Flask) -> str:
    sessions: sessionmaker[Session] = busy_site.extensions["sessions"]
    with sessions() as session:
        return session.scalars(sa.select(SurveyCampaign.id)).one()


def started(client: Client, **typed: str) -> dict[str, str]:
    page = client.get("/procedures/planning")
    values = {"nonce": page.value("nonce"), "year": "2027", "answer_by": in_days(30), "audience": "sb", "_send": "1"}
    return values | typed


@pytest.mark.requirement("R6.1-a")
@pytest.mark.parametrize("locale", ["ru", "en"])
def test_a_second_survey_of_a_year_says_so_and_keeps_what_was_typed(enter_busy: Enter, locale: Locale) -> None:
    client = enter_busy("tc4", locale)
    values = started(client, year="2026", message_ru="Просим ответить.")
    refused = client.post("/procedures/planning", values, expect=422)
    said = {"ru": "Опрос 2026 года уже начат", "en": "The survey of 2026 was begun already"}
    assert said[locale] in refused.text()
    assert "Просим ответить." in refused.text("//textarea")
    assert refused.value("year") == "2026"


@pytest.mark.parametrize("locale", ["ru", "en"])
def test_the_survey_shows_who_answered_what_and_what_became_of_it(
    enter_busy: Enter, campaign: str, locale: Locale
) -> None:
    client = enter_busy("secretariat", locale)
    page = client.get(f"/surveys/{campaign}")
    assert {"ru": "4 из 6", "en": "4 of 6"}[locale] in page.text("//h1/following-sibling::p")
    assert page.links("/register?year=2026")
    answer = client.get(f"/surveys/{campaign}/answers/tc-1.10")
    assert "Калибровка термопар" in answer.text()
    assert answer.links("/courses/")
    assert answer.links("/topics/")
    client.get(f"/surveys/{campaign}/answers/tc-1.5", expect=404)
    assert client.get("/surveys").links(campaign)
    enter_busy("chair-14", locale).get(f"/surveys/{campaign}", expect=404)


@pytest.mark.parametrize("locale", ["ru", "en"])
def test_a_running_survey_is_extended_with_a_reason_and_its_recipients_are_reminded(
    enter_busy: Enter, busy_site: Flask, locale: Locale
) -> None:
    client = enter_busy("admin-by", locale)
    client.post("/procedures/planning", started(client))
    sessions: sessionmaker[Session] = busy_site.extensions["sessions"]
    with sessions() as session:
        known = session.scalars(sa.select(SurveyCampaign.id).where(SurveyCampaign.year == 2027)).one()
    wrong = client.post(f"/surveys/{known}/extend", {"until": in_days(-3), "reason": ""}, expect=422)
    assert len(wrong.tree.xpath("//p[@class='error']")) == 2
    client.post(f"/surveys/{known}/extend", {"until": "позже", "reason": "Отпуска"}, expect=422)
    client.post(f"/surveys/{known}/extend", {"until": in_days(50), "reason": "Отпуска"})
    assert client.get(f"/surveys/{known}").value("until") == in_days(50)
    client.post(f"/surveys/{known}/remind")
    assert client.get(f"/surveys/{known}").text("//*[@class='notice done' or @class='notice info']")


@pytest.mark.requirement("R6.1-b")
@pytest.mark.parametrize("locale", ["ru", "en"])
def test_a_topic_waits_beside_the_list_and_is_promoted_by_the_form(
    enter_busy: Enter, busy_site: Flask, locale: Locale
) -> None:
    client = enter_busy("secretariat", locale)
    listed = client.get("/topics?q=цифровые")
    assert "Цифровые сертификаты калибровки" in listed.text("//table")
    assert "Цифровые сертификаты" not in client.get("/register?year=2026").text("//table")
    (address,) = set(listed.links("/topics/"))
    client.post(f"{address}/drop", {"reason": ""}, expect=422)
    form = client.post(f"{address}/promote")
    assert form.location.endswith("/procedures/creation")
    page = client.get("/procedures/creation")
    topic = address.rsplit("/", 1)[1]
    assert page.tree.xpath(f"//select[@name='topic']/option[@selected and @value='{topic}']")
    values = {"nonce": page.value("nonce"), "language": "ru", "title_ru": "Цифровые сертификаты", "year": "2026",
              "topic": topic, "initiator_kind": "sb", "sb": "tc-1.4", "field": "Общее", "_send": "1"}  # fmt: skip
    client.post("/procedures/creation", values)
    assert "Цифровые сертификаты" in client.get("/register?year=2026").text("//table")
    sessions: sessionmaker[Session] = busy_site.extensions["sessions"]
    with sessions() as session:
        assert session.get_one(ProspectiveTopic, topic).state == "promoted"
    client.post(f"{address}/drop", {"reason": "Поздно"}, expect=409)
    client.get(address)
    added = client.post("/topics", {"title": "Ъ", "reason": "", "year": ""}, expect=422)
    assert added.value("title") == "Ъ"
    client.post("/topics", {"title": "Квантовые эталоны", "reason": "", "year": "2028"})
    assert "Квантовые эталоны" in client.get("/topics?state=open").text("//table")
    client.get("/topics?q=нет-такой-темы")


@pytest.mark.requirement("R6.2-a", "R6.2-b")
@pytest.mark.parametrize("locale", ["ru", "en"])
def test_the_list_is_filtered_shown_as_on_a_past_day_and_taken_away(enter_busy: Enter, locale: Locale) -> None:
    client = enter_busy("secretariat", locale)
    whole = client.get("/register?year=2026")
    numbers = whole.tree.xpath("//tbody//td[1]/text()")
    assert [one.strip() for one in numbers if one.strip()] == [f"2026-00{n}" for n in range(1, 9)]
    assert client.get("/register?year=2026&q=термопар&stage=registered").text("//tbody//td[1]").startswith("2026-008")
    client.get("/register?year=2026&stage=withdrawn")
    earlier = client.get(f"/register?year=2026&on={in_days(-28)}")
    assert len(earlier.tree.xpath("//tbody/tr")) == 2
    client.get("/register?year=2026&on=позавчера")
    book = read(client.browser.get("/register/export.xlsx?year=2026&lang=ru").data)["2026"]
    assert book.rows[0][:3] == ["Номер", "Название по-русски", "Название по-английски"]
    assert [row[0] for row in book.rows[1:]] == [f"2026-00{n}" for n in range(1, 9)]
    assert book.rows[8][5] == 2026
    text = client.browser.get("/register/export.csv?year=2026&lang=en").data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[8][1:3] == ["Калибровка термопар", "Calibration of thermocouples"]
    assert "print=1" in "".join(whole.links("/register"))
    client.get("/register?year=2026&print=1")
    enter_busy("chair-14", locale).get("/register", expect=404)


@pytest.mark.requirement("R6.2-b")
@pytest.mark.parametrize("locale", ["ru", "en"])
def test_the_secretariat_edits_an_entry_on_its_page(enter_busy: Enter, busy_site: Flask, locale: Locale) -> None:
    client = enter_busy("secretariat", locale)
    sessions: sessionmaker[Session] = busy_site.extensions["sessions"]
    with sessions() as session:
        course = session.scalars(sa.select(Course).where(Course.number == "2026-008")).one()
    form = client.get(f"/register/entries/{course.id}")
    typed = {name: form.value(name) for name in ("title_ru", "title_en", "field", "year", "remarks")}
    assert typed["title_ru"] == "Калибровка термопар"
    wrong = client.post(f"/register/entries/{course.id}", {**typed, "year": "скоро", "reason": ""}, expect=422)
    assert wrong.value("year") == "скоро"
    client.post(f"/register/entries/{course.id}", {**typed, "field": "Температура", "reason": "Уточнение"})
    assert "Температура" in client.get("/register?year=2026").text("//table")
    assert "Термометрия" in client.get(f"/register?year=2026&on={in_days(-1)}").text("//table")
    enter_busy("admin-by", locale).get(f"/register/entries/{course.id}", expect=404)


@pytest.mark.requirement("R6.2-c")
@pytest.mark.parametrize("locale", ["ru", "en"])
def test_a_participant_asks_for_the_list_and_the_page_says_what_became_of_it(enter_busy: Enter, locale: Locale) -> None:
    secretariat = enter_busy("secretariat", locale)
    today = secretariat.get("/settings/values/register_release").value("valid_from")
    secretariat.post("/settings/values/register_release", {"value": "automatic", "valid_from": today})
    client = enter_busy("guest", locale)
    client.get("/register/requests")
    client.post("/register/requests", {"year": "1999", "purpose": "2027"}, expect=422)
    sent = client.post("/register/requests", {"year": "2026", "purpose": "2027"})
    waiting = client.get(sent.location)
    assert not waiting.tree.xpath("//table")
    assert client.get(f"{sent.location}/export.xlsx", expect=404)
    client.post("/register/requests", {"year": "2026", "purpose": "2027"}, expect=409)
    enter_busy("chair-14", locale).get(sent.location, expect=404)
    assert "2026" in secretariat.get("/register/requests").text("//table")


@pytest.mark.requirement("R6.2-c")
@pytest.mark.parametrize("locale", ["ru", "en"])
def test_an_outsider_is_told_that_the_list_is_not_for_them(enter_busy: Enter, busy_site: Flask, locale: Locale) -> None:
    sessions: sessionmaker[Session] = busy_site.extensions["sessions"]
    with sessions.begin() as session:
        guest = session.scalars(sa.select(Person).where(Person.email.startswith("guest@"))).one()
        guest.organisation_id = None
    client = enter_busy("guest", locale)
    page = client.get("/register/requests")
    assert not page.tree.xpath("//main//form")
    client.post("/register/requests", {"year": "2026"}, expect=404)
    assert enter_busy().browser.get("/register/requests").status_code == 303


def test_an_answer_sent_again_from_the_same_page_is_the_same_answer(enter_busy: Enter, busy_site: Flask) -> None:
    client = enter_busy("admin-by")
    values = started(client, audience="chosen", **{"chosen.0.organisation": "tc-1.4"})
    client.post("/procedures/planning", values)
    client.post("/procedures/planning", values)  # the same nonce: the same survey
    sessions: sessionmaker[Session] = busy_site.extensions["sessions"]
    with sessions() as session:
        assert len(session.scalars(sa.select(SurveyCampaign).where(SurveyCampaign.year == 2027)).all()) == 1
    refused = client.post("/procedures/planning", {**values, "nonce": new_id()}, expect=422)
    assert "Опрос 2027 года уже начат" in refused.text()
