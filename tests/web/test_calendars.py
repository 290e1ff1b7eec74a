"""Working days: the library's holidays and the Secretariat's exceptions, counted by deadlines, kept as evidence."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app import clock
from app.audit.history import history
from app.identity import calendars
from tests.conftest import MONDAY, TestClock
from tests.web.client import Client
from tests.web.conftest import Enter

PAGE = "/calendars"
FRIDAY = date(2026, 12, 4)
DAY = {"country": "BY", "day": FRIDAY.isoformat(), "working": "no", "note": "Перенесен указом № 5"}


@pytest.fixture
def secretariat(site: Flask, enter: Enter) -> Client:
    clock.use(TestClock(MONDAY))
    return enter("secretariat")


def sessions_of(app: Flask) -> sessionmaker[Session]:
    found: sessionmaker[Session] = app.extensions["sessions"]
    return found


def week_later(app: Flask) -> date:
    """Five working days after Monday, 30 November."""
    with sessions_of(app)() as session:
        return calendars.add_workdays(session, "BY", date(2026, 11, 30), 5)


def test_a_day_entered_counts_at_once_and_taken_out_counts_no_more(site: Flask, secretariat: Client) -> None:
    assert week_later(site) == date(2026, 12, 7)
    secretariat.post(PAGE, DAY)
    assert week_later(site) == date(2026, 12, 8)
    page = secretariat.get(f"{PAGE}?country=BY&year=2026")
    row = page.text("//tr[contains(., 'Перенесен указом')]")
    assert "4 декабря 2026" in row
    assert "пятница" in row
    secretariat.post(f"{PAGE}/BY/{FRIDAY}/remove")
    assert week_later(site) == date(2026, 12, 7)
    with sessions_of(site)() as session:
        events = history(session, "site", "calendar-by").events
    assert [one.kind.value for one in reversed(events)] == ["calendar_exception:set", "calendar_exception:removed"]
    assert "в календарь внесен день: 4 декабря 2026" in secretariat.get(f"{PAGE}?country=BY").text("//ol")


def test_the_holidays_of_the_country_are_shown_and_only_exceptions_can_be_taken_out(secretariat: Client) -> None:
    page = secretariat.get(f"{PAGE}?country=BY&year=2026")
    row = page.text("//tr[contains(., '3 июля 2026')]")
    assert "календарь страны" in row
    assert not page.tree.xpath("//tr[contains(., '3 июля 2026')]//button")
    assert "Беларусь" in page.text("//h2")


@pytest.mark.parametrize(
    ("wrong", "value"),
    [("day", ""), ("day", "31.12.2026"), ("day", "9026-01-01"), ("working", ""), ("note", " "), ("country", "XX")],
)
def test_what_is_wrong_is_named_and_what_was_typed_is_kept(
    site: Flask, secretariat: Client, wrong: str, value: str
) -> None:
    page = secretariat.post(PAGE, DAY | {wrong: value}, expect=422)
    name = "fieldset" if wrong == "working" else f"*[@id='{wrong}']"
    assert page.tree.xpath(f"//{name}[@aria-invalid='true']"), page.text("//main")
    if wrong != "note":
        assert page.value("note") == DAY["note"]
    with sessions_of(site)() as session:
        assert calendars.exceptions(session, "BY") == {}


def test_a_working_saturday_is_worked_on(site: Flask, secretariat: Client) -> None:
    secretariat.post(PAGE, DAY | {"day": "2026-12-05", "working": "yes"})
    assert week_later(site) == date(2026, 12, 5)


def test_only_the_secretariat_enters_days(site: Flask, secretariat: Client, enter: Enter) -> None:
    secretariat.post(PAGE, DAY)
    for key in ("chair-14", "operator", "analyst"):
        enter(key).get(PAGE, expect=404)
        enter(key).post(PAGE, DAY, expect=404)
    page = enter("auditor", "en").get(f"{PAGE}?country=BY&year=2026")
    assert "Belarus" in page.text("//h2")
    assert not page.tree.xpath("//main//button[contains(., 'Take out')]")
    enter("auditor").post(f"{PAGE}/BY/{FRIDAY}/remove", expect=404)


def test_a_country_without_a_known_calendar_says_so(site: Flask, secretariat: Client) -> None:
    with sessions_of(site)() as session:
        assert calendars.differences(session, "QQ", 2026) == []
    secretariat.get(f"{PAGE}?country=QQ&year=99999999")
    secretariat.post(f"{PAGE}/BY/tomorrow/remove", expect=404)
