"""Appendix 1 field by field: what is filled in, what is refused, what is printed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from app import clock, forms
from app.courses.models import Course
from app.courses.printed import PrintedRound, PrintedSheet
from app.errors import Invalid
from app.forms import Context
from app.workflow import releases
from tests.process.acts import Acts
from tests.process.conftest import Begin
from tests.process.scenario import ROOT

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""The scenarios are played on both databases."""


@pytest.fixture(scope="module")
def verdict() -> forms.Form:
    return forms.load_forms(releases.read_folders(ROOT))["sheet_verdict"]


def faults(form: forms.Form, block: str, values: Mapping[str, Any]) -> list[str]:
    context = Context(current={"block": block}, today=date(2026, 11, 23))
    return sorted(forms.check(form, {"act": "consider", **values}, context).errors)


def primary(begin: Begin) -> PrintedSheet:
    acts = begin("tc-1.6")
    acts.send("tc-1.6")
    acts.agree("tc-1.6", comments="Добавьте рисунок")
    with acts.sessions() as session:
        return acts.printed(session, "tc-1.6")


def reworked(begin: Begin, **last: str) -> Acts:
    acts = begin("tc-1.6")
    acts.send("tc-1.6")
    acts.refuse("tc-1.6", "Нет ссылки")
    acts.rework("tc-1.6", "Добавлена")
    if last:
        acts.do("consider", "chair_mass", "tc-1.6", act="consider", **last)
    return acts


@pytest.mark.requirement("RA1-a", "RA1-b", "RA1-c", "RA1-d")
@on_sqlite
def test_the_head_is_prefilled_from_course_body_and_appointments(begin: Begin) -> None:
    sheet = primary(begin)
    assert (sheet.title.ru, sheet.title.en) == ("Калибровка гирь", "Calibration of weights")
    assert sheet.body.en == "TC 1.6 “Mass and Related Quantities”"
    assert sheet.creator is not None
    assert sheet.creator.organisation.ru.startswith("РГП «Казахстанский институт")
    assert sheet.creator.name.ru == "Семен Создателев"
    assert sheet.creator.contact == "+375 17 000 00 00, creator@example.org"
    assert [one.name.ru for one in sheet.coordinators] == ["Кира Координаторова", "Полина Представителева"]
    assert sheet.coordinators[0].contact.endswith("coordinator@example.org")


@pytest.mark.requirement("RA1-e")
@on_sqlite
def test_the_person_of_the_first_round_is_the_one_who_decided(begin: Begin) -> None:
    block = primary(begin).rounds[0]
    assert block.reviewer is not None
    assert block.reviewer.name.en == "Mark Massin"
    assert block.reviewer.contact == "+375 17 000 00 00, chair.mass@example.org"


@pytest.mark.requirement("RA1-f")
def test_neither_and_both_answers_are_refused(verdict: forms.Form) -> None:
    assert faults(verdict, "primary", {}) == ["conforms"]
    assert faults(verdict, "primary", {"conforms": ["yes", "no"]}) == ["conforms"]
    assert faults(verdict, "primary", {"conforms": "yes"}) == []


@pytest.mark.requirement("RA1-g")
@on_sqlite
def test_no_without_saying_what_to_rework_is_refused(verdict: forms.Form, begin: Begin) -> None:
    assert faults(verdict, "primary", {"conforms": "no"}) == ["comments"]
    assert faults(verdict, "primary", {"conforms": "no", "comments": "  \n "}) == ["comments"]
    acts = begin("tc-1.6")
    acts.send("tc-1.6")
    with pytest.raises(Invalid) as refused:
        acts.refuse("tc-1.6", "")
    assert list(refused.value.fields) == ["comments"]
    acts.refuse("tc-1.6", "Нет ссылки")
    with acts.sessions() as session:
        assert acts.printed(session, "tc-1.6").rounds[0].comments == "Нет ссылки"


def signed(block: PrintedRound, name: str) -> bool:
    return block.decided_at == clock.now() and block.reviewer is not None and block.reviewer.name.ru == name


@pytest.mark.requirement("RA1-h")
@on_sqlite
def test_the_decision_is_dated_and_signed_by_name(begin: Begin) -> None:
    assert signed(primary(begin).rounds[0], "Марк Массин")


@pytest.mark.requirement("RA1-i", "RA1-l")
@on_sqlite
def test_a_repeat_block_has_the_same_person_and_signature_fields(begin: Begin) -> None:
    acts = reworked(begin, reworked="yes", conforms="yes")
    with acts.sessions() as session:
        blocks = acts.printed(session, "tc-1.6").rounds
    assert len(blocks) == 2
    assert signed(blocks[1], "Марк Массин")


@pytest.mark.requirement("RA1-j")
@on_sqlite
def test_a_repeat_round_cannot_be_saved_without_saying_whether_the_course_was_reworked(
    verdict: forms.Form, begin: Begin
) -> None:
    assert faults(verdict, "repeat", {"conforms": "yes"}) == ["reworked"]
    acts = reworked(begin)
    with pytest.raises(Invalid) as refused:
        acts.agree("tc-1.6")
    assert list(refused.value.fields) == ["reworked"]
    acts.agree("tc-1.6", reworked="yes")
    with acts.sessions() as session:
        assert [block.reworked for block in acts.printed(session, "tc-1.6").rounds] == [None, True]


@pytest.mark.requirement("RA1-k")
def test_a_repeat_round_has_the_rules_of_the_first(verdict: forms.Form) -> None:
    assert faults(verdict, "repeat", {"reworked": "yes"}) == ["conforms"]
    assert faults(verdict, "repeat", {"reworked": "yes", "conforms": "no"}) == ["comments"]
    assert faults(verdict, "repeat", {"reworked": "yes", "conforms": "no", "comments": "Слайд 4"}) == []


@pytest.mark.requirement("RA1-k")
def test_agreed_though_not_reworked_needs_an_explanation(verdict: forms.Form) -> None:
    """A6."""
    assert faults(verdict, "repeat", {"reworked": "no", "conforms": "yes"}) == ["comments"]
    assert faults(verdict, "repeat", {"reworked": "no", "conforms": "yes", "comments": "Принято устно"}) == []


@pytest.mark.requirement("RA1-m")
@on_sqlite
def test_every_round_has_its_own_deadline(begin: Begin) -> None:
    acts = reworked(begin)
    with acts.sessions() as session:
        blocks = acts.printed(session, "tc-1.6").rounds
    assert [block.due for block in blocks] == [date(2026, 12, 7), date(2026, 11, 30)]


@on_sqlite
def test_the_sheet_keeps_the_names_of_its_day(begin: Begin) -> None:
    acts = begin("tc-1.6")
    acts.send("tc-1.6")
    acts.agree("tc-1.6")
    with acts.sessions.begin() as session:
        session.get_one(Course, acts.course).title_ru = "Другое название"
    with acts.sessions() as session:
        assert acts.printed(session, "tc-1.6").title.ru == "Калибровка гирь"
