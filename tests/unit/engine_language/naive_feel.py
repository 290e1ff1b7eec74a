"""S-FEEL unary tests read once more, naively: cells are generated together with what they mean."""

import random
from collections.abc import Callable
from typing import Any

Meaning = Callable[[Any], bool]
NUMBERS = (-3, -1, 0, 1, 1.5, 2, 3, 5, 10)
WORDS = ("a", "b", "ab", "", "true", "1", "a,b", "[1..2]", "-", "not(x)")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def equality(chance: random.Random, kind: str) -> tuple[str, Meaning]:
    if kind == "boolean":
        wanted = chance.random() < 0.5
        return ("true" if wanted else "false"), lambda value: value is wanted
    if kind == "number":
        number = chance.choice(NUMBERS)
        return repr(number), lambda value: _is_number(value) and value == number
    word = chance.choice(WORDS)
    return f'"{word}"', lambda value: isinstance(value, str) and value == word


def one_test(chance: random.Random, kind: str) -> tuple[str, Meaning]:
    shape = chance.random()
    if shape < 0.4 or kind != "number":
        if shape < 0.1:
            return "null", lambda value: value is None
        return equality(chance, kind)
    if shape < 0.7:
        low, high = sorted((chance.choice(NUMBERS), chance.choice(NUMBERS)))
        opening, closing = chance.choice("[(]"), chance.choice("])[")

        def within(value: Any) -> bool:
            if not _is_number(value):
                return False
            above = value >= low if opening == "[" else value > low
            return bool(above and (value <= high if closing == "]" else value < high))

        gap = chance.choice(("", " "))
        return f"{opening}{gap}{low}{gap}..{gap}{high}{closing}", within
    sign, end = chance.choice(("<", "<=", ">", ">=")), chance.choice(NUMBERS)
    holds: dict[str, Meaning] = {
        "<": lambda value: value < end,
        "<=": lambda value: value <= end,
        ">": lambda value: value > end,
        ">=": lambda value: value >= end,
    }
    return f"{sign}{chance.choice(('', ' '))}{end}", lambda value: _is_number(value) and holds[sign](value)


def cell(chance: random.Random, kind: str) -> tuple[str, Meaning]:
    if chance.random() < 0.15:
        return chance.choice(("-", "", " - ")), lambda value: True
    tests = [one_test(chance, kind) for _ in range(chance.choice((1, 1, 2, 3)))]
    text = chance.choice((",", ", ", " , ")).join(text for text, _ in tests)

    def either(value: Any) -> bool:
        return any(meaning(value) for _, meaning in tests)

    if chance.random() < 0.25:
        return f"not({text})", lambda value: not either(value)
    return text, either


def value(chance: random.Random, kind: str) -> Any:
    if chance.random() < 0.1:
        return None
    return chance.choice({"number": NUMBERS, "string": WORDS, "boolean": (True, False)}[kind])


def result(policy: str, taken: list[int], outputs: list[Any]) -> Any:
    """What a table gives when these rules match, or "error"."""
    if policy == "COLLECT":
        return [outputs[n] for n in taken]
    if not taken:
        return None
    if policy == "UNIQUE" and len(taken) > 1:
        return "error"
    if policy == "ANY" and any(outputs[n] != outputs[taken[0]] for n in taken):
        return "error"
    return outputs[taken[0]]
