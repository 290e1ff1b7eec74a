"""The page of the evidence: for those who watch, in both languages, empty and full; exports; proofs of events."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app import worker
from app.audit.export import OFFLINE
from app.audit.models import EventRow
from app.courses.evidence import sealing
from tests.web.addresses import Things
from tests.web.conftest import Enter


def sessions_of(app: Flask) -> sessionmaker[Session]:
    found: sessionmaker[Session] = app.extensions["sessions"]
    return found


def seal(app: Flask) -> None:
    with sessions_of(app).begin() as session:
        assert sealing.seal(session, app.extensions["config"].key_file)


def count(app: Flask) -> int:
    with sessions_of(app)() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(EventRow)) or 0


@pytest.mark.parametrize("locale", ["ru", "en"])
def test_before_the_first_checkpoint_the_page_says_so(enter: Enter, locale: str) -> None:
    page = enter("auditor", locale).get("/evidence")
    assert ("Контрольных точек еще нет" if locale == "ru" else "No checkpoint yet") in page.text()
    assert not page.links("/evidence/checkpoint")


@pytest.mark.parametrize("locale", ["ru", "en"])
def test_checkpoints_are_shown_with_their_signatures_and_can_be_kept_elsewhere(
    site: Flask, enter: Enter, locale: str
) -> None:
    seal(site)
    client = enter("operator", locale)
    page = client.get("/evidence")
    assert ("верна" if locale == "ru" else "right") in page.text("//table[last()]")
    assert ("никуда не отправляются" if locale == "ru" else "No copy of checkpoints is sent outside") in page.text()
    kept = json.loads(client.browser.get("/evidence/checkpoint").data)
    assert kept["size"] == count(site) - 1  # but for the operator's own signing in


@pytest.mark.requirement("X-3")
def test_an_auditor_has_an_export_made_downloads_and_verifies_it(site: Flask, enter: Enter, tmp_path: Path) -> None:
    seal(site)
    client = enter("auditor")
    client.post("/evidence/exports", {"scope": "all", "personal": "1"})
    waiting = client.get("/evidence")
    assert "записано 0 %" in waiting.text()
    worker.work_off(sessions_of(site))
    page = client.get("/evidence")
    (export,) = [href for href in page.links("/evidence/exports/") if not href.endswith("/personal")]
    zipped, opened = client.browser.get(export), client.browser.get(f"{export}/personal")
    assert zipped.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert zipfile.ZipFile(io.BytesIO(zipped.data)).testzip() is None
    (tmp_path / "x.zip").write_bytes(zipped.data)
    (tmp_path / "x.jsonl").write_bytes(opened.data)
    command = [sys.executable, "-I", str(OFFLINE / "verify.py"), str(tmp_path / "x.zip")]
    done = subprocess.run([*command, "--personal", str(tmp_path / "x.jsonl")], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode()
    with sessions_of(site)() as session:
        told = session.scalars(sa.select(EventRow.body).where(EventRow.kind == "evidence:exported")).all()
    assert [json.loads(body)["personal"] for body in told] == [True]


def test_an_operator_gets_no_personal_data_out(site: Flask, enter: Enter) -> None:
    auditor, operator = enter("auditor"), enter("operator")
    assert not operator.get("/evidence").tree.xpath("//input[@name='personal']")
    operator.post("/evidence/exports", {"scope": "all", "personal": "1"}, expect=404)
    auditor.post("/evidence/exports", {"scope": "all", "personal": "1"})
    worker.work_off(sessions_of(site))
    (export,) = [one for one in auditor.get("/evidence").links("/evidence/exports/") if not one.endswith("/personal")]
    assert not operator.get("/evidence").links("/evidence/exports/")
    operator.get(export, expect=404)
    operator.get(f"{export}/personal", expect=404)


@pytest.mark.parametrize(
    "fields",
    [{}, {"scope": "x"}, {"scope": "course"}, {"scope": "course", "id": "C-1"}, {"scope": "instance", "id": "x"}],
)
def test_what_cannot_be_exported_is_said(site: Flask, enter: Enter, fields: dict[str, str]) -> None:
    client = enter("auditor")
    answer = client.browser.post("/evidence/exports", data={"csrf_token": client.token(), **fields})
    assert answer.status_code in {404, 422}
    with sessions_of(site)() as session:
        assert not session.scalar(sa.text("SELECT count(*) FROM evidence_export"))


@pytest.mark.requirement("X-3")
def test_each_event_of_a_procedure_leads_to_its_proof(busy_site: Flask, enter_busy: Enter, found: Things) -> None:
    client = enter_busy("auditor")
    page = client.get(f"/instances/{found.instance}")
    proof = page.links("/evidence/events/")[-1]
    assert "ждет следующей контрольной точки" in client.get(proof).text()
    seal(busy_site)
    shown = client.get(proof).text()
    assert "закреплено" in shown
    assert "Доказательство включения" in shown
    english = enter_busy("auditor", "en")
    assert "sealed: it is as it was written" in english.get(proof).text()


def test_a_proof_is_shown_only_to_who_may_see_the_history(enter_busy: Enter, found: Things) -> None:
    links = enter_busy("auditor").get(f"/courses/{found.course}").links("/evidence/events/")
    assert links
    enter_busy("guest").get(links[0], expect=404)
    enter_busy("secretariat").get(links[0])
    assert not enter_busy("secretariat").get(f"/courses/{found.course}").links("/evidence/events/")
