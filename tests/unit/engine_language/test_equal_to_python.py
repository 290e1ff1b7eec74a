"""The promise of the language: whatever it accepts means what CPython says it means, or it is refused."""

import copy
import random
import re
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.engine.expressions import compile_expression, compile_script
from app.engine.expressions_errors import ExpressionError
from tests.unit.engine_language import grammar, reference

pytestmark = pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")

BOUNDED = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
CHANCES = st.randoms(use_true_random=False)


def judged(source: str, data: dict[str, Any]) -> str:
    """How it went; fails where ours has another value than CPython, or changed the data."""
    before = copy.deepcopy(data)
    try:
        ours = compile_expression(source, position="parameter").evaluate(data)
    except ExpressionError as error:
        return f"refused: {error.reason}"
    assert reference.same(data, before), f"{source} changed its data"
    theirs = reference.evaluate(source, data)
    assert reference.same(ours, theirs), f"{source} is {ours!r}, in Python {theirs!r}"
    return "same"


def judged_script(source: str, data: dict[str, Any]) -> str:
    before = copy.deepcopy(data)
    try:
        changed = compile_script(source).execute(data)
    except ExpressionError as error:
        return f"refused: {error.reason}"
    assert reference.same(data, before), f"{source} changed its data"
    assert reference.same({**data, **changed}, reference.execute(source, data)), source
    return "same"


@BOUNDED
@given(CHANCES)
def test_an_expression_equals_pythons_or_is_refused_and_shrinks(chance: random.Random) -> None:
    judged(grammar.grow(chance, "value", 3), grammar.data(chance))


@BOUNDED
@given(CHANCES)
def test_a_script_equals_pythons_or_is_refused_and_shrinks(chance: random.Random) -> None:
    judged_script(grammar.script(chance), grammar.data(chance))


@pytest.mark.parametrize("seed", range(4))
def test_many_expressions_equal_pythons_or_are_refused(seed: int) -> None:
    chance = random.Random(seed)
    seen: Counter[str] = Counter()
    for _ in range(1_200):
        data = grammar.data(chance)
        for _ in range(4):
            seen[judged(grammar.grow(chance, "value", chance.randint(1, 4)), data)] += 1
    assert seen["same"] > sum(seen.values()) / 3, f"the grammar has become idle: {seen}"


@pytest.mark.parametrize("seed", range(4))
def test_many_scripts_equal_pythons_or_are_refused(seed: int) -> None:
    chance = random.Random(seed)
    seen: Counter[str] = Counter()
    for _ in range(1_500):
        seen[judged_script(grammar.script(chance), grammar.data(chance))] += 1
    assert seen["same"] > sum(seen.values()) / 5, f"the grammar has become idle: {seen}"


SEEDS = (
    "all(v['ok'] for v in verdicts.values()) and len(verdicts) >= n",
    "sorted([i.name for i in rows if i.ok], reverse=True)[0:2]",
    "f'{s} of {len(xs)}' if n > 3 or not yes else s.upper().replace('a', t)",
    "{k: v.n + 1 for k, v in verdicts.items() if v.get('ok', False)} | {'r': [n, m, *xs]}",
    "sum(a * b for a, b in pairs) // max(1, m) <= min(xs, default=0) < 12 % 5",
    "round(x * 100, 2) in (1, 2.5, n) or r.name.startswith('a') is True",
)
_TOKEN = re.compile(r"\w+|'[^']*'|[<>=!]=|//|\*\*|\S|\s+")
_FOREIGN = (
    "**",
    "lambda",
    ":=",
    "await",
    "_",
    "__class__",
    "*",
    "%",
    "is",
    "(",
    ")",
    "[",
    "{",
    ",",
    "'",
    "\\",
    "\n",
    "…",
)


@pytest.mark.parametrize("seed", range(4))
def test_a_mutated_expression_equals_pythons_or_is_refused(seed: int) -> None:
    """Tokens exchanged, lost, doubled or replaced by foreign ones: nothing but ExpressionError ever comes out."""
    chance = random.Random(seed)
    data: dict[str, Any] = {
        "n": 3, "m": 2, "x": 0.5, "yes": True, "s": "a", "t": "b", "xs": [1, 2], "pairs": [[1, 2]],
        "r": {"name": "a", "n": 1, "ok": True}, "rows": [{"name": "a", "ok": True, "n": 1}],
        "verdicts": {"b1": {"ok": True, "n": 1}},
    }  # fmt: skip
    seen: Counter[str] = Counter()
    words = [word for source in SEEDS for word in _TOKEN.findall(source)]
    for _ in range(1_500):
        tokens = _TOKEN.findall(chance.choice(SEEDS))
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(len(tokens))
            tokens[place : place + chance.randint(0, 2)] = chance.choice(
                ([], [chance.choice(words)], [chance.choice(_FOREIGN)], tokens[place : place + 3] * 2)
            )
            tokens = tokens or ["n"]
        seen[judged("".join(tokens), data)] += 1
    assert seen["same"] > 50, f"the mutations have become idle: {seen}"
