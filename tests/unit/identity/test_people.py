"""Keeping people: searching, changing, closing and erasing, with personal data apart from the chain."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.history import history
from app.audit.kinds import Kind
from app.audit.models import EventRow, PersonalRow
from app.audit.verification import verify_all
from app.errors import Conflict, Invalid, NotFound
from app.identity import people, register, substitutions
from app.identity.models import Appointment, Person
from app.identity.people import Details
from tests.conftest import TestClock
from tests.unit.identity.conftest import BY, Appoint, Hire

ANNA = Details("Семёнова Анна", "Semenova Anna", "Anna.Semenova@Example.org", "+375 17 000", "en")


def test_a_person_is_kept_with_a_folded_name_and_a_lower_case_address(session: Session) -> None:
    made = people.create(session, ANNA, BY)
    assert made.email == "anna.semenova@example.org"
    assert people.find_by_email(session, " ANNA.semenova@example.org ") is made
    (event,) = history(session, "person", made.id).events
    assert event.kind == Kind.PERSON_CREATED
    assert event.body == {"organisation": None}
    assert event.personal is not None
    assert event.personal["name_ru"] == "Семёнова Анна"


def test_search_forgives(session: Session) -> None:
    """A57: case, ё/е, the order of words and Latin letters that look Cyrillic."""
    made = people.create(session, ANNA, BY)
    other = people.create(session, Details("Борисов Пётр", "Borisov Petr", "p@example.org"), BY)
    for text in ("семенова", "СЕМЁНОВА анна", "semenova", "анна сем", "anna.semenova@example", "Ceмёнова"):
        assert people.search(session, text) == [made], text
    assert people.search(session, "  ") == [other, made]


def test_search_takes_signs_literally(session: Session) -> None:
    people.create(session, ANNA, BY)
    for text in ("%", "_", "семенова%", "';--", "%" * 10_000, "a\0b", "зина"):
        assert people.search(session, text) == [], text


def test_search_narrows_and_pages(session: Session, hire: Hire) -> None:
    made = [hire(name) for name in ("Анна", "Борис", "Вера")]
    people.deactivate(session, made[1].id, BY)
    assert people.search(session, organisation="nmi-kz-kazstandard") == [made[0], made[2]]
    assert people.search(session, organisation="nmi-de-ptb") == []
    assert people.search(session, active=None, limit=2, offset=1) == made[1:]
    assert people.search(session, active=False) == [made[1]]


REFUSED = [
    ({"name_ru": " "}, "name_ru"),
    ({"name_en": "A\x00nna"}, "name_en"),
    ({"name_en": "\u202eanna"}, "name_en"),
    ({"email": "anna"}, "email"),
    ({"email": "a@b.c, evil@x.org"}, "email"),
    ({"email": "a@b.c\r\nBcc: evil@x.org"}, "email"),
    ({"email": "a b@x.org"}, "email"),
    ({"email": "taken@example.org"}, "email"),
    ({"organisation_id": "nowhere"}, "organisation_id"),
]


def test_what_cannot_be_kept_is_named(session: Session) -> None:
    people.create(session, Details("Занято", "Taken", "TAKEN@example.org"), BY)
    for changed, field in REFUSED:
        values = {"name_ru": "Анна", "name_en": "Anna", "email": "anna@example.org", **changed}
        with pytest.raises(Invalid) as refused:
            people.create(session, Details(**values), BY)  # type: ignore[arg-type]  # no locale among the values
        assert set(refused.value.fields) == {field}


def test_changes_name_the_fields_in_the_chain_and_the_values_beside_it(session: Session) -> None:
    made = people.create(session, ANNA, BY)
    people.change(session, made.id, people.details_of(made), BY)
    people.change(session, made.id, Details("Петрова Анна", "Petrova Anna", ANNA.email, ANNA.phone, "en"), BY)
    event, _created = history(session, "person", made.id).events
    assert event.body == {"fields": ["name_ru", "name_en"]}
    assert event.personal == {
        "name_ru": ["Семёнова Анна", "Петрова Анна"],
        "name_en": ["Semenova Anna", "Petrova Anna"],
    }
    assert people.search(session, "петрова") == [made]


def test_closing_and_opening_an_account(session: Session, hire: Hire) -> None:
    anna = hire("Анна")
    people.deactivate(session, anna.id, BY, reason="Уволилась")
    people.deactivate(session, anna.id, BY)
    assert people.find_by_email(session, "Анна@example.org") is None
    people.reactivate(session, anna.id, BY)
    kinds = [event.kind for event in history(session, "person", anna.id).events]
    assert kinds == [Kind.PERSON_REACTIVATED, Kind.PERSON_DEACTIVATED, Kind.PERSON_CREATED]
    with pytest.raises(NotFound):
        people.deactivate(session, "nobody", BY)


def test_an_erased_person_is_nowhere_to_be_found(
    session: Session, hire: Hire, appoint: Appoint, moved_clock: TestClock
) -> None:
    """V22: no value, no salt, the commitments stay and the chains hold."""
    anna = people.create(session, ANNA, BY)
    boris = hire("Борис")
    appoint(anna, "creator")
    terms = substitutions.Terms(boris.id, date(2026, 1, 1), date(2027, 1, 1), reason="Болезнь Анны")
    substitutions.make(session, anna.id, terms, BY)
    people.erase(session, anna.id, BY)
    session.expire_all()

    for column in (Person.name_ru, Person.name_en, Person.email, Person.folded, PersonalRow.value, EventRow.body):
        for value in session.scalars(sa.select(column)):
            assert "семенова" not in (value or "").casefold().replace("ё", "е")
            assert "semenova" not in (value or "").casefold()
            assert "Болезнь" not in (value or "")
    assert verify_all(session) == []
    assert history(session, "person", anna.id).events[-1].erased
    assert session.scalars(sa.select(Appointment.valid_to)).all() == [date(2026, 11, 22)]
    assert register.appointments(session, on=date(2026, 11, 23)) == []
    assert str(people.get(session, anna.id).name) == "Данные удалены"
    with pytest.raises(Conflict):
        people.reactivate(session, anna.id, BY)


def test_people_of_a_list_come_in_one_statement(session: Session, hire: Hire) -> None:
    anna, boris = hire("Анна"), hire("Борис")
    assert people.by_ids(session, [anna.id, boris.id, anna.id, "nobody"]) == {anna.id: anna, boris.id: boris}
