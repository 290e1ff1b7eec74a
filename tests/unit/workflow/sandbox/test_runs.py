"""A run of the sandbox: acts over the draft, a clock, answers, and letters that go nowhere."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app.db import Model
from app.engine import Json
from app.i18n import Text
from app.workflow import operations
from app.workflow.operations import Given, Operation
from app.workflow.sandbox import Act, Answer, Compiled, Replay, Setting, acts_from, acts_to, replay
from app.workflow.sandbox.acts import setting_from, setting_to
from app.workflow.scenarios import Member
from tests import diagrams
from tests.diagrams import diagram, gateway, on_error, on_timer, receive, service, start_form, timer, user
from tests.scene import form
from tests.unit.engine_run.bpmn import each as each_of

BEGUN = datetime(2026, 11, 23, 6, tzinfo=UTC)
"""Nine o'clock on a Monday in Minsk."""
ANNA = Member("anna", ("Анна", "Anna"), None, "ru", ({"role": "administrator"},), late=False)
BORIS = Member("boris", ("Борис", "Boris"), None, "ru", ({"role": "administrator"},), late=False)
BEGIN = Act("begin", "one")
PATHS = "start a; a end"


def files(*drawn: bytes, name: str = "one", **more: bytes) -> dict[str, bytes]:
    schema, ui = form("note", on={"type": "string", "format": "date"})
    found = {"forms/note.schema.json": schema, "forms/note.ui.json": ui}
    return found | {f"processes/{name}/{name}.bpmn": drawn[0]} | {f"processes/{n}/{n}.bpmn": d for n, d in more.items()}


def setting(book: Mapping[str, Any] | None = None, *, asks: bool = False) -> Setting:
    return Setting("one", "one", (ANNA, BORIS), book or {}, BEGUN, asks)


