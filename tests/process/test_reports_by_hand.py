"""Completion and attempts without a token: the platform's own reports are brought as files (R9.2-c…e)."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app import worker
from app.audit.models import EventRow
from app.connectors.moodle import Client
from app.courses.models import Course
from app.courses.monitoring import by_hand, completion, keeping, module_names, report_imports, taking_back, views
from app.courses.monitoring.models import (
    BroughtRow,
    CourseModule,
    LearnerAttempt,
    LogImport,
    LogTally,
    MonitoredLearner,
    ViewDay,
    ViewerDay,
)
from app.courses.platform import connection
from app.errors import Conflict, Invalid, NotFound
from app.workflow.models import Job
from tests.conftest import TestClock
from tests.process.scenario import read
from tests.process.watching import SAMPLES, SCENARIOS, Watching

PROGRESS, COMPLETION, OVERVIEW, RESPONSES = (
    SAMPLES / f"{name}.csv" for name in ("progress", "completion", "quiz-overview", "quiz-responses")
)
PEOPLE = ["Samir Absent", "Saule Working", "Sofia Passed", "Stepan Failed"]
RUSSIAN = {
    "Email address": "Адрес электронной почты", "Last name": "Фамилия", "First name": "Имя", "Status": "Состояние",
    "Started": "Тест начат", "Completed (achieved pass grade)": "Выполнено (оценка выше проходного балла)",
    "Completed (did not achieve pass grade)": "Выполнено (оценка ниже проходного балла)",
    "Not completed": "Не выполнено", ",Completed,Duration": ",Завершено,Затраченное время",
    '"Completed"': '"Выполнено"',
    "Grade/10.00": "\"Оценка/10,00\"", "Q. 1 /5.00": "В. 1 /5,00", "Q. 2 /5.00": "В. 2 /5,00", "Finished": "Завершены",
    "In progress": "В процессе", " November ": " ноября ", "  11:47 AM": ", 11:47", "  11:56 AM": ", 11:56",
    "  10:47 AM": ", 10:47", "  10:52 AM": ", 10:52", "  10:54 AM": ", 10:54", " mins": " мин.",
    "Overall average": "Общее среднее", ",10.00,5.00,5.00": ',"10,00","5,00","5,00"',
    ",0.00,0.00,0.00": ',"0,00","0,00","0,00"', ",6.67,3.33,3.33": ',"6,67","3,33","3,33"',
}  # fmt: skip
"""What Moodle's Russian language pack writes in place of the English words (`completion`, `quiz`)."""


