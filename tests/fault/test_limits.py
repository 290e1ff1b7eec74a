"""F27–F30: diagrams and answers that want too much. One instance stops with an incident, all others go on."""

import pytest

from app.engine import Json
from app.errors import Invalid
from app.worker import work_off
from app.workflow import operations
from app.workflow.operations import Context, Operation
from tests.diagrams import Node, diagram, gateway, script, service, user
from tests.scene import Scene

HUGE = "x" * (10 * 1024 * 1024)


def test_an_answer_of_ten_megabytes_is_refused_and_the_task_stays_open(scene: Scene) -> None:
    asks = diagram("asks", user("ask", outputs="note"), flows="start ask; ask end")
    scene.publish(asks=asks)
    scene.start("anna", "asks")
    with pytest.raises(Invalid):
        scene.complete("anna", "ask", note=HUGE)
    assert scene.open() == ["ask"]


def test_a_job_that_answers_ten_megabytes_is_an_incident(scene: Scene) -> None:
    operations.register(Operation("world.flood", lambda _context: HUGE))
    floods = diagram(
        "floods", service("call", "world.flood", result="all"), user("read"), flows="start call; call read; read end"
    )
    fine = diagram("fine", user("work"), flows="start work; work end")
    scene.publish(floods=floods, fine=fine)
    instance_id = scene.start("anna", "floods")
    scene.start("anna", "fine")
    work_off(scene.sessions)
    (incident,) = scene.incidents()
    assert incident.kind == "job"
    assert scene.instance(instance_id).status == "running"
    scene.complete("anna", "work")


def test_an_instance_that_fans_out_without_bound_is_an_incident(scene: Scene) -> None:
    def many(_context: Context) -> Json:
        return [str(number) for number in range(10_000)]

    operations.register(Operation("world.many", many, immediate=True))
    loop = (
        '<bpmn:multiInstanceLoopCharacteristics xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL">'
        "<bpmn:loopDataInputRef>all</bpmn:loopDataInputRef>"
        '<bpmn:inputDataItem id="item_one" name="one"/></bpmn:multiInstanceLoopCharacteristics>'
    )
    each = user("each")
    fans = diagram(
        "fans",
        service("call", "world.many", immediate=True, result="all"),
        Node("each", "userTask", loop, role=each.role, extension=each.extension),
        flows="start call; call each; each end",
    )
    scene.publish(fans=fans)
    instance_id = scene.start("anna", "fans")
    (incident,) = scene.incidents()
    assert (incident.kind, incident.element) == ("engine", "each")
    assert scene.open() == []
    assert scene.instance(instance_id).status == "running", "stopped, and never taken for completed"


def test_a_circle_without_a_wait_is_an_incident_and_never_completed(scene: Scene) -> None:
    """A person's answer lets the procedure go round for ever; the check of diagrams would refuse a fixed circle."""
    round_ = diagram(
        "round",
        user("ask", outputs="note"),
        gateway("merge"),
        script("count", "number = number + 1 if number else 1"),
        gateway("again", default="again_end"),
        flows="start ask; ask merge; merge count; count again; again merge; again end",
        conditions={"again_merge": "note == 'for ever'"},
    )
    with pytest.raises(Invalid):
        scene.publish(round=round_)


def test_many_rounds_with_a_wait_go_on_as_they_began(scene: Scene) -> None:
    """Stock SpiffWorkflow stops silently at a depth of 1000 tasks (N2)."""
    again = diagram(
        "again",
        user("ask", outputs="note"),
        gateway("enough", default="enough_end"),
        flows="start ask; ask enough; enough ask; enough end",
        conditions={"enough_ask": "note != 'enough'"},
    )
    scene.publish(again=again)
    instance_id = scene.start("anna", "again")
    sizes = []
    for _round in range(40):
        scene.complete("anna", "ask", note="again")
        sizes.append(len(scene.instance(instance_id).state or b""))
    assert max(sizes) == min(sizes)
    scene.complete("anna", "ask", note="enough")
    assert scene.instance(instance_id).end_event == "end"


def test_f27_a_poisoned_script_stops_its_own_instance_only(scene: Scene) -> None:
    bad = diagram(
        "bad",
        user("ask", outputs="note"),
        script("poison", "\n".join(["a = 'x' * 1000"] + ["a = a + a"] * 30)),
        flows="start ask; ask poison; poison end",
    )
    fine = diagram("fine", user("work"), flows="start work; work end")
    scene.publish(bad=bad, fine=fine)
    instance_id = scene.start("anna", "bad")
    scene.start("anna", "fine")
    scene.complete("anna", "ask", note="go")
    (incident,) = scene.incidents()
    assert incident.element == "poison"
    assert scene.instance(instance_id).status == "running"
    scene.complete("anna", "work")
