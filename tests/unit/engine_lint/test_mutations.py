"""Whatever is in a file, the check says so: it never fails, never hangs, and what it accepts can be started."""

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from app.engine import Specification, start
from app.engine.lint import examine
from tests.generated import generate
from tests.unit.engine_lint.cases_references import DECIDED

ROOT = Path(__file__).parents[3]
MUTATIONS = 32
WORDS = ("", "x", "true", "-1", "9" * 400, "__import__('os')", "\U0001f600", "a b", "p", "{0}", "%s", "]]>", "R/PT0S")


def samples() -> dict[str, dict[str, bytes]]:
    """Diagrams and tables of the product, of the benchmark and some generated ones."""
    found = {}
    for folder in ("processes", "tests/bench/model/processes"):
        for path in sorted((ROOT / folder).rglob("*.bpmn")):
            beside = [path, *path.parent.glob("*.dmn"), *path.parent.glob("*.bpmn")]
            found[path.stem] = {str(one.relative_to(ROOT)): one.read_bytes() for one in beside}
    found |= {f"generated {seed}": dict(generate(seed).files) for seed in (3, 5, 8, 21, 24, 33)}
    return found | {"decided": DECIDED}


SAMPLES = samples()


def elements(root: Any) -> list[Any]:
    return [element for element in root.iter() if isinstance(element.tag, str)]


def delete(root: Any, drawn: random.Random) -> None:
    victim = drawn.choice(elements(root)[1:])
    victim.getparent().remove(victim)


def repeat(root: Any, drawn: random.Random) -> None:
    one = drawn.choice(elements(root)[1:])
    drawn.choice(elements(root)).append(etree.fromstring(etree.tostring(one)))


def move(root: Any, drawn: random.Random) -> None:
    one, other = drawn.sample(elements(root)[1:], 2)
    if one not in other.iterancestors():
        other.append(one)


def rename(root: Any, drawn: random.Random) -> None:
    one, other = drawn.sample(elements(root), 2)
    one.tag = other.tag


def rewrite(root: Any, drawn: random.Random) -> None:
    one = drawn.choice(elements(root))
    one.text = drawn.choice(WORDS)


def set_attribute(root: Any, drawn: random.Random) -> None:
    """Another element's value, a strange word, or nothing."""
    one = drawn.choice([element for element in elements(root) if element.attrib])
    name = drawn.choice(list(one.attrib))
    values = [value for element in elements(root) for value in element.attrib.values()]
    if drawn.random() < 0.2:
        del one.attrib[name]
    else:
        one.set(name, drawn.choice([*WORDS, *drawn.sample(values, min(20, len(values)))]))


TREE: tuple[Callable[[Any, random.Random], None], ...] = (delete, repeat, move, rename, rewrite, set_attribute)


def mutate(content: bytes, drawn: random.Random) -> bytes:
    if drawn.random() < 0.15:
        at = drawn.randrange(len(content))
        return content[:at] + bytes([drawn.randrange(256)]) * drawn.choice((0, 1, 3)) + content[at + 1 :]
    root = etree.fromstring(content)
    for _ in range(drawn.choice((1, 1, 2, 5))):
        if len(elements(root)) > 3:
            drawn.choice(TREE)(root, drawn)
    return etree.tostring(root)


def try_to_start(specification: Specification) -> None:
    """The engine takes what the check lets through: what goes wrong then is an incident, not an exception."""
    for process in specification.processes:
        start(specification, process, {}).snapshot()


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_no_file_makes_the_check_fail_or_hang(name: str) -> None:
    for number in range(MUTATIONS):
        drawn = random.Random(f"{name} {number}")
        files = dict(SAMPLES[name])
        path = drawn.choice(sorted(files))
        files[path] = mutate(files[path], drawn)
        began = time.monotonic()
        specification, findings = examine(files)
        assert time.monotonic() - began < 60  # not how fast: that it comes to an end
        assert all(found.message.ru and found.message.en and found.hint.ru for found in findings)
        if specification is not None:
            try_to_start(specification)


def test_there_are_at_least_three_hundred_mutations() -> None:
    assert len(SAMPLES) * MUTATIONS >= 300
