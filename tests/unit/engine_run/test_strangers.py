"""What other tools draw and we run as the standard says, although we would draw it otherwise."""

from collections.abc import Mapping

import pytest

from app.engine import Run, compile_release, start
from app.engine.lint import check
from tests.unit.engine_lint.drawing import attached, changed, drawn, row, simple, ways
from tests.unit.engine_run.bpmn import boundary, each, end, node, ours, parallel, timer, user
from tests.unit.engine_run.bpmn import start as started

Files = Mapping[str, bytes]


def errors(files: Files) -> set[str]:
    return {one.rule for one in check(files) if one.severity == "error"}


def publishing(files: Files) -> set[str]:
    return {one.rule for one in check(files) if one.severity == "publishing"}


def begun(files: Files) -> Run:
    return start(compile_release(files), "p", {"xs": [1, 2]})


def open_steps(run: Run) -> list[str]:
    return sorted(task.element for task in run.snapshot().open_tasks)


def test_a_task_without_a_kind_passes_at_once() -> None:
    files = simple(kind="task")
    assert not errors(files)
    assert "task-kind" in publishing(files)
    assert begun(files).ended


def test_a_circle_of_tasks_without_a_kind_is_refused() -> None:
    """Nobody would ever wait in it."""
    back = drawn(
        started(), node("task", "x"), node("exclusiveGateway", "g", default="f_g_end"), end(),
        ways("start>x>g>x ? again", "g>end"),
    )  # fmt: skip
    assert "circle-no-wait" in errors(back)


def test_data_that_are_only_drawn_change_nothing() -> None:
    """Also when referred to from two levels down, which keeps the library's parser for ever."""
    sheet = '<bpmn:dataObject id="d"/><bpmn:dataObjectReference id="r" dataObjectRef="d"/>'
    arrow = '<bpmn:dataInputAssociation id="a"><bpmn:sourceRef>r</bpmn:sourceRef><bpmn:targetRef>t</bpmn:targetRef>'
    asking = node("userTask", "u", f'<bpmn:property id="t" name="x"/>{arrow}</bpmn:dataInputAssociation>')
    inner = row(started("s2"), asking, end("e2"))
    outer = row(started("s1"), node("subProcess", "b", inner), end("e1"))
    files = drawn(row(started(), node("subProcess", "a1", outer), end()), sheet, '<bpmn:dataStoreReference id="ds"/>')
    assert not errors(files)
    assert {one.rule for one in check(files) if one.severity == "warning"} == {"data-drawn"}
    assert open_steps(begun(files)) == ["u"]


def test_a_process_for_people_only_runs_where_it_is_alone() -> None:
    files = changed(simple(), 'isExecutable="true"', 'isExecutable="false"')
    assert not errors(files)
    assert "not-executable" in publishing(files)
    assert open_steps(begun(files)) == ["x"]


@pytest.mark.parametrize("false", ["false", "0"])
def test_marks_may_be_written_as_digits(false: str) -> None:
    """The schema calls both a Boolean; the check and the engine have to read them alike."""
    reminder = attached(boundary("b", "x", timer("duration", "P1D"), interrupting=False))
    run = begun(changed(reminder, 'cancelActivity="false"', f'cancelActivity="{false}"'))
    run.fire(run.snapshot().timers[0].id)
    assert open_steps(run) == ["x"]


@pytest.mark.parametrize("true", ["true", "1"])
def test_one_after_another_may_be_written_as_a_digit(true: str) -> None:
    files = simple(each("xs", "item", sequential=True), ours("task"))
    run = begun(changed(files, 'isSequential="true"', f'isSequential="{true}"'))
    assert open_steps(run) == ["x"]


def test_an_end_that_is_not_drawn_ends() -> None:
    files = drawn(row(started(), user("x")))
    assert not errors(files)
    assert {"dead-end", "end-missing"} <= publishing(files)
    run = begun(files)
    run.complete(run.snapshot().open_tasks[0].id, {})
    assert run.ended


def test_an_end_that_is_not_drawn_lets_no_join_starve_unseen() -> None:
    """A branch that may end on the boundary of a step never comes to the join."""
    halves = parallel("s") + user("a") + user("c") + parallel("j") + ways("start>s>a>j>end", "s>c>j")
    assert not errors(drawn(started(), end(), halves))
    assert "join-starves" in errors(drawn(started(), end(), halves, boundary("b", "a", timer("duration", "P1D"))))


def test_a_branch_that_ends_by_itself_beside_a_join_starves_it() -> None:
    g = node("exclusiveGateway", "g", default="f_g_j")
    halves = parallel("s") + g + user("lost") + user("c") + parallel("j")
    arrows = ways("start>s>g>lost ? v", "g>j", "j>end", "s>c>j")
    assert "join-starves" in errors(drawn(started(), end(), halves, arrows))
