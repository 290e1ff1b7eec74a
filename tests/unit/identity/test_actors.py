"""Who may act: role, organisation, subject, dates in the right zone, substitution, exclusion."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.i18n import Text
from app.identity import people, substitutions
from app.identity.actors import Actor, Holding, actor_of
from app.identity.models import Person
from tests.conftest import TestClock
from tests.unit.conftest import Counting
from tests.unit.identity.conftest import BY, Appoint, Hire

TODAY = date(2026, 11, 23)


def _with(*holdings: Holding) -> Actor:
    return Actor("p1", Text("Анна", "Anna"), "ru", "Europe/Minsk", holdings=holdings)


CHAIR = Holding("chair", "tc-1.6")
MEMBER_OF_A_COURSE = Holding("member", "tc-1.6", "c1")
ADMINISTRATOR = Holding("administrator")
CREATOR = Holding("creator")
CREATOR_OF_C1 = Holding("creator", subject="c1")
EXECUTOR = Holding("executor", "tc-1.6", "c1")
EXECUTOR_FOR_ALL = Holding("executor", None, "c1")
LENT = Holding("chair", "tc-1.6", on_behalf_of="p2")


@pytest.mark.parametrize(
    ("holding", "role", "organisation", "subject", "person", "allowed"),
    [
        (CHAIR, "chair", "tc-1.6", None, None, True),
        (CHAIR, "chair", "tc-1.6", "c1", None, True),
        (CHAIR, "chair", "tc-1.7", None, None, False),
        (CHAIR, "member", "tc-1.6", None, None, False),
        (CHAIR, "chair", None, None, None, False),
        (CHAIR, "chair", None, None, "p1", True),
        (CHAIR, "chair", None, "c1", None, False),
        (CHAIR, "chair", "tc-1.6", None, "p1", True),
        (CHAIR, "chair", "tc-1.7", None, "p1", False),
        (CHAIR, "chair", "tc-1.6", None, "p2", False),
        (MEMBER_OF_A_COURSE, "member", "tc-1.6", "c1", None, True),
        (MEMBER_OF_A_COURSE, "member", "tc-1.6", "c2", None, False),
        (MEMBER_OF_A_COURSE, "member", "tc-1.6", None, None, False),
        (ADMINISTRATOR, "administrator", None, None, None, True),
        (ADMINISTRATOR, "administrator", "tc-1.6", "c1", None, True),
        (ADMINISTRATOR, "administrator", None, None, "p2", False),
        (CREATOR, "creator", None, None, None, True),
        (CREATOR, "creator", None, "c1", None, False),
        (CREATOR, "creator", None, "c1", "p1", True),
        (CREATOR_OF_C1, "creator", None, "c1", None, True),
        (CREATOR_OF_C1, "creator", None, "c2", None, False),
        (CREATOR_OF_C1, "creator", None, "c2", "p1", False),
        (CREATOR_OF_C1, "creator", None, None, None, False),
        (EXECUTOR, "executor", "tc-1.6", "c1", None, True),
        (EXECUTOR, "executor", "tc-1.7", "c1", None, False),
        (EXECUTOR, "executor", None, "c1", None, True),
        (EXECUTOR_FOR_ALL, "executor", "tc-1.7", "c1", None, True),
        (LENT, "chair", "tc-1.6", None, None, True),
        (LENT, "chair", "tc-1.6", None, "p2", True),
        (LENT, "chair", "tc-1.6", None, "p1", False),
        (CHAIR, None, None, None, "p1", True),
        (CHAIR, None, "tc-1.6", None, None, False),
        (CHAIR, "", None, None, "p2", False),
    ],
)
def test_rule(
    holding: Holding, role: str | None, organisation: str | None, subject: str | None, person: str | None, allowed: bool
) -> None:
    assert _with(holding).may(role, organisation, subject, person) is allowed


def test_nobody_decides_on_own_submission_but_a_substitute_may() -> None:
    """Reading A14."""
    assert not _with(CHAIR).may("chair", "tc-1.6", exclude=["p1"])
    assert not _with(CHAIR, LENT).may("chair", "tc-1.6", exclude=["p1"])
    assert _with(LENT).may("chair", "tc-1.6", exclude=["p2"])


def test_roles_organisations_and_subjects_of_an_actor() -> None:
    actor = _with(CHAIR, CREATOR_OF_C1, LENT)
    assert actor.holds("chair", "auditor")
    assert not actor.holds("auditor")
    assert actor.organisations("chair") == {"tc-1.6"}
    assert actor.subjects("creator", "coordinator") == {"c1"}


def test_an_actor_is_found_in_two_statements(
    session: Session, hire: Hire, appoint: Appoint, statements: Counting
) -> None:
    anna, boris = hire("Анна"), hire("Борис")
    appoint(anna, "administrator")
    appoint(anna, "coordinator", subject="c1")
    appoint(boris, "chair", organisation_id="tc-1.6")
    _substitute(session, boris, anna, date(2020, 1, 1), date(2030, 1, 1))
    anna_id, boris_id = anna.id, boris.id
    session.expire_all()
    with statements() as sent:
        actor = actor_of(session, anna_id)
    assert len(sent) == 2, sent
    assert (actor.name, actor.locale, actor.zone) == (Text("Анна", "Анна"), "ru", "Asia/Almaty")
    assert set(actor.holdings) == {
        Holding("administrator"),
        Holding("coordinator", subject="c1"),
        Holding("chair", "tc-1.6", on_behalf_of=boris_id),
    }


def test_strangers_and_deactivated_people_are_nobody(session: Session, hire: Hire) -> None:
    anna = hire("Анна")
    people.deactivate(session, anna.id, BY)
    for unknown in (anna.id, "nobody"):
        with pytest.raises(NotFound):
            actor_of(session, unknown)


@pytest.mark.requirement("R5.1-a")
def test_the_day_after_an_appointment_ended_its_tasks_are_closed(
    session: Session, hire: Hire, appoint: Appoint, moved_clock: TestClock
) -> None:
    anna = hire("Анна")
    appoint(anna, "administrator", valid_to=TODAY)
    assert actor_of(session, anna.id).may("administrator")
    moved_clock.move(days=1)
    assert not actor_of(session, anna.id).may("administrator")


def test_an_appointment_s_days_are_those_of_its_organisation(
    session: Session, hire: Hire, appoint: Appoint, moved_clock: TestClock
) -> None:
    """The day in Berlin, wherever the person and the Secretariat are."""
    anna = hire("Анна")
    appoint(anna, "representative", TODAY, valid_to=TODAY, organisation_id="nmi-de-ptb")
    begin, end = datetime(2026, 11, 22, 23, tzinfo=UTC), datetime(2026, 11, 23, 23, tzinfo=UTC)
    second = timedelta(seconds=1)
    for moment, valid in ((begin - second, False), (begin, True), (end - second, True), (end, False)):
        moved_clock.set(moment)
        assert actor_of(session, anna.id).may("representative", "nmi-de-ptb") is valid


@pytest.mark.requirement("X-6")
def test_an_acting_chair_gets_the_tasks_between_the_dates(
    session: Session, hire: Hire, appoint: Appoint, moved_clock: TestClock
) -> None:
    """Reading A26."""
    anna = hire("Анна")
    appoint(anna, "chair", date(2026, 11, 24), valid_to=date(2026, 11, 25), organisation_id="tc-1.6", acting=True)
    allowed = []
    for _ in range(4):
        allowed.append(actor_of(session, anna.id).may("chair", "tc-1.6"))
        moved_clock.move(days=1)
    assert allowed == [False, True, True, False]


@pytest.mark.requirement("X-6")
def test_a_deputy_gets_the_tasks_between_the_dates(
    session: Session, hire: Hire, appoint: Appoint, moved_clock: TestClock
) -> None:
    chair, deputy = hire("Анна"), hire("Борис")
    appoint(chair, "chair", organisation_id="tc-1.6")
    _substitute(session, chair, deputy, date(2026, 11, 24), date(2026, 11, 25))
    allowed = []
    for _ in range(4):
        allowed.append(actor_of(session, deputy.id).may("chair", "tc-1.6", person=chair.id))
        assert actor_of(session, chair.id).may("chair", "tc-1.6")
        moved_clock.move(days=1)
    assert allowed == [False, True, True, False]


def test_a_substitution_can_be_narrowed_and_is_not_passed_on(session: Session, hire: Hire, appoint: Appoint) -> None:
    anna, boris, vera = hire("Анна"), hire("Борис"), hire("Вера")
    appoint(anna, "chair", organisation_id="tc-1.6")
    appoint(anna, "chair", organisation_id="tc-1.7")
    appoint(anna, "administrator")
    always = (date(2020, 1, 1), date(2030, 1, 1))
    _substitute(session, anna, boris, *always, role="chair", organisation_id="tc-1.6")
    _substitute(session, boris, vera, *always)
    assert actor_of(session, boris.id).holdings == (Holding("chair", "tc-1.6", on_behalf_of=anna.id),)
    assert actor_of(session, vera.id).holdings == ()


def test_an_ended_appointment_is_not_lent(session: Session, hire: Hire, appoint: Appoint) -> None:
    anna, boris = hire("Анна"), hire("Борис")
    appoint(anna, "administrator", valid_to=date(2021, 1, 1))
    _substitute(session, anna, boris, date(2020, 1, 1), date(2030, 1, 1))
    assert actor_of(session, boris.id).holdings == ()


def _substitute(session: Session, absent: Person, substitute: Person, start: date, end: date, **terms: str) -> None:
    said = substitutions.Terms(substitute.id, start, end, **terms)
    substitutions.make(session, absent.id, said, BY)
