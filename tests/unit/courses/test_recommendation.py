"""The clauses behind the tasks: all of sections 4 to 13, corrected, in both languages."""

import re
from pathlib import Path

import pytest

from app import engine
from app.courses import recommendation
from app.workflow import releases

ROOT = Path(__file__).parents[3]
COUNT = {4: 6, 5: 3, 6: 10, 7: 9, 8: 4, 9: 3, 10: 3, 11: 3, 12: 2, 13: 5}


def test_all_clauses_of_sections_4_to_13_are_there_in_both_languages() -> None:
    wanted = [f"{section}.{number}" for section, last in COUNT.items() for number in range(1, last + 1)]
    assert list(recommendation.clauses()) == wanted
    assert all(text.ru and text.en for text in recommendation.clauses().values())


def test_slips_of_the_draft_are_corrected() -> None:
    whole = " ".join(text.ru for text in recommendation.clauses().values())
    for slip in ("СВКТ", "BIРМ", "CОOMET", "данного материал ", "закрепленому", "Приложение 3"):
        assert slip not in whole


@pytest.mark.requirement("R1-d")
def test_every_user_task_of_every_diagram_shows_its_clause_and_wording() -> None:
    """And every form by which a procedure begins: there is nothing to do whose clause cannot be read beside it."""
    specification = engine.compile_release(releases.read_folders(ROOT), None)
    asked = {
        f"{process.file}: {element.id}": element.clause
        for process in specification.processes.values()
        for element in process.elements.values()
        if element.kind in ("userTask", "manualTask")
    }
    asked |= {f"{one.file}: {one.start.element}": one.start.clause
              for one in specification.processes.values() if one.start and one.start.form}  # fmt: skip
    assert len(asked) > 40
    unsaid = [where for where, clause in asked.items() if not recommendation.wordings(clause or "")]
    assert not unsaid, f"without a clause that has its wording: {unsaid}"
    for clause in asked.values():
        found = recommendation.wordings(clause or "")
        assert len(found) == len(re.findall(r"\d+\.\d+", clause or "")), f"{clause}: not all of it has a wording"
        assert all(text.ru and text.en for _number, text in found)


def test_every_clause_that_a_diagram_names_has_its_wording() -> None:
    files = releases.read_folders(ROOT)
    named = {
        clause for path, data in files.items() if path.endswith(".bpmn")
        for clause in re.findall(r'clause="([^"]+)"', data.decode())
    }  # fmt: skip
    assert named
    assert not [clause for clause in named if not recommendation.wordings(clause)]
