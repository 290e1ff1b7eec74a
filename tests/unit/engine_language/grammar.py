"""Sources of our language by its grammar, roughly typed so that many of them have a value; and data for them.

Everything is drawn from a Random, so that Hypothesis (whose randoms shrink) and plain loops use the same grammar.
"""

import random
import re
from typing import Any

TEXTS = ("", "a", "b", "agreed", "Курс", "a,b", " x ", "12", "3.5", "ß", "don't", "1\n2", "i")
WHOLES = (*range(-4, 12), 100, 10**6, 2**62, -(2**63) + 1)
FRACTIONS = (0.0, -0.0, 0.1, 0.5, 1.5, 2.5, -1.25, 1e16, 1e300, 1e-300)

LEAVES: dict[str, tuple[str, ...]] = {
    "number": ("<whole>", "<fraction>", "True", "n", "m", "x", "yes", "r.n", "r['n']", "len(xs)", "xs[0]", "rows[m].n"),
    "text": ("<quoted>", "s", "t", "r.name", "r['name']", "ts[0]", "rows[0].name"),
    "truth": ("True", "False", "yes", "r.ok", "none is None", "n is not None"),
    "list": ("xs", "ts", "any_list", "rows", "pairs", "[]", "list(verdicts)", "keys(verdicts)", "values(r)"),
    "record": ("r", "verdicts", "{}", "rows[0]", "verdicts.b1", "verdicts['b2']"),
    "inner": ("i", "i.n", "i.ok", "i['name']", "i == i", "i > 1", "[i, i]", "i in ts", "{'i': i}", "len(i)", "str(i)"),
    "walk": ("range(3)", "range(m)", "range(1, n, 2)", "verdicts.values()", "verdicts.keys()", "r.values()", "xs", "s"),
    "duo": ("pairs", "verdicts.items()", "enumerate(ts)", "enumerate(xs, 1)", "zip(xs, ts)", "zip(ts, range(2))"),
    "duotest": ("b", "a == b", "not a", "a != 'ok'", "True"),
    "case": ("lower", "upper", "strip", "title", "capitalize", "lstrip", "rstrip"),
    "order": ("<", "<=", ">", ">="),
    "equality": ("==", "!="),
    "membership": ("in", "not in"),
    "sign": ("+", "-", "*", "/", "//", "%"),
    "cut": ("", "1", "-2", "m", "n"),
    "step": ("", ":", ":2", ":-1", ":m"),
    "choose": ("min", "max"),
    "decide": ("any", "all"),
    "name": ("a", "b", "n", "s", "xs", "r", "rows", "verdicts"),
    "wild": (
        *("None", "nowhere", "r.nowhere", "r.get", "n.n", "(1, 2)", "range(2)", "r.items()", "len", "i", "1e999"),
        *("{1: 2}", "{*xs}", "lambda: 1", "xs.append(1)", "2 ** 3", "'%s' % n", "n & 1", "~n", "n is 1", "_x"),
    ),
}

