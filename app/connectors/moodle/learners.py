"""Learners on the platform: accounts, enrolment and what was passed, as plain Python (contract of `Client`).

find(client, account) -> Learner | None              by user name or e-mail address
results(client, course, learner) -> Results           every test of the course, as the platform judges it now
enrol(client, course, learners, role) -> set[int]     ids enrolled now, read back from the platform
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from app.connectors.moodle import answers
from app.connectors.moodle.answers import demand_object, demand_rows
from app.connectors.moodle.client import Client
from app.connectors.moodle.failures import BY_HAND, Refused, for_a_person

USERS = "core_user_get_users_by_field"
PARTICIPANTS = "core_enrol_get_enrolled_users"
ENROL = "enrol_manual_enrol_users"
COMPLETION = "core_completion_get_activities_completion_status"
BEST_GRADE = "mod_quiz_get_user_best_grade"
FUNCTIONS = (USERS, PARTICIPANTS, ENROL, COMPLETION, BEST_GRADE)
"""What certificates and enrolment by list need; without them these steps are done by hand."""
STUDENT = 5
"""Moodle's own number of the student role on a fresh site; no function lists roles."""
PAGE = 500
TOLERANCE = 0.00001
PASSED_STATES, FAILED_STATE = (1, 2), 3

Outcome = Literal["passed", "failed", "not_taken", "undecided"]


@dataclass(frozen=True, slots=True)
class Learner:
    """An account on the platform, with the address that was given there (R10.3-a)."""

    id: int
    name: str = field(repr=False)
    email: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Result:
    """One test: `module` is the number of the section it stands in; `why` says what leaves it undecided."""

    module: int
    section: str
    name: str
    kind: str
    outcome: Outcome
    grade: float | None = None
    pass_grade: float | None = None
    why: str = ""

    def as_json(self) -> dict[str, Any]:
        shown = {"module": self.module, "section": self.section, "name": self.name, "kind": self.kind}
        return {**shown, "outcome": self.outcome, "grade": self.grade, "pass_grade": self.pass_grade, "why": self.why}


@dataclass(frozen=True, slots=True)
class Results:
    """`enrolled` False: the rest says nothing. What was only viewed is never among the tests (R10.1-d)."""

    enrolled: bool
    tests: tuple[Result, ...] = ()
    sections: tuple[tuple[int, str], ...] = ()
    """Number and name of every visible section that holds anything, tests or not."""


def find(client: Client, account: str) -> Learner | None:
    """The platform compares case: an address is looked for as typed and in small letters, a name in small ones."""
    field_name = "email" if "@" in account else "username"
    wanted = list(dict.fromkeys([account, account.lower()] if field_name == "email" else [account.lower()]))
    found = [_learner(row) for row in demand_rows(_ask(client, USERS, {"field": field_name, "values": wanted}))]
    return found[0] if len({one.id for one in found}) == 1 else None


def by_id(client: Client, ident: int) -> Learner | None:
    """The account of that number, with the name and address that it has now (A35)."""
    found = [_learner(row) for row in demand_rows(_ask(client, USERS, {"field": "id", "values": [ident]}))]
    return next((one for one in found if one.id == ident), None)


def by_accounts(client: Client, accounts: Sequence[str]) -> dict[str, Learner]:
    """Account as typed -> learner, for those whom the platform knows; few calls for a long list."""
    known: dict[str, Learner] = {}
    for kind in ("email", "username"):
        typed = [one for one in accounts if ("@" in one) == (kind == "email")]
        for start in range(0, len(typed), PAGE):
            known |= _some(client, kind, typed[start : start + PAGE])
    return known


def _some(client: Client, kind: str, typed: Sequence[str]) -> dict[str, Learner]:
    both = [name for one in typed for name in ([one, one.lower()] if kind == "email" else [one.lower()])]
    rows = demand_rows(_ask(client, USERS, {"field": kind, "values": list(dict.fromkeys(both))})) if both else []
    found: dict[str, list[Learner]] = {}
    for row in rows:
        found.setdefault(str(row.get(kind) or "").lower(), []).append(_learner(row))
    if kind == "username" and any("username" not in row for row in rows):
        return {one: known for one in typed if (known := find(client, one)) is not None}
    exact = {one: found.get(one.lower(), []) for one in typed}
    return {one: known[0] for one, known in exact.items() if len({each.id for each in known}) == 1}


def _learner(row: Mapping[str, Any]) -> Learner:
    if not isinstance(row.get("id"), int):
        raise answers.unexpected()
    return Learner(row["id"], str(row.get("fullname") or ""), str(row.get("email") or ""))


# --- who takes part --------------------------------------------------------------------------------------------------


def participants(client: Client, course: int, size: int = PAGE) -> Iterator[int]:
    """Ids of those whose enrolment is active, page by page: the platform never says how many there are."""
    start = 0
    while True:
        options = {"limitfrom": start, "limitnumber": size, "sortby": "id", "onlyactive": 1, "userfields": "id"}
        listed = [{"name": name, "value": value} for name, value in options.items()]
        rows = demand_rows(_ask(client, PARTICIPANTS, {"courseid": course, "options": listed}))
        yield from (int(row["id"]) for row in rows if isinstance(row.get("id"), int))
        if len(rows) < size:
            return
        start += size


