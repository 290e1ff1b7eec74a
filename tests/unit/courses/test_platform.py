"""What is done on the platform for a course, what is found there, and what a person is asked to do instead."""

import logging
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app.connectors.moodle import Access, Client
from app.connectors.moodle.stand_in import CATEGORY, MANAGER, StandIn, in_process
from app.connectors.moodle.stand_in.rest import FUNCTIONS
from app.courses import descriptions
from app.courses.creation import submissions
from app.courses.models import Course
from app.courses.platform import latest_check, steps
from app.errors import Conflict, OutOfOrder, PermanentFailure
from app.i18n import use_locale
from app.worker import work_off
from app.workflow import operations
from tests import platform_scene as scene
from tests.conftest import TestClock

Sessions = sessionmaker[Session]
BASE = "http://127.0.0.1/moodle"


@pytest.fixture(autouse=True)
def _own_operations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "_registered", {})


@pytest.fixture
def stand_in(tmp_path: Path) -> StandIn:
    made = StandIn(tmp_path / "moodle.db", BASE)
    made.fill()
    scene.begin(Client(Access(BASE, MANAGER, CATEGORY, private=True, deadline=2), in_process(made)))
    return made


def change(stand_in: StandIn, ident: int, **values: object) -> None:
    """As somebody does who works on the platform directly."""
    with stand_in.store.open() as memory:
        memory.put("course", ident, {**(memory.get("course", ident) or {}), **values})


def take_right(stand_in: StandIn, right: str) -> None:
    with stand_in.store.open() as memory:
        account = memory.get("account", 3) or {}
        account["rights"]["2"].remove(right)
        memory.put("account", 3, account)


@pytest.mark.requirement("R5.1-c", "R5.1-d")
def test_a_course_is_created_hidden_with_its_description_and_its_number_kept(
    sessions: Sessions, stand_in: StandIn
) -> None:
    course = scene.course(sessions)
    told = scene.perform(sessions, "moodle.create_course", course)
    kept = scene.get(sessions, course)
    assert told == {"id": kept.platform_id, "url": f"{BASE}/course/view.php?id={kept.platform_id}"}
    found = scene.perform(sessions, "moodle.inspect", course)
    asked = ("ok", "found", "hidden", "in_category", "coordinators", "copyright", "description")
    assert [name for name in asked if not found[name]] == []


@pytest.mark.requirement("R6.8-b")
def test_one_changed_word_of_the_copyright_sentence_is_seen(sessions: Sessions, stand_in: StandIn) -> None:
    course = scene.course(sessions)
    ident = scene.perform(sessions, "moodle.create_course", course)["id"]
    with sessions() as session:
        text = descriptions.compose(session, session.get_one(Course, course))
    change(stand_in, ident, summary=text.replace("non-commercial", "commercial"))
    found = scene.perform(sessions, "moodle.inspect", course)
    assert (found["copyright"], found["coordinators"], found["ok"]) == (False, True, False)
    change(stand_in, ident, summary="<p>Only this.</p>")
    found = scene.perform(sessions, "moodle.inspect", course)
    assert (found["copyright"], found["coordinators"], found["description"]) == (False, False, False)
    with sessions() as session:
        newest = latest_check(session, course)
        assert newest is not None
        assert not newest.copyright
    scene.perform(sessions, "moodle.describe", course)
    assert scene.perform(sessions, "moodle.inspect", course)["ok"]


@pytest.mark.requirement("R6.10-a")
@pytest.mark.parametrize(("values", "missing"), [({"categoryid": 3}, "in_category"), ({}, "hidden")])
def test_a_course_elsewhere_or_already_public_is_not_ready(
    sessions: Sessions, stand_in: StandIn, values: dict[str, int], missing: str
) -> None:
    course = scene.course(sessions)
    ident = scene.perform(sessions, "moodle.create_course", course)["id"]
    change(stand_in, ident, **values, visible=1)  # of other sectors our account sees public courses only
    found = scene.perform(sessions, "moodle.inspect", course)
    assert (found[missing], found["ok"]) == (False, False)


def test_a_course_deleted_behind_our_back_is_said_and_published_by_nobody(
    sessions: Sessions, stand_in: StandIn
) -> None:
    course = scene.course(sessions)
    ident = scene.perform(sessions, "moodle.create_course", course)["id"]
    scene.approve(sessions, course)
    with stand_in.store.open() as memory:
        memory.drop("course", ident)
    assert scene.perform(sessions, "moodle.inspect", course)["found"] is False
    with pytest.raises(PermanentFailure, match="no longer there") as caught:
        scene.perform(sessions, "moodle.publish", course)
    assert caught.value.code == "course_gone"
    assert scene.get(sessions, course).published_at is None


