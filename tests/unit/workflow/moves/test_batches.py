"""Orders for many: each instance by itself, stoppable, and what goes on meanwhile is left alone."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.audit.kinds import Kind
from app.db import new_id
from app.errors import Conflict, Denied, Invalid, NotFound
from app.worker import claim_one, run, work_off
from app.workflow import releases, tasks
from app.workflow.models import Task
from app.workflow.moves import batches, previewing, standing
from tests.conftest import TestClock
from tests.diagrams import call, diagram, user
from tests.scene import Scene
from tests.unit.workflow.moves.conftest import Mover

OLD = diagram("p", user("a"), user("b"), flows="start a; a b; b end")
NEW = diagram("p", user("a"), user("w"), user("b"), flows="start a; a w; w b; b end")


def test_all_are_moved_each_by_a_job_of_its_own_and_reported(scene: Scene, mover: Mover) -> None:
    old = scene.publish(p=OLD)
    running = [scene.start("anna", "p") for _ in range(4)]
    new = scene.publish(p=NEW)
    ada = scene.actor("ada")
    batch = mover.give(mover.order("p", old, new))
    with scene.sessions() as session:
        assert batches.report_for(session, ada, batch).left == 4
    work_off(scene.sessions)
    with scene.sessions() as session:
        report = batches.report_for(session, ada, batch)
        assert (report.left, report.done, report.counted) == (0, 4, {"moved": 4})
        assert {line.instance.id for line in batches.lines(session, report.batch, 0, 10)} == set(running)
        assert [one.release.number for one in standing.running(session)] == [2]
    assert mover.violations() == []


def test_one_that_goes_on_after_the_preview_is_left_and_previewed_again(scene: Scene, mover: Mover) -> None:
    old = scene.publish(p=OLD)
    instance = scene.start("anna", "p")
    new = scene.publish(p=NEW)
    batch = mover.give(mover.order("p", old, new))
    scene.complete("anna", "a")
    work_off(scene.sessions)
    assert mover.outcomes(batch) == {instance: "changed"}
    assert scene.open() == ["b"]
    assert mover.instance(instance).release_id == old
    assert mover.move("p", old, new) == {instance: "moved"}
    assert scene.open() == ["b"]
    assert mover.violations() == []


def test_one_that_ends_after_the_preview_is_over(scene: Scene, mover: Mover) -> None:
    old = scene.publish(p=OLD)
    instance = scene.start("anna", "p")
    batch = mover.give(mover.order("p", old, scene.publish(p=NEW)))
    scene.complete("anna", "a")
    scene.complete("anna", "b")
    work_off(scene.sessions)
    assert mover.outcomes(batch) == {instance: "over"}
    assert mover.violations() == []


def test_a_stopped_order_leaves_what_it_has_not_come_to(scene: Scene, mover: Mover) -> None:
    old = scene.publish(p=OLD)
    instances = [scene.start("anna", "p") for _ in range(3)]
    new = scene.publish(p=NEW)
    batch = mover.give(mover.order("p", old, new))
    job = claim_one(scene.sessions, "one", timedelta(minutes=1))
    assert job is not None
    run(scene.sessions, job)
    ada = scene.actor("ada")
    with scene.sessions.begin() as session:
        assert batches.stop(session, ada, batch).stopped_at is not None
    work_off(scene.sessions)
    assert sorted(str(one) for one in mover.outcomes(batch).values()) == ["left", "left", "moved"]
    assert sorted(mover.instance(one).release_id == new for one in instances) == [False, False, True]
    assert mover.violations() == []


def test_an_order_names_what_it_moves_and_only_an_analyst_gives_it(scene: Scene, mover: Mover) -> None:
    old = scene.publish(p=OLD, q=OLD.replace(b'id="p"', b'id="q"').replace(b'name="p', b'name="q'))
    other = scene.start("anna", "q")
    new = scene.publish(p=NEW)
    anna, ada = scene.actor("anna"), scene.actor("ada")
    order = mover.order("p", old, new)
    with scene.sessions.begin() as session:
        with pytest.raises(Denied):
            batches.give(session, anna, order, {other: 1})
        with pytest.raises(Invalid):
            batches.give(session, ada, order, {})
        with pytest.raises(NotFound):
            batches.give(session, ada, order, {other: 1})
        with pytest.raises(Conflict):
            batches.give(session, ada, mover.order("q", old, old), {other: 1})
        with pytest.raises(NotFound):
            batches.give(session, ada, mover.order("q", old, "no-such"), {other: 1})
        with pytest.raises(Denied):
            batches.report_for(session, anna, "any")
        with pytest.raises(NotFound):
            batches.report_for(session, ada, "none")


def test_how_many_stand_where_called_processes_among_them(scene: Scene, mover: Mover) -> None:
    inner = diagram("inner", user("x"), user("y"), flows="start x; x y; y end")
    outer = diagram("p", call("c", "inner"), user("b"), flows="start c; c b; b end")
    release = scene.publish(p=outer, inner=inner)
    scene.start("anna", "p")
    scene.complete("anna", "x")
    scene.complete("anna", "y")
    scene.start("anna", "p")
    with scene.sessions() as session:
        (one,) = standing.running(session)
        assert (one.process, one.release.number, one.number) == ("p", 1, 2)
        found = standing.places(session, "p", release)
        assert {process: dict(counted) for process, counted in found.items()} == {
            "p": {"c": 1, "b": 1},
            "inner": {"x": 1},
        }


def test_a_preview_changes_nothing_and_counts_drafts_and_dates(scene: Scene, mover: Mover) -> None:
    old = scene.publish(p=OLD)
    instance = scene.start("anna", "p")
    before = mover.instance(instance).state
    new = scene.publish(p=NEW)
    with scene.sessions() as session:
        found = previewing.preview(session, "p", old, new)
    assert (found.ready, found.refused, found.left) == (1, 0, 0)
    assert [(item.what, item.how, item.element) for item in found.previews[0].plan.items] == [("task", "kept", "a")]
    assert mover.instance(instance).state == before
    assert scene.events(instance)[-1].kind is Kind.INSTANCE_STARTED


def test_f22_releases_published_in_the_midst_of_completions_leave_every_instance_on_its_own(
    scene: Scene, mover: Mover
) -> None:
    """Two publish as fast as they can while others complete: nothing fails, nothing changes its release."""
    first = scene.publish(p=OLD)
    files = {}
    with scene.sessions() as session:
        files = releases.export(session, first)
    running = [scene.start("anna", "p") for _ in range(6)]
    failures: list[BaseException] = []
    over = threading.Event()

    def publish() -> None:
        number = 0
        while not over.is_set() and number < 40:
            number += 1
            changed = {path: data.replace(b"a in English", f"a {number}".encode()) for path, data in files.items()}
            with scene.sessions.begin() as session:
                releases.publish(session, changed, "tester")

    def guarded(act: object) -> None:
        try:
            act()  # type: ignore[operator]
        except BaseException as error:  # told by the test
            failures.append(error)

    publishing = threading.Thread(target=guarded, args=(publish,))
    publishing.start()
    try:
        for one in running:
            _complete(scene, one, "a")
            _complete(scene, one, "b")
    finally:
        over.set()
        publishing.join()
    assert failures == []
    assert {mover.instance(one).release_id for one in running} == {first}
    assert {mover.instance(one).status for one in running} == {"completed"}
    assert mover.violations() == []


def _complete(scene: Scene, instance_id: str, element: str) -> None:
    anna = scene.actor("anna")
    with scene.sessions.begin() as session:
        own = sa.and_(Task.instance_id == instance_id, Task.element == element, Task.closed_at.is_(None))
        task = session.scalars(sa.select(Task).where(own)).one()
        tasks.complete(session, anna, task.id, {}, nonce=new_id(), revision=task.revision)


def test_moves_and_completions_at_once_lose_neither(scene: Scene, mover: Mover, moved_clock: TestClock) -> None:
    """F23: whoever comes first goes on; the other is told or previews again, and no instance is torn."""
    old = scene.publish(p=OLD)
    running = [scene.start("anna", "p") for _ in range(8)]
    new = scene.publish(p=NEW)
    mover.give(mover.order("p", old, new))
    failures: list[BaseException] = []

    def complete() -> None:
        for one in running:
            try:
                _complete(scene, one, "a")
            except Conflict:
                continue
            except BaseException as error:  # told by the test
                failures.append(error)

    completing = threading.Thread(target=complete)
    completing.start()
    work_off(scene.sessions)
    completing.join()
    assert failures == []
    for one in running:
        assert mover.instance(one).release_id in (old, new)
    assert len(scene.open()) == len(running)
    assert mover.violations() == []
