"""Sent forms: what is domain data goes to its place, what is declared enters the data, all of it stays as it was."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.kinds import Kind
from app.engine import Json
from app.errors import Denied
from app.identity import substitutions
from app.workflow import bindings, operations, submissions, tasks
from app.workflow.bindings import Binding
from app.workflow.models import Submission
from app.workflow.operations import Context, Operation
from app.workflow.releases import Refused
from tests.conftest import TestClock
from tests.diagrams import diagram, start_form, user
from tests.scene import Scene, form

TITLED = form(heading={"type": "string", "x-bind": "course.title_ru"}, remark={"type": "string"})


@pytest.fixture
def titles() -> dict[str, Json]:
    """A place for domain data, as `courses` registers them."""
    kept: dict[str, Json] = {}

    def write(_session: Session, subject: str, value: Json, actor: str) -> None:
        kept[subject] = value

    bindings.register("course.title_ru", Binding(lambda _session, subject: kept.get(subject), write))
    return kept


def test_a_bound_field_is_written_to_its_place_and_the_rest_stays_in_the_submission(
    scene: Scene, titles: dict[str, Json]
) -> None:
    asks = diagram(
        "asks",
        user("ask", form="titled", outputs="remark"),
        user("read", title="remark"),
        flows="start ask; ask read; read end",
    )
    scene.publish({"titled": TITLED}, asks=asks)
    instance_id = scene.start("anna", "asks", "course-1")
    scene.complete("anna", "ask", heading="Гири", remark="проверить")
    assert titles == {"course-1": "Гири"}
    assert scene.task("read").title == "проверить"
    with scene.sessions() as session:
        sent = submissions.of_instance(session, instance_id)[-1]
        assert sent.values == {"heading": "Гири", "remark": "проверить"}
        assert bindings.read(session, "course-1", ["course.title_ru", "course.unknown"]) == {"course.title_ru": "Гири"}


def test_a_place_that_nobody_offers_stops_publishing(scene: Scene) -> None:
    asks = diagram("asks", user("ask", form="titled"), flows="start ask; ask end")
    with pytest.raises(Refused):
        scene.publish({"titled": TITLED}, asks=asks)


def test_only_declared_answers_enter_the_data(scene: Scene) -> None:
    asks = diagram(
        "asks", user("ask", form="pair", outputs="first"), user("read"), flows="start ask; ask read; read end"
    )
    scene.publish({"pair": form("first", "second")}, asks=asks)
    scene.start("anna", "asks")
    scene.complete("anna", "ask", first="1", second="2")
    with scene.sessions() as session:
        opened = tasks.get_task_for(session, scene.actor("anna"), scene.task("read").id)
        assert tasks.data_of(session, opened) == {"first": "1"}


def test_the_operation_of_a_start_form_makes_what_the_instance_is_about(scene: Scene) -> None:
    def register(context: Context, values: dict[str, Json]) -> Json:
        context.about("course-9", str(values["note"]), "Weights")
        return {"number": "2026-009"}

    operations.register(Operation("course.register", register, {"values": True}, immediate=True))
    begins = diagram(
        "begins",
        user("first", title="number"),
        flows="start first; first end",
        start=start_form(form="note", roles="administrator", outputs="note", operation="course.register"),
    )
    scene.publish(begins=begins)
    instance_id = scene.start("anna", "begins", note="Гири")
    assert scene.instance(instance_id).subject == "course-9"
    task = scene.task("first")
    assert (task.subject, task.title) == ("course-9", "2026-009")
    with scene.sessions() as session:
        opened = tasks.get_task_for(session, scene.actor("anna"), task.id)
    assert opened.subject is not None
    assert opened.subject.title_ru == "Гири"


def test_the_evidence_knows_the_values_without_telling_them(scene: Scene) -> None:
    asks = diagram("asks", user("ask", outputs="note"), flows="start ask; ask end")
    scene.publish(asks=asks)
    instance_id = scene.start("anna", "asks")
    scene.complete("anna", "ask", note="confidential")
    events = scene.events(instance_id)
    assert "confidential" not in str([event.body for event in events])
    told = next(event.body for event in events if event.kind is Kind.TASK_COMPLETED)
    with scene.sessions() as session:
        sent = session.get_one(Submission, told["submission"])
        assert submissions.seal(sent.nonce, sent.values) == told["digest"]
        assert submissions.seal(sent.nonce, {"note": "forged"}) != told["digest"]


def test_a_substitute_acts_for_the_absent_person_and_the_submission_says_so(
    scene: Scene, moved_clock: TestClock
) -> None:
    clara = scene.person("clara", ("chair", "tc-1.6"))
    dora = scene.person("dora")
    asks = diagram("asks", user("ask", role="chair", organisation="'tc-1.6'"), flows="start ask; ask end")
    scene.publish(asks=asks)
    scene.start("anna", "asks")
    with pytest.raises(Denied):
        scene.complete("dora", "ask")
    with scene.sessions.begin() as session:
        terms = substitutions.Terms(dora, date(2026, 11, 1), date(2026, 12, 31), reason="leave")
        substitutions.make(session, clara, terms, "olga")
    scene.complete("dora", "ask")
    with scene.sessions() as session:
        sent = session.scalars(sa.select(Submission).where(Submission.task_id.is_not(None))).one()
    assert (sent.by, sent.on_behalf_of) == (dora, clara)
