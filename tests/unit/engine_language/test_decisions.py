"""Decision tables: S-FEEL cells against a naive reading, hit policies, and everything that is refused."""

import html
import random
from collections import Counter
from typing import Any

import pytest
from lxml import etree

from app.engine.decisions import DecisionErrors, compile_decision, compile_decisions
from app.engine.decisions_reading import NAMESPACES
from app.engine.expressions_errors import ExpressionError
from app.engine.values import Fuel
from tests.unit.engine_language import naive_feel
from tests.unit.engine_language.tables import NAMESPACE, table

ROUTING = table(
    ["course.kind", "hours"],
    [['"a","b"', "[1..5]"], ['not("c")', "]3..10["], ["-", "&gt; 100"], ['"c"', ""]],
    ['"G1"', '"G2"', '"all"', "course.owner + '!'"],
    policy="COLLECT",
    types=["string", "number"],
    output_type="string",
)


def data(kind: str, hours: object) -> dict[str, Any]:
    return {"course": {"kind": kind, "owner": "x"}, "hours": hours}


@pytest.mark.parametrize(
    ("kind", "hours", "result", "rules"),
    [
        ("a", 1, ["G1"], ("r0",)),
        ("b", 4, ["G1", "G2"], ("r0", "r1")),
        ("b", 5.0, ["G1", "G2"], ("r0", "r1")),
        ("d", 3, [], ()),
        ("c", 101, ["all", "x!"], ("r2", "r3")),
        ("a", None, [], ()),
    ],
)
def test_a_table_collects_and_says_which_rules_it_took(kind: str, hours: object, result: object, rules: object) -> None:
    assert compile_decision(ROUTING).evaluate(data(kind, hours)) == (result, rules)


def test_what_a_decision_tells_about_itself() -> None:
    decision = compile_decision(ROUTING, "routing")
    assert (decision.id, decision.name, decision.hit_policy) == ("routing", "Routing", "COLLECT")
    assert (decision.inputs, decision.outputs) == (("course.kind", "hours"), ("group",))
    assert decision.rules == ("r0", "r1", "r2", "r3")
    assert decision.names.data == {"course", "hours"}


@pytest.mark.parametrize("policy", ["UNIQUE", "FIRST", "ANY", "COLLECT"])
@pytest.mark.parametrize("seed", range(3))
def test_tables_equal_a_naive_reading_of_s_feel(policy: str, seed: int) -> None:
    chance = random.Random(f"{policy}{seed}")
    seen: Counter[str] = Counter()
    for _ in range(60):
        kinds = [chance.choice(("number", "string", "boolean")) for _ in range(chance.randint(1, 3))]
        rules = [[naive_feel.cell(chance, kind) for kind in kinds] for _ in range(chance.randint(1, 5))]
        outputs = [chance.choice((1, 2, "x", True, None)) for _ in rules]
        texts = ["null" if one is None else "true" if one is True else repr(one) for one in outputs]
        cells = [[html.escape(text) for text, _ in rule] for rule in rules]
        decision = compile_decision(table([f"v{n}" for n in range(len(kinds))], cells, texts, policy=policy))
        for _ in range(20):
            given = [naive_feel.value(chance, kind) for kind in kinds]
            taken = [
                n
                for n, rule in enumerate(rules)
                if all(meaning(one) for (_, meaning), one in zip(rule, given, strict=True))
            ]
            expected = naive_feel.result(policy, taken, outputs)
            try:
                found, ids = decision.evaluate({f"v{n}": one for n, one in enumerate(given)})
            except ExpressionError:
                assert expected == "error", (cells, given)
                seen["error"] += 1
                continue
            assert found == expected, (cells, given)
            assert ids == tuple(f"r{n}" for n in (taken[:1] if policy == "FIRST" else taken))
            seen["taken" if taken else "none"] += 1
    assert min(seen["taken"], seen["none"]) > 100
    assert policy in ("FIRST", "COLLECT") or seen["error"] > 30


@pytest.mark.parametrize(
    ("cell", "value", "matches"),
    [
        ("true", 1, False),
        ("1", True, False),
        ("1.0", 1, True),
        ('"1"', 1, False),
        ("null", None, True),
        ("-1", -1, True),
        ("limit", 7, True),
        ("&lt; limit * 2 - 1", 12, True),
        ("[card.low..limit]", 3, True),
        ("(1..2],[5..6)", 5, True),
        ("(1..2],[5..6)", 1, False),
        ("(1..2],[5..6)", 6, False),
        ("not(1, 2)", 3, True),
        ("not (1, 2)", 2, False),
        ('"a, b", "c"', "a, b", True),
        ("'single'", "single", True),
        ('"not(x)"', "not(x)", True),
        ('"не требуется"', "не требуется", True),
        ('date("2026-12-31")', "2026-12-31", True),
        ('&gt;= date("2026-01-01")', "2026-11-22", True),
        ('[date("2026-01-01")..date("2026-06-30")]', "2026-11-22", False),
    ],
)
def test_cells(cell: str, value: object, matches: bool) -> None:
    decision = compile_decision(table(["v"], [[cell]], ["true"]))
    found, _ = decision.evaluate({"v": value, "limit": 7, "card": {"low": 2}})  # type: ignore[dict-item]  # any JSON
    assert (found is True) is matches


