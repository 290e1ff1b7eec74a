"""What learners did, read from recorded answers of a real Moodle and from the stand-in: figures of the reports."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.connectors.moodle import Access, Client, Refused, progress, reviews
from app.connectors.moodle.stand_in import CATEGORY, MANAGER, StandIn, in_process
from tests.contract import bench
from tests.contract.recordings import Recording, of
from tests.contract.replaying import SITE, TOKEN, Replay

QUIZ = progress.Test(1, 4, 10, 2)
PAGES = "core_enrol_get_enrolled_users"


def client(*recordings: Recording) -> tuple[Client, Replay]:
    """A client that gets these answers in turn, and what it asked."""
    replay = Replay(*recordings)
    return Client(Access(SITE, TOKEN, 2), lambda: replay), replay


@pytest.fixture
def furnished(tmp_path: Path) -> Client:
    """The stand-in with the course, the people and the attempts of the site that was recorded."""
    stand_in = StandIn(tmp_path / "moodle.db", bench.BASE)
    stand_in.fill()
    with stand_in.store.open() as memory:
        bench.furnish(memory)
    return Client(Access(bench.BASE, MANAGER, CATEGORY, private=True), in_process(stand_in))


def test_participants_come_page_by_page_and_teachers_are_told_from_students() -> None:
    asking, replay = client(of(PAGES, "page-1"), of(PAGES, "page-last"), of(PAGES, "nobody-enrolled"))
    found = list(progress.participants(asking, 2, page=2))
    assert [one.id for one in found][:2] == [5, 6]
    assert [one.student for one in found][:2] == [False, True]
    assert found[0].last_access is None
    assert found[1].last_access == datetime.fromtimestamp(1795344434, UTC)
    starts = [row["value"] for asked in replay.asked for row in asked["options"] if row["name"] == "limitfrom"]
    assert starts == [str(2 * number) for number in range(len(replay.asked))]
    assert len(replay.asked) >= 2
    assert all({"name": "onlyactive", "value": "1"} in asked["options"] for asked in replay.asked)


def test_the_pages_together_are_everybody_whose_enrolment_is_active(furnished: Client) -> None:
    for size in (1, 2, 4, 5, 200):
        assert [one.id for one in progress.participants(furnished, 2, page=size)] == [5, 6, 7, 8, 9]


def test_an_account_that_may_not_see_participants_is_refused() -> None:
    asking, _ = client(of(PAGES, "as-weak"))
    with pytest.raises(Refused) as caught:
        list(progress.participants(asking, 2))
    assert caught.value.code == "nopermissions"


def test_a_failed_module_has_a_moment_and_is_not_done() -> None:
    asking, _ = client(of(progress.COMPLETION, "student2"))
    found = {one.cmid: one for one in progress.completion(asking, 2, 7)}
    assert [found[cmid].state for cmid in range(1, 9)] == [1, 0, 2, 2, 0, 0, 0, 3]
    assert found[8].at is not None
    assert found[2].at is None


def test_a_person_not_enrolled_has_no_states_and_not_zeros() -> None:
    asking, _ = client(of(progress.COMPLETION, "not-enrolled"))
    assert progress.completion(asking, 2, 10) == []


def test_modules_and_quizzes_are_joined_by_the_course_module() -> None:
    asking, _ = client(of("core_course_get_contents"))
    modules = {one.cmid: one for one in progress.modules(asking, 2)}
    asking, _ = client(of(progress.QUIZZES))
    [first, second] = progress.tests(asking, 2)
    assert modules[first.cmid].name == "Module 1: quiz"
    assert (modules[first.cmid].kind, modules[first.cmid].instance) == ("quiz", first.id)
    assert (second.grade, second.sum_of_marks) == (10, 2)


def test_a_forbidden_course_among_those_asked_is_a_refusal() -> None:
    asking, _ = client(of(progress.QUIZZES, "one-unknown"))
    with pytest.raises(Refused) as caught:
        progress.tests(asking, 999999)
    assert caught.value.code == "1"


def test_attempts_have_their_number_grade_and_duration() -> None:
    asking, replay = client(of(progress.ATTEMPTS, "student2-quiz1"))
    first, second = progress.attempts(asking, QUIZ, 7)
    assert replay.asked[0]["status"] == "all"
    assert (first.number, first.grade, first.seconds) == (1, 0.0, 300)
    assert (second.number, second.grade, second.highest, second.seconds) == (2, 10.0, 10, 420)
    assert first.started == datetime.fromtimestamp(1794653233, UTC)


def test_an_attempt_that_goes_on_has_neither_grade_nor_duration() -> None:
    asking, _ = client(of(progress.ATTEMPTS, "in-progress"))
    [found] = progress.attempts(asking, QUIZ, 8)
    assert (found.state, found.finished, found.seconds, found.grade) == ("inprogress", None, None, None)


@pytest.mark.parametrize(("case", "code"), [("bad-status", "invalidparameter"), ("unknown-quiz", "invalidrecord")])
def test_refusals_of_attempts_keep_their_code(case: str, code: str) -> None:
    asking, _ = client(of(progress.ATTEMPTS, case))
    with pytest.raises(Refused) as caught:
        progress.attempts(asking, QUIZ, 7)
    assert caught.value.code == code


def test_answers_are_read_from_the_page_of_an_attempt() -> None:
    """Choice, text field and right answer; what the page does not say stays empty."""
    asking, _ = client(of(progress.REVIEW, "failed"))
    choice, typed = progress.review(asking, 5)
    assert (choice.question, choice.given) == (
        "The coverage factor for about 95 % of a normal distribution is 2.", "False",
    )  # fmt: skip
    assert (choice.state, choice.mark, choice.highest) == ("gradedwrong", 0.0, 1.0)
    assert choice.right == "The correct answer is 'True'."
    assert (typed.kind, typed.given, typed.right) == ("shortanswer", "VIM", "The correct answer is: GUM")
    asking, _ = client(of(progress.REVIEW, "passed"))
    assert [one.given for one in progress.review(asking, 1)] == ["False", "b. kelvin"]
    asking, _ = client(of(progress.REVIEW, "in-progress"))
    assert [(one.given, one.mark) for one in progress.review(asking, 6)] == [("", None), ("", None)]


def test_marks_in_a_russian_number_format_are_numbers() -> None:
    row = {"slot": 1, "type": "essay", "state": "needsgrading", "mark": "0,50", "maxmark": 1, "html": "<p>?</p>"}
    found = reviews.read(row)
    assert (found.mark, found.given) == (0.5, "")


def test_interactive_activities_have_attempts_by_learner_with_the_raw_score() -> None:
    asking, _ = client(of(progress.H5P))
    assert progress.activities(asking, 2) == [(1, 3), (2, 7)]
    asking, _ = client(of(progress.H5P_ATTEMPTS, "all"))
    found = progress.activity_attempts(asking, 1)
    assert [(one.number, one.grade, one.highest, one.seconds) for one in found[7]] == [(1, 1, 2, 40), (2, 2, 2, 61)]
    assert found[9] == []


def test_attempts_at_an_activity_come_page_by_page(furnished: Client) -> None:
    whole = progress.activity_attempts(furnished, 1)
    assert sorted(whole) == [6, 7, 8, 9, 11]
    assert progress.activity_attempts(furnished, 1, page=2) == whole
