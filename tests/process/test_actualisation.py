"""Actualisation of a course: clauses 13.1–13.4; readings A42–A45, A8, A10."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app import clock, worker
from app.connectors.moodle import texts
from app.courses import archive, choices, portal, settings, sheets, status
from app.courses.actualisation import calendar, checking, overdue, renewing
from app.courses.actualisation.models import Conclusion, TopicalityCheck
from app.courses.approvals import kept
from app.courses.models import Course
from app.db import new_id
from app.errors import Conflict, Denied, Invalid, NotFound
from app.i18n import use_locale
from app.workflow import events, tasks
from app.workflow.models import Incident, Instance, Job, Task
from tests.conftest import TestClock
from tests.process.renewal import SCENARIOS, Renewal
from tests.process.reviewing import REFUSAL
from tests.process.scenario import read

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""The scenarios are played on both databases."""

Published = Callable[..., Renewal]
THREE_RU = "Новый текст о гирях. Он рассчитан на метрологов. В конце – тест."
THREE_EN = "A new text on weights. It is made for metrologists. There is a test at the end."


@pytest.fixture
def published(sessions: sessionmaker[Session], tmp_path: Path, moved_clock: TestClock) -> Published:
    def made(**how: Any) -> Renewal:
        return Renewal(sessions, tmp_path, read(SCENARIOS)[0], moved_clock).publish(**how)

    return made


def due_of(acts: Renewal) -> Any:
    with acts.sessions() as session:
        return session.get_one(Course, acts.course).check_due


# --- the calendar


@pytest.mark.requirement("R13.1-a")
def test_near_three_years_after_the_approval_three_tasks_come_and_past_them_the_check_is_overdue(
    published: Published,
) -> None:
    acts = published()
    approved = clock.now().date()
    assert due_of(acts) == approved.replace(year=approved.year + 3)
    acts.until(due_of(acts) - timedelta(days=61))
    assert not acts.instance
    acts.until(due_of(acts) - timedelta(days=60))
    assert acts.open() == ["conclude_coordinator", "conclude_secretariat", "conclude_tc4"]
    with acts.sessions() as session, use_locale("ru"):
        assert [task.due is not None for task in session.scalars(sa.select(Task))] == [True] * 3
        assert "нет заключения" in status.sentence(session, session.get_one(Course, acts.course))
        assert not overdue.listed(session, acts.actor(session, "secretariat")).lines
    acts.until(due_of(acts) + timedelta(days=1))
    with acts.sessions() as session, use_locale("ru"):
        (line,) = overdue.listed(session, acts.actor(session, "secretariat")).lines
        assert (line.course.id, line.late, line.missing) == (acts.course, True, ("secretariat", "tc4", "coordinator"))
        assert "истек" in status.sentence(session, session.get_one(Course, acts.course))
    letters = [one.subject for one in acts.mailbox.messages("secretariat@")]
    assert any("просроч" in one.lower() for one in letters), letters


@pytest.mark.requirement("R13.1-a")
def test_after_each_check_the_next_one_is_three_years_on(published: Published) -> None:
    """Three years pass twice; the same course is checked twice, never two checks at once."""
    acts = published()
    for number in (1, 2):
        acts.begin_check()
        acts.conclude("topical", "topical", "topical")
        with acts.sessions() as session:
            check = acts.check(session)
            assert (check.number, check.result) == (number, "topical")
            assert check.closed_at is not None
            closed = check.closed_at.date()
        assert due_of(acts) == closed.replace(year=closed.year + 3)
    with acts.sessions() as session:
        assert len(checking.of_course(session, acts.course)) == 2
        assert [one.name for one in events.planned(session, acts.course)] == [calendar.EVENT]