class ByHand(Watching):
    """No access to the platform is configured; the coordinator brings files."""

    client: Client | None = None
    """The access that may be opened later."""

    def report(self, path: Path, quiz: str = "", zone: str = "UTC", **how: bool) -> LogImport:
        """A report is brought and joined; what became of it."""
        with self.sessions.begin() as session, path.open("rb") as file:
            course = session.get_one(Course, self.course)
            found = [one.cmid for one in module_names.tests(session, self.course) if one.name == quiz]
            by, cmid = self.people["coordinator"], found[0] if found else None
            ident = report_imports.take(session, course, file, path.name, zone, by, cmid=cmid, **how).id
        worker.work_off(self.sessions)
        with self.sessions() as session:
            return session.get_one(LogImport, ident)

    def refusal(self, path: Path) -> str:
        """Why the file does not count: its head at once, its rows when they are read."""
        try:
            taken = self.report(path)
        except Invalid as refused:
            return refused.message % refused.params
        return taken.trouble % taken.facts if taken.state == "refused" else ""

    def take_back(self, one: LogImport) -> None:
        with self.sessions.begin() as session:
            course = session.get_one(Course, self.course)
            taking_back.take_back(session, course, one.id, self.people["coordinator"])
        worker.work_off(self.sessions)

    def states(self) -> dict[str, list[int]]:
        """By participant, in the order of the modules."""
        with self.sessions() as session:
            found = completion.summary(session, self.found(session))
            return {row.learner.name: [row.states[module.cmid].state for module in found.modules] for row in found.rows}

    def figures(self) -> dict[str, object]:
        """All that the pages show, by names: what a taken-back import must leave as it was."""
        states = self.states()
        with self.sessions() as session:
            course, known = self.found(session), self.known(session)
            activity = views.activity(session, course)
            days = sa.select(ViewDay.cmid, ViewDay.day, ViewDay.kind, ViewDay.views, ViewDay.people)
            viewers = sa.select(ViewerDay.cmid, ViewerDay.viewer, ViewerDay.day, ViewerDay.kind, ViewerDay.views)
            attempts = [
                (who, module, one.number, one.state, one.started, one.finished, one.seconds, one.grade, one.answers)
                for who, module, one in completion.every_attempt(session, course)
            ]
            sums = (known.learners, known.completed, known.views, known.people, known.first_day, known.last_day)
            return {
                "states": states, "attempts": attempts, "read": known.read_at, "imported": known.imported_at,
                "sums": sums, "lines": [(line.name, line.views, line.people) for line in activity.lines],
                "days": sorted(map(tuple, session.execute(days))),
                "viewers": sorted(map(tuple, session.execute(viewers))),
            }  # fmt: skip

    def kinds(self) -> list[str]:
        with self.sessions() as session:
            query = sa.select(EventRow.kind).order_by(EventRow.seq)
            return [kind for kind in session.scalars(query) if kind.startswith(("report:", "import:", "log:"))]


Hand = Callable[..., ByHand]


@pytest.fixture
def hand(sessions: sessionmaker[Session], tmp_path: Path, moved_clock: TestClock) -> Hand:
    def begun(**how: object) -> ByHand:
        acts = ByHand(sessions, tmp_path, read(SCENARIOS)[0], moved_clock)
        acts.publish(**how)
        acts.client = connection.client()
        connection.install(None)
        return acts

    return begun


def in_russian(path: Path, folder: Path) -> Path:
    text = path.read_text("utf-8-sig")
    for english, russian in RUSSIAN.items():
        text = text.replace(english, russian)
    there = folder / f"ru-{path.name}"
    there.write_text("\ufeff" + text, "utf-8")
    return there


@pytest.mark.requirement("R9.2-c", "R9.2-d", "R9.2-e")
def test_without_a_token_completion_attempts_and_answers_come_from_the_platforms_own_files(hand: Hand) -> None:
    acts = hand()
    assert acts.states() == {}
    taken = acts.report(PROGRESS)
    assert (taken.state, taken.report, taken.rows, taken.counted) == ("done", "progress", 4, 4)
    assert list(acts.states()) == PEOPLE
    assert acts.states()["Stepan Failed"] == [1, 0, 2, 2, 0, 0, 0, 3]
    assert acts.states()["Sofia Passed"] == [1, 1, 2, 2, 1, 1, 2, 2]
    with acts.sessions() as session:
        assert (acts.known(session).learners, acts.known(session).completed) == (4, 1)
        assert acts.known(session).read_at == taken.ended_at
    acts.report(OVERVIEW, "Module 2: quiz")
    acts.report(RESPONSES, "Module 2: quiz")
    with acts.sessions() as session:
        failed = session.scalars(sa.select(MonitoredLearner).where(MonitoredLearner.name == "Stepan Failed")).one()
        _learner, details = completion.of_learner(session, acts.found(session), failed.user_id)
        quiz = next(one for one in details if one.module.name == "Module 2: quiz")
        assert [(one.number, one.state, one.seconds, one.grade, one.highest) for one in quiz.attempts] == [
            (1, "finished", 300, 0.0, 10.0), (2, "finished", 420, 10.0, 10.0),
        ]  # fmt: skip
        assert quiz.attempts[0].started is not None
        assert f"{quiz.attempts[0].started:%d.%m.%Y %H:%M}" == "14.11.2026 10:47"
        second = (quiz.attempts[0].answers or [])[1]
        assert (second["given"], second["right"], second["state"], second["mark"]) == (
            "bar",
            "kelvin",
            "gradedwrong",
            0,
        )
        names = set(session.scalars(sa.select(MonitoredLearner.name)))
        assert names == set(PEOPLE), "who is not enrolled, or suspended, is no participant"
    assert acts.kinds() == ["report:taken", "report:imported"] * 3


