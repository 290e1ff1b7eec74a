"""Functions of the stand-in on courses and categories."""

import re
from html import unescape
from typing import Any

from app.connectors.moodle.stand_in import refusals
from app.connectors.moodle.stand_in.accounts import Caller, not_accessible
from app.connectors.moodle.stand_in.refusals import MoodleError, simple
from app.connectors.moodle.stand_in.shapes import INT, TEXT, Rows, Struct, struct

_SCRIPT = re.compile(r"<script\b.*?</script\s*>", re.IGNORECASE | re.DOTALL)
_ENTITY = re.compile(r"&(?!(?:lt|gt|amp|quot|#)\b)[a-zA-Z]+;")
YEAR = 31_536_000
_LONGEST_NAME = 255
_COURSE = {
    "idnumber": TEXT,
    "summary": TEXT,
    "summaryformat": INT,
    "format": TEXT,
    "visible": INT,
    "enablecompletion": INT,
    "startdate": INT,
    "enddate": INT,
    "lang": TEXT,
    "numsections": INT,
}
CREATE = struct({"courses": Rows(struct({"fullname": TEXT, "shortname": TEXT, "categoryid": INT}, **_COURSE))})
_CHANGE = struct({"id": INT}, fullname=TEXT, shortname=TEXT, categoryid=INT, **_COURSE)
UPDATE = struct({"courses": Rows(_CHANGE)})
DELETE = struct({"courseids": Rows(INT)})
BY_FIELD = Struct({}, {"field": TEXT, "value": TEXT})
BY_IDS = Struct({}, {"options": Struct({}, {"ids": Rows(INT)})})
CATEGORIES = Struct({}, {"criteria": Rows(struct({"key": TEXT, "value": TEXT})), "addsubcategories": INT})
_FORMAT_OPTIONS = [
    {"name": "hiddensections", "value": 1},
    {"name": "coursedisplay", "value": 0},
    {"name": "indentation", "value": "1"},
]
_INNER = ("contextid", "numsections", "creator", "enrolmentkey")
"""Kept of a course and told to nobody."""
_FILTERS = ("displayh5p", "activitynames", "mathjaxloader", "emoticon", "urltolink", "mediaplugin")


def categories(caller: Caller, params: dict[str, Any]) -> Any:
    found = caller.memory.all("category")
    for one in params.get("criteria", ()):
        if one["key"] not in ("id", "name", "parent"):
            raise simple("criteriaerror", "Missing permissions to search on a criterion.")
        found = [row for row in found if str(row[one["key"]]) == one["value"]]
    courses = caller.memory.all("course")
    count = {row["id"]: sum(one["categoryid"] == row["id"] for one in courses) for row in found}
    return [{**row, "coursecount": count[row["id"]]} for row in found]


def by_field(caller: Caller, params: dict[str, Any]) -> Any:
    field, value = params.get("field", ""), params.get("value", "")
    courses = caller.memory.all("course")
    if field == "ids":
        if set(value.split(",")) - {str(course["id"]) for course in courses}:
            raise MoodleError("Error", None, 'Attempt to assign property "contextvalidated" on null')
        courses = [course for course in courses if str(course["id"]) in value.split(",")]
    elif field:
        key = {"id": "id", "shortname": "shortname", "idnumber": "idnumber", "category": "categoryid"}.get(field)
        if key is None:
            raise refusals.parameter("Invalid field name")
        courses = [course for course in courses if str(course[key]) == value]
    return {"courses": [shown(caller, course) for course in courses if caller.sees(course)], "warnings": []}


def by_ids(caller: Caller, params: dict[str, Any]) -> Any:
    wanted = params.get("options", {}).get("ids", [])
    found = [caller.memory.get("course", ident) for ident in wanted]
    return [_plainly(caller, course) for course in found if course is not None and caller.sees(course)]


def _plainly(caller: Caller, course: dict[str, Any]) -> dict[str, Any]:
    row = shown(caller, course)
    left_out = (
        "courseimage", "categoryname", "sortorder", "summaryfiles", "overviewfiles", "contacts",
        "enrollmentmethods", "theme", "marker", "legacyfiles", "calendartype", "requested", "cacherev", "filters",
    )  # fmt: skip
    kept = {name: value for name, value in row.items() if name not in left_out}
    kept["courseformatoptions"] = [one for one in row["courseformatoptions"] if one["name"] != "indentation"]
    more = {"numsections": course["numsections"], "hiddensections": 1, "forcetheme": ""}
    return {**kept, "categorysortorder": row["sortorder"], **more}


def shown(caller: Caller, course: dict[str, Any]) -> dict[str, Any]:
    """The row as it is answered: with the site's address, the text cleaned, the place among its neighbours."""
    row = {name: value for name, value in course.items() if name not in _INNER}
    neighbours = [one["id"] for one in caller.memory.all("course") if one["categoryid"] == course["categoryid"]]
    row["sortorder"] = course["categoryid"] * 10_000 + len(neighbours) - neighbours.index(course["id"])
    row["courseimage"] = f"{caller.base}/pluginfile.php/{course['contextid']}/course/generated/course.svg"
    if not caller.raw:
        row["summary"] = _ENTITY.sub(lambda found: unescape(found.group()), row["summary"])
    return row


def create(caller: Caller, params: dict[str, Any]) -> Any:
    """All or nothing: the call is one transaction."""
    return [_create(caller, given) for given in params["courses"]]


