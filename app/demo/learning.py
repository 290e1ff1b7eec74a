"""What learners of a story do on the demo's platform: they enrol, read, try the tests; and the log of their views."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from html import escape
from typing import Any
from zlib import crc32

from app import clock
from app.connectors.moodle.stand_in.store import Memory
from app.demo import learners, platform

HIGHEST, MARKS = 10, 2
DAY = 24 * 60 * 60
SECOND_TRY = 7
"""One learner in so many fails a test first and tries again."""
HEADS = "Time,User full name,Affected user,Event context,Component,Event name,Description,Origin,IP address"
QUESTIONS = (
    ("A measurement result is complete without its uncertainty.", "False", "True"),
    ("The expanded uncertainty is the product of the standard uncertainty and the coverage factor.", "True", "False"),
)
"""Question, right answer, wrong answer."""


def set_up(course_id: int, size: int) -> None:
    """The picture of the course, of so many bytes, and self-enrolment are there from now on."""
    with platform.of_process().store.open() as memory:
        row = memory.get("course", course_id) or {}
        picture = [{"filename": "splash.png", "filesize": size}]
        changed = {**row, "overviewfiles": picture, "enrollmentmethods": ["manual", "self"]}
        memory.put("course", course_id, changed)


def take_part(course_id: int, people: Sequence[Sequence[str]], modules: Sequence[str]) -> None:
    """`people`: name and what they have done (`learners.DONE`); `modules`: names, one a module, if still empty."""
    with platform.of_process().store.open() as memory:
        _furnish(memory, course_id, modules)
        for number, (name, did) in enumerate(people):
            when = clock.now() - timedelta(days=5 * number % 23, hours=number % 9, minutes=17 * number)
            user = learners.learner(memory, course_id, name, did, when)
            seen = memory.get("enrolment", f"{course_id}-{user['id']}")
            if seen is not None:
                seen["lastcourseaccess"] = int(when.timestamp())
                memory.put("enrolment", f"{course_id}-{user['id']}", seen)
            _try_tests(memory, course_id, user["id"])


def _furnish(memory: Memory, course_id: int, names: Sequence[str]) -> None:
    if memory.get("sections", course_id) is not None:
        return
    learners.furnish(memory, course_id)
    kept = memory.get("sections", course_id) or {"sections": []}
    for section, name in zip(kept["sections"], names, strict=True):
        section["name"] = name
        for module in section["modules"]:
            is_test = module["modname"] == "quiz"
            module["name"] = f"{name}: {'test' if is_test else 'slides'}"
            if is_test:
                row = {"id": module["instance"], "coursemodule": module["id"], "course": course_id}
                memory.put("test", row["id"], {**row, "name": module["name"], "sumgrades": MARKS, "grade": HIGHEST})
    memory.put("sections", course_id, kept)


def _try_tests(memory: Memory, course_id: int, user: int) -> None:
    """An attempt for each test with a grade, and for some one before that failed."""
    for test in (one for one in memory.all("test") if one["course"] == course_id):
        best = memory.get("best grade", f"{test['id']}-{user}")
        known = [one for one in memory.all("attempt") if (one["quiz"], one["userid"]) == (test["id"], user)]
        if best is None or known:
            continue
        passed = best["grade"] >= learners.PASS
        tries = [1, MARKS] if passed and (user + test["id"]) % SECOND_TRY == 0 else [MARKS if passed else 1]
        for number, marks in enumerate(tries, start=1):
            ended = best["at"] - (len(tries) - number) * DAY
            _keep(memory, test["id"], user, number, marks, (ended - (11 + user % 23) * 60, ended))


def _keep(memory: Memory, test: int, user: int, number: int, marks: int, span: tuple[int, int]) -> None:
    ident = memory.next("attempt")
    began, ended = span
    row = {"id": ident, "quiz": test, "userid": user, "attempt": number, "preview": 0, "state": "finished"}
    memory.put("attempt", ident, {**row, "timestart": began, "timefinish": ended, "sumgrades": marks})
    shown = [_question(slot, right=slot <= marks) for slot in (1, 2)]
    memory.put("review", ident, {"grade": marks * HIGHEST / MARKS, "questions": shown})


def _question(slot: int, *, right: bool) -> dict[str, Any]:
    text, good, bad = QUESTIONS[slot - 1]
    given = good if right else bad
    html = (
        f'<div class="qtext">{escape(text)}</div><input type="radio" id="q{slot}" checked="checked">'
        f'<label for="q{slot}">{given}</label><div class="rightanswer">{good}</div>'
    )
    state, mark = ("gradedright", "1.00") if right else ("gradedwrong", "0.00")
    return {"slot": slot, "type": "truefalse", "page": 0, "html": html, "state": state, "mark": mark, "maxmark": 1}


def log_of(course_id: int, days: int) -> str:
    """The platform's log of so many days up to now, the newest row first, as a course manager exports it."""
    with platform.of_process().store.open() as memory:
        kept = memory.get("sections", course_id) or {"sections": []}
        users = [one["userid"] for one in memory.all("enrolment") if one["courseid"] == course_id]
    modules = [module for section in kept["sections"] for module in section["modules"]]
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(HEADS.split(","))
    for back in range(days):
        for number, user in enumerate(users):
            chance = crc32(f"{course_id} {back // 7} {user}".encode()) + crc32(f"{back} {user}".encode())
            if chance % 13 < 3:
                when = clock.now() - timedelta(days=back, hours=1 + number % 7, minutes=user % 50)
                table.writerow(_view(when, user, modules[min(chance % 7, chance // 7 % len(modules))]))
    return out.getvalue()


def _view(when: datetime, user: int, module: dict[str, Any]) -> list[str]:
    kind = module["modname"]
    told = f"The user with id '{user}' viewed the '{kind}' activity with course module id '{module['id']}'."
    context = f"{kind.title()}: {module['name']}"
    name = "Course module viewed"
    return [f"{when:%d/%m/%y, %H:%M:%S}", "-", "-", context, kind.title(), name, told, "web", "192.0.2.1"]
