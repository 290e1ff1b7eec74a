"""Our own diagrams to spoil: each with what it needs, the product's as a whole too, and some generated ones."""

import re
from pathlib import Path

from tests.generated import generate

ROOT = Path(__file__).parents[2]
GENERATED = (3, 5, 8, 21, 24, 33)


def samples() -> dict[str, dict[str, bytes]]:
    """Diagrams and tables of the product, of the benchmark and some generated ones, each with those it needs."""
    found = {}
    for folder in ("processes", "tests/bench/model/processes"):
        diagrams = sorted((ROOT / folder).rglob("*.bpmn"))
        for path in diagrams:
            beside = {path, *path.parent.glob("*.dmn"), *path.parent.glob("*.bpmn")}
            beside |= _called(beside, diagrams)
            found[path.stem] = {str(one.relative_to(ROOT)): one.read_bytes() for one in sorted(beside)}
    whole = [one for one in (ROOT / "processes").rglob("*.*") if one.suffix in (".bpmn", ".dmn")]
    found["the whole release"] = {str(one.relative_to(ROOT)): one.read_bytes() for one in sorted(whole)}
    return found | {f"generated {seed}": dict(generate(seed).files) for seed in GENERATED}


def _called(beside: set[Path], diagrams: list[Path]) -> set[Path]:
    """The diagrams in other folders that these call, and what those call, with their tables."""
    texts = {path: path.read_text("utf-8") for path in diagrams}
    found: set[Path] = set()
    todo = [path for path in beside if path.suffix == ".bpmn"]
    while todo:
        called = set(re.findall('calledElement="([^"]+)"', texts[todo.pop()]))
        fresh = [path for path in diagrams if called & set(re.findall('<bpmn:process id="([^"]+)"', texts[path]))]
        fresh = [path for path in fresh if path not in found | beside]
        found.update(fresh)
        todo += fresh
    return found | {table for path in found for table in path.parent.glob("*.dmn")}
