"""What the form of Appendix 2 takes: the truth table, what is shown, what makes YES impossible (8.1; A7, A8)."""

from itertools import product

import pytest
from sqlalchemy.orm import Session

from app.courses.approvals import criteria, deciding
from app.courses.approvals.deciding import JUDGED, Decision
from app.courses.models import Course
from app.errors import Invalid
from app.i18n import use_locale
from app.workflow import releases
from tests.process.conftest import Review
from tests.process.reviewing import APPROVAL, REFUSAL, Reviewing

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""The scenarios are played on both databases."""

FIVE = ("description", "content", "copyright", "may_place", "needs_rework")
THIRD = {"item": "Фото эталона", "source": "PTB", "licence": "© PTB"}


def allowed(answers: dict[str, str]) -> bool:
    """The truth table of reading A7, written out once more."""
    three = all(answers[name] == "yes" for name in FIVE[:3])
    placed = (answers["may_place"], answers["needs_rework"]) == ("yes", "no")
    reworked = (answers["may_place"], answers["needs_rework"]) == ("no", "yes")
    return (three and placed) or reworked


@pytest.mark.requirement("RA2-f", "RA2-c", "RA2-d", "RA2-e", "R5.3-b")
def test_of_the_32_combinations_the_form_takes_only_those_of_the_truth_table(review: Review) -> None:
    acts = review()
    taken = []
    for combination in product(("yes", "no"), repeat=5):
        answers = dict(zip(FIVE, combination, strict=True))
        with acts.sessions() as session:
            if _form_takes(acts, session, answers):
                taken.append(combination)
        assert (combination in taken) is allowed(answers), combination
    assert len(taken) == 9
    assert [one for one in taken if one[3] == "yes"] == [("yes", "yes", "yes", "yes", "no")]


def _form_takes(acts: Reviewing, session: Session, answers: dict[str, str]) -> bool:
    from app import forms

    release = releases.current(session)
    assert release is not None
    form = releases.load(session, release.id).forms["approval_form"]
    context = acts.context(session, forms.Context(current=acts.seen(session, "examine", "approval_form")))
    return not forms.check(form, APPROVAL | answers | {"remarks": "Слайд 4", "repeat_agreement": "no"}, context).errors


@pytest.mark.requirement("RA2-f", "R5.3-b")
def test_of_the_32_combinations_the_operation_takes_only_those_of_the_truth_table(review: Review) -> None:
    acts = review()
    with acts.sessions() as session:
        found = criteria.findings(session, session.get_one(Course, acts.course))
    items = dict.fromkeys((name for names in JUDGED.values() for name in names), True)
    for combination in product((True, False), repeat=5):
        decision = Decision(**dict(zip(FIVE, combination, strict=True)), items=items, remarks="Слайд 4")
        answers = {name: "yes" if value else "no" for name, value in zip(FIVE, combination, strict=True)}
        if allowed(answers):
            deciding.check(decision, found)
            continue
        with pytest.raises(Invalid):
            deciding.check(decision, found)


@pytest.mark.requirement("RA2-g")
def test_rework_without_remarks_is_refused_by_form_and_operation(review: Review) -> None:
    acts = review()
    with pytest.raises(Invalid) as refused:
        acts.examine(**REFUSAL | {"remarks": " "})
    assert list(refused.value.fields) == ["remarks"]
    with acts.sessions() as session:
        found = criteria.findings(session, session.get_one(Course, acts.course))
    with pytest.raises(Invalid) as again:
        deciding.check(Decision(False, True, True, False, True, items={}, remarks=" "), found)
    assert "remarks" in again.value.fields


@pytest.mark.requirement("R8.1-a", "R5.3-a")
def test_a_missing_item_of_the_description_is_shown_and_makes_yes_impossible(review: Review) -> None:
    acts = review(splash=None)
    with acts.sessions() as session, use_locale("ru"):
        found = criteria.findings(session, session.get_one(Course, acts.course))
        assert [(one.name, one.met) for one in found.missing("description")] == [("splash", False)]
        seen = acts.seen(session, "examine", "approval_form")
    assert "Заставка для главной страницы раздела: НЕТ" in str(seen["description_found"])
    assert seen["description_complete"] == "no"
    with pytest.raises(Invalid) as refused:
        acts.examine()
    assert "description" in refused.value.fields
    acts.examine(**REFUSAL | {"description": "no"})
    assert acts.stage() == "rework"


@pytest.mark.requirement("R8.1-b")
@pytest.mark.parametrize("sheet", ["open", "none"])
def test_an_open_sheet_makes_the_content_no_without_override(review: Review, sheet: str) -> None:
    acts = review(sheet=sheet)
    with acts.sessions() as session:
        assert acts.seen(session, "examine", "approval_form")["agreement"] == "no"
    with pytest.raises(Invalid) as refused:
        acts.examine()
    assert "content" in refused.value.fields
    with pytest.raises(Invalid):  # what the page shows cannot be answered in its place (S42)
        acts.examine(agreement="yes")
    items = dict.fromkeys((name for names in JUDGED.values() for name in names), True)
    by = acts.people["administrator"]
    with acts.sessions() as session:
        course = session.get_one(Course, acts.course)
        with pytest.raises(Invalid):
            deciding.decide(session, course, Decision(True, True, True, True, False, items), None, by)


@pytest.mark.requirement("R8.1-b")
@pytest.mark.parametrize("item", ["structure", "design", "style", "topicality"])
def test_each_of_the_five_items_of_the_content_counts(review: Review, item: str) -> None:
    acts = review()
    with pytest.raises(Invalid) as refused:
        acts.examine(**{item: "no"})
    assert "content" in refused.value.fields
    acts.examine(**REFUSAL | {item: "no", "content": "no"})
    with acts.sessions() as session:
        form = acts.form(session)
    assert form is not None
    assert form.items["content"][item] is False
    assert set(form.items["content"]) == {"agreement", "structure", "design", "style", "topicality"}


@pytest.mark.requirement("R8.1-c", "R6.8-b")
def test_one_word_changed_on_the_platform_makes_copyright_no(review: Review) -> None:
    acts = review(described="spoilt")
    with acts.sessions() as session:
        assert acts.seen(session, "examine", "approval_form")["copyright_published"] == "no"
    with pytest.raises(Invalid) as refused:
        acts.examine()
    assert "copyright" in refused.value.fields
    acts.examine(**REFUSAL | {"copyright": "no"})
    assert acts.visible() == []


@pytest.mark.requirement("R8.1-c")
def test_third_party_items_are_shown_and_a_licence_that_does_not_fit_makes_copyright_no(review: Review) -> None:
    acts = review(third_party=[{**THIRD, "compatible": False}])
    with acts.sessions() as session:
        assert "Фото эталона; PTB; © PTB" in str(acts.seen(session, "examine", "approval_form")["third_party"])
    with pytest.raises(Invalid) as refused:
        acts.examine()
    assert "copyright" in refused.value.fields
