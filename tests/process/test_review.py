"""How a body considers a course: clause 7.3; readings A4, A5, A14 and A26; requirements X-1 and X-6."""

from datetime import date, timedelta

import pytest

from app import clock
from app.audit.history import history
from app.audit.kinds import Kind
from app.courses import choices, materials, sheets
from app.errors import Invalid, NotFound
from app.identity import appointments, substitutions
from app.identity.appointments import Terms
from app.workflow import inbox, tasks
from tests.process.conftest import Begin

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""The scenarios are played on both databases."""


@pytest.mark.requirement("R7.3-a")
def test_a_reminder_comes_before_the_deadline_and_after_it_the_task_is_marked_overdue(begin: Begin) -> None:
    acts = begin("tc-1.6")
    acts.send("tc-1.6", days=10)
    acts.reach("chair_due_soon", "tc-1.6")
    assert clock.now().date() == date(2026, 12, 2)
    assert acts.mailbox.messages("chair.mass")[0].subject.startswith("Due soon")
    acts.reach("chair_overdue", "tc-1.6")
    acts.clock.move(seconds=1)
    with acts.sessions() as session:
        rows = inbox.query(session, acts.actor(session, "chair_mass"), "roles").rows
        assert [(row.task.element, row.overdue) for row in rows] == [("consider", True)]
    told = [(one.to, one.subject) for one in acts.mailbox.messages() if one.at == clock.now() - timedelta(seconds=1)]
    assert sorted(told) == [
        ("Mark Massin <chair.mass@example.org>", "Overdue answer of TC 1.6: course “Calibration of weights”"),
        ("Анна Администраторова <administrator@example.org>", "Просрочен ответ ТК 1.6: курс «Калибровка гирь»"),
    ]


@pytest.mark.requirement("R7.3-a")
def test_silence_is_never_consent(begin: Begin) -> None:
    acts = begin("tc-1.6")
    acts.send("tc-1.6")
    for _ in range(4):
        acts.clock.move(days=90)
        acts.reach("chair_awaited", "tc-1.6")
    with acts.sessions() as session:
        assert acts.open_tasks(session) == ["consider tc-1.6"]
        assert acts.sheet(session, "tc-1.6").state == "open"


@pytest.mark.requirement("R7.3-a", "RA1-m")
def test_the_chair_moves_the_deadline_with_a_reason_that_is_audited_and_printed(begin: Begin) -> None:
    acts = begin("tc-1.6")
    acts.send("tc-1.6", days=10)
    with acts.sessions.begin() as session:
        task, chair = acts.task(session, "consider", "tc-1.6"), acts.actor(session, "chair_mass")
        with pytest.raises(Invalid):
            tasks.extend_deadline(session, chair, task.id, "answer", date(2026, 12, 21), " ")
    with acts.sessions.begin() as session:
        tasks.extend_deadline(session, chair, task.id, "answer", date(2026, 12, 21), "Заседание ТК")
    with acts.sessions() as session:
        page = history(session, "instance", acts.instance, kinds=[Kind.DEADLINE_EXTENDED])
        assert page.events[0].actor == acts.people["chair_mass"]
        assert page.events[0].personal == {"reason": "Заседание ТК"}
    acts.agree("tc-1.6")
    with acts.sessions() as session:
        block = acts.printed(session, "tc-1.6").rounds[0]
    assert block.due == date(2026, 12, 21)
    assert [(move.before, move.after, move.reason) for move in block.due_changes] == [
        (date(2026, 12, 7), date(2026, 12, 21), "Заседание ТК")
    ]


def test_passing_the_task_on_does_not_move_the_date(begin: Begin) -> None:
    acts = begin("tc-1.6")
    acts.send("tc-1.6", days=10)
    with acts.sessions.begin() as session:
        task, chair = acts.task(session, "consider", "tc-1.6"), acts.actor(session, "chair_mass")
        tasks.extend_deadline(session, chair, task.id, "answer", date(2026, 12, 21), "Заседание ТК")
    acts.do("consider", "chair_mass", "tc-1.6", act="appoint", member="$member_mass")
    with acts.sessions() as session:
        due = acts.task(session, "consider_appointed", "tc-1.6").due
        assert due is not None
        assert due.date() == date(2026, 12, 21)
        assert acts.printed(session, "tc-1.6").rounds[0].due == date(2026, 12, 21)


def test_while_the_clock_stands_nothing_is_overdue_and_the_new_day_is_printed(begin: Begin) -> None:
    acts = begin("tc-1.6")
    acts.send("tc-1.6", days=10)
    acts.clock.move(days=7)
    with acts.sessions.begin() as session:
        task, chair = acts.task(session, "consider", "tc-1.6"), acts.actor(session, "chair_mass")
        tasks.stop_clock(session, chair, task.id, "answer", "Ждем новую редакцию R 111")
    acts.clock.move(days=30)
    with acts.sessions() as session:
        assert acts.open_tasks(session) == ["consider tc-1.6"]
        assert "срок ответа истек" not in acts.status(session)
    with acts.sessions.begin() as session:
        tasks.start_clock(session, chair, task.id, "answer", "Редакция получена")
    acts.agree("tc-1.6")
    with acts.sessions() as session:
        moves = acts.printed(session, "tc-1.6").rounds[0].due_changes
    assert [(move.before, move.reason) for move in moves] == [(date(2026, 12, 7), "Редакция получена")]
    assert moves[0].after > date(2026, 12, 30)


@pytest.mark.requirement("R7.3-b", "RA1-e")
def test_the_chair_can_appoint_only_a_member_of_that_body_and_the_sheet_names_that_member(begin: Begin) -> None:
    acts = begin("tc-1.6")
    acts.send("tc-1.6")
    with acts.sessions() as session:
        task = acts.task(session, "consider", "tc-1.6")
        opened = tasks.get_task_for(session, acts.actor(session, "chair_mass"), task.id)
        offered = choices.context(session, "sheet_verdict", acts.course, tasks.data_of(session, opened)).options
    names = {person: name for name, person in acts.people.items()}
    assert {names[option.value] for option in offered["members"]} == {"member_mass", "representative"}
    with pytest.raises(Invalid) as refused:
        acts.do("consider", "chair_mass", "tc-1.6", act="appoint", member="$chair_heat")
    assert "member" in refused.value.fields
    acts.do("consider", "chair_mass", "tc-1.6", act="appoint", member="$member_mass")
    acts.do("consider_appointed", "member_mass", "tc-1.6", act="consider", conforms="yes")
    with acts.sessions() as session:
        reviewer = acts.printed(session, "tc-1.6").rounds[0].reviewer
    assert reviewer is not None
    assert (reviewer.name.ru, reviewer.contact) == ("Мила Массина", "+375 17 000 00 00, member.mass@example.org")


@pytest.mark.requirement("R7.3-c", "RA1-i")
def test_two_reworks_leave_three_versions_and_one_primary_and_two_repeat_blocks(begin: Begin) -> None:
    acts = begin("tc-1.6")
    acts.send("tc-1.6")
    acts.refuse("tc-1.6", "1) Нет ссылки\n2) Ошибка на слайде 4")
    acts.rework("tc-1.6", "Добавлена", "Исправлена", file="file:second.pdf")
    acts.refuse("tc-1.6", "Ошибка осталась", reworked="no")
    acts.rework("tc-1.6", "Исправлена окончательно", file="file:third.pdf")
    acts.agree("tc-1.6", reworked="yes")
    with acts.sessions() as session:
        versions = materials.versions(session, acts.course)
        blocks = acts.printed(session, "tc-1.6").rounds
        changed = materials.differences(session, versions[1], versions[0])
    assert [version.number for version in versions] == [3, 2, 1]
    assert [version.superseded for version in versions] == [False, True, True]
    assert (changed.added, changed.removed) == (("third.pdf",), ("second.pdf",))
    assert [block.heading.ru for block in blocks] == [
        "Первичное согласование курса",
        "Повторное согласование курса",
        "Повторное согласование курса № 2",
    ]
    assert [block.version for block in blocks] == [1, 2, 3]
    assert [(remark.text, remark.answer) for remark in blocks[0].remarks] == [
        ("Нет ссылки", "Добавлена"),
        ("Ошибка на слайде 4", "Исправлена"),
    ]


@pytest.mark.requirement("R7.3-c")
def test_every_remark_needs_its_answer_and_a_new_version(begin: Begin) -> None:
    acts = begin("tc-1.6")
    acts.send("tc-1.6")
    acts.refuse("tc-1.6", "Нет ссылки\nОшибка на слайде 4")
    with pytest.raises(Invalid) as refused:
        acts.rework("tc-1.6", "Добавлена", "")
    assert list(refused.value.fields) == ["answers.1.answer"]
    with acts.sessions() as session:
        assert acts.open_tasks(session) == ["rework tc-1.6"]
        assert len(materials.versions(session, acts.course)) == 1


def test_the_rework_form_shows_the_remarks_and_begins_blank(begin: Begin) -> None:
    acts = begin("tc-1.6")
    acts.send("tc-1.6")
    acts.refuse("tc-1.6", "Нет ссылки\nОшибка на слайде 4")
    with acts.sessions() as session:
        opened = tasks.get_task_for(session, acts.actor(session, "executor"), acts.task(session, "rework", "tc-1.6").id)
        current = choices.context(session, "sheet_rework", acts.course, tasks.data_of(session, opened)).current
    assert current["answers"] == [{"remark": "Нет ссылки"}, {"remark": "Ошибка на слайде 4"}]
    assert current["comments"] == "Нет ссылки\nОшибка на слайде 4"
    assert not {"note", "message", "materials"} & current.keys()


def test_a_body_sees_the_version_that_was_sent_to_it_while_another_makes_a_newer_one(begin: Begin) -> None:
    acts = begin("tc-1.6", "tc-1.10")
    acts.send("tc-1.6")
    acts.send("tc-1.10")
    acts.refuse("tc-1.10", "Нет ссылки")
    acts.rework("tc-1.10", "Добавлена")
    with acts.sessions() as session:
        task = acts.task(session, "consider", "tc-1.6")
        opened = tasks.get_task_for(session, acts.actor(session, "chair_mass"), task.id)
        current = choices.context(session, "sheet_verdict", acts.course, tasks.data_of(session, opened)).current
        newest = acts.newest(session)
    assert newest.number == 2
    assert str(current["version"]).startswith("v1 ·")


def test_nobody_decides_on_their_own_materials_unless_the_administrator_gives_a_reason(begin: Begin) -> None:
    """A14: here the creator of the course also chairs the body that is asked."""
    acts = begin("tc-1.10")
    with acts.sessions.begin() as session:
        terms = Terms("chair", date(2026, 1, 1), organisation_id="tc-1.10")
        appointments.appoint(session, acts.people["creator"], terms, "system:test")
    acts.send("tc-1.10")
    with pytest.raises(NotFound):
        acts.agree("tc-1.10", by="creator")
    acts.agree("tc-1.10", by="chair_heat")


def test_an_exception_from_the_rule_lets_the_person_decide_and_stays_in_the_evidence(begin: Begin) -> None:
    acts = begin()
    with acts.sessions.begin() as session:
        terms = Terms("chair", date(2026, 1, 1), organisation_id="tc-1.10")
        appointments.appoint(session, acts.people["creator"], terms, "system:test")
    rows = [{"body": "tc-1.10"}]
    acts.do("propose", "executor", bodies=rows)
    allowed = [{"person": "$creator", "reason": "Других специалистов нет"}]
    acts.do("confirm", "administrator", decision="confirm", bodies=rows, exceptions=allowed)
    acts.send("tc-1.10")
    acts.agree("tc-1.10", by="creator")
    with acts.sessions() as session:
        assert acts.sheet(session, "tc-1.10").state == "agreed"
        page = history(session, "register", f"course-{acts.course}", kinds=[Kind.EXCEPTION_GRANTED])
    assert [event.personal for event in page.events] == [{"reason": "Других специалистов нет"}]


@pytest.mark.requirement("X-1")
def test_a_task_is_visible_only_to_those_to_whom_it_falls(begin: Begin) -> None:
    acts = begin("tc-1.6", "tc-1.10")
    acts.send("tc-1.6")
    with acts.sessions() as session:
        seen = {
            name: [row.task.organisation for row in inbox.query(session, acts.actor(session, name), "roles").rows]
            for name in acts.people
        }
        due = inbox.query(session, acts.actor(session, "chair_mass"), "roles").rows[0].task.due
    assert {name: rows for name, rows in seen.items() if rows} == {"chair_mass": ["tc-1.6"], "executor": ["tc-1.10"]}
    assert due is not None


@pytest.mark.requirement("X-6")
def test_an_acting_chair_gets_the_tasks_between_the_dates_and_only_then(begin: Begin) -> None:
    acts = begin("tc-1.10")
    acts.send("tc-1.10")
    first = clock.now().date() + timedelta(days=3)
    with acts.sessions.begin() as session:
        terms = Terms("chair", first, first + timedelta(days=4), organisation_id="tc-1.10", acting=True)
        appointments.appoint(session, acts.people["acting_sound"], terms, "system:test")
    seen = []
    for _ in range(10):
        with acts.sessions() as session:
            seen.append(len(inbox.query(session, acts.actor(session, "acting_sound"), "roles").rows))
        acts.clock.move(days=1)
    assert seen == [0, 0, 0, 1, 1, 1, 1, 1, 0, 0]


@pytest.mark.requirement("X-6", "R7.5-a")
def test_a_deputy_decides_for_an_absent_chair_and_the_sheet_says_who_it_was(begin: Begin) -> None:
    acts = begin("tc-1.10")
    acts.send("tc-1.10")
    today = clock.now().date()
    with acts.sessions.begin() as session:
        terms = substitutions.Terms(acts.people["acting_sound"], today, today + timedelta(days=5), role="chair")
        substitutions.make(session, acts.people["chair_heat"], terms, "system:test")
    acts.agree("tc-1.10", by="acting_sound")
    with acts.sessions() as session:
        sheet = acts.printed(session, "tc-1.10")
        sent = sheets.rounds(session, sheet.id)[0]
    assert sheet.rounds[0].reviewer is not None
    assert sheet.rounds[0].reviewer.name.ru == "Захар Звуков"
    assert sent.reviewer_id == acts.people["acting_sound"]
    assert sheet.chair is not None
    assert sheet.chair.ru == "Тимур Теплов"
