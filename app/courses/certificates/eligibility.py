"""Whether a learner has passed the course: all tests of all modules (R10.1-b, R10.1-c); views never count (R10.1-d)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from app.connectors.moodle.learners import Result, Results
from app.errors import N_
from app.i18n import Text

Outcome = Literal["eligible", "refused", "undecided"]

REASONS = {
    "passed": N_("All tests of all modules are passed."),
    "not_enrolled": N_("The account is not enrolled in the course."),
    "no_tests": N_("The course has no tests, so there is nothing that could confirm its completion."),
    "not_passed": N_("Not all tests of the course are passed."),
    "undecided_tests": N_("The platform does not say of every test whether it is passed."),
    "module_without_test": N_("A module of the course has no test on the platform."),
    "by_hand": N_("The platform cannot be asked by the program: a person has to look."),
    "annulled": N_("The course was annulled or withdrawn before the decision."),
    "unknown": N_("The platform knows no such account."),
    "certified": N_("The certificate had been issued before; the same one was sent again."),
    "considered": N_("An earlier request of the same learner is being considered."),
}
OUTCOMES = {
    "passed": N_("test passed"),
    "failed": N_("not passed"),
    "not_taken": N_("not taken"),
    "undecided": N_("undecided"),
}
WHY = {
    "": "",
    "no_pass_grade": N_("no grade to pass is set on the platform"),
    "contradiction": N_("grade and completion on the platform contradict each other"),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reason` is a code of REASONS; `tests` the evidence, whatever the outcome."""

    outcome: Outcome
    reason: str
    tests: tuple[dict[str, Any], ...] = ()


def judge(results: Results, modules: Sequence[Text]) -> Verdict:
    """`modules`: those of the course's record, in order; the module of a test is the section it stands in.

    One test that is not passed refuses; what nobody can tell from the platform goes to a person, never to "passed".
    """
    if not results.enrolled:
        return Verdict("refused", "not_enrolled")
    tests = tuple(one.as_json() for one in results.tests)
    if not tests:
        return Verdict("refused", "no_tests")
    if any(one.outcome in ("failed", "not_taken") for one in results.tests):
        return Verdict("refused", "not_passed", tests)
    if any(one.outcome == "undecided" for one in results.tests):
        return Verdict("undecided", "undecided_tests", tests)
    if _untested(results.tests, modules):
        return Verdict("undecided", "module_without_test", tests)
    return Verdict("eligible", "passed", tests)


def _untested(tests: Sequence[Result], modules: Sequence[Text]) -> list[int]:
    """Numbers of recorded modules whose section holds no test; a course of one module has none by this measure."""
    if len(modules) < 2:
        return []
    tested = {one.module for one in tests}
    return [number for number in range(1, len(modules) + 1) if number not in tested]
