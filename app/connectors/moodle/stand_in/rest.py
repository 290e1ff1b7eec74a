"""The stand-in's protocol: a WSGI program that answers `POST /webservice/rest/server.php` as Moodle 4.5 does."""

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from app.connectors.moodle.parameters import nest
from app.connectors.moodle.stand_in import attempts, courses, faults, learning, pages, people, refusals, seed
from app.connectors.moodle.stand_in.accounts import Caller
from app.connectors.moodle.stand_in.faults import HTML, JSON, Response
from app.connectors.moodle.stand_in.refusals import MoodleError
from app.connectors.moodle.stand_in.shapes import Struct, check
from app.connectors.moodle.stand_in.store import Fault, Memory, Store

Environment = dict[str, Any]
StartResponse = Callable[..., Any]
_LARGEST = 5_000_000
_FIXED = ("wstoken", "wsfunction", "moodlewsrestformat", "moodlewssettingraw", "moodlewssettingfilter")
_NOT_FOUND = (
    "<!doctype html><html><head><title>404 Not Found</title></head><body><h1>Not Found</h1>"
    "<p>The requested resource was not found on this server.</p></body></html>"
)
_XML = '<?xml version="1.0" encoding="UTF-8" ?>\n<RESPONSE>\n</RESPONSE>\n'
RELEASE, VERSION = "4.5.6 (Build: 20250811)", "2024100706"


def _site(caller: Caller, _params: dict[str, Any]) -> Any:
    kept = caller.memory.get("answers", "site") or {}
    names = ("username", "firstname", "lastname", "fullname")
    functions = [{"name": name, "version": VERSION} for name in FUNCTIONS if caller.memory.get("shut", name) is None]
    own = {
        "sitename": "COOMET bench", **{name: caller.user[name] for name in names}, "lang": "en",
        "userid": caller.id, "siteurl": caller.base, "functions": functions, "downloadfiles": 1, "uploadfiles": 0,
        "release": RELEASE, "version": VERSION,
        "userprivateaccesskey": "a secret of the stand-in",
    }  # fmt: skip
    return {**kept, **own} if not kept else {**own, **kept}


def _looked_up(caller: Caller, params: dict[str, Any]) -> Any:
    """Functions whose work is not done here: only what was put in for just these parameters is known."""
    found = caller.memory.get("answers", key_of(str(params.pop("")), caller.id, params))
    if found is None:
        raise refusals.no_record("course")
    return found["answer"]


