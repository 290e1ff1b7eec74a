"""Image of the course and enrolment on the platform (6.6, 4.6): done by a person, read back where that can be done."""

from typing import Any

import pytest
from werkzeug.test import Client as Learner

from app.audit.history import history
from app.courses import shown as shown_values
from app.courses.models import Course
from app.courses.platform import latest_check
from app.courses.record import stream_of
from app.errors import Invalid
from app.files.models import File
from app.i18n import use_locale
from tests.process.makers import MATERIALS, Makers

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DONE = {"image_done": True, "enrolment_done": True, "note": "Поставлено сегодня"}
STUDENT = "6"
"""An account of the stand-in that has no right at all."""


def open_now(make: Makers) -> list[str]:
    with make.sessions() as session:
        return [name for name in make.open_tasks(session) if name in ("set_up_by_hand", "submit")]


def on_platform(make: Makers) -> dict[str, Any]:
    with make.sessions() as session, make.platform.store.open() as memory:
        found = memory.get("course", session.get_one(Course, make.course).platform_id)
    assert found is not None
    return found


def publish(make: Makers) -> None:
    """Visible as after the approval, so that learners may come."""
    shown_there = on_platform(make) | {"visible": 1}
    with make.platform.store.open() as memory:
        memory.put("course", shown_there["id"], shown_there)


def on_platform_id(make: Makers) -> int:
    with make.sessions() as session:
        found = session.get_one(Course, make.course).platform_id
    assert found is not None
    return found


def enrol(make: Makers, account: str, key: str = "") -> int:
    """The learner's own button there; the status says whether it went."""
    fields = {"id": str(on_platform_id(make)), "account": account, "key": key}
    return Learner(make.platform).post("/enrol/index.php", data=fields).status_code


def shown(make: Makers) -> dict[str, Any]:
    """What the form of the step shows."""
    with make.sessions() as session, use_locale("ru"):
        return dict(shown_values.values(session, "moodle_by_hand_image", session.get_one(Course, make.course), {}))


@pytest.mark.requirement("R6.6-b")
@on_sqlite
def test_the_splash_becomes_the_image_of_the_course_and_is_read_back(make: Makers) -> None:
    make.reach_preparation()
    make.prepare(set_up=False)
    assert open_now(make) == ["set_up_by_hand"]
    assert (shown(make)["image_wanted"], shown(make)["seen"].splitlines()[0]) == ("yes", "У курса нет изображения.")
    assert str(shown(make)["address"]).endswith(f"/course/view.php?id={on_platform_id(make)}")
    assert "без кодового слова" in str(shown(make)["enrolment"])
    make.set_up(image="splash", enrolment=["self"])
    make.do("set_up_by_hand", "creator", **DONE)
    assert open_now(make) == ["submit"]
    with make.sessions() as session:
        check, splash = latest_check(session, make.course), session.get_one(File, make.found(session).splash_id)
        events = history(session, "register", stream_of(make.course), limit=200).events
    assert check is not None
    assert check.image
    assert check.details["settings"]["image_set"]
    assert [one["filesize"] for one in on_platform(make)["overviewfiles"]] == [splash.size]
    confirmed = next(one for one in events if one.kind == "platform:confirmed" and one.body["step"] == "set_up")
    assert confirmed.body["splash"] == splash.id
    assert confirmed.actor == make.people["creator"]


@pytest.mark.requirement("R6.6-b")
@on_sqlite
def test_what_was_confirmed_and_is_not_there_comes_back_as_a_task(make: Makers) -> None:
    make.reach_preparation()
    make.prepare(set_up=False)
    make.set_up(image="none", enrolment=["self"])
    make.do("set_up_by_hand", "creator", **DONE)
    assert open_now(make) == ["set_up_by_hand"], "the platform shows no image, whatever was said"
    assert (shown(make)["image_wanted"], shown(make)["enrolment_wanted"]) == ("yes", "no")
    with pytest.raises(Invalid) as problem:
        make.do("set_up_by_hand", "creator", image_done=True, note="Все стоит", differs=True)
    assert set(problem.value.fields) == {"picture"}, "somebody's word against the platform needs a picture"
    make.do("set_up_by_hand", "creator", image_done=True, note="Стоит", differs=True, picture="file:screen.png")
    assert open_now(make) == ["submit"]


