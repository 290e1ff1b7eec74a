"""Functions of the stand-in on users and enrolment."""

from typing import Any

from app.connectors.moodle.stand_in import refusals
from app.connectors.moodle.stand_in.accounts import Caller
from app.connectors.moodle.stand_in.refusals import MoodleError, simple
from app.connectors.moodle.stand_in.shapes import INT, TEXT, Rows, Struct, struct

STUDENT = 5
_ROLES = {3: "editingteacher", 4: "teacher", STUDENT: "student"}
_ASSIGNABLE = (4, STUDENT)
_PERIOD = {"timestart": INT, "timeend": INT, "suspend": INT}
BY_FIELD = struct({"field": TEXT, "values": Rows(TEXT)})
SEARCH = struct({"criteria": Rows(struct({"key": TEXT, "value": TEXT}))})
ENROLLED = struct({"courseid": INT}, options=Rows(struct({"name": TEXT, "value": TEXT})))
ENROL = struct({"enrolments": Rows(Struct({"roleid": INT, "userid": INT, "courseid": INT}, _PERIOD))})
UNENROL = struct({"enrolments": Rows(struct({"userid": INT, "courseid": INT}, roleid=INT))})
METHODS = struct({"courseid": INT})
_PUBLIC = ("id", "firstname", "lastname", "fullname", "email", "firstaccess", "lastaccess")
_PICTURES = ("profileimageurlsmall", "profileimageurl")


def by_field(caller: Caller, params: dict[str, Any]) -> Any:
    found = [user for user in _known(caller) if str(user.get(params["field"], "")) in params["values"]]
    return [_shown(user) for user in found]


def search(caller: Caller, params: dict[str, Any]) -> Any:
    found = _known(caller)
    for one in params["criteria"]:
        found = [user for user in found if str(user.get(one["key"], "")) == one["value"]]
    return {"users": [_shown(user) for user in found], "warnings": []}


def _known(caller: Caller) -> list[dict[str, Any]]:
    """Nobody, without a word, for an account that may not see people."""
    return caller.memory.all("user") if caller.sees_emails() else []


def _shown(user: dict[str, Any]) -> dict[str, Any]:
    names = (*_PUBLIC, "suspended", "timezone", *_PICTURES)
    return {name: user[name] for name in names if name in user}


def enrolled(caller: Caller, params: dict[str, Any]) -> Any:
    """Suspended enrolments are among the others; an option that nobody knows is passed over."""
    course = _course(caller, params["courseid"])
    caller.demand("participants", course["categoryid"])
    options = {one["name"]: one["value"] for one in params.get("options", ())}
    rows = [row for row in caller.memory.all("enrolment") if row["courseid"] == course["id"]]
    if options.get("onlyactive") == "1":
        rows = [row for row in rows if not row["suspend"]]
    if options.get("onlysuspended") == "1":
        rows = [row for row in rows if row["suspend"]]
    rows.sort(key=lambda row: int(row["userid"]))
    start, most = int(options.get("limitfrom", 0)), int(options.get("limitnumber", 0))
    rows = rows[start : start + most] if most else rows[start:]
    fields = [name for name in options.get("userfields", "").split(",") if name]
    found = [_participant(caller, row, fields) for row in rows]
    return [person for person in found if person]


def _participant(caller: Caller, row: dict[str, Any], fields: list[str]) -> dict[str, Any]:
    user = caller.memory.get("user", row["userid"])
    if user is None:
        return {}
    own = [one for one in caller.memory.all("enrolment") if one["userid"] == user["id"]]
    mine = [one["courseid"] for one in own if not one["suspend"]]
    courses = [caller.memory.get("course", ident) for ident in sorted(set(mine))]
    role = {"roleid": row["roleid"], "name": "", "shortname": _ROLES.get(row["roleid"], ""), "sortorder": 0}
    person = {name: user[name] for name in _PUBLIC if name in user}
    person["lastcourseaccess"] = row.get("lastcourseaccess", 0)
    person |= {name: user[name] for name in _PICTURES if name in user}
    person["roles"] = [role]
    seen = [course for course in courses if course is not None and course["visible"]]
    if seen:
        names = ("id", "fullname", "shortname")
        person["enrolledcourses"] = [{name: course[name] for name in names} for course in seen]
    return {name: value for name, value in person.items() if not fields or name in fields}


def enrol(caller: Caller, params: dict[str, Any]) -> Any:
    """One bad enrolment fails the whole call; the same again is no error."""
    for given in params["enrolments"]:
        course = caller.memory.get("course", given["courseid"])
        if course is None:
            raise refusals.parameter("Course is not known")
        caller.demand("enrol", course["categoryid"])
        if given["roleid"] not in _ASSIGNABLE:
            raise simple("wsusercannotassign", _not_assignable(given))
        if caller.memory.get("user", given["userid"]) is None:
            raise MoodleError("dml_missing_record_exception", "invaliduser", "Invalid user")
        key = f"{given['courseid']}-{given['userid']}"
        before = caller.memory.get("enrolment", key)
        row = {"suspend": 0, "timestart": 0, "timeend": 0, **(before or {}), **given}
        caller.memory.put("enrolment", key, row)
        caller.memory.note("again enrolled" if before else "enrolled", **given, by=caller.id)


def _not_assignable(given: dict[str, Any]) -> str:
    return (
        f"You don't have the permission to assign this role ({given['roleid']}) "
        f"to this user ({given['userid']}) in this course ({given['courseid']})."
    )


def unenrol(caller: Caller, params: dict[str, Any]) -> Any:
    for given in params["enrolments"]:
        course = _course(caller, given["courseid"])
        caller.demand("enrol", course["categoryid"])
        caller.memory.drop("enrolment", f"{given['courseid']}-{given['userid']}")
        caller.memory.note("unenrolled", **given, by=caller.id)


def methods(caller: Caller, params: dict[str, Any]) -> Any:
    """Those that people use themselves only: guest and self enrolment."""
    course = _course(caller, params["courseid"])
    names = {"guest": "Guest access", "self": "Self enrolment (Student)"}
    own = [kind for kind in course["enrollmentmethods"] if kind in names]
    return [
        {
            "id": course["id"] if kind == "guest" else course["id"] * 10 + 1,
            "courseid": course["id"],
            "type": kind,
            "name": names[kind],
            "status": True,
            "wsfunction": f"enrol_{kind}_get_instance_info",
        }
        for kind in own
    ]


def _course(caller: Caller, ident: int) -> dict[str, Any]:
    found = caller.memory.get("course", ident)
    if found is None:
        raise refusals.no_record("course")
    return found
