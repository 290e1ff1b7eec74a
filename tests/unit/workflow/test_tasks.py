"""Tasks: who may see, take and complete them; each submission counts once."""

import pytest
import sqlalchemy as sa

from app.errors import Conflict, Denied, Invalid, NotFound
from app.workflow import drafts, instances, tasks
from app.workflow.models import Submission, Task
from tests.diagrams import diagram, start_form, user
from tests.scene import Scene, form

TWO = diagram(
    "two", user("first", form="note", outputs="note"), user("second"), flows="start first; first second; second end"
)


def test_a_form_moves_the_instance_to_the_next_task_and_the_last_ends_it(scene: Scene) -> None:
    scene.publish(two=TWO)
    instance_id = scene.start("anna", "two")
    assert scene.open() == ["first"]
    scene.complete("boris", "first", note="все хорошо")
    assert scene.open() == ["second"]
    scene.complete("anna", "second")
    done = scene.instance(instance_id)
    assert (done.status, done.end_event, done.state, done.revision) == ("completed", "end", None, 3)


def test_each_step_is_one_event_and_the_end_one_more(scene: Scene) -> None:
    scene.publish(two=TWO)
    instance_id = scene.start("anna", "two")
    scene.complete("boris", "first", note="x")
    scene.complete("anna", "second")
    kinds = [str(event.kind) for event in scene.events(instance_id)]
    assert sorted(kinds) == ["instance:ended", "instance:started", "task:completed", "task:completed"]


def test_the_same_page_sent_twice_counts_once(scene: Scene) -> None:
    scene.publish(two=TWO)
    scene.start("anna", "two")
    task = scene.task("first")
    first = scene.complete("anna", "first", nonce="page-1", note="x")
    with scene.sessions.begin() as session:
        again = tasks.complete(session, scene.actor("anna"), task.id, {"note": "y"}, nonce="page-1", revision=0)
    assert again == tasks.Completion(first.instance_id, task.id, first.submission_id, repeated=True)
    with scene.sessions() as session:
        sent = session.scalars(sa.select(Submission).where(Submission.task_id.is_not(None))).all()
    assert [one.values for one in sent] == [{"note": "x"}]


def test_a_nonce_of_somebody_else_is_refused(scene: Scene) -> None:
    scene.publish(two=TWO)
    scene.start("anna", "two")
    task = scene.task("first")
    scene.complete("anna", "first", nonce="page-1", note="x")
    with pytest.raises(Conflict), scene.sessions.begin() as session:
        tasks.complete(session, scene.actor("boris"), task.id, {"note": "x"}, nonce="page-1", revision=0)


def test_a_task_that_is_done_or_has_changed_is_refused(scene: Scene) -> None:
    scene.publish(two=TWO)
    scene.start("anna", "two")
    task = scene.task("first")
    with scene.sessions.begin() as session:
        tasks.claim(session, scene.actor("anna"), task.id)
    with pytest.raises(Conflict, match="has changed"), scene.sessions.begin() as session:
        tasks.complete(session, scene.actor("anna"), task.id, {"note": "x"}, nonce="n", revision=0)
    scene.complete("anna", "first", note="x")
    with pytest.raises(Conflict, match="no longer open"), scene.sessions.begin() as session:
        tasks.complete(session, scene.actor("anna"), task.id, {"note": "x"}, nonce="m", revision=2)


def test_a_wrong_answer_names_its_field_and_changes_nothing(scene: Scene) -> None:
    strict = form(answer={"type": "string", "enum": ["yes", "no"]})
    schema, ui = strict
    ui = ui.replace(
        b'"answer en"}}', b'"answer en"}, "options": {"yes": {"ru": "d", "en": "y"}, "no": {"ru": "n", "en": "n"}}}'
    )
    asks = diagram("asks", user("ask", form="strict"), flows="start ask; ask end")
    scene.publish({"strict": (schema, ui)}, asks=asks)
    scene.start("anna", "asks")
    with pytest.raises(Invalid) as caught:
        scene.complete("anna", "ask", answer="maybe")
    assert list(caught.value.fields) == ["answer"]
    assert scene.open() == ["ask"]


def test_unknown_and_forbidden_tasks_read_the_same(scene: Scene) -> None:
    scene.publish(two=TWO)
    scene.start("anna", "two")
    scene.person("clara", "auditor")
    task = scene.task("first")
    said = []
    for wanted in (task.id, "unknown"):
        with pytest.raises(NotFound) as caught, scene.sessions() as session:
            tasks.get_task_for(session, scene.actor("clara"), wanted)
        said.append((caught.value.message, caught.value.status))
    assert said[0] == said[1]
    with pytest.raises(Denied), scene.sessions() as session:
        tasks.get_task_for(session, scene.actor("clara"), task.id)


