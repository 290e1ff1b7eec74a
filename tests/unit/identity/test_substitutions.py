"""Substitutions: made, changed, ended, never without evidence."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.audit.history import history
from app.audit.kinds import Kind
from app.errors import Invalid, NotFound
from app.identity import people, substitutions
from app.identity.substitutions import Terms
from tests.unit.identity.conftest import BY, Hire

FIRST, LAST = date(2026, 11, 24), date(2026, 11, 30)


def test_every_change_is_evidence_and_the_reason_is_personal(session: Session, hire: Hire) -> None:
    anna, boris = hire("Анна"), hire("Борис")
    terms = Terms(boris.id, FIRST, LAST, "chair", "tc-1.6", reason="Отпуск")
    made = substitutions.make(session, anna.id, terms, BY)
    substitutions.change(session, made.id, replace(terms, valid_to=date(2026, 12, 5), reason=""), BY)
    substitutions.end(session, made.id, date(2026, 11, 25), BY)
    ended, changed, begun, _created = history(session, "person", anna.id).events
    assert [event.kind for event in (begun, changed, ended)] == [
        Kind.SUBSTITUTION_MADE,
        Kind.SUBSTITUTION_CHANGED,
        Kind.SUBSTITUTION_ENDED,
    ]
    assert begun.personal == {"reason": "Отпуск"}
    assert "Отпуск" not in str(begun.body)
    assert changed.body["valid_to"] == "2026-12-05"
    assert ended.body["valid_to"] == "2026-11-25"
    assert substitutions.of_person(session, boris.id) == [made]


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"substitute_id": "nobody"}, "substitute_id"),
    ({"valid_to": date(2026, 11, 23)}, "valid_to"),
    ({"role": "king"}, "role"),
    ({"organisation_id": "tc-99"}, "organisation_id"),
]


def test_what_cannot_be_is_refused(session: Session, hire: Hire) -> None:
    anna, boris = hire("Анна"), hire("Борис")
    for changed, field in REFUSED:
        with pytest.raises(Invalid) as refused:
            substitutions.make(session, anna.id, replace(Terms(boris.id, FIRST, LAST), **changed), BY)
        assert set(refused.value.fields) == {field}


def test_only_somebody_else_who_is_there_can_substitute(session: Session, hire: Hire) -> None:
    anna, boris = hire("Анна"), hire("Борис")
    people.deactivate(session, boris.id, BY)
    for who in (anna, boris):
        with pytest.raises(Invalid):
            substitutions.make(session, anna.id, Terms(who.id, FIRST, LAST), BY)
    with pytest.raises(NotFound):
        substitutions.make(session, "nobody", Terms(anna.id, FIRST, LAST), BY)
    with pytest.raises(NotFound):
        substitutions.end(session, "nothing", LAST, BY)
