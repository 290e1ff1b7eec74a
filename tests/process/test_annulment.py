"""Annulment of a course: clause 13.5; readings A41, A43, A46."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app import clock, worker
from app.connectors import documents
from app.courses import archive, portal, register, status
from app.courses.access import granting, listing
from app.courses.access.models import SealedKey
from app.courses.actualisation import calendar, checking, deciding
from app.courses.actualisation.models import Annulment
from app.courses.certificates import asking, batches
from app.courses.certificates.models import Certificate, CertificateRequest
from app.courses.creation import decisions
from app.courses.documents import making
from app.courses.letters.models import Letter
from app.courses.models import Agreement, Course
from app.courses.platform import steps
from app.errors import Conflict, Denied, Invalid, NotFound, PermanentFailure
from app.files.store import path_of
from app.i18n import use_locale
from app.identity import appointments
from app.identity.appointments import Terms
from app.identity.models import Appointment
from app.workflow import drafts, events, instances, operations, releases
from app.workflow.models import Draft, Incident, Instance, Task
from app.workflow.operations import Context
from tests.conftest import TestClock
from tests.process import learning
from tests.process.renewal import SCENARIOS, Renewal
from tests.process.scenario import read
from tests.unit.documents import paper

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""The scenarios are played on both databases."""

needs_pango = pytest.mark.skipif(documents.available() is not None, reason="PDF cannot be made: Pango is missing")
Obsolete = Callable[..., Renewal]


@pytest.fixture
def obsolete(sessions: sessionmaker[Session], tmp_path: Path, moved_clock: TestClock) -> Obsolete:
    """One of the three holds the course obsolete: TC 4 is to decide."""

    def made(**how: object) -> Renewal:
        acts = Renewal(sessions, tmp_path, read(SCENARIOS)[0], moved_clock).publish(**how).begin_check()
        acts.conclude("topical", "topical", "obsolete")
        return acts

    return made


def annulment(acts: Renewal) -> Annulment:
    with acts.sessions() as session:
        return session.get_one(Annulment, acts.course)


# --- nobody but TC 4


@pytest.mark.requirement("R13.5-a")
def test_the_administrator_cannot_annul_alone(obsolete: Obsolete) -> None:
    """Neither by TC 4's task, nor by withdrawing it, nor by the operation that hides it, nor by a false word."""
    acts = obsolete()
    for by in ("administrator", "secretariat", "tc4", "coordinator", "creator", "chair_mass"):
        with pytest.raises(NotFound):
            acts.decide_as(by)
    with acts.sessions.begin() as session:
        course = session.get_one(Course, acts.course)
        with pytest.raises(Conflict):
            decisions.withdraw(session, acts.actor(session, "administrator"), course, "Так решил администратор")
        by = acts.people["administrator"]
        context = Context(session, acts.instance, acts.course, by, clock.now(), "by-hand")
        hide = operations.find("moodle.hide")
        assert hide.outside is not None
        with pytest.raises(PermanentFailure, match="no decision to annul"):
            hide.outside.prepare(context, course=acts.course)
        with pytest.raises(Conflict):
            operations.find("moodle.confirm_hidden").run(context, course=acts.course)
        with pytest.raises(PermanentFailure):
            deciding.hidden(session, course, acts.people["administrator"], {})
    assert acts.stage() == "published"
    seen = acts.as_learner()
    assert seen is not None
    assert seen.visible


@pytest.mark.requirement("R13.5-a")
def test_the_decision_has_its_date_meeting_and_reason(obsolete: Obsolete) -> None:
    acts = obsolete()
    tomorrow = clock.now().date().replace(year=clock.now().year + 1).isoformat()
    for wrong in ({"meeting": " "}, {"reason": ""}, {"decided_on": tomorrow}):
        with pytest.raises(Invalid):
            acts.decide(**wrong)
    acts.decide()
    with acts.sessions() as session:
        (found,) = deciding.of_course(session, acts.course)
        assert (found.act, found.meeting, found.reason) == (
            "annul",
            "25-е заседание ТК 4",
            "Метод больше не применяется.",
        )
        assert found.decided_on == clock.now().date()
        assert found.header["signer"]["name_ru"] == "Тарас Обучаев"
        said = {one["part"]: one["outcome"] for one in found.header["conclusions"]}
        assert said == {"secretariat": "topical", "tc4": "topical", "coordinator": "obsolete"}
        course = session.get_one(Course, acts.course)
        assert (course.stage, course.annulled_at is not None, course.check_due) == ("annulled", True, None)


