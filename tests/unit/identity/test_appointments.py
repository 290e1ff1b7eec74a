"""Appointments: made, changed, ended, never without evidence; and who is offered because of them."""

import random
from datetime import date
from itertools import product

import pytest
from sqlalchemy.orm import Session

from app.audit.history import history
from app.audit.kinds import Kind
from app.errors import Conflict, Invalid, NotFound
from app.identity import appointments, people, register, substitutions
from app.identity.actors import actor_of
from app.identity.appointments import Terms, holders
from app.identity.models import Person
from tests.conftest import TestClock
from tests.unit.identity.conftest import BY, LONG_AGO, Appoint, Hire

TODAY = date(2026, 11, 23)


def _names(found: list[Person]) -> list[str]:
    return [person.name_ru for person in found]


def test_every_change_is_evidence_in_the_person_s_stream(
    session: Session, hire: Hire, appoint: Appoint, moved_clock: TestClock
) -> None:
    anna = hire("Анна")
    made = appoint(anna, "creator", document="Протокол № 5")
    appointments.change(session, made.id, Terms("creator", LONG_AGO, date(2027, 1, 1), document="Протокол № 5"), BY)
    appointments.change(session, made.id, Terms("creator", LONG_AGO, date(2027, 1, 1), document="Протокол № 5"), BY)
    appointments.end(session, made.id, TODAY, BY, reason="По собственному желанию")
    ended, changed, begun, _created = history(session, "person", anna.id).events
    assert begun.kind == Kind.APPOINTMENT_MADE
    assert begun.body["document"] == "Протокол № 5"
    assert changed.body == {"appointment": made.id, "changes": {"valid_to": [None, "2027-01-01"]}}
    assert ended.kind == Kind.APPOINTMENT_ENDED
    assert ended.body == {"appointment": made.id, "role": "creator", "valid_to": "2026-11-23"}
    assert ended.personal == {"reason": "По собственному желанию"}
    assert {event.actor for event in (ended, changed, begun)} == {BY}


REFUSED = [
    (Terms("king", TODAY), "role"),
    (Terms("creator", TODAY, date(2026, 11, 22)), "valid_to"),
    (Terms("chair", TODAY), "organisation_id"),
    (Terms("chair", TODAY, organisation_id="tc-99"), "organisation_id"),
]


def test_what_cannot_be_is_refused(session: Session, hire: Hire) -> None:
    anna = hire("Анна")
    for terms, field in REFUSED:
        with pytest.raises(Invalid) as refused:
            appointments.appoint(session, anna.id, terms, BY)
        assert set(refused.value.fields) == {field}


def test_nobody_can_be_appointed_twice_for_the_same_days(session: Session, hire: Hire, appoint: Appoint) -> None:
    anna = hire("Анна")
    first = appoint(anna, "creator", date(2026, 1, 1), valid_to=date(2026, 6, 30))
    for start, end in ((date(2026, 6, 30), None), (LONG_AGO, date(2026, 1, 1)), (LONG_AGO, None)):
        with pytest.raises(Conflict):
            appoint(anna, "creator", start, valid_to=end)
    appoint(anna, "creator", date(2026, 7, 1))
    appoint(anna, "creator", subject="c1")
    with pytest.raises(Conflict):
        appointments.change(session, first.id, Terms("creator", date(2026, 1, 1)), BY)
    with pytest.raises(Invalid):
        appointments.change(session, first.id, Terms("coordinator", date(2026, 1, 1)), BY)


def test_an_appointment_undone_before_its_first_day_does_not_stand_in_the_way(
    session: Session, hire: Hire, appoint: Appoint
) -> None:
    anna = hire("Анна")
    mistake = appoint(anna, "creator", date(2027, 1, 1))
    appointments.end(session, mistake.id, date(2026, 12, 31), BY)
    appoint(anna, "creator", date(2026, 1, 1))
    assert _names(holders(session, "creator", on=date(2027, 1, 1))) == ["Анна"]


def test_unknown_people_and_appointments_are_not_found(session: Session, hire: Hire) -> None:
    with pytest.raises(NotFound):
        appointments.appoint(session, "nobody", Terms("creator", TODAY), BY)
    with pytest.raises(NotFound):
        appointments.end(session, "nothing", TODAY, BY)


