"""The course's thread, its workspace, what the administrator decides beside the tasks."""

import pytest
import sqlalchemy as sa

from app import clock, worker
from app.audit.kinds import Kind
from app.courses import agreements, register
from app.courses.creation import decisions, polls, questions, workspace
from app.courses.record import stream_of
from app.errors import Conflict, Denied, Invalid
from app.files.models import File
from app.workflow import events
from app.workflow.models import Instance, Task
from tests.process.makers import THREE, Makers

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def work_off(make: Makers) -> None:
    worker.work_off(make.sessions)


@pytest.mark.requirement("R7.9-b")
def test_a_question_reaches_coordinators_and_administrator_and_is_answered(make: Makers) -> None:
    make.reach_preparation()
    with make.sessions.begin() as session:
        course, creator = make.found(session), make.actor_named(session, "creator")
        asked = questions.write(session, creator, course, "Нужен ли модуль о гирях класса M?")
        administrator = make.actor_named(session, "administrator")
        questions.write(session, administrator, course, "Да, кратко.", asked.id)
    work_off(make)
    assert make.letters("question_asked") == ["administrator"]
    assert make.letters("question_answered") == ["creator"]
    letter = next(one for one in make.mailbox.messages("administrator") if one.subject.startswith("Вопрос"))
    assert "Нужен ли модуль о гирях класса M?" in letter.text
    with make.sessions() as session:
        thread = [(one.text, [other.text for other in more]) for one, more in questions.thread(session, make.course)]
        assert thread == [("Нужен ли модуль о гирях класса M?", ["Да, кратко."])]


@pytest.mark.requirement("X-3")
def test_nothing_written_in_the_thread_can_be_changed(make: Makers) -> None:
    make.reach_preparation()
    with make.sessions.begin() as session:
        questions.write(session, make.actor_named(session, "creator"), make.found(session), "Вопрос")
    with make.sessions() as session, pytest.raises(sa.exc.DBAPIError, match="append-only"):
        session.execute(sa.text("UPDATE question SET text = 'Другой'"))


@on_sqlite
def test_an_empty_message_is_refused(make: Makers) -> None:
    make.reach_preparation()
    with make.sessions() as session:
        course, creator = make.found(session), make.actor_named(session, "creator")
        with pytest.raises(Invalid):
            questions.write(session, creator, course, " \n ")


@pytest.mark.requirement("R6.3-e")
@on_sqlite
def test_the_counterpart_uploads_and_comments_and_a_stranger_does_not(make: Makers) -> None:
    make.reach_preparation()
    with make.sessions.begin() as session:
        course = make.found(session)
        counterpart, stranger = (make.actor_named(session, name) for name in ("representative", "second"))
        assert course.counterpart_id == counterpart.person_id
        file = session.get_one(File, make._upload(session, "draft.pdf", "representative"))
        workspace.share(session, counterpart, course, file, "Черновик теста")
        questions.write(session, counterpart, course, "Проверьте вопрос 3.")
        assert register.get_course_for(session, counterpart, course.id) is course
        assert workspace.get_file_for(session, counterpart, course, file.id) is file
        for act in (
            lambda: workspace.share(session, stranger, course, file, ""),
            lambda: questions.write(session, stranger, course, "Можно?"),
            lambda: workspace.get_file_for(session, stranger, course, file.id),
        ):
            with pytest.raises(Denied):
                act()


@pytest.mark.requirement("R6.6-a")
@on_sqlite
def test_the_administrator_allows_another_length_with_a_reason(make: Makers) -> None:
    make.enter()
    long = f"{THREE['ru']} {THREE['ru']}"
    with pytest.raises(Invalid):
        make.upload(description_ru=long)
    with make.sessions.begin() as session:
        course = make.found(session)
        administrator, executor = (make.actor_named(session, name) for name in ("administrator", "executor"))
        with pytest.raises(Denied):
            decisions.waive(session, executor, course, "description_length", "Хочу")
        with pytest.raises(Invalid):
            decisions.waive(session, administrator, course, "description_length", " ")
        decisions.waive(session, administrator, course, "description_length", "Два модуля")
    make.upload(description_ru=long)
    with make.sessions() as session:
        assert make.found(session).description_ru == long


@pytest.mark.requirement("R6.6-d")
@on_sqlite
def test_the_administrator_changes_the_access_with_a_reason(make: Makers) -> None:
    make.enter()
    make.upload(access="open")
    with make.sessions.begin() as session:
        course, administrator = make.found(session), make.actor_named(session, "administrator")
        with pytest.raises(Invalid):
            decisions.change_access(session, administrator, course, "restricted", "")
        decisions.change_access(session, administrator, course, "restricted", "Пилотная группа")
        assert course.access == "restricted"


def test_a_withdrawn_course_leaves_nothing_open_and_tells_everybody(make: Makers) -> None:
    """A7."""
    make.reach_preparation()
    rows = [{"body": "tc-1.6"}]
    make.do("propose", "executor", bodies=rows)
    make.do("confirm", "administrator", decision="confirm", bodies=rows)
    make.do("send", "executor", "tc-1.6", answer_by="workdays:10")
    with make.sessions.begin() as session:
        course, administrator = make.found(session), make.actor_named(session, "administrator")
        decisions.withdraw(session, administrator, course, "Тема передана другой РМО")
    work_off(make)
    with make.sessions() as session:
        assert session.scalars(sa.select(Task).where(Task.closed_at.is_(None))).all() == []
        assert session.get_one(Instance, make.instance).status == "cancelled"
        assert agreements.of_course(session, make.course).state == "cancelled"
        assert make._found_sheets(session) == {"tc-1.6": "cancelled"}
        assert make.found(session).stage == "withdrawn"
        assert make.status(session) == "Снят с рассмотрения."
    told = ["chair_mass", "creator", "executor", "representative", "secretariat"]
    assert make.letters("course_withdrawn") == told
    assert Kind.COURSE_WITHDRAWN in make.kinds(stream_of(make.course))
    with make.sessions() as session:
        course, administrator = make.found(session), make.actor_named(session, "administrator")
        with pytest.raises(Conflict):
            decisions.withdraw(session, administrator, course, "Еще раз")


@on_sqlite
def test_a_course_withdrawn_during_the_poll_leaves_neither_poll_nor_calendar(make: Makers) -> None:
    """A7: nothing stays open, and nothing comes back at a date."""
    make.enter()
    make.upload()
    with make.sessions.begin() as session:
        events.plan(session, "course.published", make.course, clock.now(), f"later:{make.course}")
        course, administrator = make.found(session), make.actor_named(session, "administrator")
        decisions.withdraw(session, administrator, course, "Тема закрыта")
    work_off(make)
    with make.sessions() as session:
        poll = polls.current(session, make.course)
        assert poll is not None
        assert poll.closed_at is not None
        assert events.planned(session, make.course) == []
        assert session.scalars(sa.select(Task).where(Task.closed_at.is_(None))).all() == []
        course, administrator = make.found(session), make.actor_named(session, "administrator")
        with pytest.raises(Conflict):
            decisions.change_access(session, administrator, course, "open", "Поздно")
