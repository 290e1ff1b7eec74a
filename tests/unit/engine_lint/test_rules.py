"""Every rule finds what it is for and leaves good diagrams alone."""

import pytest

from app.engine.lint import RULES, SIZES, check
from tests.unit.engine_lint import cases_elements, cases_expressions, cases_references, cases_structure
from tests.unit.engine_lint.drawing import Case

CASES = (*cases_structure.CASES, *cases_elements.CASES, *cases_expressions.CASES, *cases_references.CASES)


def _name(case: Case) -> str:
    return case.rule


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_the_rule_finds_a_bad_diagram(case: Case) -> None:
    found = [finding for finding in check(case.bad, case.catalogue) if finding.rule == case.rule]
    assert found, [(one.rule, one.element) for one in check(case.bad, case.catalogue)]
    assert case.at in [one.element for one in found] or case.at is None, [one.element for one in found]
    assert all("{" not in text.ru + text.en for one in found for text in (one.message, one.hint))


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_the_rule_leaves_a_good_diagram_alone(case: Case) -> None:
    """Nor does any other rule that would keep it from running find anything."""
    found = check(case.good, case.catalogue)
    again = [one for one in found if one.rule == case.rule and case.at in (None, one.element)]
    assert not again
    assert not [one for one in found if one.severity == "error"]


def test_every_rule_has_its_cases() -> None:
    assert {rule.id for rule in (*SIZES, *RULES)} <= {case.rule for case in CASES}
