"""Bodies and institutes: the reference data, searching, changing."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.history import history
from app.audit.kinds import Kind
from app.config import Config
from app.errors import Conflict, Invalid, NotFound
from app.identity import organisations, reference
from app.identity.models import Country, Organisation
from app.identity.organisations import Details
from tests.unit.identity.conftest import BY

BODY = Details("body", "ТК 9", "TC 9", "Новые измерения", "New measurements")


def test_the_reference_data_are_complete(session: Session) -> None:
    """All rows of the tables of bodies, other bodies and members; active as the sources say."""
    reference.load(session)
    kinds = sa.select(Organisation.kind, sa.func.count()).where(Organisation.active).group_by(Organisation.kind)
    found = dict(session.execute(kinds).all())
    assert found == {"body": 17, "governing": 2, "nmi": 17, "national_secretariat": 14, "secretariat": 1}
    assert session.scalar(sa.select(sa.func.count()).select_from(Organisation)) == 4 + 51 + 5
    assert session.scalar(sa.select(sa.func.count()).where(Country.active)) == 14
    assert session.scalar(sa.select(sa.func.count()).select_from(Country)) == 19
    inactive = session.scalars(sa.select(Organisation.id).where(~Organisation.active).order_by(Organisation.id))
    assert [id_ for id_ in inactive if not id_.startswith("nmi-")] == ["sc-4.1", "sc-4.2", "sc-4.3", "tc-5"]


def test_loading_again_changes_nothing_that_people_edited(session: Session) -> None:
    made = reference.load(session, Config(default_country="KZ", default_zone="Asia/Almaty"))
    secretariat = organisations.get(session, "secretariat")
    assert (secretariat.country, secretariat.zone) == ("KZ", "Asia/Almaty")
    edited = replace(organisations.details_of(organisations.get(session, "tc-5")), active=True)
    organisations.change(session, "tc-5", edited, BY)
    assert reference.load(session) == []
    assert organisations.get(session, "tc-5").active
    (event,) = history(session, "site", "reference").events
    assert event.kind == Kind.REFERENCE_LOADED
    assert event.body["ids"] == made


def test_every_row_names_its_source_and_has_both_languages() -> None:
    for row in reference.organisations():
        assert row["source"], row
        assert all(row[name] for name in ("code_ru", "code_en", "name_ru", "name_en", "status", "status_ru")), row
    for row in reference.countries():
        ZoneInfo(row["zone"])
        assert row["name_ru"]
        assert row["name_en"]


def test_codes_sort_as_a_reader_expects(session: Session) -> None:
    reference.load(session)
    codes = [body.code_en for body in organisations.search(session, kinds=["body"])]
    assert codes[:4] == ["QF", "TC 1", "TC 1.1", "TC 1.2"]
    assert codes.index("TC 1.10") == codes.index("TC 1.9") + 1


SEARCHES = {
    "масса": ["tc-1.6"],
    "TC 1.6": ["tc-1.6"],
    "тк 1.6": ["tc-1.6"],
    "belgim": ["nmi-by-belgim"],
    "белгим": ["nmi-by-belgim"],
    "объединённый комитет": ["tc-1"],
    "секретариат россии": ["ns-ru"],
}


def test_search(session: Session) -> None:
    reference.load(session)
    for text, expected in SEARCHES.items():
        assert [found.id for found in organisations.search(session, text)] == expected, text


def test_organisations_are_made_and_changed_with_evidence(session: Session) -> None:
    organisations.create(session, "tc-9", BODY, BY)
    organisations.change(session, "tc-9", replace(BODY, active=False), BY)
    organisations.change(session, "tc-9", replace(BODY, active=False), BY)
    changed, created = history(session, "register", "organisation-tc-9").events
    assert created.kind == Kind.ORGANISATION_CREATED
    assert changed.body == {"active": [True, False]}
    with pytest.raises(NotFound):
        organisations.change(session, "tc-10", BODY, BY)


REFUSED = [
    (replace(BODY, name_ru=""), "name_ru"),
    (replace(BODY, code_en="TC\x07"), "code_en"),
    (replace(BODY, zone="Europe/Atlantis"), "zone"),
    (replace(BODY, country="Belarus"), "country"),
    (replace(BODY, parent_id="tc-9"), "parent_id"),
    (replace(BODY, parent_id="tc-99"), "parent_id"),
    (replace(BODY, parent_id="sc-9.1"), "parent_id"),
]


def test_what_cannot_be_kept_is_named(session: Session) -> None:
    organisations.create(session, "tc-9", BODY, BY)
    organisations.create(session, "sc-9.1", replace(BODY, code_ru="ПК 9.1", code_en="SC 9.1", parent_id="tc-9"), BY)
    for details, field in REFUSED:
        with pytest.raises(Invalid) as refused:
            organisations.change(session, "tc-9", details, BY)
        assert set(refused.value.fields) == {field}


def test_ids_are_readable_and_taken_once(session: Session) -> None:
    organisations.create(session, "tc-9", BODY, BY)
    with pytest.raises(Conflict):
        organisations.create(session, "tc-9", BODY, BY)
    for wrong in ("TC 9", "tc/9", "", "тк-9", "tc-9\n"):
        with pytest.raises(Invalid):
            organisations.create(session, wrong, BODY, BY)
