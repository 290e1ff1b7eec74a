"""Our own diagrams to spoil: each with what it needs, the product's as a whole too, and some generated ones."""

from pathlib import Path

from tests.generated import generate

ROOT = Path(__file__).parents[2]
GENERATED = (3, 5, 8, 21, 24, 33)


def samples() -> dict[str, dict[str, bytes]]:
    """Diagrams and tables of the product, of the benchmark and some generated ones, each with those it is beside."""
    found = {}
    for folder in ("processes", "tests/bench/model/processes"):
        for path in sorted((ROOT / folder).rglob("*.bpmn")):
            beside = [path, *path.parent.glob("*.dmn"), *path.parent.glob("*.bpmn")]
            found[path.stem] = {str(one.relative_to(ROOT)): one.read_bytes() for one in beside}
    diagrams = [one for one in (ROOT / "processes").rglob("*.*") if one.suffix in (".bpmn", ".dmn")]
    found["the whole release"] = {str(one.relative_to(ROOT)): one.read_bytes() for one in sorted(diagrams)}
    return found | {f"generated {seed}": dict(generate(seed).files) for seed in GENERATED}
