"""The pages of those who keep watch: appointments, archive, incidents."""

import csv
import hashlib
import io

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app.i18n import Text
from app.workflow import incidents
from app.workflow.models import Incident, Instance
from tests.web.addresses import Things
from tests.web.client import Client
from tests.web.conftest import Enter


def appoint(client: Client, **terms: str) -> None:
    blank = client.get("/appointments/new")
    person = blank.tree.xpath("//select[@name='person']/option[contains(., 'Орлова')]/@value")[0]
    client.post("/appointments/new", {"person": person, "valid_from": blank.value("valid_from"), **terms})


@pytest.mark.requirement("R5.1-a", "R5.1-b")
def test_the_secretariat_appoints_and_ends_and_the_rights_follow(enter: Enter) -> None:
    keeper, guest = enter("secretariat"), enter("guest")
    guest.get("/procedures/agreement", expect=404)
    appoint(keeper, role="administrator", organisation_id="nmi-ru-vniim", document="Решение 1")
    guest.get("/procedures/agreement")
    row = keeper.get("/appointments?q=орлова").tree.xpath("//tbody//form/@action")
    assert len(row) == 1
    keeper.post(str(row[0]), {"last_day": "2025-01-01", "reason": "Ошибка"})
    guest.get("/procedures/agreement", expect=404)


@pytest.mark.requirement("R5.1-b")
def test_s62_the_secretariat_alone_exports_the_register_and_no_cell_is_a_formula(enter: Enter) -> None:
    keeper = enter("secretariat")
    appoint(keeper, role="administrator", organisation_id="nmi-ru-vniim", document="=1+1")
    assert keeper.get("/appointments").links("/appointments/register.csv")
    with keeper.browser.get("/appointments/register.csv") as answer:
        rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert rows[0][:2] == ["Человек", "Роль"]
    made = [row for row in rows if "'=1+1" in row]
    assert len(made) == 1
    assert made[0][1] == "Администратор раздела КООМЕТ"
    assert {"Создатель курса", "Аудитор"} <= {row[1] for row in rows}
    for who in ("admin-by", "auditor", "creator-by"):
        enter(who).get("/appointments/register.csv", expect=404)


@pytest.mark.requirement("R5.1-b")
def test_others_may_read_the_register_and_change_nothing(enter: Enter) -> None:
    page = enter("admin-by").get("/appointments")
    assert not page.tree.xpath("//main//form[@method='post']")
    assert not page.links("/appointments/new")


@pytest.mark.requirement("X-6")
def test_an_acting_chair_gets_the_tasks_of_the_body(enter_busy: Enter, found: Things) -> None:
    stand_in = enter_busy("guest")
    stand_in.get(f"/tasks/{found.task}", expect=404)
    appoint(enter_busy("secretariat"), role="chair", organisation_id="tc-1.4", acting="1")
    stand_in.get(f"/tasks/{found.task}")


def test_what_is_missing_in_an_appointment_is_said_beside_it(enter: Enter) -> None:
    keeper = enter("secretariat", "en")
    page = keeper.post("/appointments/new", {"role": "chair"}, expect=422)
    assert page.tree.xpath("//p[@id='person-error']")


def test_the_archive_gives_the_bytes_that_its_checksum_is_of(enter_busy: Enter, found: Things) -> None:
    client = enter_busy("secretariat")
    page = client.get(f"/archive/{found.entry}")
    answer = client.browser.get(f"/archive/{found.entry}/text")
    assert hashlib.sha256(answer.data).hexdigest() in page.text("//main")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert client.get("/archive?q=гирь").links(f"/archive/{found.entry}")
    assert not client.get("/archive?q=нет").links("/archive/0")


@pytest.fixture
def stuck(busy_site: Flask, found: Things) -> str:
    """An incident of the course's procedure."""
    sessions: sessionmaker[Session] = busy_site.extensions["sessions"]
    with sessions.begin() as session:
        about = incidents.About(task="none")
        message = Text("Время не вычислить", "The time cannot be computed")
        return incidents.open_one(session, found.instance, "timer", message, "<b>detail</b>", about).id


def test_an_incident_is_shown_and_retried(enter_busy: Enter, stuck: str) -> None:
    client = enter_busy("operator", "en")
    page = client.get("/incidents")
    assert "The time cannot be computed" in page.text("//article")
    assert "<b>detail" not in page.source
    client.post(f"/incidents/{stuck}/retry")
    assert "Nothing stands still" in client.get("/incidents").text()
    assert "tried again" in client.get("/incidents?view=closed").text("//article")
    client.post(f"/incidents/{stuck}/retry", expect=409)


def test_an_incident_is_given_up_with_a_reason(busy_site: Flask, enter_busy: Enter, stuck: str, found: Things) -> None:
    client = enter_busy("operator")
    client.post(f"/incidents/{stuck}/cancel", {"reason": " "}, expect=422)
    client.post(f"/incidents/{stuck}/cancel", {"reason": "Курс снят"})
    sessions: sessionmaker[Session] = busy_site.extensions["sessions"]
    with sessions() as session:
        assert session.get_one(Instance, found.instance).status == "cancelled"
        assert session.scalar(sa.select(Incident.closed_how).where(Incident.id == stuck)) == "cancelled"
    assert "отменена" in client.get(f"/instances/{found.instance}").text("//main")
