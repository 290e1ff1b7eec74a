"""Service tasks: operations within the step, and jobs whose result comes back later."""

import pytest

from app.engine import Json
from app.errors import Conflict, PermanentFailure, TemporaryFailure
from app.worker import work_off
from app.workflow import instances, operations, repairs
from app.workflow.operations import Context, Operation, Outside
from tests.conftest import TestClock
from tests.diagrams import diagram, on_error, service, user
from tests.scene import Scene

JOB = diagram(
    "asks",
    service("call", "world.ask", result="answer", what="'time'"),
    user("read", title="answer"),
    flows="start call; call read; read end",
)
CAUGHT = diagram(
    "catches",
    service("call", "world.ask", result="answer", what="'time'"),
    on_error("refused", "call", "no_user"),
    user("mend"),
    flows="start call; call end; refused mend; mend end",
)


class World:
    """Answers, or fails as it is told; keeps what it was asked for and under which key."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.failures: list[Exception] = []

    def act(self, request: str, key: str) -> str:
        self.asked.append((request, key))
        if self.failures:
            raise self.failures.pop(0)
        return f"{request} is known"


@pytest.fixture
def world() -> World:
    made = World()

    def keep(_context: Context, what: str, answer: str) -> Json:
        return answer

    operations.register(
        Operation("world.ask", keep, {"what": True}, outside=Outside(lambda _context, what: what, made.act))
    )
    return made


def test_a_job_answers_its_call_and_the_instance_goes_on(scene: Scene, world: World) -> None:
    scene.publish(asks=JOB)
    instance_id = scene.start("anna", "asks")
    assert scene.open() == []
    (job,) = scene.jobs()
    assert (job.operation, job.params, job.queue) == ("world.ask", {"what": "time"}, instance_id)
    work_off(scene.sessions)
    assert scene.task("read").title == "time is known"
    assert world.asked == [("time", job.key)]
    assert scene.jobs()[0].receipt == "time is known"


def test_a_passing_failure_uses_the_same_key_again(scene: Scene, world: World, moved_clock: TestClock) -> None:
    scene.publish(asks=JOB)
    scene.start("anna", "asks")
    world.failures = [TemporaryFailure("busy")]
    work_off(scene.sessions)
    moved_clock.move(minutes=1)
    work_off(scene.sessions)
    assert scene.open() == ["read"]
    assert len({key for _request, key in world.asked}) == 1
    assert len(world.asked) == 2


def test_the_diagram_catches_a_permanent_failure_of_its_code(scene: Scene, world: World) -> None:
    scene.publish(catches=CAUGHT)
    scene.start("anna", "catches")
    world.failures = [PermanentFailure("no such user", "no_user")]
    work_off(scene.sessions)
    assert scene.open() == ["mend"]
    assert scene.incidents() == []


@pytest.mark.parametrize("how", ["retry", "by hand", "cancel"])
def test_what_the_diagram_does_not_catch_is_an_incident_with_three_ways_out(
    scene: Scene, world: World, how: str
) -> None:
    scene.publish(catches=CAUGHT)
    instance_id = scene.start("anna", "catches")
    world.failures = [PermanentFailure("gone", "other")]
    work_off(scene.sessions)
    (incident,) = scene.incidents()
    assert (incident.kind, incident.element) == ("engine", "call")
    with scene.sessions.begin() as session:
        if how == "retry":
            repairs.retry(session, incident.id, "olga")
        elif how == "by hand":
            repairs.answer_by_hand(session, incident.id, "it is noon", "olga", "asked by telephone")
        else:
            repairs.cancel(session, incident.id, "olga", "pointless")
    work_off(scene.sessions)
    done = scene.instance(instance_id)
    assert done.status == ("cancelled" if how == "cancel" else "completed")
    assert scene.incidents() == []
    assert len(world.asked) == (2 if how == "retry" else 1)


@pytest.mark.parametrize("how", ["retry", "by hand"])
def test_an_exhausted_job_is_an_incident_too(scene: Scene, world: World, moved_clock: TestClock, how: str) -> None:
    scene.publish(asks=JOB)
    scene.start("anna", "asks")
    world.failures = [TemporaryFailure("busy")] * 12
    for _attempt in range(14):
        work_off(scene.sessions)
        moved_clock.move(hours=8)
    (incident,) = scene.incidents()
    assert (incident.kind, len(world.asked)) == ("job", 12)
    with scene.sessions.begin() as session:
        if how == "retry":
            repairs.retry(session, incident.id, "olga")
        else:
            repairs.answer_by_hand(session, incident.id, "by hand", "olga", "looked it up")
    work_off(scene.sessions)
    assert scene.open() == ["read"]
    assert scene.incidents() == []
    with pytest.raises(Conflict), scene.sessions.begin() as session:
        repairs.retry(session, incident.id, "olga")


def test_a_cancelled_instance_has_no_job_left_and_a_late_answer_changes_nothing(scene: Scene, world: World) -> None:
    scene.publish(asks=JOB)
    instance_id = scene.start("anna", "asks")
    with scene.sessions.begin() as session:
        instances.cancel(session, instance_id, "olga", "withdrawn")
    assert [job.outcome for job in scene.jobs()] == ["cancelled"]
    assert work_off(scene.sessions) == 0
    assert world.asked == []


def test_an_immediate_operation_writes_and_answers_within_the_step(scene: Scene) -> None:
    seen: list[tuple[str | None, str]] = []

    def number(context: Context, of: str) -> Json:
        seen.append((context.subject, context.actor))
        return f"{of}-1"

    operations.register(Operation("register.number", number, {"of": True}, immediate=True))
    numbered = diagram(
        "numbered",
        user("first", outputs="note"),
        service("call", "register.number", immediate=True, result="no", of="note"),
        user("read", title="no"),
        flows="start first; first call; call read; read end",
    )
    scene.publish(numbered=numbered)
    scene.start("anna", "numbered", "course-7")
    scene.complete("boris", "first", note="K")
    assert scene.task("read").title == "K-1"
    assert scene.jobs() == []
    assert seen == [("course-7", scene.actor("boris").person_id)]


def test_a_refusal_of_an_immediate_operation_is_told_to_the_person_and_undoes_the_step(scene: Scene) -> None:
    def refuse(_context: Context) -> Json:
        raise Conflict("The title is taken.")

    operations.register(Operation("register.refuse", refuse, immediate=True))
    refused = diagram(
        "refused",
        user("first"),
        service("call", "register.refuse", immediate=True),
        flows="start first; first call; call end",
    )
    scene.publish(refused=refused)
    scene.start("anna", "refused")
    with pytest.raises(Conflict, match="taken"):
        scene.complete("anna", "first")
    assert scene.open() == ["first"]


def test_an_operation_that_vanished_with_a_new_version_of_the_program_is_an_incident(
    scene: Scene, world: World
) -> None:
    scene.publish(asks=JOB)
    del operations._registered["world.ask"]
    scene.start("anna", "asks")
    (incident,) = scene.incidents()
    assert "world.ask" in incident.message_en
