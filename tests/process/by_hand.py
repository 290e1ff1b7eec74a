"""What people do on the platform itself, past the program, in a scenario."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.connectors.moodle.stand_in import image_file
from app.courses.models import Course
from app.files.models import File

if TYPE_CHECKING:
    from tests.process.application_player import ApplicationPlayer


def set_up(player: "ApplicationPlayer", wanted: Mapping[str, Any]) -> None:
    """`image`: `splash`, `another` or `none`; `enrolment`: the methods that are on; `key` of self-enrolment."""
    with player.sessions() as session:
        course = session.get_one(Course, player.course)
        splash = session.get(File, course.splash_id) if course.splash_id else None
    images = {
        "splash": [image_file(splash.name, b"." * splash.size)] if splash else [],
        "another": [image_file("another.png", b"another")],
        "none": [],
    }
    with player.platform.store.open() as memory:
        found = memory.get("course", course.platform_id)
        assert found is not None
        changed = {"enrolmentkey": wanted.get("key", "")}
        if "image" in wanted:
            changed["overviewfiles"] = images[wanted["image"]]
        if "enrolment" in wanted:
            changed["enrollmentmethods"] = ["manual", *wanted["enrolment"]]
        memory.put("course", course.platform_id, found | changed)
