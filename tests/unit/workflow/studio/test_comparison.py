"""Two states in sentences: a change is told once, in both languages, and what is equal is not told."""

import json
from pathlib import Path

import pytest

from app.workflow import releases
from app.workflow.studio import comparison
from app.workflow.studio.comparison import FileChange
from tests.diagrams import diagram, user
from tests.scene import form

ROOT = Path(__file__).parents[4]
SHEET = "processes/agreement/sheet.bpmn"
ROUTING = "processes/agreement/routing.dmn"
LETTER = "processes/agreement/letters/consider.ru.txt"
SCENARIOS = "processes/announcement/scenarios.yaml"
ONE = "processes/one/one.bpmn"


@pytest.fixture(scope="module")
def ours() -> dict[str, bytes]:
    return releases.read_folders(ROOT)


def edited(files: dict[str, bytes], path: str, *pairs: tuple[str, str]) -> list[FileChange]:
    text = files[path].decode()
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return comparison.compare(files, {**files, path: text.encode()})


def told(changes: list[FileChange]) -> list[tuple[str, str, str]]:
    return [(one.how, one.message.ru, one.message.en) for change in changes for one in change.differences]


def test_equal_files_are_not_listed(ours: dict[str, bytes]) -> None:
    assert comparison.compare(ours, dict(ours)) == []


def test_a_deadline_is_told_in_working_days(ours: dict[str, bytes]) -> None:
    before = {**ours, SHEET: ours[SHEET].replace(b'due="answer_by"', b'due="workdays(10)"', 1)}
    found = edited(before, SHEET, ('due="workdays(10)"', 'due="workdays(14)"'))
    assert told(found) == [
        (
            "changed",
            "«Рассмотреть материалы курса»: срок «answer» – 14 рабочих дней; было 10 рабочих дней.",
            "The deadline “answer” of “Consider the course materials” is 14 working days; it was 10 working days.",
        )
    ]
    assert found[0].differences[0].element == "consider"


def test_a_reminder_a_condition_and_a_name_of_one_language(ours: dict[str, bytes]) -> None:
    found = edited(
        ours,
        SHEET,
        ("before(\"answer\", workdays=review['remind_before'])", 'before("answer", workdays=3)'),
        ('name="Open the agreement sheet"', 'name="Open the sheet"'),
    )
    english = [one[2] for one in told(found)]
    assert "The English name of “Open the sheet” is “Open the sheet”; it was “Open the agreement sheet”." in english
    assert any("is 3 working days before the deadline “answer”; it was before(" in one for one in english), english


def test_added_removed_and_moved_elements_are_told_with_where_they_stand() -> None:
    before = {ONE: diagram("one", user("first"), user("last"), flows="start first; first last; last end")}
    after = {
        ONE: diagram(
            "one", user("first"), user("second"), user("last"), flows="start first; first second; second last; last end"
        )
    }
    hows = {(one[0], one[2]) for one in told(comparison.compare(before, after))}
    assert any(how == "added" and "new task" in said and "second" in said for how, said in hows), hows
    assert any(how == "added" and "new flow from" in said for how, said in hows), hows
    assert any(how == "removed" and said.startswith("The flow from") for how, said in hows), hows
    back = {one[0] for one in told(comparison.compare(after, before))}
    assert {"added", "removed"} <= back


def test_an_element_drawn_elsewhere_is_moved_and_nothing_else(ours: dict[str, bytes]) -> None:
    import re

    text = ours[SHEET].decode()
    shape = re.search(r'bpmnElement="consider"[^>]*>\s*<dc:Bounds [^>]*?x="(\d+)"', text)
    assert shape is not None
    moved = shape[0].replace(f'x="{shape[1]}"', f'x="{int(shape[1]) + 40}"')
    found = comparison.compare(ours, {**ours, SHEET: text.replace(shape[0], moved).encode()})
    assert told(found) == [
        (
            "moved",
            "«Рассмотреть материалы курса» стоит на другом месте.",
            "“Consider the course materials” is drawn elsewhere.",
        )
    ]


def test_a_comment_in_a_diagram_is_told_as_what_does_not_run(ours: dict[str, bytes]) -> None:
    found = comparison.compare(ours, {**ours, SHEET: ours[SHEET] + b"<!-- note -->\n"})
    assert len(told(found)) == 1
    assert "does not run" in told(found)[0][2]
    assert [line.text for line in found[0].lines if line.how == "added"] == ["<!-- note -->"]


