"""The image of a course and enrolment on the platform (6.6, 4.6): no web service sets them, so a person does.

What the platform shows decides; what it does not show (a key, or anything where it cannot be read) a person confirms.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.connectors.moodle import PlatformCourse
from app.courses.models import Course
from app.courses.platform.checks import latest_check
from app.courses.platform.models import PlatformCheck
from app.errors import N_
from app.files.models import File

KEPT = "set_up"
"""Key under which a look keeps what a person has set, and for which image and access."""
STATES = "settings"
"""Key under which a look of the program keeps what was still to be done, and for which image and access."""

UNSEEN = N_("The program cannot read the platform.")
IMAGE = N_("The course has its image.")
NO_IMAGE = N_("The course has no image.")
ANOTHER_IMAGE = N_("The course has an image, but of another size than the splash image.")
SELF = N_("People may enrol themselves.")
NO_SELF = N_("Nobody can enrol themselves.")


@dataclass(frozen=True, slots=True)
class Settings:
    """Whether nothing is left to do about each, as far as is known."""

    image: bool
    enrolment: bool

    def told(self) -> dict[str, bool]:
        """For the gateway in the diagram."""
        return {"image_set": self.image, "enrolment_set": self.enrolment}


def wanted(course: Course) -> dict[str, str]:
    return {"splash": course.splash_id or "", "access": course.access}


def judge(session: Session, course: Course, there: PlatformCourse | None, *, readable: bool) -> Settings:
    """`there` is None where the platform cannot be read or shows no such course: the latter must be mended first."""
    if readable and there is None:
        return Settings(image=True, enrolment=True)
    said = confirmed(session, course.id)
    return Settings(
        image=not course.splash_id or _image(session, course, there, said),
        enrolment=not course.access or _enrolment(course, there, said),
    )


def _image(session: Session, course: Course, there: PlatformCourse | None, said: Mapping[str, Any]) -> bool:
    """The platform tells an image's size, not its content: one of another size has to be confirmed by a person."""
    meant = bool(said) and said["splash"] == course.splash_id
    if there is None or (meant and said["differs"]):
        return meant
    ours = session.get(File, course.splash_id)
    return there.has_image and (meant or (ours is not None and ours.size in there.image_sizes))


def _enrolment(course: Course, there: PlatformCourse | None, said: Mapping[str, Any]) -> bool:
    """Open: self-enrolment must be on (4.6). Restricted: whether there is a key is shown to nobody but a person."""
    meant = bool(said) and said["access"] == course.access
    if there is None or (meant and said["differs"]):
        return meant
    if "guest" in there.enrolment:
        return False
    return "self" in there.enrolment if course.access == "open" else meant


def left(session: Session, course: Course) -> tuple[Settings, list[str]]:
    """What is still to be done by the newest look, and sentences on what the platform showed."""
    check = latest_check(session, course.id)
    state = check.details.get(STATES, {}) if check else {}
    settings = Settings(image=bool(state.get("image_set")), enrolment=bool(state.get("enrolment_set")))
    if check is None or not check.checked:
        return settings, [UNSEEN]
    image = (IMAGE if settings.image else ANOTHER_IMAGE) if check.image else NO_IMAGE
    return settings, [image, SELF if check.self_enrolment else NO_SELF]


def outdated(course: Course, check: PlatformCheck) -> bool:
    """Whether the image or the access is another than the look knew."""
    known = check.details.get(STATES)
    return isinstance(known, dict) and {name: known.get(name) for name in wanted(course)} != wanted(course)


def confirmed(session: Session, course_id: str) -> Mapping[str, Any]:
    """What a person said last to have set there; empty where nobody has."""
    query = sa.select(PlatformCheck.details).where(PlatformCheck.course_id == course_id, PlatformCheck.by_hand)
    rows = session.scalars(query.order_by(PlatformCheck.at.desc(), PlatformCheck.id.desc()))
    found = (row.get(KEPT) for row in rows)
    return next((one for one in found if isinstance(one, dict)), {})