def _create(caller: Caller, given: dict[str, Any]) -> dict[str, Any]:
    category = caller.memory.get("category", given["categoryid"])
    if category is None:
        raise refusals.context("category", "errorcatcontextnotvalid", given["categoryid"], refusals.PARAMETER)
    caller.demand("create", category["id"])
    if given.get("lang") not in (None, "", "en"):
        raise simple("errorinvalidparam", 'The param "lang" is invalid.')
    _check_names(caller, given, None)
    start = given.get("startdate") or caller.now - caller.now % 86_400
    end = given.get("enddate", start + YEAR)
    if end and end <= start:
        raise simple("enddatebeforestartdate", "The course end date must be after the start date.")
    ident = caller.memory.next("course")
    course = {**_blank(category, caller.now), **_kept(given), "id": ident, "startdate": start, "enddate": end}
    course |= {"displayname": given["fullname"], "contextid": 40 + ident, "creator": caller.id, "lang": ""}
    if not caller.may("visibility", category["id"]):
        course["visible"] = 1
    caller.memory.put("course", ident, course)
    caller.memory.note("created", course=ident, shortname=course["shortname"], visible=course["visible"], by=caller.id)
    return {"id": ident, "shortname": course["shortname"]}


def _kept(given: dict[str, Any]) -> dict[str, Any]:
    row = dict(given)
    if "summary" in row:
        row["summary"] = _SCRIPT.sub("", row["summary"])
    return row


def _check_names(caller: Caller, given: dict[str, Any], own: int | None) -> None:
    others = [course for course in caller.memory.all("course") if course["id"] != own]
    short, number = given.get("shortname"), given.get("idnumber")
    if short and any(course["shortname"] == short for course in others):
        raise simple("shortnametaken", f"Short name is already used for another course ({short})")
    if number and any(course["idnumber"] == number for course in others):
        raise simple("courseidnumbertaken", f"ID number is already used for another course ({number})")
    if short and len(short) > _LONGEST_NAME:
        raise MoodleError("dml_write_exception", "dmlwriteexception", "Error writing to database")


def _blank(category: dict[str, Any], now: int) -> dict[str, Any]:
    filters = [{"filter": name, "localstate": 0, "inheritedstate": 1} for name in _FILTERS]
    zeros = ("showreports", "groupmode", "groupmodeforce", "defaultgroupingid", "completionnotify", "maxbytes")
    return {
        "categoryid": category["id"], "categoryname": category["name"], "summary": "", "summaryformat": 1,
        "summaryfiles": [], "overviewfiles": [], "showactivitydates": True, "showcompletionconditions": True,
        "contacts": [], "enrollmentmethods": ["manual"], "idnumber": "", "format": "topics", "showgrades": 1,
        "newsitems": 5, **dict.fromkeys(zeros, 0), "visible": 1, "enablecompletion": 1, "lang": "", "theme": "",
        "marker": 0, "legacyfiles": 0, "calendartype": "", "timecreated": now, "timemodified": now,
        "requested": 0, "cacherev": now, "filters": filters, "courseformatoptions": _FORMAT_OPTIONS,
        "numsections": 4,
    }  # fmt: skip


def update(caller: Caller, params: dict[str, Any]) -> Any:
    """Refusals are warnings; the others of the list are changed all the same."""
    warnings = []
    for given in params["courses"]:
        try:
            _update(caller, given)
        except MoodleError as error:
            warnings.append(refusals.warning(given["id"], error))
    return {"warnings": warnings}


def _update(caller: Caller, given: dict[str, Any]) -> None:
    course = caller.memory.get("course", given["id"])
    if course is None:
        raise refusals.no_record("course")
    caller.demand_entry(course)
    caller.demand("update", course["categoryid"])
    if "visible" in given:
        caller.demand("visibility", course["categoryid"])
    _check_names(caller, given, course["id"])
    changed = {**course, **_kept(given), "timemodified": caller.now, "cacherev": caller.now}
    caller.memory.put("course", course["id"], changed)
    names = sorted(name for name in given if changed[name] != course.get(name))
    caller.memory.note("updated", course=course["id"], changed=names, visible=changed["visible"], by=caller.id)


def delete(caller: Caller, params: dict[str, Any]) -> Any:
    warnings = []
    for ident in params["courseids"]:
        course = caller.memory.get("course", ident)
        own = course is not None and course.get("creator") == caller.id
        if course is None or not own or caller.now - course["timecreated"] > 86_400:
            message = f"You do not have the permission to delete this course{ident}"
            warnings.append(refusals.warning(ident, simple("cannotdeletecourse", message)))
            continue
        caller.memory.drop("course", ident)
        caller.memory.note("deleted", course=ident, by=caller.id)
    return {"warnings": warnings}


CONTENTS = struct({"courseid": INT}, options=Rows(struct({"name": TEXT, "value": TEXT})))


def contents(caller: Caller, params: dict[str, Any]) -> Any:
    course = caller.memory.get("course", params["courseid"])
    if course is None:
        raise refusals.no_record("course")
    if not caller.sees(course):
        why = not_accessible().message
        raise refusals.context("course", "errorcoursecontextnotvalid", course["id"], why)
    kept = caller.memory.get("sections", course["id"])
    sections: list[dict[str, Any]] = kept["sections"] if kept else [_section(course, 0)]
    only = {one["value"] for one in params.get("options", ()) if one["name"] == "modname"}
    if only:
        sections = [{**one, "modules": [row for row in one["modules"] if row["modname"] in only]} for one in sections]
    return sections


def _section(course: dict[str, Any], number: int) -> dict[str, Any]:
    return {
        "id": course["id"] * 100 + number, "name": "General", "visible": 1, "summary": "", "summaryformat": 1,
        "section": number, "hiddenbynumsections": 0, "uservisible": True, "component": None, "itemid": None,
        "modules": [],
    }  # fmt: skip
