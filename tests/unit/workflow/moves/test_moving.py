"""One move: the rows of the instance, the evidence, the way back. F23: nothing is orphaned."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.audit.kinds import Kind
from app.errors import Conflict, Denied
from app.worker import fire_one, work_off
from app.workflow import drafts, inbox, instances, messages, operations, reminders, repairs, tasks
from app.workflow.models import Deadline, Draft, Job, Receiver
from app.workflow.moves import undoing
from app.workflow.operations import Operation, Outside
from tests.conftest import TestClock
from tests.diagrams import call, diagram, gateway, on_timer, receive, service, user
from tests.scene import Scene, form
from tests.unit.workflow.moves.conftest import Mover

OLD = diagram(
    "p",
    user("a", deadline=("answer", "workdays(5)")),
    on_timer("early", "a", "date", 'before("answer", workdays=3)', interrupting=False),
    user("hint"),
    user("b"),
    flows="start a; a b; b end; early hint; hint end",
)
NEW = diagram(
    "p",
    user("a", deadline=("answer", "workdays(9)"), title="'Совсем другая'"),
    on_timer("early", "a", "date", 'before("answer", workdays=3)', interrupting=False),
    on_timer("late", "a", "date", 'after("answer", workdays=1)', interrupting=False),
    user("hint"),
    user("chase"),
    user("between"),
    user("b"),
    flows="start a; a between; between b; b end; early hint; hint end; late chase; chase end",
)


def test_f23_a_task_keeps_claim_draft_and_dates_and_a_new_timer_is_set_on_its_deadline(
    scene: Scene, mover: Mover, moved_clock: TestClock
) -> None:
    old = scene.publish(p=OLD)
    instance = scene.start("anna", "p")
    before = scene.task("a")
    anna = scene.actor("anna")
    with scene.sessions.begin() as session:
        tasks.claim(session, anna, before.id)
        drafts.keep(session, drafts.of_task(before.id), anna.person_id, {"note": "начато"})
        (due,) = session.scalars(sa.select(Deadline.due))
    moved_clock.move(days=1)
    new = scene.publish(p=NEW)
    assert mover.move("p", old, new) == {instance: "moved"}
    after = scene.task("a")
    assert (after.id, after.claimed_by, after.due) == (before.id, scene.actor("anna").person_id, before.due)
    assert after.title == "Совсем другая"
    with scene.sessions() as session:
        assert [one.due for one in session.scalars(sa.select(Deadline))] == [due]
        assert [one.values for one in session.scalars(sa.select(Draft))] == [{"note": "начато"}]
    assert mover.instance(instance).release_id == new
    early, late = scene.timers()
    assert (early.element, late.element) == ("early", "late")
    assert late.due is not None
    assert timedelta(0) < late.due - due < timedelta(days=4)
    assert mover.violations() == []
    scene.complete("anna", "a")
    assert scene.open() == ["between"]
    scene.complete("anna", "between")
    scene.complete("anna", "b")
    assert mover.instance(instance).status == "completed"
    assert mover.violations() == []


def test_the_move_is_an_event_with_both_releases_and_the_undoing_another(
    scene: Scene, mover: Mover, moved_clock: TestClock
) -> None:
    old = scene.publish(p=OLD)
    instance = scene.start("anna", "p")
    state = mover.instance(instance).state
    timer = scene.timers()[0]
    new = scene.publish(p=NEW)
    mover.move("p", old, new, note="Новый порядок")
    moved = scene.events(instance)[-1]
    assert moved.kind is Kind.INSTANCE_MIGRATED
    assert (moved.body["from"], moved.body["to"], moved.body["from_release"]) == (1, 2, old)
    assert moved.personal == {"reason": "Новый порядок"}
    assert moved.actor == scene.actor("ada").person_id
    mover.undo(instance)
    assert scene.events(instance)[-1].kind is Kind.INSTANCE_MOVE_UNDONE
    assert mover.instance(instance).state == state
    assert mover.instance(instance).release_id == old
    assert [(one.id, one.due) for one in scene.timers()] == [(timer.id, timer.due)]
    assert scene.task("a").title is None
    assert mover.violations() == []
    scene.complete("anna", "a")
    assert scene.open() == ["b"]
    assert mover.violations() == []


def test_an_instance_that_has_gone_on_is_not_put_back_but_can_be_moved_back(scene: Scene, mover: Mover) -> None:
    old = scene.publish(p=OLD)
    instance = scene.start("anna", "p")
    new = scene.publish(p=NEW)
    mover.move("p", old, new)
    scene.complete("anna", "a")
    scene.complete("anna", "between")
    found = mover.last(instance)
    ada = scene.actor("ada")
    assert undoing.hindrance(found, mover.instance(instance)) == undoing.GONE_ON
    with scene.sessions.begin() as session, pytest.raises(Conflict):
        undoing.undo(session, ada, found.id)
    assert mover.move("p", new, old) == {instance: "moved"}
    scene.complete("anna", "b")
    assert mover.instance(instance).status == "completed"
    assert mover.violations() == []


def test_only_an_analyst_undoes(scene: Scene, mover: Mover) -> None:
    old = scene.publish(p=OLD)
    instance = scene.start("anna", "p")
    mover.move("p", old, scene.publish(p=NEW))
    anna = scene.actor("anna")
    move = mover.last(instance)
    with scene.sessions.begin() as session, pytest.raises(Denied):
        undoing.undo(session, anna, move.id)


def test_f23_a_step_that_is_no_more_is_a_reason_and_nothing_has_changed(scene: Scene, mover: Mover) -> None:
    old = scene.publish(p=OLD)
    instance = scene.start("anna", "p")
    before = mover.instance(instance)
    new = scene.publish(p=diagram("p", user("b"), flows="start b; b end"))
    assert mover.reasons("p", old, new) == ["The procedure stands at “a in English”, which this release does not have."]
    assert mover.move("p", old, new) == {instance: "refused"}
    after = mover.instance(instance)
    assert (after.state, after.revision, after.release_id) == (before.state, before.revision, old)
    assert scene.open() == ["a"]
    assert mover.violations() == []


def test_a_step_with_another_id_is_named_and_its_task_stays(scene: Scene, mover: Mover) -> None:
    old = scene.publish(p=diagram("p", user("a"), user("b"), flows="start a; a b; b end"))
    instance = scene.start("anna", "p")
    before = scene.task("a")
    new = scene.publish(p=diagram("p", user("a2"), user("b"), flows="start a2; a2 b; b end"))
    assert mover.move("p", old, new, names=(("p", "a", "a2"),)) == {instance: "moved"}
    assert scene.task("a2").id == before.id
    assert mover.violations() == []
    mover.undo(instance)
    assert scene.task("a").id == before.id
    assert mover.violations() == []
    mover.move("p", old, new, names=(("p", "a", "a2"),))
    scene.complete("anna", "a2")
    scene.complete("anna", "b")
    assert mover.violations() == []


def test_who_is_asked_follows_the_new_diagram_and_a_claim_of_others_falls(scene: Scene, mover: Mover) -> None:
    told: list[str] = []
    operations.register(
        Operation(reminders.ASSIGNED, lambda _c, task: told.append(task), {"task": True}, result=False)
    )
    scene.person("zoya", "secretariat")
    old = scene.publish(p=diagram("p", user("a"), flows="start a; a end"))
    scene.start("anna", "p")
    task = scene.task("a")
    anna = scene.actor("anna")
    with scene.sessions.begin() as session:
        tasks.claim(session, anna, task.id)
    work_off(scene.sessions)
    new = scene.publish(p=diagram("p", user("a", role="secretariat"), flows="start a; a end"))
    mover.move("p", old, new)
    after = scene.task("a")
    assert (after.role, after.claimed_by) == ("secretariat", None)
    anna = scene.actor("anna")
    zoya = scene.actor("zoya")
    with scene.sessions() as session:
        assert [one.task.id for one in inbox.query(session, zoya, "roles").rows] == [task.id]
        assert inbox.query(session, anna, "mine").rows == ()
    assert told == [task.id, task.id]
    scene.complete("zoya", "a")
    assert mover.violations() == []


def test_a_page_that_shows_an_old_form_is_told_so_and_one_of_an_unchanged_form_is_not(
    scene: Scene, mover: Mover
) -> None:
    drawn = diagram("p", user("a", form="f"), flows="start a; a end")
    old = scene.publish({"f": form("one")}, p=drawn)
    scene.start("anna", "p")
    before = scene.task("a").revision
    same = scene.publish({"f": form("one")}, p=drawn.replace("a по-русски".encode(), "Б".encode()))
    mover.move("p", old, same)
    assert scene.task("a").revision == before
    other = scene.publish({"f": form("one", "two")}, p=drawn)
    mover.move("p", same, other)
    assert scene.task("a").revision == before + 1


def test_a_timer_that_has_fired_is_not_set_again(scene: Scene, mover: Mover, moved_clock: TestClock) -> None:
    old = scene.publish(p=OLD)
    instance = scene.start("anna", "p")
    moved_clock.move(days=3)
    assert fire_one(scene.sessions)
    assert scene.open() == ["a", "hint"]
    new = scene.publish(p=NEW)
    assert mover.move("p", old, new) == {instance: "moved"}
    assert [one.element for one in scene.timers()] == ["late"]
    assert mover.violations() == []


def test_a_timer_that_is_no_more_is_taken_away_and_comes_back_on_the_deadline_as_it_is_then(
    scene: Scene, mover: Mover, moved_clock: TestClock
) -> None:
    old = scene.publish(p=OLD)
    instance = scene.start("anna", "p")
    timer, task = scene.timers()[0], scene.task("a")
    bare = diagram("p", user("a", deadline=("answer", "workdays(5)")), user("b"), flows="start a; a b; b end")
    new = scene.publish(p=bare)
    mover.move("p", old, new)
    assert scene.timers() == []
    assert mover.violations() == []
    anna = scene.actor("anna")
    with scene.sessions.begin() as session:
        tasks.extend_deadline(session, anna, task.id, "answer", date(2026, 12, 18), "Отпуск")
    mover.undo(instance)
    (back,) = scene.timers()
    assert back.id == timer.id
    assert back.due is not None
    assert back.due.date() == date(2026, 12, 15)
    assert mover.violations() == []


def test_a_job_asked_for_already_answers_the_moved_instance_under_its_key(scene: Scene, mover: Mover) -> None:
    outside = Outside(lambda _context, what: what, lambda request, key: f"{request} {key}")
    keep = Operation("world.ask", lambda _c, what, answer: answer, {"what": True}, outside=outside)
    operations.register(keep)
    ask = service("ask", "world.ask", result="answer", what="'time'")
    old = scene.publish(p=diagram("p", ask, user("b"), flows="start ask; ask b; b end"))
    instance = scene.start("anna", "p")
    (job,) = scene.jobs()
    after = (ask, user("between"), user("b"))
    new = scene.publish(p=diagram("p", *after, flows="start ask; ask between; between b; b end"))
    batch = mover.give(mover.order("p", old, new))
    with scene.sessions.begin() as session:  # the order is worked off before the answer comes
        session.execute(sa.update(Job).where(Job.id == job.id).values(due=job.due + timedelta(hours=1)))
    work_off(scene.sessions)
    assert mover.outcomes(batch) == {instance: "moved"}
    with scene.sessions.begin() as session:
        session.execute(sa.update(Job).where(Job.id == job.id).values(due=job.due))
    work_off(scene.sessions)
    assert scene.open() == ["between"]
    assert [one.key for one in scene.jobs() if one.call] == [job.key]
    assert mover.violations() == []


def test_a_receiver_waits_for_what_the_new_diagram_names(scene: Scene, mover: Mover) -> None:
    def drawn(name: str) -> bytes:
        return diagram("p", receive("wait", name, "'k'"), user("b"), flows="start wait; wait b; b end")

    old = scene.publish(p=drawn("letter"))
    instance = scene.start("anna", "p")
    with scene.sessions.begin() as session:
        messages.send(session, "parcel", "k")
    new = scene.publish(p=drawn("parcel"))
    assert mover.move("p", old, new) == {instance: "moved"}
    work_off(scene.sessions)
    assert scene.open() == ["b"]
    with scene.sessions() as session:
        assert list(session.scalars(sa.select(Receiver))) == []
    assert mover.violations() == []


def test_an_incident_goes_on_in_a_release_that_has_mended_it(scene: Scene, mover: Mover) -> None:
    broken = diagram(
        "p", user("a"), gateway("g", default="g_end"), user("b"), flows="start a; a g; g b; g end; b end",
        conditions={"g_b": "1 / nothing > 0"},
    )  # fmt: skip
    mended = broken.replace(b"1 / nothing &gt; 0", b"True")
    old = scene.publish(p=broken)
    instance = scene.start("anna", "p")
    scene.complete("anna", "a")
    (incident,) = scene.incidents()
    new = scene.publish(p=mended)
    assert mover.move("p", old, new) == {instance: "moved"}
    assert mover.violations() == []
    anna = scene.actor("anna")
    with scene.sessions.begin() as session:
        repairs.retry(session, incident.id, anna.person_id)
    assert scene.open() == ["b"]
    assert mover.violations() == []


def test_a_suspended_instance_is_moved_and_stays_suspended(scene: Scene, mover: Mover) -> None:
    old = scene.publish(p=OLD)
    instance = scene.start("anna", "p")
    anna = scene.actor("anna")
    with scene.sessions.begin() as session:
        instances.suspend(session, instance, anna.person_id, "Ждем")
    assert mover.move("p", old, scene.publish(p=NEW)) == {instance: "moved"}
    assert mover.instance(instance).status == "suspended"
    assert mover.violations() == []


def test_what_was_done_before_is_still_shown_by_its_old_name(scene: Scene, mover: Mover) -> None:
    old = scene.publish(p=diagram("p", user("a"), user("b"), flows="start a; a b; b end"))
    scene.start("anna", "p")
    done = scene.complete("anna", "a")
    mover.move("p", old, scene.publish(p=diagram("p", user("b"), flows="start b; b end")))
    anna = scene.actor("anna")
    with scene.sessions() as session:
        (row,) = inbox.query(session, anna, "done").rows
        assert row.name.en == "a in English"
        assert tasks.get_task_for(session, anna, done.task_id).name.en == "a in English"


def test_a_called_process_in_the_midst_is_moved_with_its_caller(scene: Scene, mover: Mover) -> None:
    inner = diagram("inner", user("x"), user("y"), flows="start x; x y; y end")
    longer = diagram("inner", user("x"), user("w"), user("y"), flows="start x; x w; w y; y end")
    outer = diagram("p", call("c", "inner"), user("b"), flows="start c; c b; b end")
    old = scene.publish(p=outer, inner=inner)
    instance = scene.start("anna", "p")
    new = scene.publish(p=outer, inner=longer)
    assert mover.move("p", old, new) == {instance: "moved"}
    for element in ("x", "w", "y", "b"):
        scene.complete("anna", element)
    assert mover.instance(instance).status == "completed"
    assert mover.violations() == []
