"""Dated settings of the organisation."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.audit.history import history
from app.courses import settings
from app.errors import Invalid, NotFound

DAY = date(2026, 11, 23)


def test_the_newest_value_that_has_begun_holds(session: Session) -> None:
    assert settings.number(session, "answer_workdays", DAY) == 15
    settings.change(session, "answer_workdays", "10", DAY, "p")
    settings.change(session, "answer_workdays", "20", date(2027, 1, 1), "p")
    found = [settings.number(session, "answer_workdays", day) for day in (date(2026, 1, 1), DAY, date(2027, 1, 1))]
    assert found == [15, 10, 20]
    assert len(history(session, "site", "settings").events) == 2


@pytest.mark.parametrize(("name", "value"), [("answer_workdays", "0"), ("answer_workdays", "x"), ("package_to", "me")])
def test_a_value_that_cannot_be_is_refused(session: Session, name: str, value: str) -> None:
    with pytest.raises(Invalid):
        settings.change(session, name, value, DAY, "p")


def test_there_is_no_other_setting(session: Session) -> None:
    with pytest.raises(NotFound):
        settings.change(session, "no_such", "1", DAY, "p")
