"""What people get wrong, or what goes wrong while they work: a clear word, and nothing stored is lost."""

import io
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app import clock, create_app, db
from app.config import Config
from app.i18n import gettext, use_locale
from app.identity import appointments
from app.identity.models import Appointment
from app.workflow.models import Draft
from tests.web.addresses import Things
from tests.web.client import Client
from tests.web.conftest import Enter


@pytest.mark.requirement("R5.1-a")
def test_an_appointment_that_ends_in_the_middle_of_a_task_closes_it_and_keeps_the_draft(
    busy_site: Flask, enter_busy: Enter, found: Things
) -> None:
    client = enter_busy("chair-14")
    page = client.get(f"/tasks/{found.task}")
    fields = {"act": "consider", "conforms": "no", "comments": "Слайд 4: указать класс точности."}
    fields |= {"nonce": page.value("nonce"), "revision": page.value("revision")}
    client.post(f"/tasks/{found.task}", {**fields, "_save": "1"})
    sessions: sessionmaker[Session] = busy_site.extensions["sessions"]
    with sessions.begin() as session:
        held = session.scalars(sa.select(Appointment).where(Appointment.organisation_id == "tc-1.4"))
        for appointment in [one for one in held if one.role == "chair"]:
            appointments.end(session, appointment.id, clock.now().date() - timedelta(days=2), "system:test")
    later = {**fields, "comments": "Слайд 4: указать класс точности. Слайд 7: знак."}
    refused = client.post(f"/tasks/{found.task}", {**later, "_send": "1"}, expect=409)
    assert later["comments"] in refused.text("//main")
    with sessions() as session:
        kept = session.scalars(sa.select(Draft).where(Draft.place.contains(found.task))).all()
    assert [draft.values["comments"] for draft in kept] == [fields["comments"]]


def test_an_upload_over_the_limit_is_told_and_nothing_is_kept(busy_site: Flask) -> None:
    known: Config = busy_site.extensions["config"]
    small = Config(mode="test", data_dir=known.data_dir, secret_key="a secret of the tests", max_upload_mb=1)
    engine = db.create_engine(small.database)
    client = Client(create_app(small, engine)).enter("admin-by@demo.example")
    page = client.get("/procedures/agreement")
    data = {
        "csrf_token": client.token(),
        "nonce": page.value("nonce"),
        "title_ru": "Калибровка манометров",
        "materials": (io.BytesIO(b"%PDF-1.7\n" + b"0" * (200 << 20 >> 6)), "лекция.pdf"),
        "_send": "1",
    }
    answer = client.browser.post("/procedures/agreement", data=data, content_type="multipart/form-data")
    assert answer.status_code == 413
    with use_locale("ru"):
        assert gettext("Nothing was stored. Send a smaller file, or split it.") in answer.text
    assert not list((small.files).rglob("*incoming*/*"))
    engine.dispose()
