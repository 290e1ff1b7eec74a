"""Learners as the platform tells of them: recorded answers, every shape of error, pages, and what is read back."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.connectors.moodle import Access, Client, Closed, Later, Refused, learners
from app.connectors.moodle.stand_in import CATEGORY, MANAGER, Fault, StandIn, in_process
from app.connectors.moodle.stand_in.seed import WEAK
from tests.contract import bench
from tests.contract.recordings import Recording, of
from tests.contract.replaying import SITE, TOKEN, Replay

STATUSES, GRADE = learners.COMPLETION, learners.BEST_GRADE


def replaying(*recordings: Recording) -> tuple[Client, Replay]:
    replay = Replay(*recordings)
    return Client(Access(SITE, TOKEN, 2), lambda: replay), replay


@pytest.fixture
def site(tmp_path: Path) -> StandIn:
    """The stand-in furnished as the recorded site; it is proven to answer as that did."""
    made = StandIn(tmp_path / "moodle.db", bench.BASE)
    made.fill()
    with made.store.open() as memory:
        bench.furnish(memory)
    return made


def client(site: StandIn, token: str = MANAGER) -> Client:
    return Client(Access(site.base, token, CATEGORY, private=True), in_process(site))


def test_an_account_is_found_by_its_address_with_the_address_of_the_platform() -> None:
    asking, replay = replaying(of(learners.USERS, "by-email"))
    found = learners.find(asking, "Student1@example.org")
    assert found is not None
    assert (found.id, found.name, found.email) == (6, "Sofia Passed", "student1@example.org")
    assert replay.asked[0]["values"] == ["Student1@example.org", "student1@example.org"]  # the platform compares case
    assert "Sofia" not in repr(found)


@pytest.mark.parametrize("case", ["as-weak", "bad-email"])
def test_nobody_found_is_none_whatever_the_reason(case: str) -> None:
    assert learners.find(replaying(of(learners.USERS, case))[0], "student1@example.org") is None


def test_all_passed_one_failed_nothing_taken_and_not_enrolled(site: StandIn) -> None:
    def outcomes(user: int) -> list[str]:
        return [one.outcome for one in learners.results(client(site), 2, user).tests]

    assert outcomes(6) == ["passed"] * 4
    assert outcomes(7) == ["passed", "passed", "not_taken", "failed"]
    assert outcomes(9) == ["not_taken"] * 4
    assert learners.results(client(site), 2, 10) == learners.Results(enrolled=False)
    assert {one.module for one in learners.results(client(site), 2, 6).tests} == {1, 2}


def test_a_quiz_without_a_grade_to_pass_is_undecided_never_passed(site: StandIn) -> None:
    with site.store.open() as memory:
        memory.put("quiz", 2, {"id": 2})
    [found] = [one for one in learners.results(client(site), 2, 6).tests if one.outcome == "undecided"]
    assert (found.name, found.why, found.grade) == ("Module 2: quiz", "no_pass_grade", 10)


def test_grade_and_completion_that_contradict_each_other_are_for_a_person() -> None:
    module = {"modname": "quiz", "instance": 1, "name": "Quiz", "visible": 1}
    failed = {"details": [{"rulename": "completionpassgrade", "rulevalue": {"status": 3}}]}
    found = learners._result(replaying(of(GRADE, "student1"))[0], 6, 1, {"name": "S"}, module, failed)
    assert found is not None
    assert (found.outcome, found.why) == ("undecided", "contradiction")


def test_pages_and_links_that_were_only_viewed_are_no_tests(site: StandIn) -> None:
    found = learners.results(client(site), 2, 6)
    assert {one.kind for one in found.tests} == {"quiz", "h5pactivity"}


def test_participants_are_read_page_by_page_without_the_suspended(site: StandIn) -> None:
    assert list(learners.participants(client(site), 2, size=2)) == [5, 6, 7, 8, 9]


def test_enrolling_skips_those_who_are_there_and_reads_back(site: StandIn) -> None:
    assert learners.enrol(client(site), 2, [9, 10]) == {9, 10}
    with site.store.open() as memory:
        made = [one["userid"] for one in memory.effects() if one["effect"] == "enrolled"]
    assert made == [10]
    assert learners.enrol(client(site), 2, [9, 10]) == {9, 10}
    with site.store.open() as memory:
        assert [one["effect"] for one in memory.effects()] == ["enrolled"]


def test_a_long_list_is_enrolled_by_few_calls(site: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    call = Client.call

    def counted(self: Client, name: str, given: Any) -> Any:
        asked.append(name)
        return call(self, name, given)

    monkeypatch.setattr(Client, "call", counted)
    learners.enrol(client(site), 2, [5, 6, 7, 8, 9, 10])
    assert sorted(asked) == ["core_enrol_get_enrolled_users"] * 2 + [learners.ENROL]


def test_one_bad_row_fails_only_itself(site: StandIn) -> None:
    assert learners.enrol(client(site), 2, [10, 999_999]) == {10}


@pytest.mark.parametrize("case", ["foreign-sector", "role-not-assignable"])
def test_a_missing_right_to_enrol_is_for_a_person(case: str) -> None:
    nobody = of(learners.PARTICIPANTS, "nobody-enrolled")
    asking, _ = replaying(nobody, of(learners.ENROL, case))
    with pytest.raises(Refused) as caught:
        learners.enrol(asking, 6, [9])
    assert caught.value.code == "by_hand"


def test_a_right_to_see_completion_that_is_missing_is_for_a_person() -> None:
    with pytest.raises(Refused) as caught:
        learners.results(replaying(of(STATUSES, "of-another-as-student"))[0], 2, 7)
    assert caught.value.code == "by_hand"


SHAPES: dict[str, tuple[type[Exception], str]] = {
    "unavailable": (Later, "http_503"),
    "maintenance": (Later, "sitemaintenance"),
    "database_away": (Later, "dbconnectionfailed"),
    "services_off": (Closed, "http_403"),
    "expired": (Closed, "accessexception"),
    "html": (Later, "not_json"),
    "truncated": (Later, "not_json"),
}


@pytest.mark.parametrize("function", [learners.USERS, STATUSES, GRADE, learners.PARTICIPANTS])
@pytest.mark.parametrize("kind", sorted(SHAPES))
def test_every_shape_of_error_is_a_failure_of_its_kind(site: StandIn, function: str, kind: str) -> None:
    asks: dict[str, Any] = {
        learners.USERS: lambda: learners.find(client(site), "student1@example.org"),
        learners.PARTICIPANTS: lambda: list(learners.participants(client(site), 2)),
    }
    with site.store.open() as memory:
        memory.set_fault(Fault(kind, function))
    with pytest.raises((Later, Closed)) as caught:
        asks.get(function, lambda: learners.results(client(site), 2, 6))()
    assert isinstance(caught.value, SHAPES[kind][0])


def test_a_fault_of_php_and_a_warning_are_failures() -> None:
    broken = replace(of(GRADE, "student1"), response={"exception": "Error", "message": "broken"})
    with pytest.raises(Refused) as caught:
        learners._quiz(replaying(broken)[0], 6, 1, (1, "S", "Quiz", "quiz"), None)
    assert caught.value.code == "program_fault"
    warned = replace(of(GRADE, "student1"), response={"warnings": [{"warningcode": "1", "message": "no"}]})
    with pytest.raises(Refused):
        learners._quiz(replaying(warned)[0], 6, 1, (1, "S", "Quiz", "quiz"), None)


def test_an_answer_of_another_form_is_asked_for_again() -> None:
    odd = replace(of(STATUSES, "student1"), response={"warnings": []})
    with pytest.raises(Later):
        learners.results(replaying(odd)[0], 2, 6)


def test_an_account_that_may_not_see_people_finds_nobody(site: StandIn) -> None:
    assert learners.find(client(site, WEAK), "student1@example.org") is None


def test_a_long_list_of_accounts_takes_few_calls(site: StandIn) -> None:
    typed = ["Student1@example.org", "nobody@example.org", *(f"n{number}@example.org" for number in range(600))]
    found = learners.by_accounts(client(site), typed)
    assert {account: one.id for account, one in found.items()} == {"Student1@example.org": 6}
