"""Recorded runs beside the diagrams: what they do not take is found and drawn, one that fails stops publishing."""

from pathlib import Path

import pytest
from lxml import etree
from sqlalchemy.orm import Session, sessionmaker

from app.workflow import releases, scenarios
from app.workflow.releases import Refused
from tests.diagrams import diagram, gateway, start_form, user
from tests.scene import form

PATHS = "start first; first sure; sure last; sure end; last end"
CHOICE = diagram(
    "one",
    user("first", outputs="note"),
    gateway("sure", default="sure_end"),
    user("last"),
    flows=PATHS,
    start=start_form(form="note", roles="administrator"),
    conditions={"sure_last": "note == 'more'"},
)
HEAD = "process: one\npeople: {}\noperations: {}\nscenarios:\n"
SHORT = """  - id: short
    name: {ru: Коротко, en: Short}
    steps:
      - {start: note}
      - {task: first, with: {note: enough}}
      - expect: {ended: end}
"""
LONG = """  - id: long
    name: {ru: Долго, en: Long}
    steps:
      - {start: note}
      - {task: first, with: {note: more}}
      - expect: {open: [last]}
      - {task: last}
"""
ROOT = Path(__file__).parents[3]


def files(told: str, one: bytes = CHOICE) -> dict[str, bytes]:
    schema, ui = form("note")
    return {
        "forms/note.schema.json": schema,
        "forms/note.ui.json": ui,
        "processes/one/one.bpmn": one,
        "processes/one/scenarios.yaml": told.encode(),
    }


def test_a_way_that_no_scenario_takes_is_named() -> None:
    found = scenarios.check(files(HEAD + SHORT))
    assert [(one.element, one.severity) for one in found.findings] == [
        ("sure_last", "warning"),
        ("last_end", "warning"),
    ]
    assert set(found.missed("one")) == {"sure_last", "last_end"}
    assert scenarios.check(files(HEAD + SHORT + LONG)).findings == []


def test_a_procedure_without_scenarios_is_named() -> None:
    told = files(HEAD + SHORT + LONG) | {"processes/two/two.bpmn": diagram("two", user("a"), flows="start a; a end")}
    assert [(one.element, one.rule) for one in scenarios.check(told).findings] == [("two", "scenario_none")]


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (SHORT.replace("ended: end", "ended: elsewhere"), "expected elsewhere"),
        (SHORT.replace("task: first", "task: third"), "open are first"),
        (LONG.replace("open: [last]", "open: [first]"), "open are last"),
    ],
)
def test_a_scenario_that_does_not_hold_stops_the_folders_from_being_published(
    sessions: sessionmaker[Session], tmp_path: Path, told: str, says: str
) -> None:
    for path, content in files(HEAD + told).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    with sessions.begin() as session, pytest.raises(Refused) as caught:
        releases.publish_folders(session, tmp_path, "system:cli")
    assert [finding.rule for finding in caught.value.findings] == ["scenario_fails"]
    assert says in caught.value.findings[0].message.en


@pytest.mark.parametrize("told", ["scenarios: [", "scenarios:\n  - {id: x}\n", "[1, 2]", "scenarios: {a: 1}", ""])
def test_a_file_of_scenarios_that_is_none_is_a_finding(told: str) -> None:
    assert [one.rule for one in scenarios.check(files(told)).findings] == ["scenario_file"]


def test_the_picture_marks_what_is_missed_and_nothing_else() -> None:
    content = (ROOT / "processes/expert_review/expert_review.bpmn").read_bytes()
    missed = "is_anyone_free__allow"
    for head in ("<script>", "Экспертиза"):
        tree = etree.fromstring(scenarios.draw(content, {missed}, head, "ru").encode())
        texts = [one.text for one in tree.iter("{*}text")]
        assert head in texts
        assert missed in texts
        assert "Открыть экспертизу" in texts
        assert sum("stroke-dasharray" in one.attrib for one in tree.iter("{*}polyline")) == 1
    english = scenarios.draw(content, {missed}, "", "en")
    assert "Открыть" not in english
    assert scenarios.draw(CHOICE, (), "", "ru") == "", "a file without a drawing has no picture"
