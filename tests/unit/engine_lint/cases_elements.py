"""Elements, events, ids, extensions: a bad and a good diagram for each rule, and each element that is refused."""

from tests.unit.engine_lint.cases_structure import GOOD, REMINDED, X
from tests.unit.engine_lint.drawing import Case, attached, changed, drawn, row, simple, ways
from tests.unit.engine_run.bpmn import (
    TERMINATE,
    boundary,
    document,
    end,
    error,
    message,
    node,
    ours,
    process,
    script,
    service,
    start,
    timer,
    user,
)

MESSAGE = '<bpmn:message id="m" name="m"/>'
DATED = timer("duration", "P1D")
BOUND = attached(boundary("b", "x", DATED))
CALLED = drawn(row(start(), service("x", "o"), end()), row(boundary("b", "x", error()), end("late")))
ASIDE = '<bpmn:process id="aside" isExecutable="false"/>'
FOREIGN = '<z:note xmlns:z="urn:z" id="z1"/>'
BODY = row(start("s2"), user("u2"), end("e2"))
SUB = drawn(row(start(), node("subProcess", "x", BODY), end()))


def camunda(setting: str) -> dict[str, bytes]:
    """A step with a setting for another engine."""
    return changed(
        GOOD, "<bpmn:userTask", f'<bpmn:userTask xmlns:camunda="http://camunda.org/schema/1.0/bpmn" {setting}'
    )


def event(kind: str, definition: str) -> dict[str, bytes]:
    """An event of that kind in the middle, at the end or on the boundary of a step."""
    inner = f"<bpmn:{definition}EventDefinition/>"
    if kind == "boundaryEvent":
        return attached(boundary("b", "x", inner))
    if kind == "startEvent":
        return drawn(row(node(kind, "b", inner), user("x"), end()))
    return drawn(row(start(), node(kind, "b", inner), *([] if kind == "endEvent" else [end()])))


def nested(depth: int) -> str:
    inner = row(start(f"s{depth}"), user(f"u{depth}"), end(f"e{depth}"))
    for level in range(depth):
        inner = row(start(f"s{level}"), node("subProcess", f"x{level}", inner), end(f"e{level}"))
    return inner


NOT_RUN = (
    *("complexGateway", "transaction", "adHocSubProcess", "choreographyTask", "globalTask"),
    *("fooBar", "callChoreography"),
)
PARTS = (
    "<bpmn:standardLoopCharacteristics/>",
    (
        '<bpmn:dataOutputAssociation id="d"><bpmn:targetRef>x</bpmn:targetRef>'
        "<bpmn:transformation>a</bpmn:transformation></bpmn:dataOutputAssociation>"
    ),
    (
        '<bpmn:dataInputAssociation id="d"><bpmn:targetRef>x</bpmn:targetRef><bpmn:assignment><bpmn:from>1</bpmn:from>'
        "<bpmn:to>x</bpmn:to></bpmn:assignment></bpmn:dataInputAssociation>"
    ),
)
DATA = (
    '<bpmn:dataObject id="d"/>',
    '<bpmn:dataObject id="o"/><bpmn:dataObjectReference id="d" dataObjectRef="o"/>',
    '<bpmn:dataStoreReference id="d"/>',
    '<bpmn:property id="d"/>',
)
EVENTS = {
    "startEvent": ("message", "timer", "signal", "conditional", "error", "escalation", "compensate"),
    "endEvent": ("signal", "escalation", "compensate", "cancel", "link", "error"),
    "intermediateCatchEvent": (
        "signal",
        "conditional",
        "error",
        "escalation",
        "compensate",
        "cancel",
        "link",
        "terminate",
    ),
    "intermediateThrowEvent": ("signal", "error", "escalation", "compensate", "link", "conditional", "timer"),
    "boundaryEvent": ("signal", "conditional", "escalation", "compensate", "cancel", "link", "terminate"),
}

