"""What learners have done in a course, by the platform's own functions. Nothing here changes anything there.

An empty list may also mean that our account may not see it; times are seconds, of which 0 and null mean never.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.connectors.moodle import answers, reviews
from app.connectors.moodle.client import CONTENTS, Client
from app.connectors.moodle.reviews import Answer

PARTICIPANTS = "core_enrol_get_enrolled_users"
COMPLETION = "core_completion_get_activities_completion_status"
QUIZZES = "mod_quiz_get_quizzes_by_courses"
ATTEMPTS = "mod_quiz_get_user_attempts"
REVIEW = "mod_quiz_get_attempt_review"
H5P = "mod_h5pactivity_get_h5pactivities_by_courses"
H5P_ATTEMPTS = "mod_h5pactivity_get_user_attempts"
NEEDED = (CONTENTS, PARTICIPANTS, COMPLETION, QUIZZES, ATTEMPTS, REVIEW, H5P, H5P_ATTEMPTS)
"""All that the completion report asks for."""
PAGE = 200
STUDENT = "student"


@dataclass(frozen=True, slots=True)
class Module:
    """`cmid`: the course module, which log and completion name; `instance`: the quiz's or activity's own number."""

    cmid: int
    kind: str
    instance: int
    name: str


@dataclass(frozen=True, slots=True)
class Participant:
    """An active enrolment; teachers are among them, guests never are."""

    id: int
    name: str
    student: bool
    last_access: datetime | None


@dataclass(frozen=True, slots=True)
class State:
    """0 not done, 1 done, 2 passed, 3 failed – with a moment, too: a date does not mean done."""

    cmid: int
    state: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Test:
    """A quiz; what an attempt reached is scaled from `sum_of_marks` to `grade`."""

    __test__ = False  # no test of pytest's

    id: int
    cmid: int
    grade: float
    sum_of_marks: float


@dataclass(frozen=True, slots=True)
class Attempt:
    """`seconds` is None where the platform does not supply a duration, `grade` None while there is none."""

    id: int
    number: int
    state: str
    started: datetime | None
    finished: datetime | None
    seconds: int | None
    grade: float | None
    highest: float | None


def modules(client: Client, course: int) -> list[Module]:
    """The visible ones in the order of the course."""
    found = []
    for section in client.contents(course):
        for row in _rows(section.get("modules")):
            if row.get("visible", 1):
                found.append(Module(_whole(row, "id"), str(row.get("modname")), _int(row, "instance"), _text(row)))
    return found


def participants(client: Client, course: int, page: int = PAGE) -> Iterator[Participant]:
    """Page by page until one is short: nothing there says how many there are."""
    start = 0
    while True:
        options = {"onlyactive": 1, "limitfrom": start, "limitnumber": page, "sortby": "id"}
        options |= {"userfields": "id,fullname,roles,lastcourseaccess"}
        asked = [{"name": name, "value": value} for name, value in options.items()]
        rows = _rows(client.call(PARTICIPANTS, {"courseid": course, "options": asked}))
        yield from (_participant(row) for row in rows)
        if len(rows) < page:
            return
        start += page


def _participant(row: dict[str, Any]) -> Participant:
    roles = {str(role.get("shortname")) for role in _rows(row.get("roles") or [])}
    name = str(row.get("fullname") or "")
    return Participant(_whole(row, "id"), name, STUDENT in roles, _at(row, "lastcourseaccess"))


def completion(client: Client, course: int, user: int) -> list[State]:
    """Of the modules with tracking. Empty for a person not enrolled, of whom the platform tells zeros."""
    rows = _rows(_object(client.call(COMPLETION, {"courseid": course, "userid": user})).get("statuses"))
    tracked = [row for row in rows if row.get("istrackeduser", True)]
    return [State(_whole(row, "cmid"), _int(row, "state"), _at(row, "timecompleted")) for row in tracked]


def tests(client: Client, course: int) -> list[Test]:
    """The quizzes. Raises Refused where the course is forbidden or gone, which comes as a warning."""
    answer = _object(client.call(QUIZZES, {"courseids": [course]}))
    answers.demand_no_warnings(answer)
    return [
        Test(_whole(row, "id"), _whole(row, "coursemodule"), _float(row, "grade"), _float(row, "sumgrades"))
        for row in _rows(answer.get("quizzes"))
    ]


def attempts(client: Client, test: Test, user: int) -> list[Attempt]:
    """All, the unfinished too; previews of teachers left out."""
    answer = _object(client.call(ATTEMPTS, {"quizid": test.id, "userid": user, "status": "all"}))
    return [_attempt(test, row) for row in _rows(answer.get("attempts")) if not row.get("preview")]


def _attempt(test: Test, row: dict[str, Any]) -> Attempt:
    started, finished = _at(row, "timestart"), _at(row, "timefinish")
    seconds = int((finished - started).total_seconds()) if started and finished else None
    reached = row.get("sumgrades")
    grade = None
    if isinstance(reached, int | float) and test.sum_of_marks and finished:
        grade = reached * test.grade / test.sum_of_marks
    ident, number = _whole(row, "id"), _int(row, "attempt")
    return Attempt(ident, number, str(row.get("state") or ""), started, finished, seconds, grade, test.grade)


def review(client: Client, attempt: int) -> list[Answer]:
    """The answers of a finished attempt; the platform gives them as a page only."""
    answer = _object(client.call(REVIEW, {"attemptid": attempt}))
    return [reviews.read(row) for row in _rows(answer.get("questions"))]


def activities(client: Client, course: int) -> list[tuple[int, int]]:
    """The H5P activities: their own number and that of the course module."""
    answer = _object(client.call(H5P, {"courseids": [course]}))
    answers.demand_no_warnings(answer)
    return [(_whole(row, "id"), _whole(row, "coursemodule")) for row in _rows(answer.get("h5pactivities"))]


def activity_attempts(client: Client, activity: int, page: int = PAGE) -> dict[int, list[Attempt]]:
    """Of all learners, by their number. What was reached is `rawscore`: `scaled` is cut to a whole number."""
    found: dict[int, list[Attempt]] = {}
    number = 0
    while True:
        asked = {"h5pactivityid": activity, "sortorder": "id ASC", "page": number, "perpage": page}
        answer = _object(client.call(H5P_ATTEMPTS, asked))
        answers.demand_no_warnings(answer)
        rows = _rows(answer.get("usersattempts"))
        for row in rows:
            found[_whole(row, "userid")] = [_played(one) for one in _rows(row.get("attempts"))]
        if len(rows) < page:
            return found
        number += 1


def _played(row: dict[str, Any]) -> Attempt:
    made, seconds = _at(row, "timecreated"), row.get("duration")
    finished = _at(row, "timemodified") if row.get("completion") else None
    return Attempt(
        id=_whole(row, "id"),
        number=_int(row, "attempt"),
        state="finished" if row.get("completion") else "inprogress",
        started=made,
        finished=finished,
        seconds=seconds if isinstance(seconds, int) and seconds > 0 else None,
        grade=_number(row.get("rawscore")),
        highest=_number(row.get("maxscore")),
    )


def _object(answer: Any) -> dict[str, Any]:
    if not isinstance(answer, dict):
        raise answers.unexpected()
    return answer


def _rows(answer: Any) -> list[dict[str, Any]]:
    if not isinstance(answer, list) or not all(isinstance(row, dict) for row in answer):
        raise answers.unexpected()
    return answer


def _whole(row: dict[str, Any], name: str) -> int:
    value = row.get(name)
    if not isinstance(value, int):
        raise answers.unexpected()
    return value


def _int(row: dict[str, Any], name: str) -> int:
    value = row.get(name)
    return value if isinstance(value, int) else 0


def _float(row: dict[str, Any], name: str) -> float:
    return _number(row.get(name)) or 0.0


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _at(row: dict[str, Any], name: str) -> datetime | None:
    value = row.get(name)
    return datetime.fromtimestamp(value, UTC) if isinstance(value, int) and value > 0 else None


def _text(row: dict[str, Any]) -> str:
    return answers.words(row.get("name"))