@pytest.mark.parametrize(
    "cell",
    [
        "1..5",
        "[1..5",
        "[5..1]",
        "[1,5]",
        "[1..]",
        "{1..5}",
        "1,",
        ",1",
        ">",
        "= 3",
        "== 3",
        "!= 3",
        "? > 3",
        "v > 3",
        "a and b",
        "len(x)",
        "[1, 2]",
        "x if y else z",
        "not(1",
        "not 1",
        'not("a"),"b"',
        'not("a") or ("b")',
        "1 2",
        "“a”",
        '"a',
        "date(x, y)",
        "lambda: 1",
        "().__class__",
        "__import__('os')",
        "x[0]",
        "(1)",
        "1 ** 2",
    ],
)
def test_cells_that_are_refused(cell: str) -> None:
    with pytest.raises(DecisionErrors) as caught:
        compile_decision(table(["v"], [[html.escape(cell)]], ["true"]))
    (problem,) = caught.value.problems
    assert problem.element == "c0_0"
    assert problem.line is not None
    assert problem.message.ru
    assert problem.hint.en


@pytest.mark.parametrize(
    ("cell", "value"),
    [("&gt; 3", "4"), ("[1..5]", "x"), ('&lt; "b"', 3), ("&gt; 0", True), ("limit", 1), ("1", [1]), ("&gt; limit", 1)],
)
def test_what_cannot_be_compared_is_an_error_not_a_silent_no(cell: str, value: object) -> None:
    decision = compile_decision(table(["v"], [[cell]], ["true"]))
    with pytest.raises(ExpressionError) as caught:
        decision.evaluate({"v": value, "limit": [1]})  # type: ignore[dict-item]  # any JSON
    assert caught.value.cell == "c0_0"


def test_an_overlap_under_unique_names_the_rules() -> None:
    decision = compile_decision(table(["v"], [["1"], ["[0..2]"]], ["'a'", "'b'"]))
    assert decision.evaluate({"v": 2}) == ("b", ("r1",))
    with pytest.raises(ExpressionError, match="r0, r1") as caught:
        decision.evaluate({"v": 1})
    assert caught.value.cell == "routing"


def test_an_input_of_another_type_is_an_error_of_its_column() -> None:
    for kind, wrong in (("number", "1"), ("string", 1), ("boolean", 1), ("date", "2026-13-01"), ("date", "soon")):
        decision = compile_decision(table(["v"], [["-"]], ["true"], types=[kind]))
        assert decision.evaluate({"v": None}) == (True, ("r0",))
        with pytest.raises(ExpressionError) as caught:
            decision.evaluate({"v": wrong})
        assert caught.value.cell == "e0"


def test_an_output_of_another_type_is_an_error() -> None:
    decision = compile_decision(table(["v"], [["-"]], ["v"], output_type="string"))
    assert decision.evaluate({"v": "x"}) == ("x", ("r0",))
    with pytest.raises(ExpressionError, match="group"):
        decision.evaluate({"v": 1})


def test_several_outputs_come_as_a_record() -> None:
    xml = table(["v"], [["-"]], ["1"]).decode()
    xml = xml.replace('<output id="o"', '<output id="p" name="body"/><output id="o"')
    xml = xml.replace(
        '<outputEntry id="o0">', '<outputEntry id="p0"><text>"tc-" + v</text></outputEntry><outputEntry id="o0">'
    )
    assert compile_decision(xml.encode()).evaluate({"v": "4"}) == ({"body": "tc-4", "group": 1}, ("r0",))
    with pytest.raises(DecisionErrors, match="name of its own"):
        compile_decision(xml.replace('name="body"', 'name="group"').encode())


def test_predefined_values_are_kept() -> None:
    xml = table(["v"], [["-"]], ["v"]).decode()
    xml = xml.replace("</inputExpression>", '</inputExpression><inputValues><text>"a","b"</text></inputValues>')
    xml = xml.replace('typeRef=""/>', 'typeRef=""><outputValues><text>"a"</text></outputValues></output>')
    decision = compile_decision(xml.encode())
    assert decision.evaluate({"v": "a"}) == ("a", ("r0",))
    for wrong in ("b", "c"):
        with pytest.raises(ExpressionError, match="allowed"):
            decision.evaluate({"v": wrong})