@pytest.mark.requirement("R13.1-a")
def test_the_time_and_its_warning_are_settings(published: Published) -> None:
    acts = published(settings={"check_years": "2", "check_lead_days": "30"})
    approved = clock.now().date()
    assert due_of(acts) == approved.replace(year=approved.year + 2)
    acts.until(due_of(acts) - timedelta(days=31))
    assert not acts.instance
    acts.until(due_of(acts) - timedelta(days=30))
    assert len(acts.open()) == 3


@pytest.mark.requirement("R13.1-a")
def test_no_setting_makes_it_more_than_three_years(published: Published) -> None:
    acts = published()
    with acts.sessions.begin() as session, pytest.raises(Invalid):
        settings.change(session, "check_years", "4", clock.now().date(), "system:test")


def test_a_leap_day_is_no_later_than_three_years(published: Published) -> None:
    leap = clock.now().date().replace(year=2028, month=2, day=29)
    assert calendar.years_later(leap, 3) == leap.replace(year=2031, day=28)


def test_a_course_of_an_older_release_gets_its_date(published: Published) -> None:
    acts = published()
    with acts.sessions.begin() as session:
        course = session.get_one(Course, acts.course)
        calendar.withdraw(session, course, "system:test")
        course.check_due = None
        session.flush()
        assert calendar.plan_missing(session) == 1
        assert calendar.plan_missing(session) == 0
        assert [one.name for one in events.planned(session, acts.course)] == [calendar.EVENT]


def begin_early(acts: Renewal, by: str, reason: str = "Вышла новая редакция стандарта") -> None:
    with acts.sessions.begin() as session:
        checking.begin_early(session, acts.actor(session, by), session.get_one(Course, acts.course), reason)
    worker.work_off(acts.sessions)
    acts.find()


def test_a_check_begun_before_its_date_takes_the_place_of_the_planned_one(published: Published) -> None:
    acts = published()
    due = due_of(acts)
    with pytest.raises(Invalid):
        begin_early(acts, "secretariat", " ")
    with pytest.raises(Denied):
        begin_early(acts, "creator")
    begin_early(acts, "secretariat")
    assert len(acts.open()) == 3
    with pytest.raises(Conflict):
        begin_early(acts, "tc4")
    with acts.sessions() as session:
        assert acts.check(session).early_reason
        assert not events.planned(session, acts.course)
    acts.until(due + timedelta(days=1))
    with acts.sessions() as session:
        assert len(session.scalars(sa.select(Instance)).all()) == 1
    acts.conclude("topical", "topical", "topical")
    closed = clock.now().date()
    assert due_of(acts) == closed.replace(year=closed.year + 3)


def test_the_event_announced_again_starts_no_second_check(published: Published) -> None:
    acts = published().begin_check()
    with acts.sessions.begin() as session:
        events.announce(session, calendar.EVENT, acts.course, key="again")
    worker.work_off(acts.sessions)
    with acts.sessions() as session:
        ended = [one.end_event for one in session.scalars(sa.select(Instance).order_by(Instance.id))]
        assert ended == [None, "not_needed"]
        assert len(session.scalars(sa.select(TopicalityCheck)).all()) == 1


# --- three conclusions


@pytest.mark.requirement("R13.2-a")
def test_the_check_is_closed_only_with_all_three_conclusions(published: Published) -> None:
    acts = published().begin_check()
    acts.conclude_one("secretariat", "topical")
    acts.conclude_one("coordinator", "topical")
    with acts.sessions.begin() as session, pytest.raises(Conflict):
        checking.close(session, acts.check(session), "topical", "system:test")
    with acts.sessions() as session:
        assert acts.check(session).closed_at is None
        assert checking.missing(session, acts.check(session).id) == ["tc4"]
    acts.conclude_one("tc4", "topical")
    with acts.sessions() as session:
        check = acts.check(session)
        assert check.result == "topical"
        found = {
            one.part: (one.outcome, one.grounds, one.person["name_ru"])
            for one in session.scalars(sa.select(Conclusion))
        }
    assert found["tc4"] == ("topical", "Основания: tc4.", "Теодора Тарасова")
    assert set(found) == {"secretariat", "tc4", "coordinator"}


