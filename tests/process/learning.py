"""A published course on the stand-in of the platform with tests, and learners who did more or less of them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.connectors.moodle.stand_in import StandIn
from app.connectors.moodle.stand_in.store import Memory
from app.courses import platform
from app.courses.models import Course

SURNAMES = {"all": "Passed", "failed": "Failed", "viewed": "Viewed", "outside": "Outside"}
FIRST = 1001


def prepare(session: Session, stand_in: StandIn, course_id: str, how: Mapping[str, Any]) -> None:
    """`how`: learners (name -> all, failed, viewed, outside), tests (two, none, no_pass_grade), modules."""
    if platform.client() is None:
        return
    ident = session.get_one(Course, course_id).platform_id
    assert ident is not None
    with stand_in.store.open() as memory:
        memory.put("sections", ident, {"sections": sections(str(how.get("tests", "two")), int(how.get("modules", 2)))})
        for number in range(1, int(how.get("modules", 2)) + 1):
            needed = {} if how.get("tests") == "no_pass_grade" and number == 2 else {"gradetopass": 6}
            memory.put("quiz", number, {"id": number, **needed})
        for position, (name, did) in enumerate(how.get("learners", {}).items()):
            learner(memory, ident, FIRST + position, name, did, modules=int(how.get("modules", 2)))


def sections(tests: str, modules: int) -> list[dict[str, Any]]:
    """A page and a quiz in each module; with `none` the pages alone."""
    found = []
    for number in range(1, modules + 1):
        module = {"instance": number, "visible": 1, "completion": 2}
        page = {**module, "id": number * 10, "modname": "page", "name": "Theory"}
        quiz = {**page, "id": number * 10 + 1, "modname": "quiz", "name": f"Quiz {number}"}
        rows = [page] if tests == "none" else [page, quiz]
        found.append({"id": number, "section": number, "name": f"Module {number}", "visible": 1, "modules": rows})
    return found


def learner(memory: Memory, course: int, ident: int, name: str, did: str, *, modules: int = 2) -> None:
    """Everybody has looked at every page; views never count."""
    names = {"username": name, "firstname": name.title(), "lastname": SURNAMES[did]}
    full = {"fullname": f"{name.title()} {SURNAMES[did]}", "email": f"{name}@learners.example"}
    memory.put("user", ident, {"id": ident, **names, **full, "suspended": False, "timezone": "99"})
    if did == "outside":
        return
    memory.put("enrolment", f"{course}-{ident}", {"courseid": course, "userid": ident, "roleid": 5, "suspend": 0})
    for number in range(1, modules + 1):
        memory.put("viewed", f"{number * 10}-{ident}", {"at": 1_795_344_434})
        if did in ("all", "failed"):
            grade = 3 if did == "failed" and number == modules else 9
            memory.put("best grade", f"{number}-{ident}", {"grade": grade, "at": 1_795_344_434})
