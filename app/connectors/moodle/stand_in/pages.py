"""The stand-in's pages of a course, as somebody sees them who is signed in there as a learner."""

from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import parse_qs

from app.connectors.moodle.stand_in.faults import HTML, Response
from app.connectors.moodle.stand_in.store import Memory

_POLICY = (("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),)
LEARNER = 5
"""The role of students."""
_FORM = """<form method="post" action="../enrol/index.php"><input type="hidden" name="id" value="{id}">
<input type="hidden" name="account" value="6"><label>Enrolment key, where there is one <input name="key"></label>
<button>Enrol me</button></form>"""
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – platform of the demo</title>
<style>body{{max-width:44rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 sans-serif}}
.note{{background:#eee;padding:.5rem 1rem}}</style></head>
<body><p class="note">A stand-in for Moodle: what a learner sees.</p><main><h1>{title}</h1>{body}</main></body></html>
"""


def course(memory: Memory, query: str) -> Response:
    ident = parse_qs(query).get("id", [""])[0]
    found = _shown(memory, ident)
    if isinstance(found, Response):
        return found
    ways = {"manual": "by the course's team", "self": "by yourself", "guest": "as a guest"}
    how = ", ".join(ways.get(kind, kind) for kind in found["enrollmentmethods"])
    way_in = _FORM.format(id=found["id"]) if "self" in found["enrollmentmethods"] else ""
    return _page("200 OK", found["fullname"], f"{found['summary']}<p>Enrolment: {escape(how)}.</p>{way_in}")


def enrol(memory: Memory, fields: Mapping[str, str]) -> Response:
    """“Enrol me” of the account named: goes only where self-enrolment is on, with the key where there is one (4.6)."""
    found = _shown(memory, fields.get("id", ""))
    if isinstance(found, Response):
        return found
    account = memory.get("account", fields.get("account", ""))
    if account is None:
        return _page("403 Forbidden", "Sign in", "<p>Guests cannot enrol themselves: sign in first.</p>")
    if "self" not in found["enrollmentmethods"]:
        return _page("403 Forbidden", found["fullname"], "<p>You cannot enrol yourself in this course.</p>")
    if fields.get("key", "") != found.get("enrolmentkey", ""):
        return _page("403 Forbidden", found["fullname"], "<p>Incorrect enrolment key, please try again.</p>")
    _keep(memory, found["id"], account)
    return _page("200 OK", found["fullname"], "<p>You are enrolled in the course.</p>")


def _keep(memory: Memory, course_id: int, account: Mapping[str, Any]) -> None:
    person = {name: account[name] for name in ("id", "username", "firstname", "lastname", "fullname")}
    if memory.get("user", account["id"]) is None:
        memory.put("user", account["id"], person)
    row = {"courseid": course_id, "userid": account["id"], "roleid": LEARNER, "suspend": 0}
    row |= {"timestart": 0, "timeend": 0}
    memory.put("enrolment", f"{course_id}-{account['id']}", row)
    memory.note("self enrolled", course=course_id, by=account["id"])


def _shown(memory: Memory, ident: str) -> dict[str, Any] | Response:
    found = memory.get("course", ident) if ident.isdecimal() else None
    if found is None:
        return _page("404 Not Found", "Course not found", "<p>There is no such course.</p>")
    if not found["visible"]:
        return _page("404 Not Found", "Course not available", "<p>This course is hidden from learners.</p>")
    return found


def _page(status: str, title: str, body: str) -> Response:
    text = _PAGE.format(title=escape(title), body=body)
    return Response(status, HTML, [text.encode()], _POLICY)
