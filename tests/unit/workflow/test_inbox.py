"""The inbox: pages in order, search that forgives, counts that stop; never the engine."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.errors import Invalid
from app.workflow import inbox, instances, subjects, tasks
from app.workflow.inbox import Page, Sort, View
from app.workflow.models import Task
from tests.conftest import TestClock
from tests.diagrams import diagram, user
from tests.scene import Scene

WORK = diagram(
    "work",
    user("consider", clause="7.3", due="'2026-12-01'"),
    user("check"),
    flows="start consider; consider check; check end",
)
BODY = diagram("body", user("decide", role="chair", organisation="'tc-1.6'"), flows="start decide; decide end")


@pytest.fixture
def office(scene: Scene) -> Scene:
    scene.person("clara", ("chair", "tc-1.6"))
    scene.person("dora", ("chair", "tc-1.1"))
    scene.publish(work=WORK, body=BODY)
    with scene.sessions.begin() as session:
        subjects.put(session, "course-1", "Калибровка гирь", "Calibration of weights")
        subjects.put(session, "course-2", "Измерение ёмкости", "Measurement of capacitance")
    return scene


def begin(scene: Scene, process: str, subject: str | None, number: int = 1) -> None:
    with scene.sessions.begin() as session:
        for _ in range(number):
            instances.start(session, scene.release_id, process, {}, "system:test", subject=subject)


def page(scene: Scene, who: str, view: View = "roles", *, search: str = "", sort: Sort = "due", size: int = 50) -> Page:
    with scene.sessions() as session:
        return inbox.query(session, scene.actor(who), view, search=search, sort=sort, size=size)


def test_a_task_falls_to_whoever_holds_its_role_in_its_body(office: Scene) -> None:
    begin(office, "body", "course-1")
    (row,) = page(office, "clara").rows
    assert (row.task.element, str(row.subject), str(row.organisation)) == ("decide", "Калибровка гирь", "tc-1.6")
    assert page(office, "dora").rows == ()
    assert page(office, "anna").rows == ()


def test_a_claimed_task_is_mine_and_a_done_one_is_done(office: Scene) -> None:
    begin(office, "work", None)
    task = office.task("consider")
    with office.sessions.begin() as session:
        tasks.claim(session, office.actor("anna"), task.id)
    assert [row.task.id for row in page(office, "anna", "mine").rows] == [task.id]
    assert page(office, "boris").rows == ()
    office.complete("anna", "consider")
    assert [row.task.id for row in page(office, "anna", "done").rows] == [task.id]
    assert [row.task.element for row in page(office, "boris").rows] == ["check"]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("калибровка", 1),
        ("КАЛИБРОВК гир", 1),
        ("емкости", 1),
        ("ёмкост", 1),
        ("weights", 1),
        ("consider", 2),
        ("consider гирь", 1),
        ("7.3", 2),
        ("nothing", 0),
        ("%", 0),
        ("гирь емкости", 0),
    ],
)
def test_search_looks_at_subject_name_and_organisation(office: Scene, search: str, found: int) -> None:
    begin(office, "work", "course-1")
    begin(office, "work", "course-2")
    assert len(page(office, "anna", search=search).rows) == found


def test_pages_follow_each_other_without_gap_or_repetition(office: Scene, moved_clock: TestClock) -> None:
    begin(office, "work", "course-1", 17)
    with office.sessions.begin() as session:
        for number, task in enumerate(session.scalars(sa.select(Task))):
            task.due = None if number % 4 == 0 else clock.now() + timedelta(days=number % 3)
    for sort in ("due", "newest", "oldest"):
        seen: list[str] = []
        after: str | None = None
        while True:
            with office.sessions() as session:
                one = inbox.query(session, office.actor("anna"), "roles", sort=sort, after=after, size=5)
            seen += [row.task.id for row in one.rows]
            after = one.next
            if after is None:
                break
        assert len(seen) == 17
        assert len(set(seen)) == 17


def test_what_has_no_date_comes_last(office: Scene) -> None:
    begin(office, "work", None)
    begin(office, "body", None)
    office.person("emil", "administrator", ("chair", "tc-1.6"))
    assert [row.task.element for row in page(office, "emil").rows] == ["consider", "decide"]


def test_overdue_is_marked_and_counted(office: Scene, moved_clock: TestClock) -> None:
    begin(office, "work", None, 3)
    assert not any(row.overdue for row in page(office, "anna").rows)
    moved_clock.move(days=30)
    assert all(row.overdue for row in page(office, "anna").rows)
    with office.sessions() as session:
        assert inbox.counts(session, office.actor("anna")) == inbox.Counts(mine=0, roles=3, overdue=3)


def test_counts_stop_at_a_hundred(office: Scene) -> None:
    begin(office, "work", None, 120)
    with office.sessions() as session:
        assert inbox.counts(session, office.actor("anna")).roles == inbox.COUNTED


def test_somebody_without_a_role_has_an_empty_inbox(office: Scene) -> None:
    office.person("nobody")
    begin(office, "work", None)
    assert page(office, "nobody") == Page((), None)
    with office.sessions() as session:
        assert inbox.counts(session, office.actor("nobody")) == inbox.Counts(0, 0, 0)


@pytest.mark.parametrize("mark", ["x", "W10=", "WyJ4IiwgMV0=", "01m82c62xgxcmhy6bv612aj60x"])
def test_a_page_that_never_was_is_refused(office: Scene, mark: str) -> None:
    with office.sessions() as session, pytest.raises(Invalid):
        inbox.query(session, office.actor("anna"), "roles", after=mark)


def test_a_page_takes_one_statement(office: Scene) -> None:
    begin(office, "work", "course-1", 5)
    actor = office.actor("anna")
    statements: list[str] = []
    sa.event.listen(office.sessions.kw["bind"], "before_cursor_execute", lambda *a: statements.append(a[2]))
    with office.sessions() as session:
        inbox.query(session, actor, "roles")
    assert len([one for one in statements if not one.startswith("BEGIN")]) == 1


def test_the_next_task_of_the_same_person_is_found(office: Scene) -> None:
    begin(office, "work", None)
    done = office.complete("anna", "consider")
    with office.sessions() as session:
        following = inbox.next_of(session, office.actor("anna"), done.instance_id)
    assert following is not None
    assert following.element == "check"
