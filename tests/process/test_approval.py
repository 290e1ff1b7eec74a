"""Expert review and approval: section 8 and Appendix 2, clauses 5.1 and 5.3; readings A1, A7, A8, A13, A14, A22."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from app import clock, worker
from app.audit.history import history
from app.audit.kinds import Kind
from app.connectors.moodle.stand_in import Fault
from app.courses import archive, references, settings
from app.courses.approvals import kept, printed
from app.courses.models import Course
from app.courses.record import stream_of
from app.courses.references import Edition
from app.errors import NotFound
from app.i18n import use_locale
from app.workflow import inbox, operations, releases
from app.workflow.models import Incident, Job, Task
from app.workflow.operations import Context
from tests.process.conftest import Review
from tests.process.reviewing import APPROVAL, REFUSAL
from tests.process.scenario import ROOT

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""The scenarios are played on both databases."""


@pytest.mark.requirement("R5.3-a", "R3.1-a")
def test_one_examination_a_submission_which_one_administrator_of_the_pool_claims(review: Review) -> None:
    acts = review()
    with acts.sessions() as session:
        assert acts.open_tasks(session) == ["examine"]
        for name in ("administrator", "own_creator"):
            rows = inbox.query(session, acts.actor(session, name), "roles").rows
            assert [row.task.element for row in rows] == ["examine"]
        for name in ("secretariat", "creator", "chair_training", "tc4", "representative"):
            assert not inbox.query(session, acts.actor(session, name), "roles").rows
    for name in ("secretariat", "creator", "chair_training"):
        with pytest.raises(NotFound):
            acts.examine(name)


@pytest.mark.requirement("R8.2-a", "RA2-b", "RA2-h", "R3.1-a")
def test_nobody_decides_on_their_own_course_and_the_form_names_who_decided(review: Review) -> None:
    acts = review(creator="own_creator")
    with pytest.raises(NotFound):
        acts.examine("own_creator")
    acts.examine("administrator")
    with acts.sessions() as session:
        form = acts.form(session)
        assert form is not None
        shown = printed.form(session, form.id)
        told = history(session, "register", stream_of(acts.course), kinds=[Kind.APPROVAL_GIVEN]).events[0]
    assert (shown.administrator.name.ru, shown.administrator.contact) == (
        "Анна Администраторова",
        "+375 17 000 00 00, administrator@example.org",
    )
    assert (told.actor, told.body["number"], form.decided_at) == (
        acts.people["administrator"],
        "2026-001/F1",
        clock.now(),
    )


@pytest.mark.requirement("R8.2-b", "RA2-a")
def test_the_form_keeps_what_was_examined_as_it_was_that_day(review: Review) -> None:
    acts = review()
    acts.examine()
    with acts.sessions.begin() as session:
        session.get_one(Course, acts.course).title_ru = "Другое название"
    with acts.sessions() as session:
        form = acts.form(session)
        assert form is not None
        shown = printed.form(session, form.id)
        course = session.get_one(Course, acts.course)
    assert (shown.title.ru, shown.title.en) == ("Калибровка гирь", "Calibration of weights")
    assert (shown.version, shown.sheet_numbers, shown.recommendation) == (1, ("2026-001/1",), "R/TR/XX:202_")
    assert (shown.platform_id, shown.platform_url) == (course.platform_id, course.platform_url)
    assert shown.platform_id


@pytest.mark.requirement("R8.2-b", "X-3")
@pytest.mark.parametrize("change", ["UPDATE approval_form SET remarks = 'x'", "DELETE FROM approval_form"])
def test_a_form_cannot_be_changed(review: Review, change: str) -> None:
    acts = review()
    acts.examine()
    with acts.sessions() as session, pytest.raises(DatabaseError, match="append-only"):
        session.execute(sa.text(change))


@pytest.mark.requirement("R8.3-a")
@pytest.mark.parametrize("answers", [APPROVAL, REFUSAL], ids=["positive", "negative"])
def test_every_form_goes_to_the_archive_positive_or_not(review: Review, answers: dict[str, str]) -> None:
    acts = review()
    acts.examine(**answers)
    with acts.sessions() as session:
        found = archive.query(session, acts.actor(session, "secretariat"), search="2026-001", kind="approval_form")
        form = acts.form(session)
    assert form is not None
    assert [entry.source_id for entry in found.entries] == [form.id]


@pytest.mark.requirement("R8.2-c", "R5.3-b", "R5.1-e")
def test_approval_makes_the_course_visible_and_nothing_before_it_does(review: Review) -> None:
    acts = review()
    assert acts.visible() == []
    acts.examine()
    assert len(acts.visible()) == 1
    assert acts.stage() == "published"


@pytest.mark.requirement("R8.2-c")
def test_f09_the_platform_is_away_the_approval_stays_and_it_is_tried_again(review: Review) -> None:
    acts = review()
    with acts.platform.store.open() as memory:
        memory.set_fault(Fault("unavailable"))
    with pytest.raises(AssertionError, match="http_503"):  # the player reports the job that waits
        acts.examine()
    assert (acts.stage(), acts.visible()) == ("approved", [])
    with acts.sessions() as session:
        assert kept.is_approved(session, acts.course)
        waiting = session.scalars(sa.select(Job).where(Job.operation == "moodle.publish")).one()
        assert waiting.outcome is None
    with acts.platform.store.open() as memory:
        memory.lift_faults()
    acts.clock.move(days=2)
    worker.work_off(acts.sessions)
    assert acts.stage() == "published"
    assert len(acts.visible()) == 1


