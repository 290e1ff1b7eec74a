"""Announcement of a course: section 12, clause 4.6 with footnote 2; readings A39, A40, A41."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.courses import portal
from app.courses.announcements import log
from app.courses.models import Course
from app.i18n import use_locale
from app.identity.models import Organisation
from app.workflow.models import Subject
from tests.conftest import TestClock
from tests.process.reviewing import Reviewing
from tests.process.scenario import ROOT, Step, read

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""The scenarios are played on both databases."""

SCENARIOS = ROOT / "processes" / "announcement" / "scenarios.yaml"
SIGN_UP = "https://e-learning.bipm.org/login/signup.php"

Announce = Callable[..., Reviewing]


@pytest.fixture
def announce(sessions: sessionmaker[Session], tmp_path: Path, moved_clock: TestClock) -> Announce:
    """The course is published and its announcement has begun."""

    def begun(**how: Any) -> Reviewing:
        scenario = read(SCENARIOS)[0]
        acts = Reviewing(sessions, tmp_path, replace(scenario, prepared={**scenario.prepared, **how}), moved_clock)
        acts.take(Step("event", "course.published"))
        return acts

    return begun


@pytest.mark.requirement("R12.1-a", "R12.1-b", "R12.1-c", "R4.6-f", "R5.2-c")
def test_one_action_invites_every_active_nmi_in_its_language(announce: Announce) -> None:
    acts = announce()
    with acts.sessions.begin() as session:
        session.get_one(Organisation, "nmi-by-belgim").email = "office@belgim.example"
        link = session.get_one(Course, acts.course).platform_url
    acts.do("invite", "secretariat", confirmed=True)
    invited = {
        address: [one for one in acts.mailbox.messages(address) if link in one.text]
        for address in ("representative@", "kazakh@", "office@")
    }
    assert [len(letters) for letters in invited.values()] == [1, 1, 1]
    assert invited["representative@"][0].subject.startswith("Приглашение на обучение")
    assert invited["kazakh@"][0].subject.startswith("Invitation to training")
    for letters in invited.values():
        assert SIGN_UP in letters[0].text
        assert "Go to course" in letters[0].text
        assert "Enroll me" in letters[0].text
        assert "+375 17 000 00 00, coordinator@example.org" in letters[0].text
    with acts.sessions() as session:
        entries = log.entries(session, acts.course)
    assert sorted((one.invitation.email, one.state, one.invitation.locale_assumed) for one in entries) == [
        ("kazakh@example.org", "sent", False),
        ("office@belgim.example", "sent", True),
        ("representative@example.org", "sent", False),
    ]


@pytest.mark.requirement("R12.1-a")
def test_an_invitation_of_restricted_access_says_how_to_apply_and_never_the_key(announce: Announce) -> None:
    acts = announce(access="restricted")
    how = {"how_to_apply_ru": "Заявку подайте до 1 марта.", "how_to_apply_en": "Apply by 1 March."}
    acts.do("invite", "secretariat", confirmed=True, **how)
    ru, en = acts.mailbox.messages("representative@")[-1].text, acts.mailbox.messages("kazakh@")[-1].text
    assert "Заявку подайте до 1 марта." in ru
    assert "Apply by 1 March." in en
    for text in (ru, en):
        assert "Enroll me" not in text
        assert "ключ" not in text.lower()
        assert "key" not in text.lower()


@pytest.mark.requirement("R12.1-a")
def test_what_did_not_arrive_is_shown_and_answered_by_the_secretariat(announce: Announce) -> None:
    acts = announce(nmis=["nmi-by-belgim", "nmi-md-inm"])
    acts.do("invite", "secretariat", confirmed=True)
    acts.take(Step("timer", "a_day_later"))
    with acts.sessions() as session:
        assert [one.organisation.id for one in log.unanswered(session, acts.course)] == ["nmi-md-inm"]
        seen = acts.seen(session, "answer", "announcement_undelivered", "secretariat")
    assert len(seen["undelivered"]) == 1  # type: ignore[arg-type]  # rows
    acts.do("answer", "secretariat", undelivered=[{"act": "passed_on", "note": "Передано на заседании"}])
    with acts.sessions() as session:
        entry = next(one for one in log.entries(session, acts.course) if one.organisation.id == "nmi-md-inm")
    assert (entry.invitation.answer, entry.open) == ("Передано на заседании", False)


@pytest.mark.requirement("R12.2-a")
def test_the_portal_list_holds_published_courses_only_and_the_secretariat_confirms(announce: Announce) -> None:
    acts = announce()
    with acts.sessions() as session, use_locale("en"):
        found = portal.page(session)
        assert [one.title.en for one in found.courses] == ["Calibration of weights"]
        assert "Calibration of weights" in portal.as_csv(found.courses, "en")
        assert found.courses[0].coordinators[0].contact == "+375 17 000 00 00, coordinator@example.org"
        assert acts.open_tasks(session) == ["invite", "place"]
    with acts.sessions.begin() as session:
        session.get_one(Course, acts.course).published_at = None
        assert portal.page(session).courses == ()


@pytest.mark.requirement("R12.2-a")
def test_s62_no_cell_of_the_export_is_a_formula(announce: Announce) -> None:
    acts = announce()
    with acts.sessions.begin() as session:
        course = session.get_one(Course, acts.course)
        course.title_en, course.field, course.description_en = "=HYPERLINK(1)", "@SUM(A1)", " +1-2\nsecond; \"line\""
        text = portal.as_csv(portal.everything(session), "en")
    assert "'=HYPERLINK(1)" in text
    assert "'@SUM(A1)" in text
    assert "\"' +1-2\nsecond; \"\"line\"\"\"" in text


def test_a_false_word_of_a_diagram_that_a_course_is_published_invites_nobody(announce: Announce) -> None:
    """An analyst's diagram may announce what it likes: whether the course is published stands in the register."""
    with pytest.raises(AssertionError, match="nobody is invited to it"):
        announce(published=False)


def test_a_course_with_a_russian_title_only_is_announced_by_it_in_english_too(announce: Announce) -> None:
    acts = announce(title_en="")
    with acts.sessions() as session:
        found = session.get_one(Subject, acts.course)
        assert (found.title_ru, found.title_en) == ("Калибровка гирь", "Калибровка гирь")
    acts.do("invite", "secretariat", confirmed=True)
    assert "Калибровка гирь" in acts.mailbox.messages("kazakh@")[-1].subject