class Sandbox:
    """Replays acts on small diagrams."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self.sessions = sessions

    def run(self, drawn: dict[str, bytes], *acts: Act, **how: object) -> Replay:
        chosen = how.get("setting")
        with self.sessions() as session:
            given = chosen if isinstance(chosen, Setting) else setting()
            return replay(Compiled.of(drawn), given, acts, session, drawn)


@pytest.fixture
def sandbox(sessions: sessionmaker[Session]) -> Sandbox:
    return Sandbox(sessions)


def later(**time: int) -> Act:
    return Act("clock", until=BEGUN + timedelta(**time))


def letters(found: Replay) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.name, one.to) for one in found.world.told if one.kind == "letter"]


def test_a_task_is_due_on_working_days_and_its_timers_fire_in_order_when_the_clock_moves(sandbox: Sandbox) -> None:
    one = diagram(
        "one",
        user("a", due="workdays(5)", deadline=("answer", "workdays(10)")),
        on_timer("soon", "a", "date", "before('answer', workdays=3)", interrupting=False),
        on_timer("late", "a", "date", "deadline('answer')"),
        user("remind"),
        user("give_up"),
        flows="start a; a end; soon remind; remind end; late give_up; give_up end",
    )
    found = sandbox.run(files(one), BEGIN)
    (standing,) = found.world.waiting.tasks.values()
    assert standing.due == datetime(2026, 11, 30, 20, 59, 59, tzinfo=UTC)
    assert found.world.open_labels() == ["a"]

    found = sandbox.run(files(one), BEGIN, later(days=20))
    assert [(step.kind, step.name) for step in found.world.steps[1:]] == [("timer", "soon"), ("timer", "late")]
    assert found.world.open_labels() == ["give_up", "remind"]
    fired = [one.at for one in found.world.told if one.kind == "timer"]
    assert fired == [datetime(2026, 12, 2, 6, tzinfo=UTC), datetime(2026, 12, 7, 20, 59, 59, tzinfo=UTC)]
    assert found.world.now == BEGUN + timedelta(days=20)


def test_a_cycle_fires_as_often_as_it_comes_and_the_clock_never_goes_back(sandbox: Sandbox) -> None:
    one = diagram(
        "one",
        user("a"),
        on_timer("again", "a", "cycle", "R9/P2D", interrupting=False),
        service("note", "letters.send", letter="'reminder'", to="['administrator']"),
        flows="start a; a end; again note; note end",
    )
    found = sandbox.run(files(one), BEGIN, later(days=7))
    assert [step.name for step in found.world.steps[1:]] == ["again"] * 3
    assert [one for one in letters(found) if one[0] == "reminder"] == [("reminder", ("anna", "boris"))] * 3
    found = sandbox.run(files(one), BEGIN, later(days=7), later(days=6))
    assert found.unfit == 3
    assert found.why is not None
    assert "back" in found.why.en


def test_a_timer_that_cannot_be_computed_is_an_incident_and_not_a_crash(sandbox: Sandbox) -> None:
    one = diagram("one", timer("wait", "date", "'soon'"), flows="start wait; wait end")
    found = sandbox.run(files(one), BEGIN)
    assert "wait" in found.world.problems[0].en


def test_a_clock_that_would_fire_for_ever_is_stopped(sandbox: Sandbox) -> None:
    one = diagram(
        "one",
        user("a"),
        on_timer("tick", "a", "cycle", "R1000/PT1M", interrupting=False),
        on_timer("tock", "a", "cycle", "R1000/PT1M", interrupting=False),
        service("note", "letters.send", letter="'x'", to="[]"),
        service("notes", "letters.send", letter="'x'", to="[]"),
        flows="start a; a end; tick note; note end; tock notes; notes end",
    )
    found = sandbox.run(files(one), BEGIN, later(days=30))
    assert found.unfit == 2
    assert found.world.open_labels() == ["a"]


def test_jobs_and_immediate_operations_answer_from_the_book_and_a_failure_is_caught(sandbox: Sandbox) -> None:
    one = diagram(
        "one",
        service("look", "courses.look", immediate=True, result="seen", course="course"),
        service("publish", "moodle.publish", result="published"),
        on_error("refused", "publish", "no_access"),
        user("by_hand"),
        flows="start look; look publish; publish end; refused by_hand; by_hand end",
    )
    book = {"courses.look": {"number": 7}, "moodle.publish": [{"fail": "no_access"}, {"visible": True}]}
    found = sandbox.run(files(one), BEGIN, setting=setting(book))
    assert found.world.open_labels() == ["by_hand"]
    told = [(one.name, one.parameters, one.answer) for one in found.world.told if one.kind == "asked"]
    assert told == [
        ("courses.look", {"course": "course"}, Answer("courses.look", {"number": 7})),
        ("moodle.publish", {}, Answer("moodle.publish", fail="no_access")),
    ]
    nothing_caught = {"moodle.publish": {"fail": "another"}}
    found = sandbox.run(files(one), BEGIN, setting=setting(nothing_caught))
    assert "publish" in found.world.problems[0].en


def test_what_the_catalogue_declares_is_answered_with_a_sample(sandbox: Sandbox) -> None:
    def never(*_: object, **__: object) -> Json:
        raise AssertionError("the sandbox calls no operation")

    gives = {
        "visible": Given(Text("Виден", "Visible"), {"type": "boolean"}),
        "id": Given(Text("Номер", "Number"), {"type": "integer"}),
        "state": Given(Text("Состояние", "State"), {"type": "string", "enum": ["open", "shut"]}),
    }
    operations.register(Operation("moodle.look", never, immediate=True, gives=gives))
    one = diagram("one", service("look", "moodle.look", immediate=True, result="seen"), user("a"),
                  flows="start look; look a; a end")  # fmt: skip
    found = sandbox.run(files(one), BEGIN)
    assert found.world.run is not None
    (task,) = found.world.run.snapshot().open_tasks
    assert task.data["seen"] == {"visible": True, "id": 1, "state": "open"}


def test_where_it_asks_everything_waits_for_the_answer(sandbox: Sandbox) -> None:
    one = diagram("one", service("look", "courses.look", result="seen"), user("a"), flows="start look; look a; a end")
    asking = setting({"courses.look": {"number": 7}}, asks=True)
    found = sandbox.run(files(one), BEGIN, setting=asking)
    assert found.world.question is not None
    assert found.world.suggested("courses.look").value == {"number": 7}
    assert sandbox.run(files(one), BEGIN, later(days=1), setting=asking).unfit == 2
    said = BEGIN.answered(Answer("courses.look", {"number": 8}))
    found = sandbox.run(files(one), said, setting=asking)
    assert found.world.question is None
    assert found.world.open_labels() == ["a"]
    assert found.world.answers == {"courses.look": [{"number": 8}]}


def test_a_message_from_outside_and_one_of_its_own_are_received(sandbox: Sandbox) -> None:
    one = diagram("one", receive("wait", "paid", "course"), user("a"), flows="start wait; wait a; a end")
    found = sandbox.run(files(one), BEGIN, Act("message", "paid", "course"))
    assert found.world.open_labels() == ["a"]
    wrong = sandbox.run(files(one), BEGIN, Act("message", "paid", "another"))
    assert wrong.unfit == 2


def test_procedures_that_are_called_are_run_inside(sandbox: Sandbox) -> None:
    outer = diagram("one", diagrams.call("inner", "two"), flows="start inner; inner end")
    inner = diagram("two", user("a"), flows=PATHS)
    found = sandbox.run(files(outer, two=inner), BEGIN, Act("task", "a", by="anna"))
    assert found.world.ended is not None
    assert {moved.process for moved in found.world.journal} == {"one", "two"}


def test_letters_about_tasks_and_their_dates_come_to_the_mailbox(sandbox: Sandbox) -> None:
    one = diagram("one", user("a", due="workdays(5)"), user("b", quiet="true"), flows="start a; a b; b end")
    mine = files(one) | {"processes/one/letters/a.ru.txt": "Тема\n\nТекст".encode()}
    found = sandbox.run(mine, BEGIN, later(days=10))
    assert letters(found) == [
        ("a", ("anna", "boris")),
        ("task_due_soon", ("anna", "boris")),
        ("task_overdue", ("anna", "boris")),
    ]
    done = sandbox.run(mine, BEGIN, Act("task", "a", by="anna"), later(days=10))
    assert [name for name, _ in letters(done)] == ["a"]


def test_equal_tasks_are_told_apart_by_their_number(sandbox: Sandbox) -> None:
    one = diagram("one", replace(user("a", outputs="note"), inner=each_of("people", "person")), flows=PATHS)
    begin = Act("begin", "one", values={"people": ["anna", "boris"]})
    assert sandbox.run(files(one), begin, Act("task", "a")).unfit == 2
    found = sandbox.run(files(one), begin, Act("task", "a", nr=2, values={"note": "x"}))
    assert found.unfit is None
    assert found.world.open_labels() == ["a"]
    assert found.world.steps[-1].nr == 2


def test_a_changed_draft_says_at_which_act_the_run_no_longer_fits_and_why(sandbox: Sandbox) -> None:
    before = diagram("one", user("a"), user("b"), flows="start a; a b; b end")
    after = diagram("one", user("a"), user("c"), flows="start a; a c; c end")
    acts = (BEGIN, Act("task", "a"), Act("task", "b"))
    assert sandbox.run(files(before), *acts).unfit is None
    found = sandbox.run(files(after), *acts)
    assert (found.unfit, found.done) == (3, 2)
    assert found.why is not None
    assert "“b” is not open; open are: c" in found.why.en
    assert "«b» не открыта" in found.why.ru
    assert found.world.open_labels() == ["c"]
    gone = sandbox.run(files(diagram("two", user("a"), flows=PATHS), name="two"), *acts)
    assert gone.unfit == 1


def test_a_field_that_the_form_lost_is_named(sandbox: Sandbox) -> None:
    one = diagram("one", user("a", outputs="note"), flows=PATHS)
    found = sandbox.run(files(one), BEGIN, Act("task", "a", values={"remark": "x"}))
    assert found.why is not None
    assert "remark" in found.why.en


def test_days_ahead_are_kept_as_working_days(sandbox: Sandbox) -> None:
    one = diagram("one", user("a", outputs="on"), flows=PATHS)
    found = sandbox.run(files(one), BEGIN, Act("task", "a", values={"on": "2026-11-30"}))
    assert found.world.steps[-1].values == {"on": "workdays:5"}
    again = sandbox.run(files(one), BEGIN, Act("task", "a", values={"on": "workdays:5"}))
    assert again.world.ended is not None
    assert again.world.ended.data["on"] == "2026-11-30"


def test_a_diagram_with_errors_keeps_no_other_from_running(sandbox: Sandbox) -> None:
    good = diagram("one", user("a"), flows=PATHS)
    compiled = Compiled.of(files(good, two=b"<broken"))
    assert set(compiled.specification.processes) == {"one"}
    assert {one.file for one in compiled.broken} == {"processes/two/two.bpmn"}
    calling = diagram("three", diagrams.call("inner", "two"), flows="start inner; inner end")
    assert set(Compiled.of(files(good, two=b"<broken", three=calling)).specification.processes) == {"one"}


def test_s10_an_endless_procedure_ends_the_run_and_not_the_server(sandbox: Sandbox) -> None:
    one = diagram(
        "one",
        service("round", "courses.look", immediate=True),
        gateway("back", default="back_round"),
        user("a"),
        conditions={"back_a": "False"},
        flows="start round; round back; back round; back a; a end",
    )
    found = sandbox.run(files(one), BEGIN)
    assert found.unfit == 1 or found.world.problems


def test_a_run_survives_its_keeping(sandbox: Sandbox) -> None:
    acts = [Act("begin", "one", values={"x": [1, {"y": None}]}), later(days=3), Act("timer", "t", "tc-1.6", nr=2),
            Act("task", "a", by="anna").answered(Answer("o", fail="c")).answered(Answer("p", [1]))]  # fmt: skip
    assert acts_from(acts_to(acts)) == acts
    assert setting_from(setting_to(setting({"o": [1, 2]}, asks=True))) == setting({"o": [1, 2]}, asks=True)


def test_nothing_of_a_run_comes_into_the_database(sandbox: Sandbox, sessions: sessionmaker[Session]) -> None:
    one = diagram(
        "one",
        service("send", "letters.send", letter="'x'", to="['administrator']"),
        user("a", due="workdays(1)"),
        start=start_form(form="note", roles="administrator"),
        flows="start send; send a; a end",
    )

    def rows(session: Session) -> dict[str, int]:
        counted = {}
        for table in Model.metadata.sorted_tables:
            counted[table.name] = session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        return counted

    with sessions() as session:
        before = rows(session)
        found = replay(Compiled.of(files(one)), setting(), [Act("start", "note", by="anna"), later(days=9)], session)
        assert found.unfit is None
        assert letters(found)
        assert not session.new
        assert not session.dirty
        assert rows(session) == before
