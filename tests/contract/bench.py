"""The stand-in furnished like the site that was recorded, and the recordings played to it in their order."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from app.connectors.moodle.parameters import flatten
from app.connectors.moodle.stand_in import Fault, StandIn, rest, seed
from app.connectors.moodle.stand_in.store import Memory
from tests.contract.recordings import ALL, Recording, of
from tests.contract.replaying import sent

BASE = "http://127.0.0.1:8191"
TOKENS = {
    "manager": seed.MANAGER,
    "creator": seed.CREATOR,
    "weak": seed.WEAK,
    "student": seed.STUDENT,
    "nobody": "no such token",
}
PASSED = 2
IDS = {"manager": 3, "creator": 12, "weak": 4, "student": 6, "nobody": 0}

FAULTS = {
    "cli-maintenance": "unavailable",
    "database-away": "database_away",
    "rest-off": "services_off",
    "web-services-off": "services_off",
    "site-maintenance": "maintenance",
}
ORDER = (
    *(f"core_course_create_courses.{case}" for case in ("unknown-category", "foreign-category", "missing-capability")),
    *(f"core_course_create_courses.{case}" for case in ("missing-key", "missing-key-debug-on", "unknown-key")),
    *(f"core_course_create_courses.{case}" for case in ("language-pack-absent", "ends-before-start")),
    "core_course_create_courses.shortname-too-long",
    "core_course_create_courses",
    "core_course_create_courses.shortname-taken",
    "core_course_create_courses.idnumber-taken",
    "core_course_create_courses.second-fails",
    "core_course_get_courses_by_field.after-second-fails",
    "core_course_create_courses.hidden-without-visibility-capability",
    "core_course_get_courses_by_field.hidden-without-visibility-capability",
    "core_course_update_courses.without-visibility-capability",
    "core_course_update_courses.missing-capability",
    "core_course_update_courses.publish",
    "core_course_get_courses_by_field.after-publish",
    "core_course_update_courses.annul",
    "core_course_get_courses_by_field.after-annul",
    "core_course_get_courses_by_field.after-annul-as-student",
    "core_course_update_courses.summary",
    "core_course_get_courses_by_field.after-summary",
    "core_course_update_courses.one-of-two-fails",
    *(f"core_course_update_courses.{case}" for case in ("bad-value", "foreign-sector", "shortname-taken")),
    "core_course_update_courses.unknown-course",
    "core_enrol_get_enrolled_users.nobody-enrolled",
    "enrol_manual_enrol_users",
    "enrol_manual_enrol_users.again",
    "enrol_manual_enrol_users.with-period",
    "core_enrol_get_enrolled_users.after-enrol",
    *(f"enrol_manual_enrol_users.{case}" for case in ("foreign-sector", "role-not-assignable", "unknown-course")),
    "enrol_manual_enrol_users.unknown-user",
    "enrol_manual_unenrol_users",
    "core_course_delete_courses.missing-capability",
    "core_course_delete_courses.own-course-of-today",
)
"""What changes the site, or looks at what was changed; all others were recorded before or after, in the same state."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    content_type: str
    body: bytes


def furnish(memory: Memory) -> None:
    """The courses, people and contents of the bench; functions without logic of their own get their answers put in."""
    rows = of("core_course_get_courses_by_field", "by-category").response["courses"]
    for position, row in enumerate(rows):
        own = {"contextid": 23 + position, "numsections": 2, "creator": 0, "summary": _raw(row["summary"])}
        memory.put("course", row["id"], {**row, **own})
    foreign = {**rows[0], "id": 5, "shortname": "OTHER-01", "idnumber": "", "categoryid": 3, "contacts": []}
    memory.put("course", 5, {**foreign, "contextid": 26, "numsections": 2, "creator": 0})
    memory.put("sections", 2, {"sections": of("core_course_get_contents").response})
    memory.put("sections", 5, {"sections": of("core_course_get_contents", "foreign-sector").response})
    _people(memory)
    _learning(memory)
    _attempts(memory)
    memory.put("answers", "site", of("core_webservice_get_site_info").response)
    for recording in ALL.values():
        if looked_up(recording):
            memory.put("looked up", recording.function, {})
            key = rest.key_of(recording.function, IDS[recording.account], sent(recording))
            memory.put("answers", key, {"answer": recording.response})


def _raw(summary: str) -> str:
    return summary.replace("©", "&copy;")


