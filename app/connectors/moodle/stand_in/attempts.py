"""Functions of the stand-in on quizzes, interactive activities and the attempts at them.

Kept as rows: `test` (a quiz as the platform shows it), `attempt` with its `review`, `h5p` (an activity), `played`.
"""

from typing import Any

from app.connectors.moodle.stand_in import refusals
from app.connectors.moodle.stand_in.accounts import Caller
from app.connectors.moodle.stand_in.people import STUDENT
from app.connectors.moodle.stand_in.shapes import INT, TEXT, Rows, Struct, struct

BY_COURSES = Struct({}, {"courseids": Rows(INT)})
USER_ATTEMPTS = struct({"quizid": INT}, userid=INT, status=TEXT, includepreviews=INT)
REVIEW = struct({"attemptid": INT}, page=INT)
PLAYED = struct({"h5pactivityid": INT}, sortorder=TEXT, page=INT, perpage=INT, firstinitial=TEXT, lastinitial=TEXT)
_STATES = ("all", "finished", "unfinished")
_H5P_SETTINGS = {"enablesavestate": True, "savestatefreq": 60}


def quizzes(caller: Caller, params: dict[str, Any]) -> Any:
    """A course that is unknown or may not be entered is a warning beside the others."""
    found, warnings = _by_courses(caller, "test", params)
    return {"quizzes": found, "warnings": warnings}


def activities(caller: Caller, params: dict[str, Any]) -> Any:
    found, warnings = _by_courses(caller, "h5p", params)
    return {"h5pactivities": found, "h5pglobalsettings": _H5P_SETTINGS, "warnings": warnings}


def _by_courses(caller: Caller, kind: str, params: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    found, warnings = [], []
    for ident in params.get("courseids", ()):
        course = caller.memory.get("course", ident)
        if course is None or not caller.sees(course):
            row = {"item": "course", "itemid": ident, "warningcode": "1"}
            warnings.append({**row, "message": "No access rights in course context"})
        elif caller.may("participants", course["categoryid"]):
            found += [row for row in caller.memory.all(kind) if row["course"] == ident]
    return found, warnings


def user_attempts(caller: Caller, params: dict[str, Any]) -> Any:
    """Finished ones only, unless asked otherwise."""
    test = caller.memory.get("test", params["quizid"])
    if test is None:
        raise refusals.no_record("quiz")
    status, user = params.get("status", "finished"), params.get("userid") or caller.id
    if status not in _STATES:
        raise refusals.parameter("Invalid status value")
    _demand_reports(caller, test["course"], user, "View quiz reports")
    rows = [row for row in caller.memory.all("attempt") if (row["quiz"], row["userid"]) == (test["id"], user)]
    wanted = [row for row in rows if status == "all" or (row["state"] == "finished") == (status == "finished")]
    return {"attempts": wanted, "warnings": []}


def review(caller: Caller, params: dict[str, Any]) -> Any:
    attempt = caller.memory.get("attempt", params["attemptid"])
    if attempt is None:
        raise refusals.no_record("quiz_attempts")
    kept = caller.memory.get("review", attempt["id"]) or {"grade": None, "questions": []}
    questions = [row for row in kept["questions"] if params.get("page", row["page"]) == row["page"]]
    return {
        "grade": kept["grade"], "attempt": attempt, "additionaldata": [], "questions": questions, "warnings": [],
    }  # fmt: skip


def played(caller: Caller, params: dict[str, Any]) -> Any:
    """Of all students, page by page; nothing says how many there are."""
    activity = caller.memory.get("h5p", params["h5pactivityid"])
    if activity is None:
        raise refusals.no_record("h5pactivity")
    _demand_reports(caller, activity["course"], 0, "View H5P attempts")
    enrolled = [row for row in caller.memory.all("enrolment") if row["courseid"] == activity["course"]]
    users = sorted({int(row["userid"]) for row in enrolled if row["roleid"] == STUDENT})
    size = params.get("perpage") or len(users)
    start = params.get("page", 0) * size
    rows = [_played(caller, activity, user) for user in users[start : start + size]]
    return {"activityid": activity["id"], "usersattempts": rows, "warnings": []}


def _played(caller: Caller, activity: dict[str, Any], user: int) -> dict[str, Any]:
    mine = [
        row for row in caller.memory.all("played") if (row["h5pactivityid"], row["userid"]) == (activity["id"], user)
    ]
    if not mine:
        return {"userid": user, "attempts": []}
    best = max(mine, key=lambda row: (row["rawscore"] / row["maxscore"], row["attempt"]))
    scored = {"title": "Highest score attempt", "grademethod": "1", "attempts": [best]}
    return {"userid": user, "attempts": mine, "scored": scored}


def _demand_reports(caller: Caller, course: int, user: int, right: str) -> None:
    found = caller.memory.get("course", course)
    if user != caller.id and (found is None or not caller.may("participants", found["categoryid"])):
        raise refusals.no_right(right)
