"""Whom a course is agreed with: clauses 6.4, 7.1, 7.6 and 7.7; readings A3, A23 and A24."""

import pytest

from app.courses import agreements, executors, packages
from app.courses.models import AskedBody, Course
from app.errors import Conflict, Invalid, NotFound
from app.workflow import tasks
from tests.process.conftest import Begin

TOUCHED = ("tc-1.6", "tc-1.10", "tc-1.11")

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""The scenarios are played on both databases."""


@pytest.mark.requirement("R7.1-a")
def test_a_course_of_an_nmi_cannot_go_on_without_a_profile_body(begin: Begin) -> None:
    acts = begin()
    with acts.sessions() as session:
        assert acts.open_tasks(session) == ["propose"]
        with pytest.raises(Conflict):
            packages.freeze(session, acts.passage(session).id, "system:test")


@pytest.mark.requirement("R7.1-a", "R7.7-a")
def test_the_secretariat_does_not_stand_in_for_a_profile_body(begin: Begin) -> None:
    acts = begin(procedural=True)
    with acts.sessions() as session:
        assert acts.open_tasks(session) == ["propose"]


@pytest.mark.requirement("R7.1-b")
def test_two_of_three_bodies_do_not_suffice_the_third_lets_the_course_proceed(begin: Begin) -> None:
    acts = begin(*TOUCHED)
    for body in TOUCHED:
        acts.send(body)
    acts.agree("tc-1.6")
    acts.agree("tc-1.10")
    with acts.sessions() as session:
        assert acts.open_tasks(session) == ["consider tc-1.11"]
        assert agreements.open_bodies(session, acts.course) == ["tc-1.11"]
        with pytest.raises(Conflict, match=r"tc-1\.11"):
            packages.freeze(session, acts.passage(session).id, "system:test")
    acts.agree("tc-1.11")
    with acts.sessions() as session:
        assert acts.open_tasks(session) == ["confirm_final"]
        assert agreements.open_bodies(session, acts.course) == []


@pytest.mark.requirement("R7.1-b", "RA1-b")
def test_every_body_has_one_sheet_of_its_own_with_its_part_of_the_material(begin: Begin) -> None:
    acts = begin("tc-1.6", "tc-1.10")
    with acts.sessions() as session:
        first, second = acts.printed(session, "tc-1.6"), acts.printed(session, "tc-1.10")
    assert (first.body.ru, second.body.ru) == (
        "ТК 1.6 «Масса и связанные с ней величины»",
        "ТК 1.10 «Термометрия и теплофизика»",
    )
    assert first.number != second.number
    assert (first.part, second.part) == ("Модуль для tc-1.6", "Модуль для tc-1.10")


@pytest.mark.requirement("R7.6-a")
def test_a_course_of_a_body_goes_to_the_two_others_and_not_to_itself(begin: Begin) -> None:
    acts = begin("tc-1.10", "tc-1.11", initiator="sb")
    with acts.sessions() as session:
        assert acts.open_tasks(session) == ["send tc-1.10", "send tc-1.11"]
        course = session.get_one(Course, acts.course)
        with pytest.raises(Invalid) as refused:
            agreements.propose(session, course, [{"body": "tc-1.6"}], acts.people["chair_mass"])
    assert list(refused.value.fields) == ["bodies.0.body"]


@pytest.mark.requirement("R7.6-a", "R7.5-a")
def test_where_nobody_else_is_touched_the_initiating_chair_confirms_and_the_reason_is_kept(begin: Begin) -> None:
    acts = begin(initiator="sb")
    with acts.sessions() as session:
        assert acts.open_tasks(session) == ["chair_confirms"]
        assert acts.passage(session).reason == agreements.NO_OTHER_BODY
    acts.do("chair_confirms", "chair_mass", responsible=True, statement="Только масса")
    acts.finish()
    with acts.sessions() as session:
        package = packages.of_agreement(session, acts.passage(session).id)
        assert acts.passage(session).chair_id == acts.people["chair_mass"]
    assert '"sheets": []' in package.manifest
    assert "Только масса" in package.manifest


@pytest.mark.requirement("R7.7-a")
@pytest.mark.parametrize(("initiator", "body"), [("nmi", "tc-1.6"), ("sb", "tc-1.10")])
def test_procedural_matters_go_to_the_secretariat_besides_the_bodies(begin: Begin, initiator: str, body: str) -> None:
    acts = begin(body, initiator=initiator, procedural=True)
    acts.send("secretariat")
    with acts.sessions() as session:
        assert acts.open_tasks(session) == ["consider secretariat", f"send {body}"]
        task = acts.task(session, "consider", "secretariat")
        assert tasks.may_act(acts.actor(session, "head"), task)
        assert acts.printed(session, "secretariat").body.en == "Secretariat “COOMET Secretariat”"


@pytest.mark.requirement("R7.2-a")
def test_only_the_executor_of_course_and_body_can_send(begin: Begin) -> None:
    acts = begin("tc-1.6")
    with acts.sessions() as session:
        task = acts.task(session, "send", "tc-1.6")
        for stranger in set(acts.people) - {"executor"}:
            with pytest.raises(NotFound):
                tasks.get_task_for(session, acts.actor(session, stranger), task.id)
        tasks.get_task_for(session, acts.actor(session, "executor"), task.id)


@pytest.mark.requirement("R7.2-a")
def test_an_executor_is_a_representative_inside_the_body_or_the_national_secretariat(begin: Begin) -> None:
    """Polina represents the NMI and is a member of TC 1.6 only; the national secretariat may send to any body (A3)."""
    acts = begin("tc-1.6")
    with acts.sessions() as session:
        course = session.get_one(Course, acts.course)
        people = acts.people
        assert executors.check(session, course, "tc-1.6", people["representative"], "f") == people["representative"]
        for body, name in (("tc-1.10", "representative"), ("tc-1.6", "member_mass"), ("tc-1.6", "administrator")):
            with pytest.raises(Invalid):
                executors.check(session, course, body, people[name], "f")
        assert executors.check(session, course, "tc-1.10", None, "f") == people["executor"]


@pytest.mark.requirement("R7.2-a")
def test_what_is_sent_is_the_materials_with_a_prefilled_sheet(begin: Begin) -> None:
    acts = begin("tc-1.6")
    acts.send("tc-1.6")
    with acts.sessions() as session:
        sheet, version = acts.printed(session, "tc-1.6"), acts.newest(session)
    assert sheet.title.ru == "Калибровка гирь"
    assert sheet.executor.name.ru == "Игорь Исполнителев"
    assert (sheet.rounds[0].version, sheet.rounds[0].version_sha256) == (1, version.sha256)
    letter = next(one for one in acts.mailbox.messages("chair.mass") if "Calibration of weights" in one.subject)
    assert "/tasks/" in letter.text
    assert "No answer is not consent" in letter.text


@pytest.mark.requirement("R6.4-a")
def test_agreement_begins_on_the_day_of_registration_and_holds_the_course_until_it_ends(begin: Begin) -> None:
    acts = begin("tc-1.6", creator=None)
    with acts.sessions() as session:
        assert session.get_one(Course, acts.course).creator_id is None
        assert agreements.open_bodies(session, acts.course) == ["tc-1.6"]
    acts.clock.move(days=200)
    acts.send("tc-1.6")
    acts.agree("tc-1.6")
    with acts.sessions() as session:
        assert agreements.open_bodies(session, acts.course) == []


def test_the_administrator_corrects_the_list_before_anybody_is_asked(begin: Begin) -> None:
    """A23: the executor proposes, the administrator confirms."""
    acts = begin("tc-1.10")
    acts.send("tc-1.10")
    with acts.sessions() as session:
        rows = [session.get(AskedBody, (acts.passage(session).id, body)) for body in ("tc-1.10", "tc-1.6")]
    assert [row.confirmed if row else None for row in rows] == [True, None]