def test_a_table_is_told_rule_by_rule(ours: dict[str, bytes]) -> None:
    found = edited(ours, ROUTING, ('<text>"profile"</text>', '<text>"others"</text>'))
    assert told(found) == [
        (
            "changed",
            (
                'Таблица «Кого спрашивать», правило 1: если Инициатор курса – "nmi", то group – "others"; '
                'было: если Инициатор курса – "nmi", то group – "profile".'
            ),
            (
                'Rule 1 of the table “Who is asked”: if Инициатор курса is "nmi", then group is "others"; '
                'it was: if Инициатор курса is "nmi", then group is "profile".'
            ),
        )
    ]
    rule = ours[ROUTING].decode()
    start = rule.index('<rule id="rule_others">')
    cut = rule[:start] + rule[rule.index("</rule>", start) + len("</rule>") :]
    gone = comparison.compare(ours, {**ours, ROUTING: cut.encode()})
    assert [(one[0], "no rule 2 any more" in one[2]) for one in told(gone)] == [("removed", True)]
    back = comparison.compare({**ours, ROUTING: cut.encode()}, ours)
    assert [(one[0], "new rule 2" in one[2]) for one in told(back)] == [("added", True)]


def test_a_form_is_told_field_by_field_and_once_for_its_two_halves() -> None:
    schema, ui = form("note")
    before = {"forms/note.schema.json": schema, "forms/note.ui.json": ui}
    what, how = json.loads(schema), json.loads(ui)
    name = next(iter(what["properties"]))
    what["properties"]["second"] = {"type": "string"}
    how["fields"]["second"] = {"label": {"ru": "Второе", "en": "Second"}}
    if "order" in how:
        how["order"] = [*how["order"], "second"]
    how["fields"][name]["label"] = {"ru": "Другое", "en": "Other"}
    after = {
        "forms/note.schema.json": json.dumps(what).encode(),
        "forms/note.ui.json": json.dumps(how, ensure_ascii=False).encode(),
    }
    changes = comparison.compare(before, after)
    assert len(changes) == 1
    said = told(changes)
    assert any(how == "added" and "has a new field “Second”" in english for how, _, english in said), said
    assert any("подпись – «Другое»" in russian for _, russian, _ in said), said
    gone = told(comparison.compare(after, before))
    assert any(how == "removed" and "has no field “Second” any more" in english for how, _, english in gone), gone


def test_a_letter_is_told_line_by_line_and_a_long_one_stays_bounded(ours: dict[str, bytes]) -> None:
    found = edited(ours, LETTER, ("Здравствуйте", "Уважаемый коллега"))
    assert [(one.how, one.before, one.after) for one in found[0].lines if one.how in ("added", "removed")] == [
        ("removed", 3, None),
        ("added", None, 3),
    ]
    long = {LETTER: b"a\nb\n" * 3000}
    assert comparison.compare(long, {LETTER: long[LETTER] + b"c"})[0].lines == ()


def test_scenarios_are_told_by_their_names(ours: dict[str, bytes]) -> None:
    found = edited(ours, SCENARIOS, ("  - id: all_arrive", "  - id: every_one"))
    assert [(one[0], one[2]) for one in told(found)] == [
        ("added", "“Announcement of a course” has a new scenario “every_one”."),
        ("removed", "The scenario “all_arrive” of “Announcement of a course” is removed."),
    ]


def test_a_file_that_came_or_went_is_told_as_such(ours: dict[str, bytes]) -> None:
    without = {path: data for path, data in ours.items() if path != LETTER}
    assert told(comparison.compare(ours, without))[0][2] == "A file is removed: the letter in Russian “consider”."
    assert comparison.compare(without, ours)[0].how == "added"


@pytest.mark.parametrize("broken", [b"", b"<one", b"\xff\xfe", b"<a/>", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'])
def test_what_cannot_be_read_is_compared_as_text_and_never_stops_the_page(
    ours: dict[str, bytes], broken: bytes
) -> None:
    for path in (SHEET, ROUTING, "forms/creation_consent.ui.json", SCENARIOS):
        changes = comparison.compare(ours, {**ours, path: broken})
        assert len(changes) == 1
        assert changes[0].differences
        assert comparison.compare({**ours, path: broken}, ours)[0].differences
