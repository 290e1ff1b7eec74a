"""Restricted access: clause 4.6; readings A18, A19, A40. The key stands nowhere but in the letters themselves."""

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app import worker
from app.courses import settings
from app.courses.access import granting, keys, sealed
from app.courses.access.granting import Asked
from app.courses.access.listing import Person
from app.courses.access.models import AccessEntry, AccessList, SealedKey
from app.courses.letters import register as letters
from app.courses.letters.models import Letter
from app.courses.models import Course
from app.courses.platform import steps
from app.db import Model
from app.errors import Conflict, Denied, Invalid, PermanentFailure
from app.i18n import use_locale
from app.workflow.models import Job
from tests.conftest import TestClock
from tests.process.certifying import Certifying
from tests.process.scenario import ROOT, Step, read

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""The scenarios are played on both databases."""

SCENARIOS = ROOT / "processes" / "access" / "scenarios.yaml"
KEY = "Klyuch-7-Gir-Секрет"
PEOPLE = (Person("sofia@learners.example"), Person("pavel@learners.example"))

Begin = Callable[..., Certifying]


@pytest.fixture
def course(sessions: sessionmaker[Session], tmp_path: Path, moved_clock: TestClock) -> Begin:
    def begun(**how: Any) -> Certifying:
        scenario = read(SCENARIOS)[0]
        found = replace(scenario, prepared={**scenario.prepared, **how})
        return Certifying(sessions, tmp_path, found, moved_clock).ready()

    return begun


def everything_kept(session: Session) -> str:
    """Every row of every table, as text and as bytes."""
    found = []
    for table in Model.metadata.sorted_tables:
        for row in session.execute(sa.select(table)).all():
            found += [one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in row]
    return "\n".join(found)


@pytest.mark.requirement("R4.6-c", "R12.1-c")
def test_the_key_is_in_the_letters_of_those_listed_and_nowhere_else(
    course: Begin, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    acts = course()
    with caplog.at_level(logging.DEBUG):
        acts.admit("key", *(one.account for one in PEOPLE), key=KEY)
    for one in PEOPLE:
        [text] = acts.letters(one.account)
        assert f"Ключ доступа к курсу: {KEY}" in text
        assert "https://e-learning.bipm.org/login/signup.php" in text
    holding = sorted(one.to for one in acts.mailbox.messages() if KEY in one.text + one.html + one.subject)
    assert [one.rpartition("<")[2] for one in holding] == ["pavel@learners.example>", "sofia@learners.example>"]
    with acts.sessions() as session:
        kept = everything_kept(session)
        operator = acts.actor(session, "administrator")
        found, _more = letters.listed(session, operator, letters.Asked(search=KEY), 1, 50)
        shown = " ".join(line.letter.text for line in letters.listed(session, operator, letters.Asked(), 1, 50)[0])
    told = capsys.readouterr()
    for place in (kept, caplog.text, told.out, told.err, shown):
        assert KEY not in place
    assert found == []
    assert {path.suffix for path in acts.folder.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()} <= {
        ".eml"
    }


@pytest.mark.requirement("R4.6-c")
def test_who_got_the_key_and_when_is_kept_and_the_key_is_forgotten(course: Begin) -> None:
    acts = course()
    acts.admit("key", *(one.account for one in PEOPLE), key=KEY)
    with acts.sessions() as session:
        [made] = session.scalars(sa.select(AccessList))
        entries = granting.entries(session, made.id)
        gone = keys.letters_of(session, entries)
        assert all(gone[str(one.letter_id)].sent_at == acts.clock.moment for one in entries)
        assert sealed.open_key(session, made.id) == KEY
    acts.take(Step("timer", "a_day_later"))
    with acts.sessions() as session:
        row = session.get_one(SealedKey, made.id)
        assert row.sealed is None
        assert row.forgotten_at is not None
        with pytest.raises(PermanentFailure, match="kept no longer"):
            sealed.open_key(session, made.id)


@pytest.mark.requirement("R4.6-c")
def test_the_sealed_key_opens_with_the_deployments_secret_only(course: Begin) -> None:
    acts = course()
    acts.admit("key", "sofia@learners.example", key=KEY)
    with acts.sessions() as session:
        [made] = session.scalars(sa.select(AccessList))
        sealed.install("another secret")
        with pytest.raises(PermanentFailure, match="SECRET_KEY"):
            sealed.open_key(session, made.id)
        sealed.install("a secret of the tests")
        row = session.get_one(SealedKey, made.id)
        other = SealedKey(list_id=made.id, sealed=row.sealed)
        assert other.sealed is not None
        assert KEY.encode() not in other.sealed


def test_letters_that_wait_longer_than_a_week_do_not_keep_the_key(course: Begin) -> None:
    acts = course()
    acts.admit("key", "sofia@learners.example", key=KEY)
    with acts.sessions.begin() as session:
        [made] = session.scalars(sa.select(AccessList))
        letter = session.scalars(sa.select(Letter).where(Letter.template == "access_key")).one()
        letter.sent_at = None
        job = session.scalars(sa.select(Job).where(Job.key == f"letters.deliver:{letter.id}")).one_or_none()
        if job is not None:
            job.outcome = None
        assert keys.forget(session, made)["waiting"] == 1  # type: ignore[call-overload,index]  # a mapping
        acts.clock.move(days=8)
        assert keys.forget(session, made) == {"waiting": 0}
        assert session.get_one(SealedKey, made.id).sealed is None


@pytest.mark.requirement("R4.6-d")
def test_listed_accounts_are_enrolled_and_it_is_kept_by_whom_and_when(course: Begin) -> None:
    acts = course()
    acts.admit("list", "sofia@learners.example", "pavel")
    assert acts.enrolled() == ["pavel", "sofia", "vera"]
    with acts.sessions() as session:
        [made] = session.scalars(sa.select(AccessList))
        entries = granting.entries(session, made.id)
        assert (made.made_by, made.grounds) == (acts.people["coordinator"], "Письмо института")
    assert {one.settled_by for one in entries} == {acts.people["coordinator"]}
    assert {one.settled_at for one in entries} == {acts.clock.moment}
    assert [one.name for one in entries] == ["Sofia Outside", "Pavel Outside"]


@pytest.mark.requirement("R4.6-d")
def test_unknown_accounts_are_reported_and_not_dropped(course: Begin) -> None:
    acts = course()
    acts.admit("list", "sofia", "nobody@learners.example")
    assert acts.enrolled() == ["sofia", "vera"]
    with acts.sessions() as session, use_locale("ru"):
        [made] = session.scalars(sa.select(AccessList))
        assert acts.open_tasks(session) == ["settle"]
        seen = acts.seen_by_data(session, "settle", "access_settle", {"list": made.id})
    assert seen["accounts"] == [
        {"account": "nobody@learners.example", "trouble": "такой учетной записи на платформе нет"}
    ]
    with pytest.raises(Invalid):
        acts.do("settle", "coordinator", accounts=[])


@pytest.mark.requirement("R4.6-e")
def test_without_the_confirmation_nobody_is_enrolled(course: Begin) -> None:
    acts = course()
    with acts.sessions() as session:
        coordinator = acts.actor(session, "coordinator")
        asked = Asked(PEOPLE, "Письмо", confirmed=False)
        with pytest.raises(Invalid) as caught:
            granting.send_key(session, coordinator, acts.course, asked, KEY)
        assert set(caught.value.fields) == {"confirmed"}
        with pytest.raises(Invalid) as caught:
            granting.enrol_list(session, coordinator, acts.course, asked)
        assert set(caught.value.fields) == {"confirmed"}
        with pytest.raises(Invalid) as caught:
            granting.enrol_list(session, coordinator, acts.course, Asked(PEOPLE, " ", confirmed=True))
        assert set(caught.value.fields) == {"grounds"}
        assert not session.scalars(sa.select(AccessEntry)).all()
    worker.work_off(acts.sessions)
    assert acts.enrolled() == ["vera"]


@pytest.mark.requirement("R4.6-e")
def test_the_words_confirmed_are_a_setting_and_are_kept_as_they_were_read(course: Begin) -> None:
    acts = course()
    with acts.sessions.begin() as session:
        words = "Подтверждаю по разделу 5 руководства CBKT редакции 2027 года."
        settings.change(session, "data_confirmation_ru", words, settings.today(session), "system:test")
    acts.admit("list", "sofia")
    with acts.sessions() as session:
        assert session.scalars(sa.select(AccessList.confirmation)).all() == [words]


@pytest.mark.requirement("R4.6-b")
def test_only_coordinators_of_the_course_and_administrators_admit(course: Begin) -> None:
    acts = course()
    acts.admit("list", "sofia", by="administrator")
    with acts.sessions() as session:
        for stranger in ("creator", "representative"):
            actor = acts.actor(session, stranger)
            with pytest.raises(Denied):
                granting.enrol_list(session, actor, acts.course, Asked(PEOPLE, "x", confirmed=True))
            with pytest.raises(Denied):
                granting.send_key(session, actor, acts.course, Asked(PEOPLE, "x", confirmed=True), KEY)
    assert acts.enrolled() == ["sofia", "vera"]  # nobody else entered


@pytest.mark.requirement("R4.6-a", "R4.6-b")
def test_an_open_course_admits_everybody_by_itself_and_a_restricted_one_by_key_or_list(course: Begin) -> None:
    acts = course(access="open")
    with acts.sessions() as session:
        with pytest.raises(Conflict, match="enrols alone"):
            granting.enrol_list(
                session, acts.actor(session, "coordinator"), acts.course, Asked(PEOPLE, "x", confirmed=True)
            )
        with use_locale("en"):
            said = steps.BINDINGS["platform.enrolment"].read(session, acts.course)
            assert "without a key; anybody signed in may then enter" in str(said)
            session.get_one(Course, acts.course).access = "restricted"
            said = steps.BINDINGS["platform.enrolment"].read(session, acts.course)
            assert "“Self enrolment” with a key, or “Manual enrolments” only" in str(said)


def test_a_platform_away_in_the_middle_enrols_nobody_twice(course: Begin) -> None:
    acts = course()
    acts.fail_platform("unavailable", "enrol_manual_enrol_users", times=1)
    with pytest.raises(AssertionError, match="maintenance"):  # the player reports the job that waits
        acts.admit("list", "sofia", "pavel")
    acts.clock.move(hours=1)
    worker.work_off(acts.sessions)
    with acts.platform.store.open() as memory:
        made = [one for one in memory.effects() if one["effect"] in ("enrolled", "again enrolled")]
    assert [one["effect"] for one in made] == ["enrolled", "enrolled"]
    assert acts.enrolled() == ["pavel", "sofia", "vera"]


def test_a_lost_answer_after_the_work_enrols_nobody_twice(course: Begin) -> None:
    acts = course()
    acts.fail_platform("truncated", "enrol_manual_enrol_users", times=1)
    with pytest.raises(AssertionError, match="instead of data"):
        acts.admit("list", "sofia", "pavel")
    acts.clock.move(hours=1)
    worker.work_off(acts.sessions)
    with acts.platform.store.open() as memory:
        assert [one["effect"] for one in memory.effects() if "enrolled" in one["effect"]] == ["enrolled", "enrolled"]


def test_five_hundred_names_are_one_list(course: Begin) -> None:
    acts = course()
    for number in range(500):
        acts.learner(10 + number, f"person{number}", "outside")
    acts.admit("list", *(f"person{number}@learners.example" for number in range(500)))
    assert len(acts.enrolled()) == 501
    with acts.sessions() as session:
        [made] = session.scalars(sa.select(AccessList))
        assert granting.counted(session, made.id) == {"enrolled": 500}


def test_a_course_that_is_not_published_admits_nobody(course: Begin) -> None:
    acts = course()
    with acts.sessions() as session:
        found = session.get_one(Course, acts.course)
        found.published_at, found.stage = None, "approved"
        assert granting.hindrance(session, found) == granting.NOT_THERE
        found.stage = "published"
        with pytest.raises(Conflict):
            granting.enrol_list(
                session, acts.actor(session, "administrator"), acts.course, Asked(PEOPLE, "x", confirmed=True)
            )


@pytest.mark.parametrize("key", ["ab", " abc", "abc ", "a\nb c", "x" * 51])
def test_a_key_that_the_platform_could_not_have_is_refused_without_being_told(course: Begin, key: str) -> None:
    acts = course()
    with acts.sessions() as session:
        with pytest.raises(Invalid) as caught:
            granting.send_key(
                session, acts.actor(session, "coordinator"), acts.course, Asked(PEOPLE, "x", confirmed=True), key
            )
        assert key not in str(caught.value).replace("at either end", "") or len(key) < 4
        assert set(caught.value.fields) == {"key"}