GROWN: dict[str, tuple[str, ...]] = {
    "value": ("<number>", "<text>", "<truth>", "<list>", "<record>", "<wild>"),
    "number": (
        *("(<number> <sign> <number>)", "(<number> + <number>)", "(<number> if <truth> else <number>)", "-<number>"),
        *("abs(<number>)", "round(<number>, <whole>)", "round(<number>, None)", "round(<number>)", "int(<number>)"),
        *("int(<text>)", "float(<number>)", "float(<text>)", "len(<list>)", "len(<text>)", "len(<walk>)"),
        *("sum(<list>)", "sum(<walk>)", "sum(<number> for i in <walk>)", "sum((<inner> for i in <walk>), <number>)"),
        *("<choose>(<list>)", "<choose>(<number>, <number>)", "<choose>(<list>, default=<number>)"),
        *("<choose>(i.n for i in rows if <inner>)", "<choose>(i.n for i in verdicts.values())"),
        *("<text>.count(<text>)", "count(<list>, <value>)", "(<list>).index(<value>)", "(<list>)[<number>]"),
        *("<text>.find(<text>)", "find(<text>, <text>)"),
    ),
    "text": (
        *(
            "(<text> + <text>)",
            "(<text> * <whole>)",
            "(<text> if <truth> else <text>)",
            "str(<number>)",
            "str(<truth>)",
        ),
        *("f'{n}-{<name>}'", "f'{x}{r.name}'", 'f"<{len(<list>)}>{none}{yes}"', "(<text>).<case>()", "<case>(<text>)"),
        *("(<text>).replace(<text>, <text>)", "(<text>).removeprefix(<text>)", "(<text>).removesuffix(<text>)"),
        *("(<text>).strip(<text>)", "join(<text>, <list>)", "join(<text>, <walk>)", "(<text>)[<cut>:<cut>]"),
        *("(<text>).join(str(i) for i in <walk>)", "(<text>).join(i.name for i in rows)", "(<text>)[<number>]"),
        *("<choose>(<text>)", "<choose>(<text>, <text>)"),
    ),
    "truth": (
        *("(<value> <equality> <value>)", "(<number> <order> <number>)", "(<text> <order> <text>)"),
        *("(<text> <membership> <text>)", "(<number> < <number> <= <number>)", "(<list> <order> <list>)"),
        *("(<value> <membership> <list>)", "(<value> <membership> <walk>)", "(<text> <membership> <record>)"),
        *("(<value> and <value>)", "(<value> or <value>)", "(<truth> and <truth> or <truth>)", "(not <value>)"),
        *("bool(<value>)", "<decide>(<list>)", "<decide>(<walk>)", "<decide>(<inner> for i in <walk>)"),
        *("all(v['ok'] for v in verdicts.values())", "(<text>).startswith(<text>)", "endswith(<text>, <text>)"),
        *("(<text>).isdigit()", "(<value> is None)", "(<value> is not True)", "(<value> == <value> != <value>)"),
    ),
    "list": (
        *("[<value>]", "[<value>, <value>, <value>]", "(<list> + <list>)", "(<list> * <whole>)"),
        *("(<list> if <truth> else <list>)", "[<inner> for i in <walk>]", "[<inner> for i in <walk> if <inner>]"),
        *("[<value> for i in <walk>]", "[a for a, b in <duo> if <duotest>]", "[[b, a] for a, b in <duo>]"),
        *("[{'k': k, 'v': v} for k, v in <record>.items()]", "sorted(<list>)", "sorted(<walk>)"),
        *("sorted(<list>, reverse=<truth>)", "list(<list>)", "list(<walk>)", "list(<text>)", "unique(<list>)"),
        *("(<text>).split(<text>)", "(<text>).split()", "splitlines(<text>)", "(<list>)[<cut>:<cut><step>]"),
    ),
    "record": (
        *("{<text>: <value>}", "{'a': <value>, 'b': <value>, 'a': <value>}", "(<record> | <record>)"),
        *("(<record> if <truth> else <record>)", "{<text>: <inner> for i in <walk>}", "{str(i): i for i in <walk>}"),
        *("{k: v for k, v in <record>.items() if <truth>}", "{b: a for a, b in <duo> if <duotest>}"),
    ),
    "inner": (
        *("(i <sign> <number>)", "(i.n <order> <number>)", "(<value> if i else <value>)", "(<inner> or <inner>)"),
        *("(i <equality> <value>)", "<inner>"),
    ),
    "walk": ("<list>", "<record>", "(<value>, <value>)", "(<text>, <text>, <text>)"),
    "duo": ("<list>",),
    "wild": (
        *("get(<record>, <text>, <value>)", "(<record>).get(<text>)", "(<record>)[<value>]", "(<list>)[<value>]"),
        *("(<value> <sign> <value>)", "(<value> <order> <value>)", "(<value> | <value>)", "(<value>, <value>)"),
    ),
    "line": (
        *("<name> = <value>", "<name> = <name>", "a = <number>", "b = <list>", "n += <number>", "n -= <number>"),
        *("s += <text>", "s *= <whole>", "xs = xs + <list>", "r = r | <record>", "a = {'was': n, 'is': <value>}"),
        *("b = [r, r, <value>]", "<name> = <name> + <value>", "<name> += <value>", "<name> |= <record>"),
    ),
}
_PLACE = re.compile(r"<(\w+)>")


def grow(chance: random.Random, rule: str, depth: int) -> str:
    """A source of that rule, its brackets at most about `depth` deep."""
    if rule == "whole":
        return repr(chance.choice(WHOLES))
    if rule == "fraction":
        return repr(chance.choice(FRACTIONS))
    if rule == "quoted":
        return repr(chance.choice(TEXTS))
    grown = GROWN.get(rule, ())
    leaves = LEAVES.get(rule, ())
    pattern = chance.choice(grown if grown and (depth > 0 or not leaves) and chance.random() < 0.8 else leaves or grown)
    return _PLACE.sub(lambda place: grow(chance, place.group(1), depth - 1), pattern)


def script(chance: random.Random) -> str:
    return "\n".join(grow(chance, "line", chance.randint(1, 2)) for _ in range(chance.randint(1, 4)))


def data(chance: random.Random) -> dict[str, Any]:
    def some(choices: tuple[Any, ...], most: int = 3) -> list[Any]:
        return [chance.choice(choices) for _ in range(chance.randint(0, most))]

    def record() -> dict[str, Any]:
        made = {"ok": chance.random() < 0.6, "n": chance.choice(WHOLES), "name": chance.choice(TEXTS)}
        return {**made, "get": chance.choice(TEXTS)} if chance.random() < 0.2 else made

    numbers = (*WHOLES, *FRACTIONS, True, False)
    scalars = (*numbers, *TEXTS, None)
    return {
        "n": chance.choice(WHOLES),
        "m": chance.randint(-2, 5),
        "x": chance.choice(FRACTIONS),
        "yes": chance.random() < 0.5,
        "none": None,
        "s": chance.choice(TEXTS),
        "t": chance.choice(TEXTS),
        "xs": some(numbers),
        "ts": some(TEXTS),
        "any_list": some(scalars),
        "rows": [record() for _ in range(chance.randint(0, 3))],
        "pairs": [[chance.choice(scalars), chance.choice(scalars)] for _ in range(chance.randint(0, 3))],
        "r": record(),
        "verdicts": {known: record() for known in ("b1", "b2", "b3") if chance.random() < 0.6},
    }
