"""Whose calendar and whose midnight count."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.identity import organisations, people
from app.identity.places import Place, default_place, place_of
from tests.conftest import TestClock
from tests.unit.identity.conftest import BY, Appoint, Hire

MINSK, ALMATY, BERLIN = Place("BY", "Europe/Minsk"), Place("KZ", "Asia/Almaty"), Place("DE", "Europe/Berlin")


def test_a_new_site_has_the_settings_place(session: Session) -> None:
    assert default_place(session) == MINSK


def test_the_secretariat_can_move(session: Session, bodies: None) -> None:
    details = organisations.details_of(organisations.get(session, "secretariat"))
    moved = organisations.Details("secretariat", "С", "S", "С", "S", country="KZ", zone="Asia/Almaty")
    assert details != moved
    organisations.change(session, "secretariat", moved, BY)
    assert default_place(session) == ALMATY


@pytest.mark.usefixtures("moved_clock")
def test_a_body_is_where_its_chair_is_and_an_acting_one_goes_first(
    session: Session, hire: Hire, appoint: Appoint
) -> None:
    anna, boris = hire("Анна"), hire("Борис")
    people.change(session, boris.id, people.Details("Борис", "Boris", "b@x.by", organisation_id="nmi-de-ptb"), BY)
    assert place_of(session, organisation="tc-1.6") == MINSK
    appoint(anna, "chair", organisation_id="tc-1.6")
    assert place_of(session, organisation="tc-1.6") == ALMATY
    appoint(boris, "chair", date(2026, 11, 1), organisation_id="tc-1.6", acting=True)
    assert place_of(session, organisation="tc-1.6") == BERLIN


def test_others_are_where_they_are(session: Session, hire: Hire, moved_clock: TestClock) -> None:
    assert place_of(session, organisation="nmi-de-ptb") == BERLIN
    assert place_of(session, organisation="nmi-de-ptb", person=hire("Анна").id) == ALMATY
    assert place_of(session, organisation="unknown") == MINSK
    assert place_of(session, person="nobody") == MINSK
    assert place_of(session) == MINSK
