"""Files given by any path, letters, tables: what is said about a file as a whole."""

import pytest

from app.engine import DefinitionErrors, check, compile_release, reopen_release
from tests.unit.engine_lint.cases_references import DECIDED, TABLE
from tests.unit.engine_lint.cases_structure import X
from tests.unit.engine_lint.drawing import drawn, simple
from tests.unit.engine_run.bpmn import user

LETTER = "processes/test/letters/sent"


def rules(files: dict[str, bytes]) -> list[tuple[str, str]]:
    return [(one.rule, one.severity) for one in check(files) if one.severity != "warning"]


@pytest.mark.parametrize("path", ["p.bpmn", "/tmp/p.bpmn", "a/b/p.xml", "odd.txt", "no_suffix"])
def test_a_file_named_by_its_path_must_be_a_diagram(path: str) -> None:
    content = next(iter(simple().values()))
    assert all(severity == "publishing" for _, severity in rules({path: content}))
    assert rules({path: b"hello"}) == [("xml", "error")]
    assert rules({path: b"<html/>"}) == [("not-bpmn", "error")]


def test_other_files_of_a_release_are_left_to_their_own_checks() -> None:
    others = ("processes/test/scenarios.yaml", "forms/x.schema.json", "processes/test/documents/a.png")
    assert check(dict.fromkeys(others, b"{")) == []


def test_a_letter_needs_both_languages_and_must_be_fillable() -> None:
    both = {f"{LETTER}.ru.txt": b"{{ course }}", f"{LETTER}.en.txt": b"{{ course }}"}
    assert check(both) == []
    assert rules({f"{LETTER}.ru.txt": b"{{ course }}"}) == [("letter-language", "publishing")]
    assert rules(both | {f"{LETTER}.en.txt": b"{{ course"}) == [("template", "error")]
    assert rules(both | {f"{LETTER}.en.txt": b"\xff"}) == [("template", "error")]
    assert rules(both | {f"{LETTER}.en.txt": b"x" * 600_000}) == [("template", "error")]


def test_a_document_needs_both_languages_and_speaks_only_of_what_there_is() -> None:
    path = "processes/test/documents/paper"
    both = {f"{path}.ru.html": b"<p>{{ sheet['number'] }}</p>", f"{path}.en.html": b"<p>{{ document['title'] }}</p>"}
    assert check(both) == []
    assert rules({f"{path}.ru.html": b"<p>"}) == [("letter-language", "publishing")]
    assert rules(both | {f"{path}.en.html": b"<p>{{ shet['number'] }}</p>"}) == [("document-name", "error")]
    assert rules(both | {f"{path}.en.html": b"<script>{{ sheet }}</script>"}) == [("template", "error")]


def test_a_table_is_compiled_and_its_id_is_its_own() -> None:
    assert not [one for one in check(DECIDED) if one.severity == "error"]
    twice = DECIDED | {"processes/test/u.dmn": TABLE}
    assert ("decision-twice", "error") in rules(twice)
    assert rules({"t.dmn": TABLE.replace(b"UNIQUE", b"PRIORITY")}) == [("decision", "error")]


def test_findings_come_by_file_and_the_worst_first() -> None:
    found = check(simple() | {"processes/a/a.bpmn": b"<"})
    order = {"error": 0, "publishing": 1, "warning": 2}
    places = [(one.file, order[one.severity]) for one in found]
    assert places == sorted(places)
    assert found[0].file == "processes/a/a.bpmn"


def test_a_release_of_long_ago_goes_on_under_a_stricter_check() -> None:
    files = drawn(X, user("nobody_comes_here"))
    with pytest.raises(DefinitionErrors):
        compile_release(files)
    assert list(reopen_release(files).processes) == ["p"]
    with pytest.raises(DefinitionErrors):
        reopen_release({"processes/p/p.bpmn": b"<"})