@pytest.mark.requirement("R3.1-b")
def test_only_creators_with_a_valid_appointment_are_offered(
    session: Session, hire: Hire, appoint: Appoint, moved_clock: TestClock
) -> None:
    """Clause 6.3: four valid ones, one ended, one not begun, one deactivated, one only of another course."""
    for name in ("Анна", "Борис", "Вера", "Глеб"):
        appoint(hire(name), "creator")
    appoint(hire("Дина"), "creator", valid_to=date(2026, 11, 22))
    appoint(hire("Егор"), "creator", date(2026, 11, 24))
    gone = hire("Жанна")
    appoint(gone, "creator")
    people.deactivate(session, gone.id, BY)
    appoint(hire("Зоя"), "creator", subject="c1")
    assert _names(holders(session, "creator")) == ["Анна", "Борис", "Вера", "Глеб"]
    assert _names(holders(session, "creator", subject="c1")) == ["Зоя"]


@pytest.mark.requirement("R7.3-b")
def test_only_members_of_that_body_are_offered(session: Session, hire: Hire, appoint: Appoint) -> None:
    appoint(hire("Анна"), "member", organisation_id="tc-1.6")
    appoint(hire("Борис"), "member", organisation_id="tc-1.7")
    appoint(hire("Вера"), "chair", organisation_id="tc-1.6")
    assert _names(holders(session, "member", "tc-1.6")) == ["Анна"]


def test_a_course_may_have_three_coordinators(session: Session, hire: Hire, appoint: Appoint) -> None:
    for name in ("Анна", "Борис", "Вера"):
        appoint(hire(name), "coordinator", subject="c1")
    appoint(hire("Глеб"), "coordinator", subject="c2")
    assert _names(holders(session, "coordinator", subject="c1")) == ["Анна", "Борис", "Вера"]


@pytest.mark.requirement("X-6")
def test_chairs_come_before_acting_ones_and_substitutes(session: Session, hire: Hire, appoint: Appoint) -> None:
    anna, boris, vera = hire("Анна"), hire("Борис"), hire("Вера")
    appoint(boris, "chair", organisation_id="tc-1.6", acting=True)
    appoint(vera, "chair", organisation_id="tc-1.6")
    substitutions.make(session, vera.id, substitutions.Terms(anna.id, TODAY, TODAY), BY)
    assert _names(holders(session, "chair", "tc-1.6", on=TODAY)) == ["Вера", "Борис", "Анна"]
    assert _names(holders(session, "chair", "tc-1.6", on=date(2026, 11, 24))) == ["Вера", "Борис"]


def test_holders_are_those_who_may(session: Session, hire: Hire, moved_clock: TestClock) -> None:
    """The list and the rule are written apart; on a random world they say the same."""
    draw = random.Random(6)
    world = [hire(name) for name in "АБВГДЕ"]
    roles = ("chair", "member", "creator", "executor", "administrator")
    organisations, subjects = (None, "tc-1.6", "tc-1.7", "nmi-de-ptb"), (None, "c1", "c2")
    days = [date(2026, 11, day) for day in (20, 22, 23, 24, 26)]
    for _ in range(60):
        first, last = sorted(draw.choices(days, k=2))
        terms = Terms(draw.choice(roles), first, last, draw.choice(organisations), draw.choice(subjects))
        try:
            appointments.appoint(session, draw.choice(world).id, terms, BY)
        except (Conflict, Invalid):
            continue
    for _ in range(5):
        absent, substitute = draw.sample(world, 2)
        role, organisation = draw.choice([None, *roles]), draw.choice(organisations)
        first, last = sorted(draw.choices(days, k=2))
        substitutions.make(session, absent.id, substitutions.Terms(substitute.id, first, last, role, organisation), BY)
    for hour in (0, 12, 20):
        moved_clock.move(hours=hour)
        actors = [actor_of(session, person.id) for person in world]
        for role, organisation, subject in product(roles, organisations, subjects):
            listed = {person.id for person in holders(session, role, organisation, subject)}
            assert listed == {actor.person_id for actor in actors if actor.may(role, organisation, subject)}


def test_the_register_lists_appointments_with_their_people(session: Session, hire: Hire, appoint: Appoint) -> None:
    anna, boris = hire("Анна"), hire("Борис")
    appoint(boris, "creator")
    appoint(anna, "administrator", valid_to=date(2021, 1, 1))
    appoint(anna, "chair", organisation_id="tc-1.6")
    session.expire_all()
    rows = [
        (row.person.name_ru, row.role, row.organisation.id if row.organisation else None)
        for row in register.appointments(session)
    ]
    assert rows == [("Анна", "administrator", None), ("Анна", "chair", "tc-1.6"), ("Борис", "creator", None)]
    assert len(register.appointments(session, on=TODAY)) == 2
    assert [row.role for row in register.appointments(session, text="анна", roles=["chair"])] == ["chair"]
    assert [row.role for row in register.appointments(session, organisation="tc-1.6")] == ["chair"]
    assert register.appointments(session, subject="c1") == []
    assert [row.role for row in register.appointments(session, person=boris.id)] == ["creator"]
