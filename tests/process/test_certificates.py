"""Certificates of participation: section 10; readings A32–A36; a certificate asked for twice; a course annulled."""

import threading
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from pypdf import PdfReader
from sqlalchemy.orm import Session, sessionmaker

from app import worker
from app.config import Config
from app.courses import settings
from app.courses.certificates import batches, checking, correcting, issuing, register
from app.courses.certificates.models import Certificate, CertificateRequest
from app.courses.certificates.shown import line
from app.courses.models import Course
from app.errors import Conflict, Denied, Invalid
from app.i18n import use_locale
from app.workflow import fsck, instances
from app.workflow.models import Incident, Instance, Job, Task
from tests.conftest import TestClock
from tests.process.certifying import Certifying
from tests.process.scenario import ROOT, read

SCENARIOS = ROOT / "processes" / "certificates" / "scenarios.yaml"
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""The scenarios are played on both databases."""

Begin = Callable[..., Certifying]


@pytest.fixture
def course(sessions: sessionmaker[Session], tmp_path: Path, moved_clock: TestClock) -> Begin:
    """A published course on the platform with its learners: `course(tests="none", modules=5)`."""

    def begun(**how: Any) -> Certifying:
        scenario = read(SCENARIOS)[0]
        found = replace(scenario, prepared={**scenario.prepared, **how})
        return Certifying(sessions, tmp_path, found, moved_clock).ready()

    return begun


def words_of(pdf: bytes) -> str:
    """The words of a plainly made document."""
    found = PdfReader(BytesIO(pdf)).metadata
    return str(found.subject if found else "")


@ON_SQLITE
@pytest.mark.requirement("R10.1-a")
def test_no_certificate_is_issued_without_a_request(course: Begin) -> None:
    acts = course()
    acts.clock.move(days=400)
    worker.work_off(acts.sessions)
    assert acts.certificates() == []
    assert acts.letters("sofia@learners.example") == []


@ON_SQLITE
@pytest.mark.requirement("R10.1-b")
def test_whoever_passed_all_tests_is_eligible_and_the_evidence_is_kept(course: Begin) -> None:
    acts = course().ask("sofia")
    [asked] = acts.requests()
    assert (asked.outcome, asked.state) == ("eligible", "waiting")
    seen = [(one["name"], one["grade"], one["pass_grade"]) for one in asked.tests]
    assert seen == [("Quiz 1", 9, 6), ("Quiz 2", 9, 6)]
    acts.grade(2, 0, 1)  # what happens on the platform later changes nothing of what was seen
    assert acts.requests()[0].tests == asked.tests


@ON_SQLITE
@pytest.mark.requirement("R10.1-b")
def test_one_failed_test_is_refused_with_the_list(course: Begin) -> None:
    acts = course().ask("pavel")
    assert acts.requests()[0].state == "refused"
    assert acts.certificates() == []
    [text] = acts.letters("pavel@learners.example")
    assert "Module 2: Quiz 2 – не пройден" in text
    assert "Quiz 1" not in text


@ON_SQLITE
@pytest.mark.requirement("R10.1-c", "R4.3-a")
def test_four_of_five_modules_are_not_enough(course: Begin) -> None:
    acts = course(modules=5, learners={"pavel": "failed", "sofia": "all"}).ask("pavel")
    [asked] = acts.requests()
    assert (asked.state, asked.reason) == ("refused", "not_passed")
    assert [one["outcome"] for one in asked.tests] == ["passed"] * 4 + ["failed"]
    assert [one["module"] for one in asked.tests] == [1, 2, 3, 4, 5]
    acts.ask("sofia")
    assert acts.requests()[1].outcome == "eligible"


@ON_SQLITE
@pytest.mark.requirement("R10.1-c", "R4.3-a")
def test_a_recorded_module_without_a_test_on_the_platform_is_for_a_person(course: Begin) -> None:
    acts = course()
    with acts.sessions.begin() as session:
        session.get_one(Course, acts.course).modules = [{"ru": f"М{n}", "en": f"M{n}"} for n in (1, 2, 3)]
    acts.ask("sofia")
    [asked] = acts.requests()
    assert (asked.outcome, asked.reason) == ("undecided", "module_without_test")


@ON_SQLITE
@pytest.mark.requirement("R10.1-d")
def test_views_alone_are_refused(course: Begin) -> None:
    acts = course().ask("vera")
    [asked] = acts.requests()
    assert (asked.state, asked.reason) == ("refused", "not_passed")
    assert {one["outcome"] for one in asked.tests} == {"not_taken"}


@ON_SQLITE
@pytest.mark.requirement("R4.2-b")
@pytest.mark.parametrize("how", [{"tests": "none"}, {"platform": "by_hand"}])
def test_a_course_without_tests_is_refused_with_the_reason(course: Begin, how: dict[str, str]) -> None:
    """Also where nobody can ask the platform: our own record says that there are none (A32)."""
    acts = course(tests="none")
    if "platform" in how:
        checked = checking.keep
        with acts.sessions.begin() as session:
            found = session.get_one(Course, acts.course)
            found.inventory, found.has_tests = ["text"], False
            asked = CertificateRequest(course_id=found.id, account="sofia", locale="ru")
            session.add(asked)
            session.flush()
            assert checked(session, asked, found, "no access", "system:test") == {"outcome": "refused"}
            assert asked.reason == "no_tests"
        return
    acts.ask("sofia")
    assert acts.requests()[0].reason == "no_tests"
    assert "В курсе нет тестов" in acts.letters("sofia@learners.example")[0]


@ON_SQLITE
@pytest.mark.requirement("R10.1-b")
def test_what_the_platform_does_not_decide_is_issued_by_a_person_with_a_reason_only(course: Begin) -> None:
    acts = course(tests="no_pass_grade").ask("sofia")
    with acts.sessions() as session, use_locale("en"):
        seen = acts.seen_by_data(session, "decide", "certificate_decision", {"request": acts.requests()[0].id})
    assert "Module 2: Quiz 2 – undecided (no grade to pass is set on the platform)" in str(seen["evidence"])
    with pytest.raises(Invalid, match="on what you rest"):
        acts.issue()
    assert acts.certificates() == []
    acts.issue(reason="Тест второго модуля сдан на 9 из 10.")
    assert len(acts.certificates()) == 1


@ON_SQLITE
@pytest.mark.requirement("R10.2-a")
def test_numbers_are_consecutive_and_all_are_in_the_register(course: Begin) -> None:
    acts = course(learners={"sofia": "all", "olga": "all", "ivan": "all"})
    made = [acts.issued(name) for name in ("sofia", "olga", "ivan")]
    assert [one.number for one in made] == [f"COOMET-2026-0000{number}" for number in (1, 2, 3)]
    with acts.sessions() as session:
        actor = acts.actor(session, "administrator")
        assert [one.number for one in register.query(session, actor).certificates] == [one.number for one in made][::-1]
        assert [one.name for one in register.query(session, actor, search="olga").certificates] == ["Olga Passed"]
        with pytest.raises(Denied):
            register.query(session, acts.actor(session, "creator"))


@ON_SQLITE
@pytest.mark.requirement("R10.2-a")
def test_format_signatory_and_wording_are_settings_of_the_day_of_issue(course: Begin) -> None:
    acts = course(learners={"sofia": "all", "olga": "all"})
    before = acts.issued("sofia")
    with acts.sessions.begin() as session:
        today = settings.today(session)
        for name, value in (("certificate_number", "К-{number}/{year}"), ("certificate_wording", "completion"),
                            ("certificate_signatory_ru", "С. А. Иваницкая")):  # fmt: skip
            settings.change(session, name, value, today, "system:test")
    after = acts.issued("olga")
    assert (before.wording, after.wording) == ("participation", "completion")
    assert after.number == "К-00002/2026"
    [files] = [one.attachments for one in acts.mailbox.messages("olga@learners.example")]
    words = {name.split(".")[-2]: words_of(content) for name, content in files}
    assert all(part in words["ru"] for part in ("К-00002/2026", "Olga Passed", "С. А. Иваницкая", "о прохождении"))
    assert "of completion" in words["en"]
    assert "Calibration of weights" in words["en"]


@ON_SQLITE
@pytest.mark.requirement("R10.3-a")
def test_the_certificate_goes_to_the_address_of_the_platform_not_of_the_request(course: Begin) -> None:
    acts = course()
    with acts.platform.store.open() as memory:  # the account is known by its name; its address is another one
        memory.put("user", 1001, {**(memory.get("user", 1001) or {}), "email": "work@institute.example"})
    acts.issued("sofia")
    assert acts.mailbox.messages("sofia@") == []
    [letter] = acts.mailbox.messages("work@institute.example")
    assert sorted(name for name, _content in letter.attachments) == [
        "certificate-COOMET-2026-00001.en.pdf",
        "certificate-COOMET-2026-00001.ru.pdf",
    ]
    assert all(content.startswith(b"%PDF") for _name, content in letter.attachments)


@ON_SQLITE
@pytest.mark.requirement("R10.3-a")
def test_an_address_changed_before_the_issue_is_the_one_that_counts_a35(course: Begin) -> None:
    acts = course().ask("sofia")
    with acts.platform.store.open() as memory:
        memory.put("user", 1001, {**(memory.get("user", 1001) or {}), "email": "new@institute.example"})
    acts.issue()
    assert len(acts.mailbox.messages("new@institute.example")) == 1
    assert acts.mailbox.messages("sofia@") == []


@ON_SQLITE
@pytest.mark.requirement("R11.1-a")
def test_the_questionnaire_is_no_condition_a36(course: Begin) -> None:
    """Nobody has answered one, and the certificate is issued; what the check reads says nothing of it."""
    acts = course()
    acts.issued("sofia")
    assert "survey" not in str(acts.requests()[0].tests)


@ON_SQLITE
def test_a_learner_who_is_not_enrolled_is_told_so_at_the_accounts_address_only(course: Begin) -> None:
    acts = course().ask("sergei")
    assert acts.requests()[0].reason == "not_enrolled"
    assert "не зачислена на курс" in acts.letters("sergei@learners.example")[0]
    before = len(acts.mailbox.messages())
    acts.ask("stranger@nowhere.example")
    assert acts.requests()[1].state == "unknown"
    assert len(acts.mailbox.messages()) == before


@ON_SQLITE
def test_asked_twice_it_is_the_same_certificate_also_by_the_other_name_of_the_account(course: Begin) -> None:
    acts = course()
    first = acts.issued("sofia")
    acts.ask("Sofia@Learners.example")
    assert [one.state for one in acts.requests()] == ["issued", "again"]
    assert len(acts.certificates()) == 1
    letters = acts.letters("sofia@learners.example")
    assert len(letters) == 2
    assert all(first.number in text for text in letters)


def test_of_two_decisions_at_once_one_makes_the_certificate(course: Begin) -> None:
    """Two requests slipped past each other; numbers are taken once, on both databases."""
    acts = course(learners={"sofia": "all", "olga": "all"})
    with acts.sessions.begin() as session:
        rows = [
            CertificateRequest(course_id=acts.course, account="x", locale="ru", learner=learner, name="Sofia",
                               email=f"{learner[7:]}@x.example", outcome="eligible", state="waiting")
            for learner in ("moodle:1", "moodle:1", "moodle:1", "moodle:2")
        ]  # fmt: skip
        session.add_all(rows)
        session.flush()
        ids = [one.id for one in rows]
    meeting, failures = threading.Barrier(len(ids)), []

    def decide(ident: str) -> None:
        try:
            meeting.wait(10)
            with acts.sessions.begin() as session:
                issuing.issue(session, session.get_one(CertificateRequest, ident), "", "anna")
        except Exception as failure:
            failures.append(failure)

    threads = [threading.Thread(target=decide, args=(ident,)) for ident in ids]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert failures == []
    assert sorted(one.serial for one in acts.certificates()) == [1, 2]
    assert sorted(one.state for one in acts.requests()) == ["again", "again", "issued", "issued"]


@ON_SQLITE
def test_a_platform_away_in_the_middle_delays_and_doubles_nothing(course: Begin) -> None:
    acts = course()
    acts.fail_platform("unavailable", "mod_quiz_get_user_best_grade")
    with pytest.raises(AssertionError, match="maintenance"):  # the player reports the job that waits
        acts.ask("sofia")
    assert acts.requests()[0].state == "asked"
    with acts.platform.store.open() as memory:
        memory.lift_faults()
    acts.clock.move(hours=1)
    worker.work_off(acts.sessions)
    assert acts.requests()[0].state == "waiting"
    acts.fail_platform("unavailable", "core_user_get_users_by_field", times=1)
    with pytest.raises(AssertionError, match="Moodle"):
        acts.issue()
    acts.clock.move(hours=1)
    worker.work_off(acts.sessions)
    assert len(acts.letters("sofia@learners.example")) == 1
    assert len(acts.certificates()) == 1


@ON_SQLITE
def test_a_right_that_is_missing_goes_to_a_person(course: Begin) -> None:
    acts = course()
    with acts.platform.store.open() as memory:
        memory.put("shut", "core_completion_get_activities_completion_status", {})
    acts.ask("sofia")
    with acts.sessions() as session:
        assert acts.open_tasks(session) == ["check_by_hand"]


@ON_SQLITE
def test_annulled_meanwhile_the_request_ends_and_what_was_issued_stays_valid(course: Begin) -> None:
    acts = course(learners={"sofia": "all", "olga": "all"})
    valid = acts.issued("sofia")
    acts.ask("olga")
    waiting = acts.requests()[1]
    with acts.sessions.begin() as session:
        acts.annul(session)
        instances.cancel(session, waiting.instance_id or "", "anna", "Курс аннулирован решением ТК 4")
    worker.work_off(acts.sessions)
    with acts.sessions() as session:
        assert not session.scalars(sa.select(Task).where(Task.closed_at.is_(None))).all()
        found = register.find_by_code(session, valid.code)
    assert found is not None
    assert found.certificate.revoked_at is None
    assert acts.requests()[1].state == "overtaken"
    assert "остаются действительными" in acts.letters("olga@learners.example")[0]


# --- a list issued in one action --------------------------------------------------------------------------------------


@ON_SQLITE
@pytest.mark.requirement("R10.2-a")
def test_a_whole_course_is_issued_in_one_action_and_undecided_ones_stay(course: Begin) -> None:
    acts = course(learners={f"n{number}": "all" for number in range(12)} | {"pavel": "failed"})
    for number in range(12):
        acts.ask(f"n{number}")
    acts.ask("pavel")
    with acts.sessions.begin() as session:
        session.get_one(CertificateRequest, acts.requests()[0].id).outcome = "undecided"
        with pytest.raises(Denied):
            batches.start(session, acts.actor(session, "creator"), acts.course)
        made = batches.start(session, acts.actor(session, "administrator"), acts.course)
        assert made.total == 11
        assert batches.progress_for(session, acts.actor(session, "administrator"), acts.course, made.id).left == 11
    worker.work_off(acts.sessions)
    with acts.sessions() as session:
        found = batches.progress_for(session, acts.actor(session, "administrator"), acts.course, made.id)
        assert (found.left, found.done) == (0, 11)
        assert not session.scalars(sa.select(Incident)).all()
        with pytest.raises(Conflict):
            batches.start(session, acts.actor(session, "administrator"), acts.course)
    assert [one.serial for one in acts.certificates()] == list(range(1, 12))
    assert all(len(acts.letters(f"n{number}@learners")) == 1 for number in range(1, 12))
    decided = {one.decided_by for one in acts.requests() if one.state == "issued"}
    assert decided == {acts.people["administrator"]}


@ON_SQLITE
def test_what_hinders_one_of_the_list_hinders_no_other(course: Begin) -> None:
    acts = course(learners={"sofia": "all", "olga": "all"})
    acts.ask("sofia")
    acts.ask("olga")
    with acts.sessions.begin() as session:
        task = session.scalars(sa.select(Task).where(Task.closed_at.is_(None)).order_by(Task.id)).first()
        assert task is not None
        task.claimed_by = "somebody else"
        made = batches.start(session, acts.actor(session, "administrator"), acts.course)
    worker.work_off(acts.sessions)
    with acts.sessions() as session:
        found = batches.progress_for(session, acts.actor(session, "administrator"), acts.course, made.id)
    assert (found.left, found.done, len(found.troubled)) == (0, 1, 1)
    assert found.troubled[0].trouble


# --- corrected, revoked, proven ---------------------------------------------------------------------------------------


@ON_SQLITE
@pytest.mark.requirement("R10.2-a")
def test_a_correction_has_a_new_number_and_the_old_one_says_so(course: Begin) -> None:
    acts = course()
    old = acts.issued("sofia")
    with acts.sessions.begin() as session:
        actor = acts.actor(session, "administrator")
        with pytest.raises(Invalid):
            correcting.correct(session, actor, old.id, "Sofia Prokhorova", " ")
        with pytest.raises(Denied):
            correcting.correct(session, acts.actor(session, "creator"), old.id, "X", "y")
        fresh = correcting.correct(session, actor, old.id, "Sofia Prokhorova", "Опечатка в фамилии")
        with pytest.raises(Conflict):
            correcting.revoke(session, actor, old.id, "Еще раз")
    worker.work_off(acts.sessions)
    with acts.sessions() as session:
        before, after = (register.find_by_code(session, one.code) for one in (old, fresh))
    assert before is not None
    assert after is not None
    assert (before.certificate.name, before.replaced_by) == ("Sofia Passed", "COOMET-2026-00002")
    assert after.certificate.revoked_at is None
    newest = acts.mailbox.messages("sofia@learners.example")
    assert len(newest) == 2
    assert any("прежний больше не действует" in one.text and len(one.attachments) == 2 for one in newest)
    acts.ask("sofia")
    assert acts.requests()[-1].certificate_id == fresh.id


def _violations(acts: Certifying) -> list[str]:
    with acts.sessions() as session:
        found = fsck.run(session, Config(mode="test", data_dir=acts.folder))
    return [str(one) for one in found if one.invariant != "V09"]  # the player publishes without an event


@ON_SQLITE
def test_v17_what_was_issued_is_what_stands_in_the_evidence(course: Begin) -> None:
    acts = course(learners={"sofia": "all", "olga": "all"})
    first, second = acts.issued("sofia"), acts.issued("olga")
    assert _violations(acts) == []
    with acts.sessions.begin() as session:
        session.get_one(Certificate, first.id).name = "Somebody Else"
    assert [one[:3] for one in _violations(acts)] == ["V17"]
    with acts.sessions.begin() as session:
        session.get_one(Certificate, first.id).name = first.name
        session.get_one(Certificate, first.id).content_sha256 = "0" * 64
    assert len(_violations(acts)) == 2
    with acts.sessions.begin() as session:
        session.get_one(Certificate, first.id).content_sha256 = first.content_sha256
        session.execute(sa.delete(Certificate).where(Certificate.id == second.id))
    assert any("is not in the register" in one for one in _violations(acts))


@ON_SQLITE
def test_the_database_itself_refuses_a_second_certificate_that_holds(course: Begin) -> None:
    acts = course()
    first = acts.issued("sofia")
    values = {column.key: getattr(first, column.key) for column in sa.inspect(Certificate).column_attrs}
    fresh = {"id": "another", "serial": 99, "number": "N-99", "code": issuing.new_code(), "edition": 7}
    with acts.sessions() as session:
        session.add(Certificate(**{**values, **fresh}))
        with pytest.raises(sa.exc.IntegrityError):
            session.flush()


def test_s56_codes_are_random_and_long_enough() -> None:
    codes = {issuing.new_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert len(issuing.ALPHABET) ** issuing.LENGTH >= 2**80
    assert {len(one) for one in codes} == {20}


def test_evidence_in_words_names_section_grade_and_what_leaves_it_open() -> None:
    test = {"section": "М1", "name": "Тест", "outcome": "undecided", "grade": 9.0, "pass_grade": None,
            "why": "no_pass_grade"}  # fmt: skip
    with use_locale("ru"):
        assert line(test) == "М1: Тест – неизвестно (проходной балл на платформе не задан)"
        passed = {**test, "outcome": "passed", "pass_grade": 6.5, "why": ""}
        assert line(passed) == "М1: Тест – пройден, оценка 9, проходная 6.5"


@ON_SQLITE
def test_an_instance_cancelled_by_the_operator_tells_the_learner_too(course: Begin) -> None:
    acts = course().ask("sofia")
    with acts.sessions.begin() as session:
        instances.cancel(session, acts.instance, "olga", "Ошибка")
    worker.work_off(acts.sessions)
    with acts.sessions() as session:
        assert session.get_one(Instance, acts.instance).status == "cancelled"
        assert not session.scalars(sa.select(Job).where(Job.outcome.is_(None))).all()
    assert acts.requests()[0].state == "overtaken"
    assert len(acts.letters("sofia@learners.example")) == 1
