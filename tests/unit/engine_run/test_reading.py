"""What a diagram says becomes elements; what cannot be run becomes findings."""

from collections.abc import Mapping

import pytest

from app.engine import Element, Finding, MultiInstance
from app.engine import start as begin
from app.engine.diagrams import read_release
from app.i18n import Text
from tests.unit.engine_run.bpmn import (
    boundary,
    chain,
    document,
    each,
    end,
    flow,
    message,
    node,
    ours,
    process,
    script,
    service,
    start,
    timer,
    user,
    xor,
)
from tests.unit.engine_run.world import World, read

TEXTS = ours("text", "Read everything.", lang="en", name="Review") + ours("text", "Прочтите всё.", lang="ru")


def findings(content: bytes, **more: bytes) -> list[Finding]:
    files = {"processes/test/p.bpmn": content, **{f"processes/test/{name}.bpmn": text for name, text in more.items()}}
    specification, found = read_release(files)
    assert (specification is None) == bool(found)
    return found


def elements(*parts: str) -> Mapping[str, Element]:
    return read(document(process("p", start(), *parts))).processes["p"].elements


def test_names_and_instructions_stand_in_both_languages() -> None:
    found = elements(node("userTask", "u", TEXTS, name="Рассмотреть"), chain("start", "u"))["u"]
    assert found.name == Text(ru="Рассмотреть", en="Review")
    assert found.instructions == Text(ru="Прочтите всё.", en="Read everything.")


def test_a_lane_gives_the_role() -> None:
    lanes = (
        '<bpmn:laneSet id="lanes"><bpmn:lane id="l1" name="Председатель"><bpmn:extensionElements>'
        '<coomet:lane role="chair"/><coomet:text lang="en" name="Chair"/></bpmn:extensionElements>'
        "<bpmn:flowNodeRef>u</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
    )
    drawn = document(process("p", lanes, start(), user("u"), chain("start", "u")))
    found = read(drawn).processes["p"]
    assert found.lanes == ("l1",)
    assert found.elements["l1"].name == Text(ru="Председатель", en="Chair")
    assert (found.elements["u"].lane, found.elements["u"].role) == ("l1", "chair")


def test_everything_about_a_user_task() -> None:
    task = ours(
        "task",
        form="verdict",
        clause="7.3",
        outputs="conforms, comments",
        organisation="body",
        person="reviewer",
        subject="course",
        exclude="authors",
        title='"Sheet"',
        due="workdays(10)",
        result="verdict",
    )
    found = elements(node("userTask", "u", task, ours("deadline", name="answer", due="P14D")), chain("start", "u"))["u"]
    assert (found.form, found.clause, found.outputs) == ("verdict", "7.3", ("conforms", "comments"))
    assert (found.organisation, found.person, found.subject) == ("body", "reviewer", "course")
    assert (found.exclude, found.title, found.due, found.result) == ("authors", '"Sheet"', "workdays(10)", "verdict")
    assert found.deadlines == {"answer": "P14D"}
    assert (found.incoming, found.outgoing) == (("f_start_u",), ())


def test_what_is_asked_is_evaluated_when_the_task_opens() -> None:
    task = ours("task", form="f", organisation='body["id"]', subject="course", title='"Sheet " + course', due="P14D")
    world = World(
        document(process("p", start(), node("userTask", "u", task), chain("start", "u"))),
        data={"body": {"id": "tc-1.6"}, "course": "c-7"},
    )
    asked = world.find("u")
    assert (asked.organisation, asked.subject, asked.title) == ("tc-1.6", "c-7", "Sheet c-7")
    assert asked.due == {"iso": "P14D"}


def test_a_start_form() -> None:
    form = ours("start", form="registration", roles="chair,secretariat", clause="6.2", outputs="title", operation="o")
    found = read(document(process("p", node("startEvent", "s", form)))).processes["p"].start
    assert found is not None
    assert (found.element, found.form, found.roles) == ("s", "registration", ("chair", "secretariat"))
    assert (found.clause, found.outputs, found.operation) == ("6.2", ("title",), "o")


def test_flows_gateways_events_and_repeats() -> None:
    found = elements(
        xor("gw", "f_gw_a"),
        service("a", "do.it", "done", x="1"),
        user("b", each("bodies", "body", "vs", "v", until="len(vs) > 1", sequential=True)),
        boundary("late", "b", timer("cycle", "R3/P2D"), interrupting=False),
        chain("start", "gw", "a"),
        flow("gw", "b", "n > 1"),
    )
    assert found["gw"].default == "f_gw_a"
    assert (found["f_gw_b"].source, found["f_gw_b"].target, found["f_gw_b"].condition) == ("gw", "b", "n > 1")
    assert (found["a"].operation, found["a"].parameters, found["a"].result) == ("do.it", {"x": "1"}, "done")
    assert found["b"].multi == MultiInstance(True, "bodies", None, "body", "vs", "v", "len(vs) > 1")
    late = found["late"]
    assert late.event is not None
    assert (late.event.kind, late.event.timer, late.event.expression) == ("timer", "cycle", "R3/P2D")
    assert (late.attached_to, late.interrupting) == ("b", False)


