"""The clauses behind the tasks: all of sections 4 to 8, 11 and 12, corrected, in both languages."""

from pathlib import Path

from app.courses import recommendation
from app.workflow import releases

ROOT = Path(__file__).parents[3]
COUNT = {4: 6, 5: 3, 6: 10, 7: 9, 8: 4, 11: 3, 12: 2}


def test_all_clauses_of_sections_4_to_8_11_and_12_are_there_in_both_languages() -> None:
    wanted = [f"{section}.{number}" for section, last in COUNT.items() for number in range(1, last + 1)]
    assert list(recommendation.clauses()) == wanted
    assert all(text.ru and text.en for text in recommendation.clauses().values())


def test_slips_of_the_draft_are_corrected() -> None:
    whole = " ".join(text.ru for text in recommendation.clauses().values())
    for slip in ("СВКТ", "BIРМ", "CОOMET", "данного материал ", "закрепленому", "Приложение 3"):
        assert slip not in whole


def test_every_clause_that_a_diagram_names_has_its_wording() -> None:
    import re

    files = releases.read_folders(ROOT)
    named = {
        clause for path, data in files.items() if path.endswith(".bpmn")
        for clause in re.findall(r'clause="([^"]+)"', data.decode())
    }  # fmt: skip
    assert named
    assert not [clause for clause in named if not recommendation.wordings(clause)]
