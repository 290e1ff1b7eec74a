"""One course, one set of pages: its head on each of them, every part under a tab, its whole story without scripts."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app import clock
from app.courses.models import Course, Sheet
from app.i18n import format_datetime, use_locale
from app.identity import appointments
from app.identity.models import Appointment, Person
from app.workflow.models import Instance
from tests.web.addresses import Things
from tests.web.conftest import Enter

PARTS = ("", "/materials", "/sheets", "/documents", "/people", "/history")


@pytest.mark.parametrize("locale", ["ru", "en"])
def test_every_tab_leads_to_a_page_with_the_same_head(enter_busy: Enter, found: Things, locale: str) -> None:
    client = enter_busy("admin-by", locale)
    heads = set()
    for part in PARTS:
        page = client.get(f"/courses/{found.course}{part}")
        heads.add((page.heading, page.text("//p[@class='truth']"), page.text("//ol[@class='stages']")))
        tabs = [str(href) for href in page.tree.xpath("//nav[@class='tabs']/a/@href")]
        assert set(tabs) >= {f"/courses/{found.course}{one}" for one in PARTS}
        assert page.tree.xpath("//nav[@class='tabs']/a[@aria-current='page']/@href") == [
            f"/courses/{found.course}{part}"
        ]
    assert len(heads) == 1


def test_each_part_has_what_its_name_says(enter_busy: Enter, found: Things) -> None:
    client = enter_busy("admin-by", "en")
    base = f"/courses/{found.course}"
    assert client.get(f"{base}/materials").links(f"/files/{found.file}")
    assert client.get(f"{base}/sheets").links(f"/sheets/{found.sheet}")
    people = client.get(f"{base}/people").text("//table")
    assert all(part in people for part in ("Initiator", "Creator", "Coordinator", "Executor"))
    assert "registered the course" in client.get(f"{base}/history").text("//ol[@class='history']")


def test_the_history_turns_its_pages(enter_busy: Enter, found: Things, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.web.course_parts.LINES", 3)
    client = enter_busy("admin-by", "en")
    page, told = client.get(f"/courses/{found.course}/history"), 0
    while True:
        told += len(page.tree.xpath("//ol[@class='history']/li"))
        older = page.links("before=")
        if not older:
            break
        page = client.get(older[-1])
    monkeypatch.setattr("app.web.course_parts.LINES", 1000)
    whole = client.get(f"/courses/{found.course}/history")
    assert told == len(whole.tree.xpath("//ol[@class='history']/li")) > 3


def test_s38_whoever_may_not_see_the_course_sees_none_of_its_pages(enter_busy: Enter, found: Things) -> None:
    for who in ("guest", "creator-by"):
        client = enter_busy(who)
        for part in PARTS:
            client.get(f"/courses/{found.course}{part}", expect=404)


@pytest.mark.requirement("R1-a")
@pytest.mark.parametrize("locale", ["ru", "en"])
def test_the_story_of_a_course_begins_with_the_answer_to_the_survey(
    busy_site: Flask, enter_busy: Enter, found: Things, locale: str
) -> None:  # fmt: skip
    sessions: sessionmaker[Session] = busy_site.extensions["sessions"]
    with sessions() as session:
        surveyed = session.scalars(sa.select(Course.id).where(Course.source == "survey")).first()
    client = enter_busy("admin-by", locale)
    said = {"ru": "Предложен в ответе на опрос 2026 года: ТК 1.10.", "en": "answer to the survey of 2026: TC 1.10."}
    assert said[locale] in client.get(f"/courses/{surveyed}/history").text("//section[@aria-labelledby='history']")
    other = client.get(f"/courses/{found.course}/history").text("//main")
    assert "survey of 2026" not in other
    assert "на опрос" not in other


@pytest.mark.requirement("R4.2-a")
@pytest.mark.parametrize("who", ["chair-14", "admin-by"])
def test_the_reviewer_and_the_administrator_see_what_the_course_holds(
    busy_site: Flask, enter_busy: Enter, found: Things, who: str
) -> None:  # fmt: skip
    sessions: sessionmaker[Session] = busy_site.extensions["sessions"]
    with sessions.begin() as session:
        session.get_one(Course, found.course).inventory = ["text", "video", "tests"]
    shown = enter_busy(who, "en").get(f"/courses/{found.course}").text("//section[@aria-labelledby='description']")
    assert "Contains: text, video, tests" in " ".join(shown.split())


@pytest.mark.requirement("R7.5-a")
def test_the_page_names_the_body_its_chair_at_that_time_and_the_day(busy_site: Flask, enter_busy: Enter) -> None:
    sessions: sessionmaker[Session] = busy_site.extensions["sessions"]
    with sessions.begin() as session:
        sheet = session.scalars(sa.select(Sheet).where(Sheet.body_id == "tc-1.6", Sheet.chair_id.is_not(None))).first()
        assert sheet is not None
        course, today = sheet.course_id, clock.now().date()
        chair = session.get_one(Person, sheet.chair_id).name.en
        assert sheet.closed_at is not None
        with use_locale("en"):
            agreed = format_datetime(sheet.closed_at, "Europe/Minsk")
        held = session.scalars(sa.select(Appointment).where(Appointment.organisation_id == "tc-1.6"))
        for one in [one for one in held if one.role == "chair"]:
            appointments.end(session, one.id, today - timedelta(days=2), "system:test")
    told = enter_busy("admin-by", "en").get(f"/courses/{course}/sheets").text("//main")
    assert "TC 1.6" in told
    assert f"Responsible for the content (7.5): {chair}, {agreed}" in told


@pytest.mark.requirement("R8.1-a")
def test_what_the_description_lacks_stands_in_red(busy_site: Flask, enter_busy: Enter, found: Things) -> None:
    sessions: sessionmaker[Session] = busy_site.extensions["sessions"]
    with sessions.begin() as session:
        course = session.get_one(Course, found.course)
        course.stage, course.splash_id, course.representative_id = "submitted", None, "somebody"
    page = enter_busy("admin-by", "en").get(f"/courses/{found.course}")
    items = page.tree.xpath("//section[@aria-labelledby='approval']//li/span[1]")
    said = {one.text_content(): str(one.get("class")) for one in items}
    assert "state-late" in said["Image for the main page of the section"]
    assert "state-late" not in said["Person responsible for the content is named"]


def test_the_many_procedures_of_a_long_life_are_told_newest_first_and_folded(
    enter_busy: Enter, busy_site: Flask, found: Things
) -> None:
    with busy_site.extensions["sessions"].begin() as session:
        own = session.get_one(Instance, found.instance)
        for number in range(12):
            begun = own.started_at + timedelta(days=90 * (number + 1))
            done = Instance(id=f"z{number:02}", release_id=own.release_id, process=own.process, subject=found.course)
            done.status, done.revision, done.started_by = "completed", 1, "system:events"
            done.started_at, done.ended_at = begun, begun
            session.add(done)
    for part in ("", "/history"):
        page = enter_busy("admin-by", "en").get(f"/courses/{found.course}{part}")
        listed = [str(href) for href in page.tree.xpath("//aside//a[contains(@href, '/instances/')]/@href")]
        assert listed[:2] == ["/instances/z11", "/instances/z10"]
        assert len(page.tree.xpath("//aside//details//a[contains(@href, '/instances/')]")) == len(listed) - 8
