"""`./run walk --moodle` at a site with courses of its own; the stand-in behind a socket takes the site's place."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.connectors.moodle import NewCourse
from app.connectors.moodle.stand_in import CATEGORY, MANAGER
from tests.contract.serving import Site, serve
from tests.walk import platform

TITLE = "Calibration of weights"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    yield from serve(tmp_path)


@pytest.fixture
def named(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """The site as the environment names it, with somebody's course of the walk's title."""
    settings = zip(platform.SETTINGS, (site.url, MANAGER, str(CATEGORY)), strict=True)
    for name, value in settings:
        monkeypatch.setenv(name, value)
    site.client().create(NewCourse("somebody's", "S-1", TITLE, "<p>Theirs</p>"))
    return site


def test_what_stood_there_before_is_not_the_walks_own(named: Site) -> None:
    at = platform.choose(asked=True)("http://127.0.0.1:1")
    assert at.course(TITLE) is None
    made = named.client().create(NewCourse("ours", "COOMET-2026-001", TITLE, "<p>Ours</p>"))
    assert [one["id"] for one in at.courses(TITLE)] == [made.id]
    assert not at.learner_sees(made.id)


def test_the_walks_course_is_left_hidden_and_the_next_walk_can_have_its_short_name(named: Site) -> None:
    at = platform.choose(asked=True)("http://127.0.0.1:1")
    made = named.client().create(NewCourse("ours", "COOMET-2026-001", TITLE, "<p>Ours</p>"))
    named.client().set_visible(made.id, visible=True)
    assert at.learner_sees(made.id)
    at.leave(TITLE)
    assert not at.learner_sees(made.id)
    assert [one.shortname for one in named.client().by_idnumber("ours")] == ["WALK-ours"]
    assert [one.shortname for one in named.client().by_idnumber("somebody's")] == ["S-1"]


def test_without_the_word_no_walk_goes_to_a_real_site(named: Site) -> None:
    assert platform.choose(asked=False)("http://127.0.0.1:1").url == "http://127.0.0.1:1/moodle"
    with pytest.raises(LookupError, match="MOODLE_URL"):
        platform.real()