def test_whoever_has_completed_a_task_still_sees_it(scene: Scene) -> None:
    scene.publish(two=TWO)
    scene.start("anna", "two")
    task = scene.task("first")
    scene.complete("anna", "first", note="x")
    with scene.sessions() as session:
        assert tasks.get_task_for(session, scene.actor("anna"), task.id).task.closed_by is not None


def test_nobody_decides_on_their_own_submission(scene: Scene) -> None:
    own = diagram(
        "own",
        user("send", form="who", outputs="note"),
        user("decide", exclude="[note]"),
        flows="start send; send decide; decide end",
    )
    scene.publish({"who": form("note")}, own=own)
    scene.start("anna", "own")
    scene.complete("anna", "send", note=scene.actor("anna").person_id)
    with pytest.raises(Denied):
        scene.complete("anna", "decide")
    scene.complete("boris", "decide")


def test_claiming_keeps_colleagues_away_until_it_is_given_back(scene: Scene) -> None:
    scene.publish(two=TWO)
    scene.start("anna", "two")
    task_id = scene.task("first").id
    with scene.sessions.begin() as session:
        tasks.claim(session, scene.actor("anna"), task_id)
    with pytest.raises(Conflict), scene.sessions.begin() as session:
        tasks.claim(session, scene.actor("boris"), task_id)
    with pytest.raises(Conflict):
        scene.complete("boris", "first", note="x")
    with scene.sessions.begin() as session:
        tasks.give_back(session, scene.actor("anna"), task_id)
    scene.complete("boris", "first", note="x")


def test_a_draft_is_kept_for_one_person_and_dies_with_the_task(scene: Scene) -> None:
    scene.publish(two=TWO)
    scene.start("anna", "two")
    place, anna = drafts.of_task(scene.task("first").id), scene.actor("anna").person_id
    for text in ("half", "half a letter"):
        with scene.sessions.begin() as session:
            drafts.keep(session, place, anna, {"note": text})
    with scene.sessions() as session:
        kept = drafts.find(session, place, anna)
        assert kept is not None
        assert kept.values == {"note": "half a letter"}
        assert drafts.find(session, place, "boris") is None
    scene.complete("anna", "first", note="whole")
    with scene.sessions() as session:
        assert drafts.find(session, place, anna) is None


def test_a_suspended_procedure_takes_nothing_until_it_is_resumed(scene: Scene) -> None:
    scene.publish(two=TWO)
    instance_id = scene.start("anna", "two")
    with scene.sessions.begin() as session:
        instances.suspend(session, instance_id, "olga", "a complaint")
    with pytest.raises(Conflict):
        scene.complete("anna", "first", note="x")
    with scene.sessions.begin() as session:
        instances.resume(session, instance_id, "olga", "settled")
    scene.complete("anna", "first", note="x")


def test_a_cancelled_instance_leaves_no_open_task(scene: Scene) -> None:
    scene.publish(two=TWO)
    instance_id = scene.start("anna", "two")
    with scene.sessions.begin() as session:
        instances.cancel(session, instance_id, "olga", "withdrawn")
    assert scene.open() == []
    assert scene.instance(instance_id).status == "cancelled"
    with scene.sessions() as session:
        assert session.scalars(sa.select(Task.closed_by)).all() == [None]


def test_a_start_form_is_permitted_checked_and_counts_once(scene: Scene) -> None:
    scene.person("clara", "auditor")
    begins = diagram(
        "begins",
        user("first", title="note"),
        flows="start first; first end",
        start=start_form(form="note", roles="administrator", outputs="note"),
    )
    scene.publish(begins=begins)
    with pytest.raises(Denied):
        scene.start("clara", "begins", note="x")
    scene.start("anna", "begins", note="Проверить")
    assert scene.task("first").title == "Проверить"


def test_completing_a_task_costs_at_most_fifteen_statements(scene: Scene) -> None:
    scene.publish(two=TWO)
    scene.start("anna", "two")
    statements: list[str] = []
    engine = scene.sessions.kw["bind"]
    sa.event.listen(engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
    commits: list[int] = []
    sa.event.listen(engine, "commit", lambda _connection: commits.append(1))
    task = scene.task("first")
    statements.clear()
    commits.clear()
    scene.complete("anna", "first", note="x")
    ours = [one for one in statements if not one.startswith("BEGIN")]
    assert len(ours) - 1 <= 15, ours
    assert commits == [1]
    assert task.id