CASES = (
    *(Case("element-not-run", drawn(X, node(kind, "y")), GOOD, "y") for kind in NOT_RUN),
    *(Case("part-not-run", simple(part), GOOD) for part in PARTS),
    *(Case("event-not-run", event(kind, one), REMINDED, "b") for kind, found in EVENTS.items() for one in found),
    Case("element-not-run", drawn(X, node("subProcess", "y", BODY, triggeredByEvent="true")), SUB, "y"),
    *(Case("data-drawn", drawn(X, one), GOOD) for one in DATA),
    Case(
        "data-drawn",
        simple('<bpmn:dataOutputAssociation id="d"><bpmn:targetRef>x</bpmn:targetRef></bpmn:dataOutputAssociation>'),
        GOOD,
    ),
    Case("task-kind", simple(kind="task"), GOOD, "x"),
    Case("part-not-run", simple(isForCompensation="true"), GOOD, "x"),
    Case("part-not-run", simple(startQuantity="2"), GOOD, "x"),
    Case("element-foreign", drawn(X, FOREIGN), GOOD, "z1"),
    Case("not-executable", changed(GOOD, 'isExecutable="true"', 'isExecutable="false"'), GOOD, "p"),
    Case("left-out", {"p.bpmn": document(process("p", X), ASIDE)}, GOOD, "aside"),
    Case("too-deep", drawn(nested(11)), drawn(nested(9)), "x0"),
    Case("too-many", drawn(row(start(), *(user(f"u{n}") for n in range(1_001)), end())), GOOD),
    Case(
        "message-flow",
        drawn(
            X,
            before='<bpmn:collaboration id="c"><bpmn:messageFlow id="mf" sourceRef="x" targetRef="x"/>'
            "</bpmn:collaboration>",
        ),
        GOOD,
        "mf",
    ),
    Case("event-empty", drawn(row(start(), node("intermediateCatchEvent", "t"), end())), BOUND, "t"),
    Case(
        "event-empty", attached(boundary("b", "x", "<bpmn:eventDefinitionRef>m</bpmn:eventDefinitionRef>")), BOUND, "b"
    ),
    Case("event-several", attached(boundary("b", "x", DATED, DATED)), BOUND, "b"),
    Case("boundary-loose", attached(boundary("b", "gone", DATED)), BOUND, "b"),
    Case("boundary-loose", attached(boundary("b", "end", DATED)), BOUND, "b"),
    Case(
        "boundary-instant",
        drawn(row(start(), script("x", "a = 1"), end()), row(boundary("b", "x", DATED), end("late"))),
        BOUND,
        "b",
    ),
    Case("error-host", attached(boundary("b", "x", error())), CALLED, "b"),
    Case(
        "error-goes-on",
        drawn(
            row(start(), service("x", "o"), end()), row(boundary("b", "x", error(), interrupting=False), end("late"))
        ),
        CALLED,
        "b",
    ),
    Case("mark-unclear", changed(BOUND, 'cancelActivity="true"', 'cancelActivity="maybe"'), BOUND, "b"),
    Case("id-missing", drawn(row(start(), user("x"), end()).replace(' id="f_x_end"', "")), GOOD, "p"),
    Case("id-twice", drawn(X, '<bpmn:textAnnotation id="x"/>'), GOOD, "x"),
    Case("id-twice", simple(ours("call", operation="o", id="x"), kind="serviceTask"), CALLED, "x"),
    Case("id-unsafe", changed(GOOD, '"x"', '"a&quot; onmouseover="'), GOOD, 'a" onmouseover='),
    Case("id-unsafe", changed(GOOD, '"x"', f'"{"x" * 101}"'), changed(GOOD, '"x"', '"Задача_1.a-b"')),
    Case("id-reserved", changed(GOOD, '"end"', '"End"'), GOOD, "End"),
    Case("id-reserved", changed(GOOD, '"x"', '"p.EndJoin"'), GOOD, "p.EndJoin"),
    Case("process-twice", drawn(X) | drawn(X, name="q") | {"processes/q/r.bpmn": document(process("p", X))}, GOOD, "p"),
    Case("process-missing", {"processes/p/p.bpmn": document(MESSAGE)}, GOOD, "definitions"),
    Case("word-unknown", simple(ours("tusk", form="f")), simple(ours("task", form="f")), "x"),
    Case("word-unknown", simple(ours("task", from_="f")), simple(ours("task", form="f")), "x"),
    Case("word-misplaced", simple(ours("call", operation="o")), CALLED, "x"),
    Case("word-misplaced", simple("<coomet:task/>" + ours("parameter", "1", name="a")), CALLED, "x"),
    Case("word-twice", simple(ours("task"), ours("task")), GOOD, "x"),
    Case(
        "name-twice",
        simple(ours("deadline", name="a", due="P1D"), ours("deadline", name="a", due="P2D")),
        simple(ours("deadline", name="a", due="P1D"), ours("deadline", name="b", due="P2D")),
        "x",
    ),
    Case("word-incomplete", simple(ours("call", operation=" "), kind="serviceTask"), CALLED, "x"),
    Case("instruction-missing", simple(kind="serviceTask"), CALLED, "x"),
    Case("instruction-missing", simple(kind="businessRuleTask"), CALLED, "x"),
    Case("other-engine", camunda('camunda:delegateExpression="${bean}"'), camunda('camunda:asyncBefore="true"'), "x"),
    Case("other-engine", camunda('camunda:wordOfTomorrow="1"'), GOOD, "x"),
    Case("asked-elsewhere", camunda('camunda:assignee="bob"'), camunda('camunda:asyncBefore="true"'), "x"),
    Case("asked-elsewhere", simple('<bpmn:potentialOwner id="o"/>'), GOOD, "o"),
    Case("other-engine-inert", camunda('camunda:asyncBefore="true"'), GOOD, "x"),
    Case(
        "other-engine",
        simple(
            '<bpmn:extensionElements><s:preScript xmlns:s="http://spiffworkflow.org/bpmn/schema/1.0/core"/>'
            "</bpmn:extensionElements>"
        ),
        GOOD,
        "x",
    ),
    Case("extension-unknown", simple(f"<bpmn:extensionElements>{FOREIGN}</bpmn:extensionElements>"), GOOD, "x"),
    Case(
        "message-unknown",
        drawn(row(start(), node("intermediateCatchEvent", "c", message("m")), end())),
        drawn(row(start(), node("intermediateCatchEvent", "c", message("m")), end()), before=MESSAGE),
        "c",
    ),
    Case(
        "message-unknown",
        drawn(row(start(), node("receiveTask", "c"), end())),
        drawn(row(start(), node("receiveTask", "c", messageRef="m"), end()), before=MESSAGE),
        "c",
    ),
    Case("error-unknown", changed(CALLED, "<bpmn:errorEventDefinition/>", error("gone")), CALLED, "b"),
    Case(
        "error-twice",
        drawn(
            row(start(), service("x", "o"), end()),
            row(boundary("b", "x", error()), end("late")),
            boundary("c", "x", error()),
            ways("c>late"),
        ),
        CALLED,
        "c",
    ),
    Case("arrow-loose", drawn(row(start(), node("subProcess", "x", BODY), end()), ways("u2>end")), SUB, "f_u2_end"),
    Case("dead-end", drawn(X.replace(end(), end("end", TERMINATE)), user("y")), GOOD, "y"),
)
