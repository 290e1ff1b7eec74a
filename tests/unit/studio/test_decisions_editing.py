"""Decision tables changed part by part: bytes that nobody touched stay, and what is written runs as it reads."""

import difflib
import random
from dataclasses import replace
from pathlib import Path

import pytest

from app.engine.decisions import compile_decision
from app.engine.decisions_editing import File, NotEditable
from app.engine.decisions_fresh import fresh
from app.engine.decisions_trying import attempt, faults

ROOT = Path(__file__).parents[3]
FILES = sorted((ROOT / "processes").rglob("*.dmn"))
ROUTING = (ROOT / "processes/agreement/routing.dmn").read_bytes()


def changed(before: bytes, after: bytes) -> list[str]:
    lines = difflib.ndiff(before.decode().splitlines(), after.decode().splitlines())
    return [line for line in lines if line[:2] in ("+ ", "- ")]


@pytest.mark.parametrize("path", FILES, ids=lambda one: one.stem)
def test_opened_and_filled_with_what_it_says_a_file_stays_as_it_is(path: Path) -> None:
    content = path.read_bytes()
    file = File(content)
    for table in file.tables.values():
        table.fill(table.sheet())
    assert file.written() == content


def test_a_changed_cell_changes_its_line_alone() -> None:
    file = File(ROUTING)
    table = file.tables["routing"]
    sheet = table.sheet()
    sheet.rules[0].tests[1] = "false"
    table.fill(sheet)
    after = file.written()
    assert [line[2:].strip() for line in changed(ROUTING, after) if line[0] == "+"] == [
        '<inputEntry id="rule_profile_procedural"><text>false</text></inputEntry>'
    ]
    assert compile_decision(after).matching(["nmi", True]) == ("rule_secretariat",)


def test_rules_are_added_copied_moved_and_removed_around_untouched_ones() -> None:
    file = File(ROUTING)
    table = file.tables["routing"]
    table.add_rule(2)
    table.copy_rule(0)
    table.move_rule(4, -1)
    sheet = table.sheet()
    sheet.rules[3].values[0] = '"others"'
    table.fill(sheet)
    after = file.written()
    assert [one.tests for one in File(after).tables["routing"].sheet().rules] == [
        ['"nmi"', ""], ['"nmi"', ""], ['"sb"', ""], ["", ""], ["", "true"]
    ]  # fmt: skip
    assert b"<!-- COOMET recommendation" in after
    assert len(compile_decision(after).rules) == 5
    file = File(after)
    for place in (3, 1):
        file.tables["routing"].remove_rule(place)
    assert file.written() == ROUTING


def test_columns_are_added_with_a_cell_in_every_rule_and_taken_away_again() -> None:
    file = File(ROUTING)
    table = file.tables["routing"]
    table.add_column("input")
    table.add_column("output")
    sheet = table.sheet()
    sheet.inputs[2] = replace(sheet.inputs[2], expression="days", kind="integer", allowed="[0..30]", label="Дни")
    table.fill(sheet)
    after = file.written()
    decision = compile_decision(after)
    assert decision.inputs[2] == "days"
    assert decision.decide(["nmi", False, 3])[0] == [{"group": "profile", "result_1": None}]
    file = File(after)
    file.tables["routing"].remove_column("input", 2)
    file.tables["routing"].remove_column("output", 1)
    assert file.written() == ROUTING


@pytest.mark.parametrize("seed", range(60))
def test_whatever_is_done_the_file_reads_as_the_editor_shows_it(seed: int) -> None:
    chance = random.Random(seed)
    file = File(FILES[seed % len(FILES)].read_bytes())
    table = next(iter(file.tables.values()))
    for _ in range(8):
        rules = len(table.sheet().rules)
        place = chance.randrange(rules) if rules else -1
        step = chance.choice(["add", "copy", "move", "remove", "cell"])
        if step == "add" or not rules:
            table.add_rule(place)
        elif step == "copy":
            table.copy_rule(place)
        elif step == "move":
            table.move_rule(place, chance.choice([-1, 1]))
        elif step == "remove" and rules > 1:
            table.remove_rule(place)
        else:
            sheet = table.sheet()
            sheet.rules[place].values[0] = '"a < b & c"'
            sheet.rules[place].note = "Примечание <&>"
            table.fill(sheet)
    shown = table.sheet()
    assert next(iter(File(file.written()).tables.values())).sheet() == shown


def test_a_new_table_runs() -> None:
    made = fresh("urgency", "Срочность", "Urgency")
    assert compile_decision(made, "urgency").evaluate({"value": "x"})[0] == "yes"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<a",
        b"<definitions/>",
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><definitions>&e;</definitions>',
        b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"><decision id="a"/></definitions>',
    ],
)
def test_s16_what_is_no_table_is_left_to_its_source(content: bytes) -> None:
    with pytest.raises(NotEditable):
        File(content)


def test_faults_stand_at_their_cells() -> None:
    sheet = File(ROUTING).tables["routing"].sheet()
    sheet.rules[1].tests[0] = "[5..1]"
    sheet.rules[2].values[0] = ""
    sheet.inputs[0].expression = "__import__('os')"
    assert set(faults(sheet)) == {"t.1.0", "v.2.0", "i.0.expression"}


def test_values_are_tried_and_the_rules_that_hold_are_told() -> None:
    tried = attempt(ROUTING, "routing", ["nmi", "true"], ["string", "boolean"])
    assert (tried.taken, tried.result) == (("rule_profile", "rule_secretariat"), ["profile", "secretariat"])
    wrong = attempt(ROUTING, "routing", ["somebody", "true"], ["string", "boolean"])
    assert wrong.fault is not None
    assert not wrong.decided


@pytest.mark.parametrize("typed", ["__import__('os').system('id')", "().__class__", "9**9**9", "[0]*10**9", "(" * 5000])
def test_s05_a_value_typed_on_trial_runs_no_code(typed: str) -> None:
    assert attempt(ROUTING, "routing", ["nmi", typed], ["string", "boolean"]).fault is not None
