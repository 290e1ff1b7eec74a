"""Modules of a course by name: the platform's reports tell no numbers, so a name stands for the module.

A module that only a report has told gets a number below nought, which the platform never gives.
"""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.courses.monitoring.models import CourseModule
from app.errors import N_, Invalid, Problem

FOREIGN = N_("No module of the file belongs to this course (the file names the module “%(name)s”, for example).")
UNKNOWN = N_(
    "The course has no module of this name: %(names)s. If the modules were changed on the platform, say so below and "
    "send the file again."
)


def known(session: Session, course_id: str) -> list[CourseModule]:
    """Those that are shown, in the order of the course."""
    query = sa.select(CourseModule).where(CourseModule.course_id == course_id, ~CourseModule.gone)
    return list(session.scalars(query.order_by(CourseModule.position, CourseModule.cmid)))


def tests(session: Session, course_id: str) -> list[CourseModule]:
    """Modules that may be a quiz: what kind a module is, no report tells."""
    return [one for one in known(session, course_id) if one.kind in ("", "quiz")]


def match(found: Sequence[CourseModule], names: Sequence[str]) -> list[CourseModule | None]:
    """The modules of these names; of several with the same name the first one in the file is the first one here."""
    by_name: dict[str, list[CourseModule]] = {}
    for one in found:
        by_name.setdefault(_plain(one.name), []).append(one)
    matched = []
    for name in names:
        left = by_name.get(_plain(name), [])
        matched.append(left.pop(0) if left else None)
    return matched


def _plain(name: str) -> str:
    """The report writes apostrophes in place of quotation marks."""
    return " ".join(name.replace('"', "'").split())


def demand(session: Session, course_id: str, names: Sequence[str], *, changed: bool) -> None:
    """Raises Invalid where the names are those of another course, or are unknown and nobody said they had changed."""
    here = known(session, course_id)
    if not here:
        return
    strange = [name for name, one in zip(names, match(here, names), strict=True) if one is None]
    if len(strange) == len(names):
        raise Invalid(FOREIGN, name=names[0])
    if strange and not changed:
        listed = ", ".join(f"«{name[:60]}»" for name in strange[:10])
        raise Invalid(UNKNOWN, {"changed": Problem(UNKNOWN, names=listed)}, names=listed)


def settle(session: Session, course_id: str, names: Sequence[str], needed: Collection[int]) -> None:
    """The course has these modules now; one that no report tells any more goes, unless it is needed for attempts."""
    query = sa.select(CourseModule).where(CourseModule.course_id == course_id)
    every = list(session.scalars(query.order_by(CourseModule.gone, CourseModule.position, CourseModule.cmid)))
    lowest = min([0, *needed, *(one.cmid for one in every)])
    matched = match(every, names)
    for position, (name, found) in enumerate(zip(names, matched, strict=True)):
        one = found
        if one is None:
            lowest -= 1
            one = CourseModule(course_id=course_id, cmid=lowest, kind="", name=name)
            session.add(one)
        one.position, one.tracked, one.gone = position, True, False
    told = {one.cmid for one in matched if one is not None}
    for one in every:
        if one.cmid < 0 and one.cmid not in told:
            one.gone = True
            if one.cmid not in needed:
                session.delete(one)
    session.flush()
