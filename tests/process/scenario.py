"""The scenarios beside the diagrams, as the tests find them: the program's own reading of them."""

from functools import cache
from pathlib import Path

from app.workflow import scenarios
from app.workflow.scenarios import Member, Scenario, Step

__all__ = ["ROOT", "Member", "Scenario", "Step", "read", "read_all"]

ROOT = Path(__file__).parents[2]


@cache
def read(path: Path) -> list[Scenario]:
    return scenarios.read({path.relative_to(ROOT).as_posix(): path.read_bytes()})


def read_all() -> list[Scenario]:
    return [one for path in sorted((ROOT / "processes").glob("*/scenarios.yaml")) for one in read(path)]
