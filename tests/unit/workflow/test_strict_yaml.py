"""Files of scenarios from anybody: what is hostile or broken is refused at once, with the line."""

import time
from pathlib import Path

import pytest
import yaml

from app.workflow import scenarios
from app.workflow.scenarios import Unreadable, strict_yaml
from app.workflow.scenarios.strict_yaml import BadYaml

ROOT = Path(__file__).parents[3]
BOMB = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12))


@pytest.mark.parametrize("path", sorted((ROOT / "processes").glob("*/scenarios.yaml")), ids=lambda one: one.parent.name)
def test_our_own_files_read_as_they_did(path: Path) -> None:
    assert strict_yaml.load(path.read_bytes()) == yaml.safe_load(path.read_bytes())


@pytest.mark.parametrize(
    ("text", "says", "line"),
    [
        (BOMB, "references included", 6),
        ("a: &a [*a]", "refers to itself", 1),
        ("a: " + "[" * 5000, "deep", 1),
        ("a:\n" + "".join(f"{' ' * n}b:\n" for n in range(1, 200)), "deep", None),
        ("x: [1\ny: 2", "not YAML", 2),
        ("a: 1\nb: !!python/object/apply:os.system ['true']", "not YAML", 2),
        ("a: !!python/name:os.system x", "not YAML", 1),
        ("a: !!set {b}", "no place here", None),
        ("1: 2", "quote it", None),
        ("a: .nan", "no number", None),
        ("a: 0x" + "f" * 400, "too large", None),
        ("a: *nothing", "not YAML", 1),
        ("a\x00b", "not YAML", None),
        ("a: 1\n---\nb: 2", "not YAML", 2),
        ("a: " + "x" * strict_yaml.MOST_BYTES, "larger than", None),
    ],
)
def test_s10_s11_s17_hostile_yaml_is_refused_at_once(text: str, says: str, line: int | None) -> None:
    began = time.perf_counter()
    with pytest.raises(BadYaml, match=says) as problem:
        strict_yaml.load(text.encode())
    assert time.perf_counter() - began < 2
    assert problem.value.message.ru != problem.value.message.en
    if line is not None:
        assert problem.value.line == line


def test_what_is_not_utf_8_is_told_with_its_line() -> None:
    with pytest.raises(BadYaml) as problem:
        strict_yaml.load(b"a: 1\nb: \xff")
    assert problem.value.line == 2


HEAD = "process: one\npeople: {}\noperations: {}\nscenarios:\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "just words",
        "process: one",
        HEAD + "  - {}",
        HEAD + "  - {id: a, steps: 7}",
        HEAD + "  - {id: a, steps: [7]}",
        HEAD + "  - {id: a, steps: [{task: a, with: 7}]}",
        HEAD + "  - {id: a, steps: [{expect: 7}]}",
        HEAD + "  - {id: a, steps: [], people: {x: 1}}",
        HEAD + "  - {id: a, steps: [], name: 7}",
        HEAD + "  - {id: a, steps: []}\n  - {id: a, steps: []}",
        HEAD + "  - {id: a, steps: [{task: a, nr: x}]}",
        HEAD + f"  - {{id: a, steps: [{', '.join(['{task: a}'] * 501)}]}}",
        HEAD.replace("people: {}", "people: [1]") + "  - {id: a, steps: []}",
        HEAD.replace("operations: {}", "operations: 1") + "  - {id: a, steps: []}",
    ],
)
def test_what_is_yaml_and_no_scenario_is_a_finding(text: str) -> None:
    with pytest.raises(Unreadable) as problem:
        scenarios.read({"processes/one/scenarios.yaml": text.encode()})
    assert problem.value.what.ru


def test_s09_expressions_in_names_and_values_stay_words() -> None:
    told = (
        HEAD + "  - {id: a, name: {ru: '{{ 7*7 }}', en: '${7*7}'}, steps: [{task: a, with: {x: '__import__(\"os\")'}}]}"
    )
    (found,) = scenarios.read({"processes/one/scenarios.yaml": told.encode()})
    assert found.name.ru == "{{ 7*7 }}"
    assert found.steps[0].values == {"x": '__import__("os")'}
