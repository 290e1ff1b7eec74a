"""Messages: received once by whoever waits for them, kept while nobody does."""

from datetime import timedelta

import sqlalchemy as sa

from app.audit.history import history
from app.worker import work_off
from app.workflow import messages, upkeep
from app.workflow.models import Message, Receiver
from tests.conftest import TestClock
from tests.diagrams import diagram, receive, user
from tests.scene import Scene

WAITS = diagram(
    "waits",
    user("first", outputs="note"),
    receive("wait", "published", "note"),
    user("after"),
    flows="start first; first wait; wait after; after end",
)


def send(scene: Scene, key: str) -> None:
    with scene.sessions.begin() as session:
        messages.send(session, "published", key)


def waiting(scene: Scene) -> int:
    with scene.sessions() as session:
        return len(session.scalars(sa.select(Message).where(Message.received_at.is_(None))).all())


def test_a_message_reaches_the_instance_that_waits_for_its_key(scene: Scene) -> None:
    scene.publish(waits=WAITS)
    for key in ("course-1", "course-2"):
        scene.start("anna", "waits")
        scene.complete("anna", "first", note=key)
    send(scene, "course-2")
    work_off(scene.sessions)
    assert scene.open() == ["after"]
    assert waiting(scene) == 0
    with scene.sessions() as session:
        assert session.scalars(sa.select(Receiver.key)).all() == ["course-1"]


def test_an_early_message_is_kept_until_somebody_waits(scene: Scene) -> None:
    scene.publish(waits=WAITS)
    send(scene, "course-1")
    work_off(scene.sessions)
    assert waiting(scene) == 1
    scene.start("anna", "waits")
    scene.complete("anna", "first", note="course-1")
    work_off(scene.sessions)
    assert scene.open() == ["after"]
    assert waiting(scene) == 0


def test_two_messages_are_received_once_each(scene: Scene) -> None:
    scene.publish(waits=WAITS)
    send(scene, "course-1")
    send(scene, "course-1")
    for _ in range(2):
        scene.start("anna", "waits")
        scene.complete("anna", "first", note="course-1")
        work_off(scene.sessions)
    assert scene.open() == ["after", "after"]
    assert waiting(scene) == 0


def test_the_same_message_sent_again_is_received_once_f35(scene: Scene) -> None:
    """In any order: both before the receiver waits, or one before and one after."""
    scene.publish(waits=WAITS)
    for instance in ("before", "after"):
        scene.start("anna", "waits")
        for _again in range(2 if instance == "before" else 0):
            with scene.sessions.begin() as session:
                messages.send(session, "published", instance, ident=f"outside-{instance}")
            work_off(scene.sessions)
        scene.complete("anna", "first", note=instance)
        work_off(scene.sessions)
        for _again in range(2):
            with scene.sessions.begin() as session:
                messages.send(session, "published", instance, ident=f"outside-{instance}")
            work_off(scene.sessions)
    assert scene.open() == ["after", "after"]
    with scene.sessions() as session:
        received = session.scalars(sa.select(Message.received_at)).all()
    assert len(received) == 2
    assert all(received)


def test_messages_in_the_wrong_order_are_all_received_f35(scene: Scene) -> None:
    scene.publish(waits=WAITS)
    for key in ("course-3", "course-1", "course-2"):
        send(scene, key)
    work_off(scene.sessions)
    for key in ("course-1", "course-2", "course-3"):
        scene.start("anna", "waits")
        scene.complete("anna", "first", note=key)
        work_off(scene.sessions)
    assert scene.open() == ["after"] * 3
    assert waiting(scene) == 0


def test_a_message_nobody_awaits_is_kept_for_its_time_and_its_end_is_in_the_evidence_f35(
    scene: Scene, moved_clock: TestClock
) -> None:
    messages.keep_for(lambda _session: timedelta(days=30))
    send(scene, "course-1")
    for days, kept in ((29, 1), (2, 0)):
        moved_clock.move(days=days)
        with scene.sessions.begin() as session:
            upkeep.clear(session)
        assert waiting(scene) == kept
    with scene.sessions() as session:
        told = history(session, "site", "messages").events
    assert [(one.kind, one.body["key"]) for one in told] == [("message:expired", "course-1")]
