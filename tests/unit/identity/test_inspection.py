"""V24: rights that nobody's act gave are found."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.identity import appointments, people, substitutions
from app.identity.appointments import Terms
from app.identity.inspection import check
from app.identity.models import Appointment, Person, Substitution
from tests.conftest import TestClock
from tests.unit.identity.conftest import BY, LONG_AGO, Appoint, Hire


def test_what_was_done_by_the_book_is_in_order(
    session: Session, hire: Hire, appoint: Appoint, moved_clock: TestClock
) -> None:
    anna, boris, vera = hire("Анна"), hire("Борис"), hire("Вера")
    made = appoint(anna, "chair", organisation_id="tc-1.6")
    terms = Terms("chair", LONG_AGO, date(2027, 1, 1), organisation_id="tc-1.6", acting=True)
    appointments.change(session, made.id, terms, BY)
    appointments.end(session, appoint(boris, "creator").id, date(2026, 1, 1), BY)
    appoint(vera, "creator")
    lent = substitutions.make(
        session, anna.id, substitutions.Terms(vera.id, date(2026, 1, 1), date(2027, 1, 1), reason="Отпуск"), BY
    )
    substitutions.end(session, lent.id, date(2026, 12, 1), BY)
    people.deactivate(session, boris.id, BY)
    people.erase(session, vera.id, BY)
    assert check(session) == []


def test_what_was_slipped_in_is_found(session: Session, hire: Hire, appoint: Appoint) -> None:
    anna, boris = hire("Анна"), hire("Борис")
    made = appoint(anna, "member", organisation_id="tc-1.6", valid_to=date(2026, 1, 1))
    lent = substitutions.make(session, anna.id, substitutions.Terms(boris.id, LONG_AGO, date(2026, 1, 1)), BY)
    session.add(Appointment(id="a", person_id=boris.id, role="operator", valid_from=LONG_AGO))
    session.execute(sa.update(Appointment).where(Appointment.id == made.id).values(role="chair", valid_to=None))
    session.execute(sa.update(Substitution).where(Substitution.id == lent.id).values(valid_to=date(2030, 1, 1)))
    session.execute(sa.update(Person).where(Person.id == anna.id).values(active=False))
    session.flush()
    problems = check(session)
    assert f"appointment {made.id}: without evidence: role, valid_to" in problems
    assert f"substitution {lent.id}: without evidence: valid_to" in problems
    assert f"person {anna.id}: open or closed without evidence" in problems
    assert any(problem.startswith("appointment a: without evidence") for problem in problems)
    assert len(problems) == 4
