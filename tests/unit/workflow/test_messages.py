"""Messages: received once by whoever waits for them, kept while nobody does."""

import sqlalchemy as sa

from app.worker import work_off
from app.workflow import messages
from app.workflow.models import Message, Receiver
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