@needs_pango
@pytest.mark.requirement("R13.5-a")
def test_the_decision_is_in_the_archive_in_both_languages(obsolete: Obsolete) -> None:
    acts = obsolete()
    acts.make_documents(making.typeset)
    acts.decide()
    with acts.sessions() as session:
        (decision,) = deciding.of_course(session, acts.course)
        entry = archive.newest_of(session, making.DECISION, decision.id)
        assert entry is not None
        root = acts.folder / "files"
        made = {one.language: path_of(root, one.sha256).read_bytes() for one in archive.files_of(session, entry.id)}
    wanted = ("2026-001/D1", "25-е заседание ТК 4", "Метод больше не применяется.")
    assert paper.in_order(paper.text(made["ru"]), "Калибровка гирь", *wanted, "неактуален", "Тарас Обучаев")
    assert paper.in_order(paper.text(made["en"]), "Calibration of weights", *wanted, "obsolete", "Taras Obuchaev")


# --- out of the lists


@pytest.mark.requirement("R13.5-b")
def test_learners_are_told_first_and_then_no_longer_find_the_course_whose_data_stay(obsolete: Obsolete) -> None:
    acts = obsolete()
    acts.decide()
    seen = acts.as_learner()
    assert seen is not None, "it can still be read by those who are to be told"
    with acts.sessions() as session, use_locale("ru"):
        shown = acts.seen(session, "tell_learners", "annulment_learners")
    assert "Калибровка гирь" in str(shown["text_ru"])
    assert "Certificates that were issued for it stay valid" in str(shown["text_en"])
    acts.do("tell_learners", "administrator", told=True, note="Объявление в форуме курса")
    assert acts.as_learner() is None
    with acts.platform.store.open() as memory:
        kept = [(int(row["id"]), bool(row["visible"])) for row in memory.all("course")]
    with acts.sessions() as session:
        course = session.get_one(Course, acts.course)
        assert (course.platform_id, False) in kept, "hidden, not deleted"
    found = annulment(acts)
    assert found.told_at is not None
    assert found.hidden_at is not None
    assert found.told_at <= found.hidden_at


@pytest.mark.requirement("R13.5-b")
def test_the_institutes_that_were_invited_are_told(obsolete: Obsolete) -> None:
    acts = obsolete()
    acts.decide()
    letters = acts.mailbox.messages("kazakh@")
    assert [one.subject for one in letters] == ["The course “Calibration of weights” has been annulled"]
    assert "25-е заседание ТК 4" in letters[0].text
    assert "certificates that were issued stay valid" in letters[0].text


@pytest.mark.requirement("R13.5-c")
def test_the_export_lacks_it_at_once_and_the_secretariat_confirms_the_portal(obsolete: Obsolete) -> None:
    acts = obsolete()
    with acts.sessions() as session:
        assert len(portal.everything(session)) == 1
    acts.decide()
    with acts.sessions() as session, use_locale("ru"):
        assert portal.everything(session) == ()
        assert portal.page(session).total == 0
        assert "Калибровка" not in portal.as_csv(portal.everything(session), "ru")
        assert "portal.csv" in str(
            acts.seen(session, "remove_from_portal", "annulment_portal", "secretariat")["exports"]
        )
    assert annulment(acts).portal_at is None
    with pytest.raises(NotFound):
        acts.do("remove_from_portal", "administrator", removed=True)
    acts.do("remove_from_portal", "secretariat", removed=True)
    assert annulment(acts).portal_at is not None
    acts.do("tell_learners", "administrator", told=True, note="Объявление в форуме курса")
    with acts.sessions() as session, use_locale("ru"):
        assert session.get_one(Instance, acts.instance).end_event == "annulled"
        assert acts.check(session).result == "annulled"
        assert not events.planned(session, acts.course)
        assert status.sentence(session, session.get_one(Course, acts.course)) == "Аннулирован решением ТК 4."
        found = register.query(session, acts.actor(session, "secretariat"), stage="annulled")
        assert [one.id for one in found.courses] == [acts.course]


# --- what else may be going on


KEY, LISTED = "Klyuch-7-Gir", "vera@learners.example"