@pytest.mark.requirement("R13.2-a")
@pytest.mark.parametrize(
    ("part", "others"),
    [
        ("secretariat", ("administrator", "tc4", "coordinator", "creator")),
        ("tc4", ("administrator", "secretariat", "coordinator")),
        ("coordinator", ("administrator", "secretariat", "tc4", "creator")),
    ],
)
def test_nobody_concludes_in_the_place_of_another(published: Published, part: str, others: tuple[str, ...]) -> None:
    acts = published().begin_check()
    for by in others:
        with pytest.raises(NotFound):
            acts.do(f"conclude_{part}", by, outcome="topical", grounds="Замечаний нет.")


def test_a_conclusion_needs_its_grounds(published: Published) -> None:
    acts = published().begin_check()
    with pytest.raises(Invalid):
        acts.do("conclude_tc4", "tc4", outcome="topical", grounds=" ")
    assert len(acts.open()) == 3


def test_two_who_conclude_at_once_are_both_heard(published: Published) -> None:
    """Both pages were opened before either was sent; and who sends the same page twice is told so."""
    acts = published().begin_check()
    with acts.sessions() as session:
        opened = {part: acts.task_of(session, f"conclude_{part}") for part in ("secretariat", "tc4")}
        known = {part: (task.id, task.revision) for part, task in opened.items()}

    def send(part: str) -> None:
        values, (task_id, revision) = {"outcome": "topical", "grounds": "Замечаний нет."}, known[part]
        with acts.sessions.begin() as session:
            shown = choices.context(session, "actualisation_conclusion", acts.course, {})
            context, actor = acts.context(session, shown), acts.actor(session, part)
            tasks.complete(session, actor, task_id, values, nonce=new_id(), revision=revision, context=context)

    send("secretariat")
    send("tc4")
    with pytest.raises((Conflict, NotFound)):
        send("tc4")
    with acts.sessions() as session:
        assert checking.missing(session, acts.check(session).id) == ["coordinator"]


@pytest.mark.requirement("R13.1-b")
@pytest.mark.parametrize(
    ("outcomes", "opened"),
    [
        (("topical", "topical", "topical"), []),
        (("topical", "update", "topical"), ["revise"]),
        (("update", "topical", "obsolete"), ["decide"]),
    ],
)
def test_three_outcomes(published: Published, outcomes: tuple[str, str, str], opened: list[str]) -> None:
    """Topical ends it, "update" has a new version made, one "obsolete" goes to TC 4 whatever the others hold (A43)."""
    acts = published().begin_check()
    acts.conclude(*outcomes)
    assert acts.open() == opened


# --- a new version


@pytest.mark.requirement("R13.3-a")
def test_learners_see_the_old_version_until_the_new_one_is_approved(published: Published) -> None:
    acts = published().begin_check()
    old = acts.as_learner()
    assert old is not None
    acts.conclude("topical", "update", "topical")

    def unchanged() -> bool:
        seen = acts.as_learner()
        with acts.sessions() as session:
            course = session.get_one(Course, acts.course)
            listed = [one.number for one in portal.everything(session)] == [course.number]
        return (
            seen is not None
            and (seen.visible, seen.summary) == (True, old.summary)
            and listed
            and acts.stage() == "published"
        )

    acts.revise(new_description=True, description_ru=THREE_RU, description_en=THREE_EN)
    assert unchanged()
    acts.agree_anew()
    assert unchanged()
    acts.prepare()
    assert unchanged()
    acts.approve()
    seen = acts.as_learner()
    assert seen is not None
    assert "A new text on weights" in texts.words(seen.summary)
    acts.replace()
    with acts.sessions() as session:
        assert acts.check(session).result == "updated"
        (edition,) = renewing.of_course(session, acts.course)
        assert (edition.number, edition.state) == (2, "in_force")
        assert session.get_one(Course, acts.course).description_ru == THREE_RU
    due, day = due_of(acts), clock.now().date()
    assert due == day.replace(year=day.year + 3)
    assert len([one for one in acts.mailbox.messages("chair.training@") if "Обновлен" in one.subject]) == 1