def enrol(client: Client, course: int, wanted: Sequence[int], role: int = STUDENT) -> set[int]:
    """Enrol those who are not enrolled yet; one bad row fails the platform's whole call, so rows then go one by one.

    What is given back was read from the platform afterwards. Safe to repeat: the same again is no error there.
    """
    enrolled = set(participants(client, course))
    missing = [one for one in dict.fromkeys(wanted) if one not in enrolled]
    for start in range(0, len(missing), PAGE):
        _enrol_some(client, course, missing[start : start + PAGE], role)
    return set(participants(client, course)) & set(wanted)


def _enrol_some(client: Client, course: int, wanted: Sequence[int], role: int) -> None:
    rows = [{"roleid": role, "userid": one, "courseid": course} for one in wanted]
    try:
        _ask(client, ENROL, {"enrolments": rows})
    except Refused as refusal:
        if refusal.code == BY_HAND:
            raise
        if len(rows) == 1:
            return  # reading back shows that this one is not enrolled
        for one in wanted:
            _enrol_some(client, course, [one], role)


# --- what was passed -------------------------------------------------------------------------------------------------


def results(client: Client, course: int, learner: int) -> Results:
    """Every test of the course at this moment: quizzes by their best grade, interactive tasks by their pass rule."""
    statuses = _statuses(client, course, learner)
    enrolled = any(row.get("istrackeduser") for row in statuses.values())
    if not statuses:
        enrolled = learner in set(participants(client, course))
    if not enrolled:
        return Results(enrolled=False)
    sections = [row for row in client.contents(course) if row.get("visible") and row.get("modules")]
    tests = []
    for number, section in _numbered(sections):
        for module in demand_rows(section.get("modules")):
            result = _result(client, learner, number, section, module, statuses.get(module.get("id", 0), {}))
            tests += [result] if result else []
    named = tuple((number, str(row.get("name") or "")) for number, row in _numbered(sections))
    return Results(enrolled=True, tests=tuple(tests), sections=named)


def _numbered(sections: Sequence[dict[str, Any]]) -> Iterator[tuple[int, dict[str, Any]]]:
    for row in sections:
        yield int(row.get("section") or 0), row


def _statuses(client: Client, course: int, learner: int) -> dict[int, dict[str, Any]]:
    """By course module. A person who is not enrolled gets a full list of zeros, told apart by `istrackeduser`."""
    answer = demand_object(_ask(client, COMPLETION, {"courseid": course, "userid": learner}))
    answers.demand_no_warnings(answer)
    return {row["cmid"]: row for row in demand_rows(answer.get("statuses")) if isinstance(row.get("cmid"), int)}


def _result(
    client: Client, learner: int, number: int, section: Mapping[str, Any], module: Mapping[str, Any],
    status: Mapping[str, Any],
) -> Result | None:  # fmt: skip
    """None for what is no test: pages, links, and interactive content that demands no grade to pass."""
    kind = str(module.get("modname") or "")
    if not module.get("visible", 1) or kind not in ("quiz", "h5pactivity"):
        return None
    head = (number, str(section.get("name") or ""), str(module.get("name") or ""), kind)
    rule = _pass_rule(status)
    if kind == "h5pactivity":
        if rule is None:
            return None
        return Result(*head, "passed" if rule in PASSED_STATES else "failed" if rule == FAILED_STATE else "not_taken")
    return _quiz(client, learner, int(module.get("instance") or 0), head, rule)


def _pass_rule(status: Mapping[str, Any]) -> int | None:
    """State of the rule “receive a passing grade”; None where the activity has no such rule."""
    for row in demand_rows(status.get("details") or []):
        if row.get("rulename") == "completionpassgrade":
            return int((row.get("rulevalue") or {}).get("status") or 0)
    return None


def _quiz(client: Client, learner: int, quiz: int, head: tuple[int, str, str, str], rule: int | None) -> Result:
    """A quiz without a grade to pass decides nothing; where grade and completion disagree, a person does."""
    answer = demand_object(_ask(client, BEST_GRADE, {"quizid": quiz, "userid": learner}))
    answers.demand_no_warnings(answer)
    needed = answer.get("gradetopass")
    grade = answer.get("grade") if answer.get("hasgrade") else None
    numbers = (None if grade is None else float(grade), None if needed is None else float(needed))
    if needed is None or float(needed) <= 0:
        return Result(*head, "undecided", numbers[0], None, "no_pass_grade")
    if numbers[0] is None:
        return Result(*head, "not_taken", *numbers)
    passed = numbers[0] >= float(needed) - TOLERANCE
    if rule is not None and rule in (2, FAILED_STATE) and passed != (rule == 2):
        return Result(*head, "undecided", *numbers, "contradiction")
    return Result(*head, "passed" if passed else "failed", *numbers)


def _ask(client: Client, function: str, params: Mapping[str, Any]) -> Any:
    """A right that our account lacks is for a person."""
    try:
        return client.call(function, params)
    except Refused as refusal:
        raise for_a_person(refusal) from None
