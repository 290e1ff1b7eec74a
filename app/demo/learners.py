"""Learners on the demo's platform: somebody enrols in a course there and takes its tests, past this program."""

import re
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, render_template, request
from werkzeug import Response

from app import clock
from app.connectors.moodle.stand_in.store import Memory
from app.demo.platform import stand_in
from app.errors import N_, Invalid, NotFound
from app.i18n import gettext
from app.web.access import public
from app.web.redirects import see

blueprint = Blueprint("learners", __name__, template_folder="templates")

DOMAIN = "learners.example"
DONE = {
    "outside": N_("has an account and is not enrolled"),
    "viewed": N_("has looked at the pages only"),
    "failed": N_("has passed all tests but the last"),
    "all": N_("has passed all tests"),
}
MODULES, FIRST = 2, 1001
PASS, GOOD, BAD = 6, 9, 3
_NAME = re.compile(r"[^\W\d_]+(?:[ '-][^\W\d_]+)+")


@blueprint.get("/demo/platform/<int:course_id>/learners")
@public
def page(course_id: int) -> str:
    with stand_in().store.open() as memory:
        found = memory.get("course", course_id)
        if found is None:
            raise NotFound
        rows = [one for one in memory.all("enrolment") if one["courseid"] == course_id]
        known = [memory.get("user", one["userid"]) for one in rows]
    people = [one for one in known if one is not None]
    return render_template("demo/platform_learners.html", course=found, people=people, done=DONE)


@blueprint.post("/demo/platform/<int:course_id>/learners")
@public
def take_part(course_id: int) -> Response:
    name, did = " ".join(request.form.get("name", "").split())[:100], request.form.get("did", "")
    if not _NAME.fullmatch(name) or did not in DONE:
        raise Invalid(N_("Enter a first name and a surname, and choose what the learner has done."))
    with stand_in().store.open() as memory:
        if memory.get("course", course_id) is None:
            raise NotFound
        furnish(memory, course_id)
        user = learner(memory, course_id, name, did)
    flash(gettext("On the platform: %(name)s, %(address)s.", name=name, address=user["email"]), "done")
    return see("learners.page", course_id=str(course_id))


def furnish(memory: Memory, course_id: int) -> None:
    """A page and a quiz in each of two modules, where the course has nothing yet."""
    if memory.get("sections", course_id) is not None:
        return
    sections = []
    for number in range(1, MODULES + 1):
        place, quiz = course_id * 100 + number * 10, course_id * 10 + number
        shown = {"visible": 1, "uservisible": True, "completion": 2}
        page_ = {"id": place, "modname": "page", "instance": quiz, "name": f"Theory {number}", **shown}
        test = {"id": place + 1, "modname": "quiz", "instance": quiz, "name": f"Test {number}", **shown}
        section = {"id": place, "section": number, "name": f"Module {number}", "visible": 1}
        sections.append({**section, "modules": [page_, test]})
        memory.put("quiz", quiz, {"id": quiz, "gradetopass": PASS})
    memory.put("sections", course_id, {"sections": sections})


def learner(memory: Memory, course_id: int, name: str, did: str, at: datetime | None = None) -> dict[str, Any]:
    """The account, made unless it is there, and what it did in the course up to that moment, now by default."""
    known = next((one for one in memory.all("user") if one.get("fullname") == name), None)
    number = max(memory.next("user"), FIRST)
    dotted = ".".join(name.lower().split())
    username = dotted if dotted.isascii() else f"learner{number}"  # an address holds Latin letters only
    first, _, last = name.partition(" ")
    user = known or {
        "id": number, "username": username, "firstname": first, "lastname": last,
        "fullname": name, "email": f"{username}@{DOMAIN}", "suspended": False, "timezone": "99",
    }  # fmt: skip
    memory.put("user", user["id"], user)
    if did != "outside":
        _act(memory, course_id, user["id"], did, at or clock.now())
    return user


def _act(memory: Memory, course_id: int, user: int, did: str, at: datetime) -> None:
    """A module takes some three quarters of an hour; the last one ends at the moment."""
    row = {"courseid": course_id, "userid": user, "roleid": 5, "suspend": 0, "timestart": 0, "timeend": 0}
    memory.put("enrolment", f"{course_id}-{user}", row)
    kept = memory.get("sections", course_id) or {"sections": []}
    modules = [module for section in kept["sections"] for module in section["modules"]]
    quizzes = [module["instance"] for module in modules if module["modname"] == "quiz"]
    done = {module["id"]: int(at.timestamp()) - 2600 * left for left, module in enumerate(reversed(modules))}
    for module in modules:
        quiz, when = module["instance"], {"at": done[module["id"]]}
        if module["modname"] == "page":
            memory.put("viewed", f"{module['id']}-{user}", when)
        elif module["modname"] == "quiz" and did in ("all", "failed"):
            grade = BAD if did == "failed" and quiz == quizzes[-1] else GOOD
            memory.put("best grade", f"{quiz}-{user}", {"grade": grade, **when})