@pytest.mark.requirement("R9.2-c", "R9.2-e")
def test_russian_headings_and_another_zone_give_the_same_figures(hand: Hand, tmp_path: Path) -> None:
    acts = hand()
    acts.report(in_russian(PROGRESS, tmp_path), zone="Asia/Almaty")
    assert acts.states()["Stepan Failed"] == [1, 0, 2, 2, 0, 0, 0, 3]
    assert not acts.report(in_russian(OVERVIEW, tmp_path), "Module 2: quiz", zone="Asia/Almaty").trouble
    with acts.sessions() as session:
        found = {who: one for who, _module, one in completion.every_attempt(session, acts.found(session))}
        working, passed = found["Saule Working"], found["Sofia Passed"]
        assert (working.state, working.finished, passed.grade, passed.seconds) == ("inprogress", None, 10.0, 540)
        assert passed.started is not None
        assert f"{passed.started:%H:%M}" == "06:47", "11:47 in Almaty, five hours before UTC"


@pytest.mark.requirement("R9.2-b", "R9.2-c")
def test_the_completion_of_the_course_tells_numbers_so_that_views_of_the_log_are_students(hand: Hand) -> None:
    acts = hand()
    acts.bring(SAMPLES / "log-views.csv")
    before = acts.figures()
    taken = acts.report(COMPLETION)
    assert (taken.report, acts.states()["Stepan Failed"]) == ("completion", [1, 0, 2, 2, 0, 0, 0, 3])
    with acts.sessions() as session:
        students = sa.select(sa.func.count(ViewerDay.viewer.distinct())).where(ViewerDay.kind == "student")
        assert session.scalar(students) == 3
        assert session.get(MonitoredLearner, (acts.course, 7)) is not None
    acts.report(PROGRESS)  # the newer one knows the same people by their addresses
    with acts.sessions() as session:
        assert sorted(session.scalars(sa.select(MonitoredLearner.user_id))) == [6, 7, 8, 9]
    for one in reversed(imports_of(acts)[1:]):
        acts.take_back(one)
    assert acts.figures() == before


def imports_of(acts: ByHand) -> list[LogImport]:
    with acts.sessions() as session:
        return list(session.scalars(sa.select(LogImport).order_by(LogImport.at, LogImport.id)))


@pytest.mark.requirement("R9.2-d", "R9.2-e")
def test_a_report_is_taken_back_and_the_figures_are_those_before(hand: Hand, tmp_path: Path) -> None:
    acts = hand()
    acts.report(PROGRESS)
    acts.report(OVERVIEW, "Module 2: quiz")
    before = acts.figures()
    newer = tmp_path / "newer.csv"
    newer.write_text(
        PROGRESS.read_text("utf-8").replace('"Not completed",""', '"Completed","2026-11-23 06:00:00"'), "utf-8"
    )
    later = acts.report(newer)
    wrong = acts.report(RESPONSES, "Module 1: quiz")
    assert acts.figures() != before
    acts.take_back(later)
    acts.take_back(wrong)
    assert acts.figures() == before
    assert acts.kinds()[-2:] == ["import:taken_back"] * 2
    with pytest.raises(Conflict, match="no longer be taken back"):
        acts.take_back(later)
    again = acts.report(RESPONSES, "Module 2: quiz")
    assert again.state == "done", "a file that was taken back may come once more"