def key_of(function: str, account: int, params: dict[str, Any]) -> str:
    return json.dumps([function, account, params], sort_keys=True, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Function:
    act: Callable[[Caller, dict[str, Any]], Any]
    shape: Struct


_NOTHING = Struct({}, {})
FUNCTIONS: dict[str, Function] = {
    "core_webservice_get_site_info": Function(_site, _NOTHING),
    "core_course_get_categories": Function(courses.categories, courses.CATEGORIES),
    "core_course_get_courses_by_field": Function(courses.by_field, courses.BY_FIELD),
    "core_course_get_courses": Function(courses.by_ids, courses.BY_IDS),
    "core_course_get_contents": Function(courses.contents, courses.CONTENTS),
    "core_course_create_courses": Function(courses.create, courses.CREATE),
    "core_course_update_courses": Function(courses.update, courses.UPDATE),
    "core_course_delete_courses": Function(courses.delete, courses.DELETE),
    "core_enrol_get_course_enrolment_methods": Function(people.methods, people.METHODS),
    "core_enrol_get_enrolled_users": Function(people.enrolled, people.ENROLLED),
    "core_user_get_users_by_field": Function(people.by_field, people.BY_FIELD),
    "core_user_get_users": Function(people.search, people.SEARCH),
    "enrol_manual_enrol_users": Function(people.enrol, people.ENROL),
    "enrol_manual_unenrol_users": Function(people.unenrol, people.UNENROL),
    "core_completion_get_activities_completion_status": Function(learning.completion, learning.STATUS),
    "mod_quiz_get_user_best_grade": Function(learning.best_grade, learning.GRADE),
    "mod_quiz_get_quizzes_by_courses": Function(attempts.quizzes, attempts.BY_COURSES),
    "mod_quiz_get_user_attempts": Function(attempts.user_attempts, attempts.USER_ATTEMPTS),
    "mod_quiz_get_attempt_review": Function(attempts.review, attempts.REVIEW),
    "mod_h5pactivity_get_h5pactivities_by_courses": Function(attempts.activities, attempts.BY_COURSES),
    "mod_h5pactivity_get_user_attempts": Function(attempts.played, attempts.PLAYED),
}
OUTSIDE = ("core_message_send_instant_messages",)
"""Functions that exist, but not in the service of our accounts."""


class StandIn:
    """A platform in a file; several processes may serve the same one."""

    def __init__(self, path: Path, base: str) -> None:
        self.store, self.base = Store(path), base.rstrip("/")
        self._filled = False

    def __call__(self, environment: Environment, start_response: StartResponse) -> Iterable[bytes]:
        response = self.answer(environment)
        headers = [("Content-Type", response.content_type), *response.headers]
        start_response(response.status, headers)
        return response.body

    def fill(self) -> None:
        """Accounts and categories, where there are none yet."""
        if not self._filled:
            with self.store.open() as memory:
                seed.fill(memory)
            self._filled = True

    def answer(self, environment: Environment) -> Response:
        self.fill()
        path = environment.get("PATH_INFO", "")
        if path == "/course/view.php":
            with self.store.open() as memory:
                return pages.course(memory, environment.get("QUERY_STRING", ""))
        if path not in ("/webservice/rest/server.php", "/enrol/index.php"):
            return Response("404 Not Found", HTML, [_NOT_FOUND.encode()])
        length = min(int(environment.get("CONTENT_LENGTH") or 0), _LARGEST)
        body = environment["wsgi.input"].read(length) if length else environment["wsgi.input"].read(0)
        text = body.decode("utf-8", "replace") + "&" + environment.get("QUERY_STRING", "")
        fields = parse_qsl(text, keep_blank_values=True)
        if path == "/enrol/index.php":
            with self.store.open() as memory:
                return pages.enrol(memory, dict(fields))
        return self.rest(fields)

    def rest(self, fields: list[tuple[str, str]]) -> Response:
        params = nest(fields)
        function = str(params.get("wsfunction", ""))
        with self.store.open() as memory:
            fault = memory.fault_for(function)
        response = faults.instead(fault) if fault else None
        if response is not None:
            return response
        if params.get("moodlewsrestformat") != "json":
            return Response("200 OK", "application/xml; charset=utf-8", [_XML.encode()])
        try:
            if fault and fault.kind in faults.REFUSALS:
                raise faults.REFUSALS[fault.kind]
            with self.store.open() as memory:
                answer = self._do(memory, function, params)
        except MoodleError as error:
            answer = error.body(debugging=self._debugging())
        return _json(answer, fault)

    def _debugging(self) -> bool:
        with self.store.open() as memory:
            return memory.get("option", "debug") is not None

    def _do(self, memory: Memory, function: str, params: dict[str, Any]) -> Any:
        user = _account(memory, str(params.get("wstoken", "")))
        known = FUNCTIONS.get(function)
        given = {name: value for name, value in params.items() if not _fixed(name)}
        caller = Caller(memory, user, self.base, str(params.get("moodlewssettingraw")) == "1", int(time.time()))
        if known is None and memory.get("looked up", function) is not None:
            return _looked_up(caller, {**given, "": function})
        if known is None and function not in OUTSIDE:
            raise refusals.no_record("external_functions")
        if known is None or memory.get("shut", function) is not None:
            raise refusals.access()
        return known.act(caller, check(known.shape, given))


def _fixed(name: str) -> bool:
    return name.startswith(("moodlewssetting", "moodlewsrestformat")) or name in ("wstoken", "wsfunction", "")


def _account(memory: Memory, given: str) -> dict[str, Any]:
    held = memory.get("token", given)
    user = memory.get("account", held["account"]) if held else None
    if user is None:
        raise refusals.token()
    return user


def _json(answer: Any, fault: Fault | None) -> Response:
    body = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()
    if fault is not None and fault.kind in faults.AFTERWARDS:
        return faults.afterwards(fault, body, answer)
    return Response("200 OK", JSON, [body])
