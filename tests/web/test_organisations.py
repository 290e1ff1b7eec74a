"""The Secretariat keeps the addresses of institutes and bodies: found, corrected, kept in the evidence."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app.audit.history import history
from app.identity.models import Organisation
from tests.web.addresses import Things
from tests.web.client import Client
from tests.web.conftest import Enter

ADDRESS = "training@institute.example"
PAGE = "/organisations/nmi-by-belgim"


@pytest.fixture
def secretariat(enter: Enter) -> Client:
    return enter("secretariat", "en")


def test_an_address_is_entered_found_and_taken_away_again(site: Flask, secretariat: Client) -> None:
    assert secretariat.get("/organisations?q=белгим").links(PAGE)
    secretariat.post(PAGE, {"email": f"  {ADDRESS.upper()} "})
    assert secretariat.get(PAGE).value("email") == ADDRESS
    assert ADDRESS in secretariat.get("/organisations").text()
    assert not secretariat.get("/organisations?without=1").links(PAGE)
    secretariat.post(PAGE, {"email": ""})
    assert secretariat.get("/organisations?without=1").links(PAGE)
    sessions: sessionmaker[Session] = site.extensions["sessions"]
    with sessions() as session:
        kept = history(session, "register", "organisation-nmi-by-belgim")
        assert [one.body["email"] for one in reversed(kept.events) if one.kind == "organisation:changed"] == [
            ["", ADDRESS],
            [ADDRESS, ""],
        ]


@pytest.mark.parametrize("wrong", ["no address", "a@b", "a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example"])
def test_s59_what_is_no_single_address_is_refused_and_stays_typed(site: Flask, secretariat: Client, wrong: str) -> None:
    page = secretariat.post(PAGE, {"email": wrong}, expect=422)
    assert "This is not an e-mail address" in page.text()
    assert page.value("email")
    sessions: sessionmaker[Session] = site.extensions["sessions"]
    with sessions() as session:
        assert session.get_one(Organisation, "nmi-by-belgim").email == ""


def test_s41_nothing_but_the_address_can_be_set(site: Flask, secretariat: Client) -> None:
    secretariat.post(PAGE, {"email": ADDRESS, "kind": "secretariat", "active": "", "name_en": "Taken over"})
    sessions: sessionmaker[Session] = site.extensions["sessions"]
    with sessions() as session:
        kept = session.get_one(Organisation, "nmi-by-belgim")
        assert (kept.kind, kept.active, kept.email) == ("nmi", True, ADDRESS)
        assert kept.name_en != "Taken over"


def test_only_the_secretariat_may_and_both_languages_are_whole(enter: Enter) -> None:
    for who in ("admin-by", "operator", "auditor", "creator-by"):
        enter(who).get("/organisations", expect=404)
        enter(who).post(PAGE, {"email": ADDRESS}, expect=404)
    russian = enter("secretariat", "ru")
    assert russian.get("/organisations").heading == "Организации"
    assert russian.get("/organisations?q=nothing-of-that-name").text().count("Ни одна организация не подходит") == 1
    russian.post(PAGE, {"email": "x"}, expect=422)


@pytest.mark.parametrize(("who", "may"), [("secretariat", True), ("admin-by", True), ("chair-14", False)])
def test_a_course_and_its_procedure_lead_to_their_letters(
    enter_busy: Enter, found: Things, who: str, may: bool
) -> None:
    client = enter_busy(who)
    for page, link in (
        (f"/courses/{found.course}", f"/letters?course={found.course}"),
        (f"/instances/{found.instance}", f"/letters?instance={found.instance}"),
    ):
        assert bool(client.get(page).links(link)) is may
    if may:
        about = client.get(f"/letters?course={found.course}")
        assert about.tree.xpath("//tbody/tr")
