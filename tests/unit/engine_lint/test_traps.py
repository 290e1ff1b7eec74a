"""The page of traps cites what exists, and no trap goes without."""

import re
from pathlib import Path

from app.engine.lint import RULES, SIZES

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "engine-traps.md"
CITED = re.compile(r"`(rule:[\w-]+|[\w/]+\.py::\w+)`")


def rows() -> list[tuple[str, str]]:
    """Each trap and what covers it."""
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
    cells = [line.strip("| ").split(" | ") for line in lines if not line.startswith("| trap")]
    return [(cell[0], cell[1] if len(cell) > 1 else "") for cell in cells]


def test_no_trap_goes_without_a_rule_or_a_test() -> None:
    assert len(rows()) > 90
    assert [trap for trap, cover in rows() if not CITED.findall(cover)] == []


def test_every_rule_that_is_cited_exists() -> None:
    cited = {name.removeprefix("rule:") for _, cover in rows() for name in CITED.findall(cover) if "::" not in name}
    assert cited - {rule.id for rule in (*SIZES, *RULES)} == set()


def test_every_test_that_is_cited_exists() -> None:
    cited = {name for name in CITED.findall(PAGE.read_text("utf-8")) if "::" in name}
    for name in sorted(cited):
        path, _, test = name.partition("::")
        assert f"def {test}(" in (ROOT / "tests" / "unit" / path).read_text("utf-8"), name