@pytest.mark.parametrize("namespace", sorted(NAMESPACES))
def test_every_version_of_dmn_is_read(namespace: str) -> None:
    assert compile_decision(table(["v"], [["1"]], ["2"], namespace=namespace)).evaluate({"v": 1}) == (2, ("r0",))


def test_an_element_that_was_parsed_before_is_taken_too() -> None:
    assert compile_decision(etree.fromstring(ROUTING)).id == "routing"


def test_a_file_may_hold_several_decisions_and_drawings() -> None:
    second = ROUTING.decode().partition("<decision ")[2].partition("</definitions>")[0].replace('"routing"', '"second"')
    extra = f"<decision {second}<inputData id='x' name='x'/><d:DMNDI xmlns:d='urn:d'><d:DMNDiagram/></d:DMNDI>"
    xml = table(["v"], [["1"]], ["2"], extra=extra)
    assert list(compile_decisions(xml)) == ["routing", "second"]
    with pytest.raises(DecisionErrors, match="which of several"):
        compile_decision(xml)
    with pytest.raises(DecisionErrors):
        compile_decision(xml, "third")


WRONG_FILES = {
    "not xml": b"<definitions",
    "doctype": b"<!DOCTYPE x [<!ENTITY e 'x'>]>" + ROUTING.partition(b"?>")[2],
    "bpmn": b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>',
    "no decision": f'<definitions xmlns="{NAMESPACE}"/>'.encode(),
    "priority": ROUTING.replace(b"COLLECT", b"PRIORITY"),
    "rule order": ROUTING.replace(b"COLLECT", b"RULE ORDER"),
    "aggregation": ROUTING.replace(b'"COLLECT"', b'"COLLECT" aggregation="SUM"'),
    "literal expression": ROUTING.replace(b"decisionTable", b"literalExpression"),
    "requires a decision": ROUTING.replace(
        b"<decisionTable",
        b'<informationRequirement><requiredDecision href="#x"/></informationRequirement><decisionTable',
    ),
    "business knowledge": ROUTING.replace(b"</definitions>", b'<businessKnowledgeModel id="k"/></definitions>'),
    "item definition": ROUTING.replace(b"</definitions>", b'<itemDefinition id="k"/></definitions>'),
    "import": ROUTING.replace(b"</definitions>", b'<import id="k"/></definitions>'),
    "default output": ROUTING.replace(
        b'typeRef="string"/>', b'typeRef="string"><defaultOutputEntry><text>1</text></defaultOutputEntry></output>'
    ),
    "javascript": ROUTING.replace(b'<inputEntry id="c0_0"', b'<inputEntry id="c0_0" expressionLanguage="javascript"'),
    "missing cell": ROUTING.replace(b'<inputEntry id="c0_0"><text>"a","b"</text></inputEntry>', b""),
    "empty output": ROUTING.replace(b'"all"', b""),
    "empty input": ROUTING.replace(b"<text>hours</text>", b"<text></text>"),
    "no output": table(["v"], [["1"]], ["2"]).replace(b'<output id="o" name="group" typeRef=""/>', b""),
    "unknown type": ROUTING.replace(b'typeRef="number"', b'typeRef="time"'),
    "rule twice": ROUTING.replace(b'id="r1"', b'id="r0"'),
    "decision twice": ROUTING.replace(b"</definitions>", b"<decision" + ROUTING.partition(b"<decision")[2]),
    "lambda": ROUTING.replace(b'"all"', b"lambda: 1"),
}


@pytest.mark.parametrize("name", WRONG_FILES)
def test_files_that_are_refused_say_why(name: str) -> None:
    assert WRONG_FILES[name] != ROUTING
    with pytest.raises(DecisionErrors) as caught:
        compile_decisions(WRONG_FILES[name])
    assert caught.value.problems
    for problem in caught.value.problems:
        assert problem.message.ru
        assert problem.message.en
        assert problem.hint.ru


def test_all_problems_of_a_file_are_told_at_once() -> None:
    wrong = ROUTING.replace(b"COLLECT", b"PRIORITY").replace(b"[1..5]", b"[5..1]").replace(b'"all"', b"")
    with pytest.raises(DecisionErrors) as caught:
        compile_decisions(wrong)
    assert [problem.element for problem in caught.value.problems] == ["t", "c0_1", "o2"]


def test_a_table_pays_for_its_rules() -> None:
    decision = compile_decision(table(["v"], [["&lt; 0"]] * 500, ["1"] * 500, policy="FIRST"))
    fuel = Fuel(2_000)
    with pytest.raises(ExpressionError, match="too long"):
        decision.evaluate({"v": 1}, fuel)
