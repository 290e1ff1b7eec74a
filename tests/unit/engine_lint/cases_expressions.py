"""Expressions, repetitions, variables: a bad and a good diagram for each rule."""

from tests.unit.engine_lint.cases_structure import WHOLE
from tests.unit.engine_lint.drawing import Case, attached, drawn, row, simple, ways
from tests.unit.engine_run.bpmn import (
    boundary,
    document,
    each,
    end,
    node,
    ours,
    process,
    script,
    start,
    timer,
    user,
    xor,
)

DEADLINE = ours("deadline", name="answer", due="P14D")
REMIND = boundary("r", "x", timer("duration", "before('answer', workdays=3)"), interrupting=False)
REMINDED = drawn(row(start(), node("userTask", "x", DEADLINE), end()), row(REMIND, end("late")))
SCRIPTED = drawn(row(start(), script("x", "a = 1"), end()))
VERDICTS = each("bodies", "body", "verdicts", "verdict")
ASKED = simple(ours("task", outputs="verdict"), VERDICTS)
CHILD = process("child", row(start("s2"), user("u2", outputs="verdict"), end("e2")))
RENAMED = each("bodies", "body", "verdicts", "other")


def chosen(condition: str) -> dict[str, bytes]:
    """A task that writes `decision`, and a choice by it; a caller says what the process begins with."""
    inner = start() + user("x", outputs="decision") + xor("g", "f_g_end") + end() + end("e")
    inner += ways("start>x>g>end", f"g>e ? {condition}")
    call = node("callActivity", "c", ours("input", "1", name="course"), calledElement="p")
    return drawn(inner) | {"processes/test/q.bpmn": document(process("q", row(start("s3"), call, end("e3"))))}


def calling(repeat: str, *inner: str) -> dict[str, bytes]:
    """A called process repeated for every body."""
    call = node("callActivity", "x", *inner, repeat, calledElement="child")
    return {"processes/test/p.bpmn": document(process("p", row(start(), call, end())), CHILD)}


def parallel_writes(first: str, second: str) -> dict[str, bytes]:
    split = node("parallelGateway", "s") + user("a", outputs=first) + user("b", outputs=second)
    return drawn(start(), split, node("parallelGateway", "j"), end(), ways("start>s>a>j>end", "s>b>j"))


CASES = (
    Case("expression", drawn(row(start(), script("x", "import os"), end())), SCRIPTED, "x"),
    Case("expression", attached(boundary("b", "x", timer("duration", "1 day"))), REMINDED, "b"),
    Case("expression-empty", simple(ours("task", subject="")), simple(ours("task", subject="course")), "x"),
    Case(
        "expression-cut",
        drawn(row(start(), node("scriptTask", "x", "<bpmn:script>a = 1<!-- b = 2 --></bpmn:script>"), end())),
        SCRIPTED,
        "x",
    ),
    Case(
        "other-language",
        drawn(row(start(), node("scriptTask", "x", "<bpmn:script>a = 1</bpmn:script>", scriptFormat="groovy"), end())),
        drawn(row(start(), node("scriptTask", "x", "<bpmn:script>a = 1</bpmn:script>", scriptFormat="python"), end())),
        "x",
    ),
    Case("script-missing", simple(kind="scriptTask"), SCRIPTED, "x"),
    Case("timer-kind", attached(boundary("b", "x", timer("date", "P1D"))), REMINDED, "b"),
    Case("timer-kind", attached(boundary("b", "x", timer("duration", "2026-12-01"))), REMINDED, "b"),
    Case("timer-kind", attached(boundary("b", "x", timer("cycle", "P1D"), interrupting=False)), REMINDED, "b"),
    Case("timer-missing", attached(boundary("b", "x", "<bpmn:timerEventDefinition/>")), REMINDED, "b"),
    Case(
        "cycle-misplaced",
        attached(boundary("b", "x", timer("cycle", "R3/P2D"))),
        attached(boundary("b", "x", timer("cycle", "R3/P2D"), interrupting=False)),
        "b",
    ),
    Case(
        "cycle-misplaced",
        drawn(row(start(), node("intermediateCatchEvent", "t", timer("cycle", "R3/P2D")), end())),
        REMINDED,
        "t",
    ),
    Case("deadline-unknown", attached(REMIND), REMINDED, "r"),
    Case("variable-name", simple(ours("task", outputs="a b")), simple(ours("task", outputs="a,b")), "x"),
    Case("variable-name", simple(ours("task", outputs="__builtins__")), simple(ours("task", outputs="a")), "x"),
    Case("variable-name", simple(ours("task", result="lambda")), simple(ours("task", result="verdict")), "x"),
    Case("repeat-source", simple("<bpmn:multiInstanceLoopCharacteristics/>"), ASKED, "x"),
    Case(
        "repeat-part",
        simple(VERDICTS.replace("</bpmn:multi", '<bpmn:complexBehaviorDefinition id="c"/></bpmn:multi')),
        ASKED,
        "c",
    ),
    Case(
        "repeat-twice", simple(ours("task", outputs="verdict"), VERDICTS, VERDICTS.replace("id=", "name=")), ASKED, "x"
    ),
    Case(
        "repeat-many",
        simple(
            "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>10000</bpmn:loopCardinality>"
            "</bpmn:multiInstanceLoopCharacteristics>"
        ),
        simple(
            "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>3</bpmn:loopCardinality>"
            "</bpmn:multiInstanceLoopCharacteristics>"
        ),
        "x",
    ),
    Case("repeat-blind", simple(VERDICTS.replace('<bpmn:inputDataItem id="body"/>', "")), ASKED, "x"),
    Case("repeat-output-half", simple(ours("task", outputs="verdict"), each("bodies", "body", "verdicts")), ASKED, "x"),
    Case(
        "repeat-output-same",
        simple(ours("task", outputs="verdict"), each("bodies", "body", "bodies", "verdict")),
        ASKED,
        "x",
    ),
    Case("repeat-output-unwritten", simple(ours("task", outputs="other"), VERDICTS), ASKED, "x"),
    Case("repeat-output-unwritten", calling(RENAMED), calling(VERDICTS), "x"),
    Case(
        "repeat-output-unwritten",
        calling(VERDICTS, ours("output", "verdict", name="other")),
        calling(RENAMED, ours("output", "verdict", name="other")),
        "x",
    ),
    Case("name-unknown", chosen("decison == 1"), chosen("decision == 1"), "f_g_e"),
    Case("name-unknown", chosen("unheard == 1"), chosen("course == 1"), "f_g_e"),
    Case("written-twice", parallel_writes("v", "v"), parallel_writes("v", "w"), "s"),
    Case("written-twice", parallel_writes("v,w", "w"), WHOLE, "s"),
)
