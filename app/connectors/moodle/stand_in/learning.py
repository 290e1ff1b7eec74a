"""Functions of the stand-in on what learners did: completion of each activity, the best grade of a quiz.

Kept as rows: `quiz` {id, gradetopass}, `best grade` of "quiz-user", `viewed` and `passed` of "module-user".
"""

from typing import Any

from app.connectors.moodle.stand_in import refusals
from app.connectors.moodle.stand_in.accounts import Caller
from app.connectors.moodle.stand_in.shapes import INT, struct

STATUS = struct({"courseid": INT, "userid": INT})
GRADE = struct({"quizid": INT}, userid=INT)
_NO, _DONE, _PASSED, _FAILED = 0, 1, 2, 3
_GRADED = ("quiz", "h5pactivity")


def completion(caller: Caller, params: dict[str, Any]) -> Any:
    """Only modules with tracking; a person who is not enrolled gets a full list of zeros."""
    course, user = caller.memory.get("course", params["courseid"]), params["userid"]
    if course is None:
        raise refusals.no_record("course")
    if user != caller.id and not caller.may("participants", course["categoryid"]):
        raise refusals.no_right("View activity completion reports")
    kept = caller.memory.get("sections", course["id"]) or {"sections": []}
    enrolled = caller.memory.get("enrolment", f"{course['id']}-{user}")
    tracked = enrolled is not None and not enrolled["suspend"] and enrolled["roleid"] == 5
    modules = [module for section in kept["sections"] for module in section["modules"] if module.get("completion")]
    statuses = [_status(caller, module, user, tracked=tracked) for module in modules]
    return {"statuses": statuses, "warnings": []}


def _status(caller: Caller, module: dict[str, Any], user: int, *, tracked: bool) -> dict[str, Any]:
    state, details, at = _state(caller, module, user if tracked else 0)
    return {
        "cmid": module["id"], "modname": module["modname"], "instance": module["instance"], "state": state,
        "timecompleted": at if state else 0, "tracking": module["completion"], "overrideby": None, "valueused": False,
        "hascompletion": True, "isautomatic": True, "istrackeduser": tracked, "uservisible": True,
        "details": details, "isoverallcomplete": state in (_DONE, _PASSED),
    }  # fmt: skip


def _state(caller: Caller, module: dict[str, Any], user: int) -> tuple[int, list[dict[str, Any]], int]:
    """State, the rules with theirs, and the moment."""
    if module["modname"] not in _GRADED:
        seen = caller.memory.get("viewed", f"{module['id']}-{user}")
        state = _DONE if seen else _NO
        return state, [_rule("completionview", state, "View")], seen["at"] if seen else 0
    state, at = _graded(caller, module, user)
    received = {_NO: _NO, _FAILED: _DONE, _PASSED: _PASSED, _DONE: _DONE}[state]
    rules = [_rule("completionusegrade", received, "Receive a grade")]
    if _demands_pass(caller, module):
        rules.append(_rule("completionpassgrade", state, "Receive a passing grade"))
    return state, rules, at


def _demands_pass(caller: Caller, module: dict[str, Any]) -> bool:
    if module["modname"] == "h5pactivity":
        return True
    return bool((caller.memory.get("quiz", module["instance"]) or {}).get("gradetopass"))


def _graded(caller: Caller, module: dict[str, Any], user: int) -> tuple[int, int]:
    if module["modname"] == "h5pactivity":
        passed = caller.memory.get("passed", f"{module['id']}-{user}")
        return (_PASSED, passed["at"]) if passed else (_NO, 0)
    quiz = caller.memory.get("quiz", module["instance"]) or {}
    best = caller.memory.get("best grade", f"{module['instance']}-{user}")
    if best is None:
        return _NO, 0
    needed = quiz.get("gradetopass")
    if not needed:
        return _DONE, best["at"]
    return (_PASSED if best["grade"] >= needed else _FAILED), best["at"]


def _rule(name: str, state: int, words: str) -> dict[str, Any]:
    return {"rulename": name, "rulevalue": {"status": state, "description": words}}


def best_grade(caller: Caller, params: dict[str, Any]) -> Any:
    """The grade to pass is left out where the quiz has none."""
    quiz, user = caller.memory.get("quiz", params["quizid"]), params.get("userid") or caller.id
    if quiz is None:
        raise refusals.no_record("quiz")
    best = caller.memory.get("best grade", f"{quiz['id']}-{user}")
    found: dict[str, Any] = {"hasgrade": best is not None}
    if best is not None:
        found["grade"] = best["grade"]
    if quiz.get("gradetopass"):
        found["gradetopass"] = quiz["gradetopass"]
    return {**found, "warnings": []}