@pytest.mark.requirement("R6.6-b")
@on_sqlite
def test_an_image_of_another_size_is_not_taken_for_the_splash(make: Makers) -> None:
    make.reach_preparation()
    make.set_up(image="another", enrolment=["self"])
    make.prepare(set_up=False)
    assert open_now(make) == ["set_up_by_hand"]
    assert "его размер отличается" in shown(make)["seen"]


@pytest.mark.requirement("R6.6-b", "R4.6-a")
@on_sqlite
def test_nobody_is_asked_where_the_platform_shows_that_all_is_set(make: Makers) -> None:
    make.reach_preparation()
    make.prepare()
    assert open_now(make) == ["submit"]


@pytest.mark.requirement("R6.6-b")
@on_sqlite
def test_an_image_that_comes_after_the_check_is_set_before_the_submission(make: Makers) -> None:
    make.enter()
    make.appoint_creator()
    make.organise()
    make.do("name_coordinators", "creator", coordinators=[{"person": "$creator"}])
    make.prepare(set_up=False)
    make.set_up(image="none", enrolment=["self"])
    make.do("set_up_by_hand", "creator", enrolment_done=True, note="Запись включена")
    assert open_now(make) == ["submit"], "there is no image yet that could be set"
    make.upload(**MATERIALS)
    with use_locale("ru"):
        assert any("попросите проверить платформу еще раз" in one for one in make.blockers())
    make.do("submit", "creator", decision="check")
    assert open_now(make) == ["set_up_by_hand"]


@pytest.mark.requirement("R4.6-a")
@on_sqlite
def test_anybody_with_an_account_can_enrol_in_an_open_course(make: Makers) -> None:
    make.reach_preparation()
    make.set_up(image="splash", enrolment=[])
    make.prepare(set_up=False)
    assert open_now(make) == ["set_up_by_hand"], "an open course without self-enrolment"
    assert shown(make)["enrolment_wanted"] == "yes"
    publish(make)
    assert enrol(make, STUDENT) == 403, "nobody can enrol before it was set"
    make.set_up(image="splash", enrolment=["self"])
    make.do("set_up_by_hand", "creator", enrolment_done=True, note="Без ключа")
    assert open_now(make) == ["submit"]
    publish(make)
    assert enrol(make, STUDENT) == 200
    assert enrol(make, "0") == 403, "a guest is nobody's account"
    with make.platform.store.open() as memory:
        assert [row["userid"] for row in memory.all("enrolment")] == [int(STUDENT)]


@pytest.mark.requirement("R4.6-b")
@on_sqlite
def test_a_restricted_course_is_confirmed_by_a_person_since_no_key_is_shown(make: Makers) -> None:
    make.enter()
    make.upload(access="restricted")
    make.appoint_creator()
    make.organise(access="restricted")
    make.do("name_coordinators", "creator", coordinators=[{"person": "$creator"}])
    make.set_up(image="splash", enrolment=["self"], key="kelvin")
    make.prepare(set_up=False)
    assert open_now(make) == ["set_up_by_hand"]
    make.do("set_up_by_hand", "creator", enrolment_done=True, note="Запись по ключу")
    assert open_now(make) == ["submit"]
    publish(make)
    assert enrol(make, STUDENT) == 403
    assert enrol(make, STUDENT, "kelvin") == 200
    with make.sessions() as session:
        events = history(session, "register", stream_of(make.course), limit=200).events
    assert events
    assert not any("kelvin" in str(one.body) for one in events), "a key is in no event"


@pytest.mark.requirement("R4.6-b")
@on_sqlite
def test_a_course_open_to_guests_is_set_again_whatever_its_access(make: Makers) -> None:
    make.reach_preparation()
    make.set_up(image="splash", enrolment=["self", "guest"])
    make.prepare(set_up=False)
    assert open_now(make) == ["set_up_by_hand"]


def test_a_key_is_told_by_no_function_of_the_platform(make: Makers) -> None:
    make.reach_preparation()
    make.set_up(image="splash", enrolment=["self"], key="kelvin")
    client = make._client()
    found = client.call("core_course_get_courses_by_field", {"field": "id", "value": on_platform_id(make)})
    assert "kelvin" not in str(found)
