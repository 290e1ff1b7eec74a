"""Answers by a person in an operation's place: they never open a door that the operation itself keeps shut."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.connectors.moodle import Refused
from app.courses.platform import latest_check
from app.engine import Json
from app.errors import Conflict
from app.worker import work_off
from app.workflow import operations, repairs
from app.workflow.operations import Outside
from tests import platform_scene
from tests.contract import serving
from tests.contract.serving import Site
from tests.diagrams import diagram, service, user
from tests.scene import Scene

Sessions = sessionmaker[Session]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    for one in serving.serve(tmp_path / "platform"):
        platform_scene.begin(one.client())
        yield one


def stuck(scene: Scene, operation: str, course: str) -> str:
    """An instance at whose call the platform said no; the incident's id."""
    call = service("call", operation, result="answer", course=f"'{course}'")
    scene.publish(asks=diagram("asks", call, user("next"), flows="start call; call next; next end"))
    scene.start("anna", "asks")
    work_off(scene.sessions)
    (incident,) = scene.incidents()
    return incident.id


def answer(scene: Scene, incident: str, result: Json) -> None:
    with scene.sessions.begin() as session:
        repairs.answer_by_hand(session, incident, result, "anna", "seen on the platform")


@pytest.mark.requirement("R5.1-e")
@pytest.mark.usefixtures("site")
def test_no_answer_by_hand_publishes_a_course_without_its_approval(scene: Scene) -> None:
    course = platform_scene.course(scene.sessions)
    incident = stuck(scene, "moodle.publish", course)
    with pytest.raises(Conflict):
        answer(scene, incident, {"visible": True})
    assert scene.open() == []
    assert platform_scene.get(scene.sessions, course).published_at is None


@pytest.mark.requirement("R8.2-c")
@pytest.mark.usefixtures("site")
def test_an_approved_course_answered_as_visible_is_published_in_the_register_too(scene: Scene) -> None:
    course = platform_scene.course(scene.sessions)
    platform_scene.approve(scene.sessions, course)
    incident = stuck(scene, "moodle.publish", course)
    answer(scene, incident, {"visible": True})
    assert scene.open() == ["next"]
    assert platform_scene.get(scene.sessions, course).stage == "published"
    work_off(scene.sessions)
    assert [one.job_id is not None for one in scene.incidents()] == [True], "the platform was asked, and knows of none"


def test_a_course_answered_as_created_is_kept_with_its_number(scene: Scene, site: Site) -> None:
    course = platform_scene.course(scene.sessions)
    incident = _dead(scene, "moodle.create_course", course)
    for url in ("javascript:alert(1)//?id=77", "page"):
        with pytest.raises(Conflict):
            answer(scene, incident, {"id": 77, "url": url})
    answer(scene, incident, {"id": 77, "url": f"{site.url}/course/view.php?id=77"})
    kept = platform_scene.get(scene.sessions, course)
    assert (kept.platform_id, kept.platform_url) == (77, f"{site.url}/course/view.php?id=77")


@pytest.mark.usefixtures("site")
def test_a_look_answered_by_hand_is_never_the_program_s_own(scene: Scene) -> None:
    """The facts that the form of Appendix 2 rests on come from a look, never from an incident's page."""
    course = platform_scene.course(scene.sessions)
    platform_scene.perform(scene.sessions, "moodle.inspect", course)
    facts = ("checked", "found", "hidden", "in_category", "coordinators", "copyright")
    everything: dict[str, Json] = dict.fromkeys(facts, True)
    with scene.sessions() as session:
        before = latest_check(session, course)
    assert before is not None
    incident = _dead(scene, "moodle.inspect", course)
    answer(scene, incident, everything)
    with scene.sessions() as session:
        after = latest_check(session, course)
    assert after is not None
    assert (after.id != before.id, after.checked, after.by_hand) == (True, False, True)


def _dead(scene: Scene, operation: str, course: str) -> str:
    """The same where the platform refuses this one step."""
    known = operations.find(operation)
    assert known.outside is not None

    def refuse(_request: object, _key: str) -> None:
        raise Refused("strange", "the platform says no")

    operations.register(replace(known, outside=Outside(known.outside.prepare, refuse)))
    return stuck(scene, operation, course)