@pytest.mark.requirement("R5.1-e", "R8.2-c")
def test_only_a_positive_form_makes_a_course_visible(sessions: Sessions, stand_in: StandIn) -> None:
    course = scene.course(sessions)
    ident = scene.perform(sessions, "moodle.create_course", course)["id"]
    with pytest.raises(PermanentFailure) as caught:
        scene.perform(sessions, "moodle.publish", course)
    assert caught.value.code == "not_approved"
    scene.approve(sessions, course)
    assert scene.perform(sessions, "moodle.publish", course) == {"visible": True}
    assert scene.perform(sessions, "moodle.publish", course) == {"visible": True}
    with stand_in.store.open() as memory:
        assert (memory.get("course", ident) or {})["visible"] == 1
    assert scene.get(sessions, course).published_at is not None


def test_another_course_under_our_number_is_not_published(sessions: Sessions, stand_in: StandIn) -> None:
    course = scene.course(sessions)
    ident = scene.perform(sessions, "moodle.create_course", course)["id"]
    scene.approve(sessions, course)
    change(stand_in, ident, idnumber="somebody-else")
    with pytest.raises(PermanentFailure, match="is another one"):
        scene.perform(sessions, "moodle.publish", course)


def test_without_access_every_step_is_for_a_person(sessions: Sessions) -> None:
    scene.begin(None)
    course = scene.course(sessions)
    scene.approve(sessions, course)
    for name in ("moodle.create_course", "moodle.describe", "moodle.publish"):
        with pytest.raises(PermanentFailure) as caught:
            scene.perform(sessions, name, course)
        assert caught.value.code == "by_hand"
    found = scene.perform(sessions, "moodle.inspect", course)
    assert (found["checked"], found["by_hand"], found["found"]) == (False, True, False)


@pytest.mark.parametrize("right", ["create", "update", "visibility"])
def test_a_right_taken_away_is_for_a_person(sessions: Sessions, stand_in: StandIn, right: str) -> None:
    course = scene.course(sessions)
    if right != "create":
        scene.perform(sessions, "moodle.create_course", course)
        scene.approve(sessions, course)
    take_right(stand_in, right)
    name = {"create": "moodle.create_course", "update": "moodle.describe", "visibility": "moodle.publish"}[right]
    if right == "update":
        change(stand_in, scene.get(sessions, course).platform_id or 0, summary="changed")
    with pytest.raises(PermanentFailure) as caught:
        scene.perform(sessions, name, course)
    assert caught.value.code == "by_hand"


def test_an_account_that_may_not_hide_leaves_no_public_course_unsaid(sessions: Sessions, stand_in: StandIn) -> None:
    take_right(stand_in, "visibility")
    with pytest.raises(PermanentFailure, match="public at once") as caught:
        scene.perform(sessions, "moodle.create_course", scene.course(sessions))
    assert caught.value.code == "by_hand"


def test_a_function_taken_from_the_service_is_for_a_person_a_wrong_token_is_not(
    sessions: Sessions, stand_in: StandIn
) -> None:
    course = scene.course(sessions)
    assert "core_course_create_courses" in FUNCTIONS
    with stand_in.store.open() as memory:
        memory.put("shut", "core_course_create_courses", {})
    with pytest.raises(PermanentFailure) as caught:
        scene.perform(sessions, "moodle.create_course", course)
    assert caught.value.code == "by_hand"
    access = Access(BASE, "wrong", CATEGORY, private=True)
    scene.begin(Client(access, in_process(stand_in)))
    with pytest.raises(OutOfOrder):
        scene.perform(sessions, "moodle.create_course", course)


def test_a_short_name_of_somebody_else_is_for_a_person_with_the_reason(sessions: Sessions, stand_in: StandIn) -> None:
    course = scene.course(sessions)
    stranger = scene.perform(sessions, "moodle.create_course", course)["id"]
    change(stand_in, stranger, idnumber="not-ours")
    with sessions.begin() as session:
        session.get_one(Course, course).platform_id = None
    with pytest.raises(PermanentFailure, match="COOMET-2026-001 belongs to another course") as caught:
        scene.perform(sessions, "moodle.create_course", course)
    assert caught.value.code == "by_hand"


def test_two_courses_of_our_number_are_for_a_person(sessions: Sessions, stand_in: StandIn) -> None:
    course = scene.course(sessions)
    first = scene.perform(sessions, "moodle.create_course", course)["id"]
    with stand_in.store.open() as memory:
        row = memory.get("course", first) or {}
        memory.put("course", 77, {**row, "id": 77, "shortname": "COPY"})
    with pytest.raises(PermanentFailure, match="several courses"):
        scene.perform(sessions, "moodle.create_course", course)