def test_the_folder_is_that_of_the_file() -> None:
    content = document(process("p", start()))
    specification, _ = read_release({"processes/creation/sheet.bpmn": content, "forms/a.schema.json": b"{"})
    assert specification is not None
    assert specification.processes["p"].folder == "creation"


def test_a_process_drawn_for_people_only_is_left_out() -> None:
    content = document(process("p", start()), process("q", start("s")).replace('"true"', '"false"'))
    assert set(read(content).processes) == {"p"}


@pytest.mark.parametrize(
    ("parts", "rule", "element"),
    [
        ((node("complexGateway", "x"),), "element", "x"),
        ((node("transaction", "x"),), "element", "x"),
        ((node("userTask", "x", '<bpmn:standardLoopCharacteristics loopMaximum="2"/>'),), "element", "x"),
        ((node("subProcess", "x", start("s"), triggeredByEvent="true"),), "element", "x"),
        ((node("userTask", "x", isForCompensation="true"),), "element", "x"),
        ((node("intermediateCatchEvent", "x"),), "element", "x"),
        ((node("intermediateCatchEvent", "x", "<bpmn:signalEventDefinition/>"),), "element", "x"),
        ((node("endEvent", "x", "<bpmn:compensateEventDefinition/>"),), "element", "x"),
        ((node("intermediateCatchEvent", "x", message("nothing")),), "element", "x"),
        ((node("intermediateCatchEvent", "x", timer("date", "") + timer("date", "2030-01-01")),), "element", "x"),
        ((node("intermediateCatchEvent", "x", "<bpmn:timerEventDefinition/>"),), "element", "x"),
        ((script("x", "import os"),), "expression", "x"),
        ((script("x", "a = = 1"),), "expression", "x"),
        ((user("x", organisation="a ="),), "expression", "x"),
        ((xor("x"), user("y"), flow("x", "y", "a ==")), "expression", "f_x_y"),
        ((service("x", "do", p="().__class__"),), "expression", "x"),
        ((node("intermediateCatchEvent", "x", timer("duration", "1 day")),), "expression", "x"),
        ((user("x", each("bodies", "b", until="b ==")),), "expression", "x"),
        ((node("callActivity", "x", calledElement="nowhere"),), "reference", "x"),
        ((node("callActivity", "x"),), "reference", "x"),
        ((node("businessRuleTask", "x", ours("decision", table="nowhere", result="r")),), "reference", "x"),
        ((flow("start", "nowhere", name="x"),), "reference", "x"),
        ((boundary("x", "nothing", timer("duration", "P1D")),), "reference", "x"),
        ((boundary("x", "start", timer("duration", "P1D")),), "reference", "x"),
        ((node("subProcess", "x", user("inside")),), "reference", "x"),
        ((node("eventBasedGateway", "x"), user("y"), chain("x", "y")), "reference", "x"),
    ],
)
def test_what_cannot_be_run_is_a_finding_at_its_element(parts: tuple[str, ...], rule: str, element: str) -> None:
    found = findings(document(process("p", start(), *parts)))
    assert {(finding.rule, finding.element) for finding in found} == {(rule, element)}
    assert all(finding.severity == "error" and finding.message.ru and finding.message.en for finding in found)


def test_ids_of_extension_elements_are_no_nodes() -> None:
    """The library's own parser takes them for nodes of the flow."""
    drawn = document(
        process(
            "p",
            start(),
            node("userTask", "u", '<coomet:note id="v"/>'),
            node("userTask", "w"),
            end(),
            chain("start", "u", "w", "end"),
        )
    )
    assert World(drawn).waiting() == ["u"]


def test_a_name_given_twice_is_a_finding() -> None:
    content = document(process("p", start()))
    assert [(found.rule, found.element) for found in findings(content, other=content)] == [("duplicate", "p")]


def test_a_process_without_a_start_is_a_finding() -> None:
    [found] = findings(document(process("p", user("u"))))
    assert (found.rule, found.element) == ("reference", "p")


def test_a_decision_table_is_evaluated_and_the_rules_taken_are_told() -> None:
    table = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="dd" name="d" namespace="n">
    <decision id="routing" name="Routing"><decisionTable id="t" hitPolicy="COLLECT"><input id="i" label="kind">
    <inputExpression id="e" typeRef="string"><text>kind</text></inputExpression></input>
    <output id="o" label="group" name="group" typeRef="string"/>
    <rule id="r1"><inputEntry id="a1"><text>"a","b"</text></inputEntry>
    <outputEntry id="b1"><text>"one"</text></outputEntry></rule>
    <rule id="r2"><inputEntry id="a2"><text>"b"</text></inputEntry>
    <outputEntry id="b2"><text>"two"</text></outputEntry></rule>
    </decisionTable></decision></definitions>"""
    drawn = document(
        process(
            "p",
            start(),
            node("businessRuleTask", "route", ours("decision", table="routing", result="groups")),
            user("u"),
            chain("start", "route", "u"),
        )
    )
    specification, found = read_release({"processes/test/p.bpmn": drawn, "processes/test/routing.dmn": table.encode()})
    assert specification is not None, [finding.message.en for finding in found]
    run = begin(specification, "p", {"kind": "b"})
    assert run.advance.tasks[0].data["groups"] == ["one", "two"]
    assert [step.rules for step in run.advance.journal if step.what == "decided"] == [("r1", "r2")]