@pytest.mark.requirement("R8.2-c")
def test_what_the_platform_refuses_for_good_is_an_incident_and_the_approval_stays(review: Review) -> None:
    acts = review()
    with acts.sessions() as session:
        ident = session.get_one(Course, acts.course).platform_id
    with acts.platform.store.open() as memory:
        memory.drop("course", ident)
    with pytest.raises(AssertionError):  # the player reports the incident
        acts.examine()
    with acts.sessions() as session:
        assert session.scalars(sa.select(Incident).where(Incident.closed_at.is_(None))).all()
        assert kept.is_approved(session, acts.course)
    assert acts.stage() == "approved"


@pytest.mark.requirement("R5.1-e")
@pytest.mark.parametrize("operation", ["moodle.publish", "moodle.confirm_published"])
def test_no_operation_publishes_without_a_positive_form(review: Review, operation: str) -> None:
    from app.errors import PermanentFailure

    acts = review()
    found = operations.find(operation)
    with acts.sessions() as session:
        context = Context(session, acts.instance, acts.course, "system:test", clock.now(), "key")
        run = found.outside.prepare if found.outside else found.run
        with pytest.raises(PermanentFailure):
            run(context, course=acts.course)
    acts.examine(**REFUSAL)
    with acts.sessions() as session:
        context = Context(session, acts.instance, acts.course, "system:test", clock.now(), "key")
        with pytest.raises(PermanentFailure):
            run(context, course=acts.course)
    assert acts.visible() == []


@pytest.mark.requirement("R5.1-e")
def test_only_the_expert_review_asks_the_platform_to_publish(database_url: str) -> None:
    asking = {
        path.parent.name for path in (ROOT / "processes").glob("*/*.bpmn")
        if "moodle.publish" in path.read_text("utf-8") or "moodle.confirm_published" in path.read_text("utf-8")
    }  # fmt: skip
    assert asking == {"expert_review"}


@pytest.mark.requirement("R8.2-d")
def test_each_submission_has_its_own_form_and_the_administrator_says_whether_the_agreement_repeats(
    review: Review,
) -> None:
    acts = review()
    acts.examine(**REFUSAL | {"repeat_agreement": "yes"})
    (letter,) = [one for one in acts.mailbox.messages("creator@") if "Слайд 4" in one.text]
    assert "Семен Создателев" in letter.to
    assert "снова проходит согласование" in letter.text
    with acts.sessions.begin() as session:
        from app.workflow import instances

        release = releases.current(session)
        assert release is not None
        data = {"course": acts.course}
        again = instances.start(session, release.id, "expert_review", data, "system:test", subject=acts.course)
        acts.instance = again.id
    worker.work_off(acts.sessions)
    acts.examine()
    with acts.sessions() as session:
        forms = kept.of_course(session, acts.course)
    assert [(one.number, one.may_place, one.repeat_agreement) for one in forms] == [
        ("2026-001/F2", True, False),
        ("2026-001/F1", False, True),
    ]


@pytest.mark.requirement("R8.4-a", "R8.4-b")
def test_secretariat_and_tc4_hear_of_the_course_with_title_link_and_coordinators(review: Review) -> None:
    acts = review()
    acts.examine()
    with acts.sessions() as session:
        link = session.get_one(Course, acts.course).platform_url
    for address in ("secretariat@", "chair.training@", "tc4@"):
        told = [one for one in acts.mailbox.messages(address) if link in one.text]
        assert len(told) == 1
        letter = told[0]
        assert ("Калибровка гирь" in letter.subject) or ("Calibration of weights" in letter.subject)
        assert "+375 17 000 00 00, coordinator@example.org" in letter.text
        assert "2026-001/F1" in letter.text


@pytest.mark.requirement("R1-c", "R2-d")
def test_the_form_names_both_documents_and_keeps_the_edition_that_was_in_force(review: Review) -> None:
    acts = review()
    with acts.sessions() as session, use_locale("en"):
        shown = str(acts.seen(session, "examine", "approval_form")["documents"])
    assert "Practical Arrangement between the BIPM and COOMET" in shown
    assert "CBKT guidance" in shown
    assert shown.count("edition: not entered in the settings") == 2
    today = clock.now().date()
    first = Edition("Руководство CBKT", "CBKT guidance", "", "2024")
    with acts.sessions.begin() as session:
        references.change(session, references.GUIDANCE, first, today, acts.people["secretariat"])
        settings.change(session, "recommendation_number", "R/TR/41", today, acts.people["secretariat"])
        settings.change(session, "recommendation_year", "2027", today, acts.people["secretariat"])
    acts.examine()
    acts.clock.move(days=30)
    with acts.sessions.begin() as session:
        later = Edition("Руководство CBKT", "CBKT guidance", "", "2026")
        references.change(session, references.GUIDANCE, later, today + timedelta(days=30), acts.people["secretariat"])
        settings.change(session, "recommendation_year", "2028", today + timedelta(days=30), acts.people["secretariat"])
        assert references.in_force(session, clock.now().date())[references.GUIDANCE].edition == "2026"
    with acts.sessions() as session:
        form = acts.form(session)
        assert form is not None
        shown_form = printed.form(session, form.id)
    assert {one.code: one.edition for one in shown_form.editions}["cbkt_guidance"] == "2024"
    assert shown_form.recommendation == "R/TR/41:2027"


def test_the_task_has_a_date_from_the_settings(review: Review) -> None:
    acts = review()
    with acts.sessions() as session:
        due = session.scalars(sa.select(Task.due).where(Task.element == "examine")).one()
    assert due is not None
    assert due.date().isoformat() == "2026-12-07"
