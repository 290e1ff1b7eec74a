"""The stand-in's page of a course, as somebody sees it who is signed in there as a learner."""

from html import escape
from urllib.parse import parse_qs

from app.connectors.moodle.stand_in.faults import HTML, Response
from app.connectors.moodle.stand_in.store import Memory

_POLICY = (("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),)
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – platform of the demo</title>
<style>body{{max-width:44rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 sans-serif}}
.note{{background:#eee;padding:.5rem 1rem}}</style></head>
<body><p class="note">A stand-in for Moodle: what a learner sees.</p><main><h1>{title}</h1>{body}</main></body></html>
"""


def course(memory: Memory, query: str) -> Response:
    ident = parse_qs(query).get("id", [""])[0]
    found = memory.get("course", ident) if ident.isdecimal() else None
    if found is None:
        return _page("404 Not Found", "Course not found", "<p>There is no such course.</p>")
    if not found["visible"]:
        return _page("404 Not Found", "Course not available", "<p>This course is hidden from learners.</p>")
    ways = {"manual": "by the course's team", "self": "by yourself", "guest": "as a guest"}
    how = ", ".join(ways.get(kind, kind) for kind in found["enrollmentmethods"])
    return _page("200 OK", found["fullname"], f"{found['summary']}<p>Enrolment: {escape(how)}.</p>")


def _page(status: str, title: str, body: str) -> Response:
    text = _PAGE.format(title=escape(title), body=body)
    return Response(status, HTML, [text.encode()], _POLICY)