def test_the_form_of_a_step_by_hand_says_where_what_and_why(sessions: Sessions, stand_in: StandIn) -> None:
    course = scene.course(sessions)
    with sessions() as session, use_locale("en"):
        shown = {place: str(binding.read(session, course)) for place, binding in steps.BINDINGS.items()}
    assert shown["platform.address"] == f"{BASE}/course/index.php?categoryid={CATEGORY}"
    assert shown["platform.shortname"] == "COOMET-2026-001"
    assert shown["platform.idnumber"] == course
    assert descriptions.COPYRIGHT in shown["platform.description"]
    assert "without a key" in shown["platform.enrolment"]
    scene.begin(None)
    with sessions() as session, use_locale("ru"):
        assert "нет доступа к платформе" in str(steps.BINDINGS["platform.why"].read(session, course))


def test_an_operation_on_nothing_said_by_hand_is_refused(sessions: Sessions, stand_in: StandIn) -> None:
    with pytest.raises(Conflict):
        scene.perform(sessions, "moodle.confirm_created", scene.course(sessions))


def test_every_look_is_kept_and_cannot_be_changed(sessions: Sessions, stand_in: StandIn) -> None:
    course = scene.course(sessions)
    for _ in range(2):
        scene.perform(sessions, "moodle.inspect", course)
    assert scene.checks(sessions) == 2
    with sessions() as session, pytest.raises(sa.exc.DatabaseError):
        session.execute(sa.text("UPDATE platform_check SET copyright = true"))


def test_jobs_of_the_platform_go_through_the_worker(
    sessions: Sessions, stand_in: StandIn, moved_clock: TestClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    courses = [scene.course(sessions, number) for number in range(1, 4)]
    scene.want(sessions, "moodle.create_course", *courses)
    work_off(sessions)
    assert [job.outcome for job in scene.jobs_of(sessions)] == ["done"] * 3
    assert {scene.get(sessions, one).platform_id for one in courses} == {2, 3, 4}
    assert caplog.text == ""


def test_what_the_service_lacks_is_said_before_a_course_needs_it(sessions: Sessions, stand_in: StandIn) -> None:
    scene.ask(sessions)
    [job] = scene.jobs_of(sessions)
    assert job.receipt == {"release": "4.5.6 (Build: 20250811)", "account": "coometws"}
    with stand_in.store.open() as memory:
        memory.put("shut", "core_course_update_courses", {})
    scene.ask(sessions, "again")
    [incident] = scene.open_incidents(sessions)
    assert "core_course_update_courses" in incident.detail


def test_a_category_that_is_not_there_is_said(sessions: Sessions, stand_in: StandIn) -> None:
    access = Access(BASE, MANAGER, 99, private=True)
    scene.begin(Client(access, in_process(stand_in)))
    scene.ask(sessions)
    [incident] = scene.open_incidents(sessions)
    assert "MOODLE_CATEGORY" in incident.detail


def test_a_course_deleted_there_is_a_finding_and_made_anew_it_is_ours_again(
    sessions: Sessions, stand_in: StandIn
) -> None:
    """“Check again” describes and looks: neither may end in an incident while a person mends it there."""
    course = scene.course(sessions)
    ident = scene.perform(sessions, "moodle.create_course", course)["id"]
    with stand_in.store.open() as memory:
        row = memory.get("course", ident) or {}
        memory.drop("course", ident)
    scene.perform(sessions, "moodle.describe", course)
    assert scene.perform(sessions, "moodle.inspect", course)["found"] is False
    with sessions() as session, use_locale("en"):
        check = latest_check(session, course)
        assert check is not None
        (said,) = submissions.findings(check)
    assert course in said
    with stand_in.store.open() as memory:
        memory.put("course", 900, {**row, "id": 900, "summary": ""})
    scene.perform(sessions, "moodle.describe", course)
    assert scene.perform(sessions, "moodle.inspect", course)["ok"]
    kept = scene.get(sessions, course)
    assert (kept.platform_id, kept.platform_url) == (900, f"{BASE}/course/view.php?id=900")


def test_a_number_typed_wrong_changes_nobody_else_s_course(sessions: Sessions, stand_in: StandIn) -> None:
    course, other = scene.course(sessions), scene.course(sessions, 2)
    theirs = scene.perform(sessions, "moodle.create_course", other)["id"]
    with sessions.begin() as session:
        session.get_one(Course, course).platform_id = theirs
    with pytest.raises(PermanentFailure) as caught:
        scene.perform(sessions, "moodle.describe", course)
    assert caught.value.code == "other_course"


def test_the_longest_title_fits_the_platform(sessions: Sessions, stand_in: StandIn) -> None:
    course = scene.course(sessions)
    with sessions.begin() as session:
        found = session.get_one(Course, course)
        found.language, found.title_ru, found.title_en = "ru_en", "Щ<&>" * 50, "W<&>" * 50
    ident = scene.perform(sessions, "moodle.create_course", course)["id"]
    with stand_in.store.open() as memory:
        kept = memory.get("course", ident) or {}
    assert len(kept["fullname"]) <= 254