def make_busy(acts: Renewal) -> None:
    """An agreement, an expert review, an announcement, the monitoring, a list of access and two requests are open."""
    with acts.sessions.begin() as session:
        release, course = releases.current(session), session.get_one(Course, acts.course)
        assert release is not None
        course.access = "restricted"
        learning.prepare(session, acts.platform, course.id, {"learners": {"sofia": "all", "olga": "all"}})
        for process in ("agreement", "announcement", "monitoring"):
            instances.start(session, release.id, process, {"course": acts.course}, "system:test", subject=acts.course)
        data = {"course": acts.course, "edition": None}
        instances.start(session, release.id, "expert_review", data, "system:test", subject=acts.course)
        for account in ("sofia", "olga"):
            asking.ask(session, course, account, "ru")
        asked = granting.Asked(listing.read(LISTED, addresses=True).people, "Письмо института", confirmed=True)
        granting.send_key(session, acts.actor(session, "administrator"), course.id, asked, KEY)
    worker.work_off(acts.sessions)


def running(acts: Renewal) -> list[str]:
    with acts.sessions() as session:
        found = session.scalars(sa.select(Instance.process).where(Instance.status == "running"))
        return sorted(found)


@pytest.mark.requirement("R13.5-a", "R13.5-b")
def test_whatever_is_open_for_the_course_ends_with_it_in_the_same_step(obsolete: Obsolete) -> None:
    acts = obsolete()
    make_busy(acts)
    assert {"monitoring", "certificates", "expert_review", "agreement", "announcement"} <= set(running(acts))
    with acts.sessions.begin() as session:
        log = session.scalars(sa.select(Task).where(Task.element == "bring_log", Task.closed_at.is_(None))).one()
        drafts.keep(session, drafts.of_task(log.id), acts.people["coordinator"], {"reason": "Начато"})
    acts.decide()
    assert running(acts) == ["actualisation"]
    with acts.sessions() as session:
        assert acts.open() == ["remove_from_portal", "tell_learners"]
        left = session.scalars(sa.select(Task.element).where(Task.closed_at.is_(None))).all()
        assert sorted(left) == ["remove_from_portal", "tell_learners"]
        assert session.scalars(sa.select(Draft)).all() == []
        assert sorted(one.state for one in session.scalars(sa.select(Agreement))) == ["cancelled", "delivered"]
        assert {one.state for one in session.scalars(sa.select(CertificateRequest))} == {"overtaken"}
        assert session.scalars(sa.select(Certificate)).all() == []
        assert session.scalars(sa.select(SealedKey.sealed).where(SealedKey.sealed.is_not(None))).all() == []
        assert session.scalars(sa.select(Incident)).all() == []
    for account in ("sofia", "olga"):
        told = [one for one in acts.mailbox.messages(f"{account}@learners.example") if "аннулирован" in one.text]
        assert len(told) == 1, "each learner hears of it once"


def test_annulled_while_a_list_of_certificates_is_issued_nothing_is_doubled_and_nobody_is_forgotten(
    obsolete: Obsolete,
) -> None:
    """The list was ordered, the worker has not come to it: each request ends once, and the list comes to its end."""
    acts = obsolete()
    make_busy(acts)
    with acts.sessions.begin() as session:
        made = batches.start(session, acts.actor(session, "administrator"), acts.course).id
        check = acts.check(session)
        given = deciding.Decision("annul", clock.now().date(), "25-е заседание ТК 4", "Метод устарел.", None)
        decision = deciding.decide(session, check, given, acts.people["chair_training"])
        deciding.end_procedures(session, decision, acts.people["chair_training"])
    worker.work_off(acts.sessions)
    with acts.sessions() as session:
        progress = batches.progress_for(session, acts.actor(session, "administrator"), acts.course, made)
        assert (progress.left, progress.counted, progress.troubled) == (0, {"overtaken": 2}, ())
        assert session.scalars(sa.select(Certificate)).all() == []
        assert session.scalars(sa.select(Incident)).all() == []
    told = [one for one in acts.mailbox.messages("sofia@learners.example") if "аннулирован" in one.text]
    assert len(told) == 1


def test_an_expert_review_that_ends_with_the_course_publishes_nothing(obsolete: Obsolete) -> None:
    acts = obsolete()
    make_busy(acts)
    with acts.sessions() as session:
        open_now = session.scalars(sa.select(Task.element).where(Task.closed_at.is_(None))).all()
        assert "examine" in open_now
    acts.decide()
    with acts.sessions() as session:
        assert session.get_one(Course, acts.course).stage == "annulled"
        assert "course.published" not in [one.name for one in events.planned(session, acts.course)]
        query = sa.select(Instance.status).where(Instance.process == "expert_review")
        assert session.scalars(query).all() == ["cancelled"]