@pytest.mark.requirement("R9.2-a", "R9.2-b")
def test_a_log_of_the_wrong_zone_is_taken_back_and_the_figures_are_those_before(hand: Hand, tmp_path: Path) -> None:
    acts = hand()
    acts.report(COMPLETION)
    early = tmp_path / "early.csv"
    whole = (SAMPLES / "log-views.csv").read_text("utf-8-sig").splitlines(keepends=True)
    early.write_text("".join(whole[:20]), "utf-8")
    assert acts.bring(early).trouble == ""
    before = acts.figures()
    wrong = acts.bring(SAMPLES / "log-views.csv", zone="Pacific/Kiritimati")
    assert acts.figures() != before
    acts.take_back(wrong)
    assert acts.figures() == before
    right = acts.bring(SAMPLES / "log-views.csv")
    assert right.state == "done"
    first = imports_of(acts)[1]
    whole_log = acts.figures()
    acts.take_back(first)  # contained in the later one: nothing is lost with it
    assert {**acts.figures(), "imported": None} == {**whole_log, "imported": None}
    acts.take_back(right)
    assert acts.figures()["sums"] == (4, 1, 0, 0, None, None)
    with acts.sessions() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(LogTally)) == 0
        with pytest.raises(NotFound):
            taking_back.get_import(session, acts.found(session), "none")


WRONG = [
    (lambda text: text[:700], "breaks off in row"),
    (lambda text: text.replace('"Email address"', '"Post"'), "The column “Email address / Адрес электронной почты” is"),
    (lambda text: text.replace(",\"Email address\"", "Name,\"Email address\"", 1), "None of the reports"),
    (lambda text: text.replace("Module 1: link", "Module 1: links"), "no module of this name: «Module 1: links»"),
    (lambda text: text.replace("Module", "Topic"), "No module of the file belongs to this course"),
    (lambda text: text.replace("Not completed", "Ei suoritettu"), "the state “Ei suoritettu” is not understood"),
    (lambda text: text.replace("2026-11-22", "2027-11-22"), "lies in the future"),
    (lambda text: text.replace("2026-11-22", "22nd"), "is not understood"),
    (lambda text: text.replace('"student3@example.org",', ""), "is damaged"),
    (lambda text: text.splitlines(keepends=True)[0], "lists nobody"),
    (lambda _text: "a,b\n1,2\n", "None of the reports"),
]  # fmt: skip


@pytest.mark.requirement("R9.2-c")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("spoil", "said"), WRONG, ids=[said for _spoil, said in WRONG])
def test_a_spoilt_report_is_refused_in_words_and_changes_nothing(
    hand: Hand, tmp_path: Path, spoil: Callable[[str], str], said: str
) -> None:
    acts = hand()
    acts.report(PROGRESS)
    before = acts.figures()
    path = tmp_path / "spoilt.csv"
    path.write_text(spoil(PROGRESS.read_text("utf-8")), "utf-8")
    assert said in acts.refusal(path)
    assert acts.figures() == before
    with acts.sessions() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(BroughtRow)) == 4
    assert list((acts.folder / "files" / "imports").iterdir()) == []


@pytest.mark.requirement("R9.2-d")
def test_a_quiz_needs_its_module_and_people_of_this_course(hand: Hand, tmp_path: Path) -> None:
    acts = hand()
    with pytest.raises(Conflict, match="completion of activities first"):
        acts.report(OVERVIEW, "Module 2: quiz")
    acts.report(PROGRESS)
    with pytest.raises(Invalid, match="Choose the quiz"):
        acts.report(OVERVIEW)
    foreign = tmp_path / "foreign.csv"
    foreign.write_text(OVERVIEW.read_text("utf-8").replace("@example.org", "@elsewhere.example"), "utf-8")
    taken = acts.report(foreign, "Module 2: quiz")
    assert (taken.state, "None of the people" in taken.trouble) == ("refused", True)
    (tmp_path / "renamed.csv").write_text(OVERVIEW.read_text("utf-8").replace("Grade/10.00", "Result"), "utf-8")
    with pytest.raises(Invalid, match="Grade / Оценка"):
        acts.report(tmp_path / "renamed.csv", "Module 2: quiz")
    acts.report(OVERVIEW, "Module 2: quiz")
    with pytest.raises(Conflict, match="very file was imported"):
        acts.report(OVERVIEW, "Module 2: quiz")


