"""Who needs a form and its fields."""

from pathlib import Path

from app.workflow import releases
from app.workflow.studio import uses

FILES = releases.read_folders(Path(__file__).parents[4])


def test_a_field_is_known_by_the_steps_conditions_and_scenarios_that_need_it() -> None:
    found = uses.of_form(FILES, "sheet_verdict")
    assert [one.file for one in found.steps] == ["processes/agreement/sheet.bpmn"]
    assert found.steps[0].name.ru != found.steps[0].name.en
    what = {use.what for use in found.fields["conforms"]}
    assert what >= {"output", "condition"}
    assert found.played["conforms"][0].file == "processes/agreement/scenarios.yaml"
    assert found.of("block") == 0


def test_a_decision_needs_what_its_columns_name() -> None:
    found = uses.of_form(FILES, "course_registration")
    needing = {use.file for uses_of in found.fields.values() for use in uses_of if use.what == "decision"}
    assert needing <= {"processes/agreement/routing.dmn"}


def test_a_form_that_nobody_asks_has_no_uses() -> None:
    found = uses.of_form(FILES, "no_such_form")
    assert (found.steps, found.fields, found.played) == ((), {}, {})


def test_broken_diagrams_are_passed_over() -> None:
    files = {"processes/a/a.bpmn": b"<one form='x'", "processes/a/b.bpmn": b"<!DOCTYPE x [<!ENTITY e 'x'>]><x>&e;</x>"}
    assert uses.of_form(files, "x").steps == ()