def _people(memory: Memory) -> None:
    listed = of("core_enrol_get_enrolled_users").response
    extra = of("core_user_get_users_by_field", "by-id-not-in-our-course").response
    for person in [*listed, *extra]:
        more = {"suspended": False, "timezone": "99"}
        memory.put("user", person["id"], {**person, **more})
    suspended = {person["id"] for person in of("core_enrol_get_enrolled_users", "only-suspended").response}
    for person in listed:
        row = {"courseid": 2, "userid": person["id"], "roleid": person["roles"][0]["roleid"]}
        access = {"suspend": int(person["id"] in suspended), "lastcourseaccess": person["lastcourseaccess"]}
        memory.put("enrolment", f"2-{person['id']}", {**row, **access})


def _learning(memory: Memory) -> None:
    """What each learner saw and passed, from the recorded answers themselves."""
    for case in ("student1", "student2", "student4"):
        recording = of("core_completion_get_activities_completion_status", case)
        user = recording.params["userid"]
        for row in recording.response["statuses"]:
            key = f"{row['cmid']}-{user}"
            if row["modname"] in ("page", "url") and row["state"]:
                memory.put("viewed", key, {"at": row["timecompleted"]})
            if row["modname"] == "h5pactivity" and row["state"]:
                memory.put("passed", key, {"at": row["timecompleted"]})
            if row["modname"] == "quiz" and row["timecompleted"]:
                grade = 10 if row["state"] == PASSED else 0
                memory.put("best grade", f"{row['instance']}-{user}", {"grade": grade, "at": row["timecompleted"]})
    memory.put("quiz", 1, {"id": 1, "gradetopass": 6})
    memory.put("quiz", 2, {"id": 2, "gradetopass": 6})
    memory.put("quiz", 3, {"id": 3})


def _attempts(memory: Memory) -> None:
    """Quizzes, interactive activities and every attempt that a recorded answer holds."""
    for row in of("mod_quiz_get_quizzes_by_courses").response["quizzes"]:
        memory.put("test", row["id"], row)
    for recording in ALL.values():
        if recording.function == "mod_quiz_get_user_attempts":
            for row in recording.response.get("attempts", ()):
                memory.put("attempt", row["id"], row)
    for case in ("passed", "failed", "in-progress"):
        answer = of("mod_quiz_get_attempt_review", case).response
        memory.put("attempt", answer["attempt"]["id"], answer["attempt"])
        memory.put("review", answer["attempt"]["id"], {name: answer[name] for name in ("grade", "questions")})
    for row in of("mod_h5pactivity_get_h5pactivities_by_courses").response["h5pactivities"]:
        memory.put("h5p", row["id"], row)
    for learner in of("mod_h5pactivity_get_user_attempts", "all").response["usersattempts"]:
        for row in learner["attempts"]:
            memory.put("played", row["id"], row)


def looked_up(recording: Recording) -> bool:
    """The stand-in does not do the work of this function: it only knows answers that were put in."""
    unknown = ("core_no_such_function", *rest.OUTSIDE)
    return recording.function not in rest.FUNCTIONS and recording.function not in unknown


def play(stand_in: StandIn, recording: Recording) -> Answer:
    """The recorded request, answered by the stand-in."""
    case = recording.name.partition(".")[2]
    with stand_in.store.open() as memory:
        memory.lift_faults()
        if case in FAULTS:
            memory.set_fault(Fault(FAULTS[case], times=1))
        if case.endswith("debug-on"):
            memory.put("option", "debug", {})
        else:
            memory.drop("option", "debug")
        if case == "hidden-without-visibility-capability" and "create" in recording.function:
            memory.put("course", 7, {"id": 7})  # the number that the call before took and gave back
            memory.drop("course", 7)
    token = "" if case == "empty-token" else TOKENS[recording.account]
    fixed = {"wstoken": token, "wsfunction": recording.function, "moodlewsrestformat": "json"}
    if case == "format-not-asked":
        del fixed["moodlewsrestformat"]
    body = urlencode(flatten({**fixed, **recording.params})).encode()
    path = "/webservice/rest/nowhere.php" if case == "wrong-path" else "/webservice/rest/server.php"
    found = stand_in.answer(
        {"PATH_INFO": path, "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body), "QUERY_STRING": ""}
    )
    return Answer(int(found.status[:3]), found.content_type, b"".join(found.body))


def play_all(folder: Path) -> dict[str, Answer]:
    """Reads first, then what changes the site, each on the state that the one before left."""
    stand_in = StandIn(folder / "moodle.db", BASE)
    stand_in.fill()
    with stand_in.store.open() as memory:
        furnish(memory)
    reads = [name for name in ALL if name not in ORDER]
    found: dict[str, Any] = {}
    for name in [*reads, *ORDER]:
        found[name] = play(stand_in, ALL[name])
    return found