@pytest.mark.requirement("R9.2-c")
def test_modules_that_were_changed_on_the_platform_are_taken_when_somebody_says_so(hand: Hand, tmp_path: Path) -> None:
    acts = hand()
    acts.report(PROGRESS)
    changed = tmp_path / "changed.csv"
    changed.write_text(PROGRESS.read_text("utf-8").replace("Module 1: link", "Module 1: film"), "utf-8")
    with pytest.raises(Invalid, match="no module of this name"):
        acts.report(changed)
    acts.report(changed, changed=True)
    with acts.sessions() as session:
        names = [one.name for one in completion.tracked(session, acts.course)]
    assert names[:3] == ["Module 1: reading", "Module 1: film", "Module 1: interactive"]


@pytest.mark.requirement("X-7", "R9.2-c")
def test_addresses_are_kept_nowhere_and_what_is_old_goes(hand: Hand, moved_clock: TestClock) -> None:
    acts = hand()
    acts.report(PROGRESS)
    acts.report(OVERVIEW, "Module 2: quiz")
    with acts.sessions() as session:
        for table in (LogImport, BroughtRow, MonitoredLearner, LearnerAttempt, CourseModule, EventRow):
            for row in session.scalars(sa.select(table)):
                told = " ".join(str(getattr(row, column.name)) for column in table.__table__.columns)
                assert "student1@example.org" not in told
    moved_clock.move(days=1200)
    with acts.sessions.begin() as session:
        keeping.forget(session)
        assert session.scalar(sa.select(sa.func.count()).select_from(BroughtRow)) == 0
        assert session.scalar(sa.select(sa.func.count()).select_from(MonitoredLearner)) == 0
    assert [one.kept for one in imports_of(acts)] == [False, False]


@pytest.mark.requirement("R9.2-c")
def test_a_report_in_pieces_is_the_same_and_a_repeated_piece_counts_once(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_imports, "PIECE", 1)
    monkeypatch.setattr(by_hand, "AT_ONCE", 1)
    acts = hand()
    taken = acts.report(PROGRESS)
    assert (taken.rows, list(acts.states())) == (4, PEOPLE)
    with acts.sessions.begin() as session:
        for operation in (report_imports.READ, by_hand.JOIN):
            done = session.scalars(sa.select(Job).where(Job.operation == operation).order_by(Job.id)).all()
            assert len(done) == 5
            done[1].outcome = done[1].finished_at = None  # as if its end had been lost
    before = acts.figures()
    worker.work_off(acts.sessions)
    assert acts.figures() == before


@pytest.mark.requirement("R9.1-a", "R9.2-c")
def test_a_platform_that_opens_later_replaces_what_was_brought(hand: Hand) -> None:
    acts = hand()
    acts.report(PROGRESS)
    acts.report(OVERVIEW, "Module 2: quiz")
    connection.install(acts.client)
    with pytest.raises(Conflict, match="platform is open to the program"):
        acts.report(COMPLETION)
    acts.read()
    with acts.sessions() as session:
        assert sorted(session.scalars(sa.select(MonitoredLearner.user_id))) == [6, 7, 8, 9]
        assert session.scalar(sa.select(sa.func.count()).where(CourseModule.cmid < 0)) == 0
        assert session.scalar(sa.select(sa.func.count()).select_from(BroughtRow)) == 0
    assert [one.state for one in imports_of(acts)] == ["replaced", "replaced"]
    with pytest.raises(Conflict, match="no longer"):
        acts.take_back(imports_of(acts)[0])
