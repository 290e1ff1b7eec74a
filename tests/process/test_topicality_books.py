"""What `fsck` proves of section 13 (V25): each of its sentences is broken by hand and found."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app import clock
from app.courses.actualisation import calendar, inspection
from app.courses.actualisation.models import Edition, TopicalityCheck
from app.courses.models import Course
from tests.conftest import TestClock
from tests.process.renewal import SCENARIOS, Renewal
from tests.process.scenario import read

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def annul_without_decision(session: Session, course: Course) -> None:
    course.stage = "annulled"


def close_without_conclusions(session: Session, course: Course) -> None:
    check = TopicalityCheck(course_id=course.id, number=9, due=clock.now().date(), begun_by="nobody", result="topical")
    check.closed_at = clock.now()
    session.add(check)


def put_in_force_without_form(session: Session, course: Course) -> None:
    check = session.scalars(sa.select(TopicalityCheck)).one()
    session.add(
        Edition(course_id=course.id, number=2, check_id=check.id, changes="", proposed_by="nobody", state="in_force")
    )


def forget_the_next_check(session: Session, course: Course) -> None:
    calendar.withdraw(session, course, "system:test")


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (annul_without_decision, "decision of TC 4: None"),
        (close_without_conclusions, "closed with 0 conclusions of 3"),
        (put_in_force_without_form, "without a positive form"),
        (forget_the_next_check, "nothing will begin the check"),
    ],
)
def test_v25_what_was_spoilt_is_found(
    sessions: sessionmaker[Session],
    tmp_path: Path,
    moved_clock: TestClock,
    spoil: Callable[[Session, Course], None],
    told: str,
) -> None:
    acts = Renewal(sessions, tmp_path, read(SCENARIOS)[0], moved_clock).publish().begin_check()
    acts.conclude("topical", "topical", "topical")
    with acts.sessions.begin() as session:
        assert list(inspection.check(session, tmp_path)) == []
        spoil(session, session.get_one(Course, acts.course))
        session.flush()
        ((_where, what),) = inspection.check(session, tmp_path)
        assert told in what
        session.rollback()