@pytest.mark.requirement("R13.4-a", "R1-a")
def test_agreement_and_expert_review_are_gone_through_anew_and_both_sets_stay(published: Published) -> None:
    acts = published().begin_check()
    acts.conclude("update", "topical", "topical")
    acts.revise()
    acts.agree_anew()
    acts.prepare()
    acts.do("examine", "administrator", **REFUSAL)
    acts.revise(materials=[])
    acts.prepare()
    acts.approve()
    acts.replace()
    with acts.sessions() as session:
        assert [one.number for one in sheets.of_course(session, acts.course)] == ["2026-001/1", "2026-001/2"]
        assert [one.state for one in sheets.of_course(session, acts.course)] == ["agreed", "agreed"]
        assert [(one.number, one.may_place) for one in kept.of_course(session, acts.course)] == [
            ("2026-001/F2", True),
            ("2026-001/F1", False),
        ]
        archived = {one.kind for one in archive.of_course(session, acts.course, "agreement_sheet", "approval_form")}
        assert archived == {"agreement_sheet", "approval_form"}
        assert len(session.scalars(sa.select(Job).where(Job.operation == "events.spread")).all()) == 1
    assert not acts.mailbox.messages("kazakh@"), "nobody is invited anew to a course that goes on"


@pytest.mark.requirement("R13.4-a")
def test_section_7_is_left_out_only_where_the_settings_and_the_administrator_allow_it_and_8_never(
    published: Published,
) -> None:
    acts = published().begin_check()
    acts.conclude("update", "topical", "topical")
    acts.revise(editorial=True)
    assert acts.open() == ["propose"], "by the text of the recommendation section 7 is gone through"
    other = published_editorial(acts)
    assert other.open() == ["waive"]
    with pytest.raises(Invalid):
        other.do("waive", "administrator", allow="yes", reason=" ")
    other.do("waive", "administrator", allow="yes", reason="Исправлены только опечатки.")
    other.prepare()
    assert other.open() == ["examine"]
    with other.sessions() as session:
        (edition, *_rest) = renewing.of_course(session, other.course)
        assert edition.waiver_reason == "Исправлены только опечатки."
        assert len(sheets.of_course(session, other.course)) == 1


def published_editorial(acts: Renewal) -> Renewal:
    """Another course of the same site, where the setting allows editorial changes."""
    acts.publish(number="2026-002", settings={"editorial_waiver": "yes"})
    begin_early(acts, "secretariat")
    acts.conclude("update", "topical", "topical")
    acts.revise(editorial=True)
    return acts


@pytest.mark.requirement("R13.4-a")
def test_a_new_version_that_was_not_agreed_is_not_submitted(published: Published) -> None:
    acts = published().begin_check()
    acts.conclude("update", "topical", "topical")
    acts.revise()
    with acts.sessions.begin() as session:
        (edition,) = renewing.of_course(session, acts.course)
        with pytest.raises(Invalid):
            renewing.submit(session, edition, "system:test")


def test_a_new_version_begins_with_its_materials_and_keeps_to_three_to_five_sentences(published: Published) -> None:
    acts = published().begin_check()
    acts.conclude("update", "topical", "topical")
    with pytest.raises(Invalid):
        acts.revise(materials=[])
    with pytest.raises(Invalid):
        acts.revise(new_description=True, description_ru="Одно предложение.", description_en=THREE_EN)
    assert acts.open() == ["revise"]
    with acts.sessions() as session:
        assert not session.scalars(sa.select(Incident)).all()
        assert renewing.of_course(session, acts.course) == []
