"""States: small, the same size for ever, readable by the version that wrote them, closed to scripts of the library."""

import threading

import pytest

from app.engine import restore, start
from app.engine.library import TaskState
from app.engine.state import UnreadableState
from tests.bench import course
from tests.unit.engine_run.bpmn import chain, document, flow, process, user, xor
from tests.unit.engine_run.bpmn import start as begin
from tests.unit.engine_run.world import World, read

LOOP = document(
    process(
        "p",
        begin(),
        user("u"),
        xor("gw", "f_gw_u"),
        user("v"),
        chain("start", "u", "gw", "u"),
        flow("gw", "v", "False"),
    )
)


def test_a_thousand_rounds_of_rework_leave_the_state_as_it_was() -> None:
    spec = read(LOOP)
    run = start(spec, "p", {})
    size, tokens = len(run.save()), len(run.instance.tasks)
    for _ in range(1_000):
        run = restore(spec, run.save())
        run.complete(run.snapshot().open_tasks[0].id, {})
    assert (len(run.save()), len(run.instance.tasks)) == (size, tokens)


def test_a_step_does_not_grow_with_the_life_of_the_realistic_process() -> None:
    world = World(*course.files().values(), process="course")
    world.do("fill", **course.DATA)
    sizes = []
    for _ in range(30):
        sizes.append((len(world.run.save()), len(world.tokens())))
        for _ in range(3):
            world.do("a_review", **course.review(False))
        world.do("rework")
    assert {tokens for _, tokens in sizes} == {sizes[0][1]}
    assert sizes[-1][0] <= sizes[0][0] + 2  # the number of the round has two digits now


def test_only_live_tokens_and_what_holds_them_together_are_kept() -> None:
    world = World(*course.files().values(), process="course")
    world.do("fill", **course.DATA)
    kept = [token for token in world.tokens() if token._state == TaskState.COMPLETED]
    assert {token.task_spec.name for token in kept} == {"Start", "a_review.BoundaryEventSplit"}


@pytest.mark.parametrize("state", [b"", b"\x00", b"\x02[]", b"\x01", b"\x01{}", b"\x01[null,[]]", b"\x01nonsense"])
def test_bytes_that_are_no_state_are_refused(state: bytes) -> None:
    with pytest.raises(UnreadableState):
        restore(read(LOOP), state)


def test_the_state_of_another_release_is_refused() -> None:
    state = start(read(LOOP), "p", {}).save()
    other = read(LOOP.replace(b'"u"', b'"w"').replace(b"f_gw_u", b"f_gw_w"))
    with pytest.raises(UnreadableState):
        restore(other, state)


def test_a_state_begins_with_the_version_of_its_format() -> None:
    assert start(read(LOOP), "p", {}).save()[0] == 2


def test_the_library_s_script_engine_is_closed_before_and_after_a_restore() -> None:
    world = World(LOOP)
    for run in (world.run, restore(world.spec, world.run.save())):
        environment = run.instance.script_engine.environment
        with pytest.raises(PermissionError):
            environment.evaluate("1 + 1", {})
        with pytest.raises(PermissionError):
            environment.execute("x = 1", {})
        with pytest.raises(PermissionError):
            environment.call_service({}, operation_name="x")


def test_values_of_one_token_are_not_shared_with_another_after_a_restore() -> None:
    drawn = document(
        process(
            "p",
            begin(),
            '<bpmn:parallelGateway id="split"/>',
            user("a", outputs="card"),
            user("b"),
            chain("start", "split", "a"),
            chain("split", "b"),
        )
    )
    world = World(drawn, data={"card": {"n": [1]}})
    taken = world.find("a").data
    taken["card"] = "changed by the caller"
    assert world.run.snapshot().open_tasks[1].data == {"card": {"n": [1]}}


def test_one_specification_serves_many_threads() -> None:
    spec = read(*course.files().values())
    before = {name: vars(node).copy() for level in spec.engine.values() for name, node in level.task_specs.items()}
    errors: list[BaseException] = []

    def live(who: int) -> None:
        try:
            for _ in range(5):
                run = start(spec, "course", {"who": who})
                run.complete(run.advance.tasks[0].id, course.DATA)
                for agrees in (False, True):
                    for task in run.snapshot().open_tasks:
                        run.complete(task.id, course.review(agrees))
                    for task in run.snapshot().open_tasks:
                        if task.element == "rework":
                            run.complete(task.id, {})
                [expert] = run.snapshot().open_tasks
                assert (expert.element, expert.data["who"]) == ("expert", who)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=live, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    after = {name: vars(node).copy() for level in spec.engine.values() for name, node in level.task_specs.items()}
    assert before == after
