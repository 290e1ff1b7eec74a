"""Overlaps, gaps and rules never taken: found exactly where going through every value finds them."""

import itertools
import random
import time
from xml.sax.saxutils import escape

import pytest

from app.engine import Json, check
from app.engine.decisions import Decision, compile_decision
from app.engine.decisions_coverage import Flaw, examine, tables_of
from app.engine.xml import parse_xml

NUMBERS = list(range(-2, 9))
DOMAINS: dict[str, list[Json]] = {
    "integer": list(NUMBERS),
    "boolean": [True, False],
    "string": ["a", "b", "c"],
}


def dmn(policy: str, inputs: list[tuple[str, str]], rules: list[list[str]]) -> bytes:
    """A table; a rule is its input cells and its result."""
    head = "".join(
        f'<input id="i{n}"><inputExpression typeRef="{kind}"><text>{escape(expression)}</text></inputExpression>'
        + ('<inputValues><text>"a","b","c"</text></inputValues>' if kind == "string" else "")
        + "</input>"
        for n, (expression, kind) in enumerate(inputs)
    )
    body = "".join(
        f'<rule id="r{n}">'
        + "".join(f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in cells[:-1])
        + f"<outputEntry><text>{escape(cells[-1])}</text></outputEntry></rule>"
        for n, cells in enumerate(rules)
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="x">'
        f'<decision id="t" name="t"><decisionTable id="tt" hitPolicy="{policy}">{head}<output id="o" name="o"/>{body}'
        "</decisionTable></decision></definitions>"
    ).encode()


def flaws(xml: bytes) -> tuple[Decision, list[Flaw]]:
    root, _ = parse_xml(xml, "")
    decision = compile_decision(xml)
    return decision, examine(tables_of(root)["t"], decision)


def cell(kind: str, chance: random.Random) -> str:
    low, high = sorted((chance.randint(0, 6), chance.randint(0, 6)))
    of_number = [
        "-",
        f"{low}",
        f"< {low}",
        f">= {high}",
        f"[{low}..{high}]",
        f"({low}..{high}]",
        f"not({low})",
        f"{low},{high}",
    ]
    of_word = ["-", '"a"', '"a","b"', 'not("c")', '"c"']
    return chance.choice({"integer": of_number, "boolean": ["-", "true", "false"], "string": of_word}[kind])


@pytest.mark.parametrize("seed", range(300))
def test_what_is_found_is_what_going_through_every_value_finds(seed: int) -> None:
    chance = random.Random(seed)
    policy = chance.choice(["UNIQUE", "FIRST", "ANY", "COLLECT"])
    kinds = [chance.choice(list(DOMAINS)) for _ in range(chance.randint(1, 3))]
    inputs = [(f"x{n}", kind) for n, kind in enumerate(kinds)]
    rules = [[*(cell(kind, chance) for kind in kinds), chance.choice(['"one"', '"two"'])] for _ in range(4)]
    decision, found = flaws(dmn(policy, inputs, rules))
    hits = {values: decision.matching(values) for values in itertools.product(*(DOMAINS[kind] for kind in kinds))}
    pairs = {pair for taken in hits.values() for pair in itertools.combinations(taken, 2)}
    results = {f"r{n}": rule[-1] for n, rule in enumerate(rules)}
    differing = {pair for pair in pairs if results[pair[0]] != results[pair[1]]}
    ever = {rule for taken in hits.values() for rule in taken}
    firsts = {taken[0] for taken in hits.values() if taken}

    assert {one.rules for one in found if one.kind == "overlap"} == (pairs if policy == "UNIQUE" else set())
    assert {one.rules for one in found if one.kind == "differ"} == (differing if policy == "ANY" else set())
    assert {one.rules[0] for one in found if one.kind == "never"} == set(decision.rules) - ever
    shadowed = ever - firsts if policy == "FIRST" else set()
    assert {one.rules[0] for one in found if one.kind == "shadowed"} == shadowed
    gaps = [one for one in found if one.kind == "gap"]
    assert bool(gaps) == (policy != "COLLECT" and () in hits.values())
    for one in found:
        if one.values:
            assert set(one.rules) <= set(decision.matching(one.values))
            assert one.kind != "gap" or decision.matching(one.values) == ()
        assert one.certain


def test_decimals_between_whole_numbers_are_a_gap_of_a_number_and_none_of_a_whole_one() -> None:
    rules = [["<= 5", "1"], [">= 6", "2"]]
    assert [one.values for one in flaws(dmn("UNIQUE", [("x", "number")], rules))[1]] == [(5.5,)]
    assert flaws(dmn("UNIQUE", [("x", "integer")], rules))[1] == []


def test_days_between_two_dates_are_found() -> None:
    rules = [['< date("2026-01-01")', "1"], ['> date("2026-01-03")', "2"]]
    found = flaws(dmn("FIRST", [("day", "date")], rules))[1]
    assert [one.kind for one in found] == ["gap"]
    assert "2026-01-01" <= str(found[0].values[0]) <= "2026-01-03"


def test_columns_that_ask_the_same_are_one() -> None:
    rules = [["< 3", "-", "1"], ["-", ">= 3", "2"]]
    assert flaws(dmn("UNIQUE", [("x", "integer"), ("x", "integer")], rules))[1] == []


def test_a_computed_column_makes_it_a_warning() -> None:
    rules = [["> 3", "-", "1"], ["-", "true", "2"]]
    xml = dmn("UNIQUE", [("len(names)", "integer"), ("open", "boolean")], rules)
    assert all(not one.certain for one in flaws(xml)[1])
    assert {one.severity for one in check({"processes/a/a.dmn": xml})} == {"warning"}


def test_a_cell_that_compares_with_other_data_is_not_judged() -> None:
    assert [one.kind for one in flaws(dmn("UNIQUE", [("x", "integer")], [["> limit", "1"], ["-", "2"]]))[1]] == [
        "unjudged"
    ]


def test_an_overlap_is_an_error_with_rules_and_example() -> None:
    xml = dmn("UNIQUE", [("x", "integer")], [["< 5", "1"], ["[3..9]", "2"], [">= 5", "3"]])
    found = [one for one in check({"processes/a/a.dmn": xml}) if one.rule == "decision-overlap"]
    assert {one.severity for one in found} == {"error"}
    assert found[0].message.en == "Rules 1 and 2 hold at the same time, for example when x = 3."
    assert found[0].message.ru == "Правила 1 и 2 подходят одновременно, например при x = 3."


def test_thousands_of_rules_are_looked_through_in_time() -> None:
    rules = [[f"{n}", f'"{chr(97 + n % 3)}"', "1"] for n in range(400)]
    xml = dmn("UNIQUE", [("x", "integer"), ("y", "string")], rules)
    decision = compile_decision(xml)
    root, _ = parse_xml(xml, "")
    began = time.thread_time()
    found = examine(tables_of(root)["t"], decision)
    assert time.thread_time() - began < 5
    assert {one.kind for one in found} == {"gap"}


def test_more_than_that_is_not_judged_and_takes_no_time() -> None:
    xml = dmn("UNIQUE", [("x", "integer")], [[f"{n}", "1"] for n in range(2000)])
    root, _ = parse_xml(xml, "")
    decision = compile_decision(xml)
    began = time.thread_time()
    assert [one.kind for one in examine(tables_of(root)["t"], decision)] == ["unjudged"]
    assert time.thread_time() - began < 2
