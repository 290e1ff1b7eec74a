"""The client's work against a site: the stand-in always, a real Moodle where MOODLE_URL and MOODLE_TOKEN are set.

On a real site MOODLE_CATEGORY names the category; the test leaves one hidden course there each time, which its short
name marks as made by a test.
"""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from app.connectors.moodle import Access, Client, NewCourse, Refused
from app.connectors.moodle.stand_in import CATEGORY, MANAGER, StandIn, in_process

REAL = {name: os.environ.get(name, "") for name in ("MOODLE_URL", "MOODLE_TOKEN", "MOODLE_CATEGORY")}
"""Read before the tests take settings out of the environment."""
_CONNECT = socket.socket.connect
WHY_NOT = "no real site: MOODLE_URL, MOODLE_TOKEN and MOODLE_CATEGORY are not set"


@pytest.fixture(params=["stand-in", "real site"])
def client(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    if request.param == "stand-in":
        stand_in = StandIn(tmp_path / "moodle.db", "http://127.0.0.1/moodle")
        yield Client(Access("http://127.0.0.1/moodle", MANAGER, CATEGORY, private=True), in_process(stand_in))
        return
    if not all(REAL.values()):
        pytest.skip(WHY_NOT)
    monkeypatch.setattr(socket.socket, "connect", _CONNECT)
    yield Client(Access(REAL["MOODLE_URL"], REAL["MOODLE_TOKEN"], int(REAL["MOODLE_CATEGORY"]), private=True))


@pytest.fixture
def new() -> NewCourse:
    mark = uuid4().hex[:12]
    return NewCourse(f"test-{mark}", f"TEST-{mark}", f"Проверка {mark}", "<p>Words &copy; 2026</p>")


@pytest.mark.requirement("R5.1-d")
def test_a_course_is_made_hidden_in_the_category_and_found_again(client: Client, new: NewCourse) -> None:
    made = client.create(new)
    assert (made.idnumber, made.shortname, made.fullname) == (new.idnumber, new.shortname, new.fullname)
    assert made.category == client.access.category
    assert not made.visible
    assert client.by_id(made.id) == made
    assert [one.id for one in client.by_idnumber(new.idnumber)] == [made.id]


@pytest.mark.requirement("X-4")
def test_making_it_again_finds_it(client: Client, new: NewCourse) -> None:
    first = client.create(new)
    assert client.create(new).id == first.id


def test_a_short_name_of_somebody_else_is_refused(client: Client, new: NewCourse) -> None:
    client.create(new)
    with pytest.raises(Refused) as caught:
        client.create(NewCourse("another-number", new.shortname, "Another"))
    assert caught.value.code == "name_taken"


def test_it_is_described_shown_and_hidden_again(client: Client, new: NewCourse) -> None:
    made = client.create(new)
    assert client.describe(made.id, "<p>One &amp; <b>two</b></p><script>alert(1)</script>").id == made.id
    assert client.set_visible(made.id, visible=True).visible
    assert not client.set_visible(made.id, visible=False).visible


def test_the_site_has_what_the_program_needs(client: Client) -> None:
    site = client.site()
    assert site.missing() == ()
    assert client.category(client.access.category)


def test_a_course_that_is_not_there_is_none_and_cannot_be_changed(client: Client) -> None:
    assert client.by_id(999_999_999) is None
    with pytest.raises(Refused) as caught:
        client.set_visible(999_999_999, visible=True)
    assert caught.value.code == "not_found"