def test_a_course_deleted_on_the_platform_behind_our_back_is_looked_at_by_a_person(obsolete: Obsolete) -> None:
    acts = obsolete()
    acts.decide()
    with acts.platform.store.open() as memory:
        for row in memory.all("course"):
            memory.drop("course", row["id"])
    acts.do("tell_learners", "administrator", told=True, note="Курса на платформе нет, письмо в НМИ")
    assert acts.open() == ["hide_by_hand", "remove_from_portal"]
    with acts.sessions() as session, use_locale("ru"):
        assert "not shown to our account" in str(steps.BINDINGS["platform.why"].read(session, acts.course))
    acts.do("hide_by_hand", "administrator", hidden=True, note="Курса нет в каталоге")
    assert annulment(acts).hidden_at is not None


def test_a_false_word_that_the_course_is_hidden_is_an_incident(obsolete: Obsolete) -> None:
    acts = obsolete()
    acts.decide()
    with acts.platform.store.open() as memory:
        rows = memory.all("course")
        for row in rows:
            memory.drop("course", row["id"])
    acts.do("tell_learners", "administrator", told=True, note="Объявление в форуме курса")
    with acts.platform.store.open() as memory:
        for row in rows:
            memory.put("course", row["id"], row)
    assert "hide_by_hand" in acts.open()
    with pytest.raises(AssertionError, match="learners can see it"):
        acts.do("hide_by_hand", "administrator", hidden=True, note="Скрыт")
    with acts.sessions() as session:
        assert [one.kind for one in session.scalars(sa.select(Incident))] == ["job"]


def told_nobody_decides(acts: Renewal) -> list[str]:
    """Who has been told, as often as they were."""
    names = {person: name for name, person in acts.people.items()}
    with acts.sessions() as session:
        query = sa.select(Letter.recipient_id).where(Letter.template == "nobody_decides")
        return sorted(names[one] for one in session.scalars(query))


@pytest.mark.requirement("R13.5-a")
def test_without_a_chair_of_tc_4_the_secretariat_is_told_until_there_is_one(obsolete: Obsolete) -> None:
    """Nobody else may decide in its place; whoever is appointed finds the task."""
    acts = obsolete()
    acts.clock.move(days=4)
    worker.work_off(acts.sessions)
    assert told_nobody_decides(acts) == [], "there is a chair"
    with acts.sessions.begin() as session:
        chair = Appointment.person_id == acts.people["chair_training"]
        for one in session.scalars(sa.select(Appointment).where(chair)):
            one.valid_to = clock.now().date() - timedelta(days=1)
    for times in (1, 2):
        acts.clock.move(days=3)
        worker.work_off(acts.sessions)
        assert told_nobody_decides(acts) == sorted(["secretariat", "tc4"] * times)
    with pytest.raises((Denied, NotFound)):
        acts.decide_as("tc4")
    with acts.sessions.begin() as session:
        terms = Terms("chair", valid_from=clock.now().date(), organisation_id="tc-4", acting=True)
        appointments.appoint(session, acts.people["kazakh"], terms, "system:test")
    acts.decide_as("kazakh")
    assert acts.stage() == "annulled"


@pytest.mark.requirement("R13.5-a")
def test_tc_4_may_keep_the_course_and_the_next_check_comes_in_three_years(obsolete: Obsolete) -> None:
    acts = obsolete()
    acts.decide(act="keep")
    with acts.sessions() as session:
        course = session.get_one(Course, acts.course)
        assert (course.stage, acts.check(session).result) == ("published", "topical")
        assert [one.name for one in events.planned(session, acts.course)] == [calendar.EVENT]


def test_an_annulled_course_is_checked_no_more(obsolete: Obsolete) -> None:
    acts = obsolete()
    acts.decide()
    with acts.sessions.begin() as session:
        course = session.get_one(Course, acts.course)
        with pytest.raises((Conflict, Denied)):
            checking.begin_early(session, acts.actor(session, "secretariat"), course, "Еще раз")
        with pytest.raises(Conflict):
            deciding.decide(
                session,
                acts.check(session),
                deciding.Decision("keep", clock.now().date(), "26-е", "Нет"),
                "system:test",
            )
