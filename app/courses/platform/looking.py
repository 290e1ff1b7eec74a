"""Looking at a course on the platform, and making it visible only while it is still the one that was approved."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.connectors.moodle import BY_HAND, Client, NewCourse, PlatformCourse, Refused
from app.courses import descriptions
from app.courses.models import Course
from app.courses.platform.checks import Look
from app.errors import PermanentFailure


@dataclass(frozen=True, slots=True)
class Wanted:
    idnumber: str
    platform_id: int | None


@dataclass(frozen=True, slots=True)
class Seen:
    """`course` is None where the platform shows none."""

    course: PlatformCourse | None
    category: int
    details: Mapping[str, Any]


def wanted(course: Course) -> Wanted:
    return Wanted(course.id, course.platform_id)


def look(client: Client, request: Wanted) -> Seen:
    """By the id that we know, otherwise by the ID number."""
    found = client.by_id(request.platform_id) if request.platform_id is not None else None
    if found is None:
        known = client.by_idnumber(request.idnumber)
        found = known[0] if len(known) == 1 else None
    if found is None:
        return Seen(None, client.access.category, {})
    details = {"id": found.id, "shortname": found.shortname, "idnumber": found.idnumber, "url": found.url}
    return Seen(found, client.access.category, details)


def judge(session: Session, course: Course, seen: Seen) -> Look:
    there = seen.course
    if there is None:
        return Look(checked=True)
    text = descriptions.inspect(there.summary, session, course)
    return Look(
        checked=True,
        found=True,
        in_category=there.category == seen.category,
        hidden=not there.visible,
        coordinators=text.coordinators,
        copyright=text.copyright,
        description=text.description,
        image=there.has_image,
        self_enrolment="self" in there.enrolment,
    )


def demand_as_said(seen: Seen, step: str) -> None:
    """Raises PermanentFailure where a person's word and the platform differ."""
    if step == "hide" and seen.course is not None and seen.course.visible:
        raise PermanentFailure("a person said that the course is hidden, and learners can see it", "visible")
    if step == "hide":
        return
    if seen.course is None:
        raise PermanentFailure("a person said that the course is there, and the platform does not show it", "not_found")
    if step == "publish" and not seen.course.visible:
        raise PermanentFailure("a person said that the course is visible, and it is hidden there", "hidden")
    if step == "create" and seen.course.visible:
        raise PermanentFailure("a person said that the new course is hidden, and learners can see it", "visible")


def demand_ours(there: PlatformCourse, idnumber: str) -> None:
    """A number typed wrong must not change somebody else's course. Raises Refused."""
    if there.idnumber not in ("", idnumber):
        raise Refused("other_course", f"the course {there.id} is another one: its ID number is {there.idnumber}")


def publish(client: Client, new: NewCourse, platform_id: int) -> PlatformCourse:
    """Raises Refused where the course is gone, moved, or another one now."""
    there = client.by_id(platform_id)
    if there is None:
        message = f"the course {platform_id} is no longer there, or not shown to our account: restore it and retry"
        raise Refused("course_gone", message)
    demand_ours(there, new.idnumber)
    if there.category != client.access.category:
        raise Refused("other_category", f"the course {platform_id} has left COOMET's category: move it back and retry")
    return client.set_visible(platform_id, visible=True)


def hide(client: Client, request: Wanted) -> PlatformCourse:
    """Take it out of what learners see; never deletes. Raises Refused where nobody but a person can tell."""
    there = look(client, request).course
    if there is None:
        known = request.platform_id or request.idnumber
        message = f"the course {known} is not shown to our account: is it still there?"
        raise Refused(BY_HAND, message)
    demand_ours(there, request.idnumber)
    return client.set_visible(there.id, visible=False)
