"""Submitting a course for approval (6.10, 7.9): what stands in its way, and the submission itself."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.courses import agreements, descriptions, materials, people
from app.courses.creation import coordination, intake, preparations
from app.courses.creation.models import Preparation
from app.courses.models import Course
from app.courses.platform import latest_check, setting_up
from app.courses.platform.models import PlatformCheck
from app.courses.record import record
from app.errors import N_, Invalid, Problem
from app.i18n import _
from app.identity.models import Organisation

BEFORE = ("registered", "agreement", "agreed", "handed_over", "preparation", "rework")
"""Stages from which a course can still be submitted."""


def blockers(session: Session, course: Course) -> list[str]:
    """Everything that keeps the course from being submitted, each in a sentence of the current language."""
    return [
        *_agreement(session, course),
        *_record(session, course),
        *_coordinators(session, course),
        *_checks(session, course),
        *_platform(session, course),
    ]


def _agreement(session: Session, course: Course) -> list[str]:
    """The list of open sheets (7.9); a course is submitted only after the agreed package was handed over (A10)."""
    passage = agreements.current(session, course.id)
    if passage is None:
        return [_("The agreement of the content has not begun (6.4).")]
    open_ones = agreements.open_bodies(session, course.id)
    if open_ones:
        known = session.scalars(sa.select(Organisation).where(Organisation.id.in_(open_ones)))
        codes = {one.id: str(one.code) for one in known}
        return [_("Not agreed yet: %(bodies)s.", bodies=", ".join(codes[one] for one in open_ones))]
    if passage.state != "delivered":
        return [_("The agreement is not complete: the administrator has not received the agreed package (7.4, 7.8).")]
    return []


def _record(session: Session, course: Course) -> list[str]:
    found = []
    if materials.current(session, course.id) is None:
        found.append(_("The materials have not been provided (6.3)."))
    if intake.languages_missing(course):
        found.append(_("The title is missing in a language of the course (4.5)."))
    texts = [course.description_ru if one == "ru" else course.description_en for one in descriptions.languages(course)]
    if any(intake.length_fault(session, course, text) for text in texts):
        found.append(_("The short description needs three to five sentences in each language of the course (6.6)."))
    if not course.access:
        found.append(_("The access – open or restricted – is not settled (6.6)."))
    if not course.has_theory and not course.has_tests:
        found.append(_("It is not said whether the course has a theoretical or a practical part (3.1)."))
    if not course.creator_id:
        found.append(_("No creator is appointed (6.3)."))
    return found


def _coordinators(session: Session, course: Course) -> list[str]:
    if not people.coordinators(session, course):
        return [_("No coordinator is named (5.2).")]
    waiting = coordination.unconfirmed(session, course)
    if waiting:
        names = ", ".join(str(one.name) for one in waiting)
        return [_("The coordinators are not confirmed yet: %(names)s (5.2).", names=names)]
    return []


def _checks(session: Session, course: Course) -> list[str]:
    kept = session.get(Preparation, course.id)
    if kept is None or kept.prepared_at is None:
        return [_("The creator has not completed the checks of clauses 6.5 and 6.7.")]
    answer = str(kept.self_check.get("copyrighted", {}).get("answer"))
    fault = preparations.copyright_fault(answer, course.third_party)
    return [_(fault.message, **fault.params)] if fault else []


_WANTED = (
    ("found", N_("The course does not exist on the platform (6.10).")),
    ("in_category", N_("The course on the platform is not in the COOMET section (6.10).")),
    ("hidden", N_("The course on the platform is visible before its approval (5.1).")),
    ("description", N_("The description on the platform is not that of the course (6.6).")),
    ("coordinators", N_("The line on the coordinators is missing in the description on the platform (6.8).")),
    ("copyright", N_("The line COPYRIGHT in the description on the platform is missing or changed (6.8).")),
)


def _platform(session: Session, course: Course) -> list[str]:
    if course.platform_id is None and not course.platform_url:
        return [_("The course has not been created on the platform (6.10).")]
    check = latest_check(session, course.id)
    if check is None:
        return [_("The course on the platform has not been checked yet (6.10).")]
    return [*findings(check), *_set_up(course, check)]


def _set_up(course: Course, check: PlatformCheck) -> list[str]:
    """What came after the last check is seen, and set on the platform where need be, by the next one (6.6)."""
    if setting_up.outdated(course, check):
        return [_("The splash image or the access was changed after the last check: have the platform checked again.")]
    return []


def findings(check: PlatformCheck) -> list[str]:
    """What is wrong on the platform; nothing where only a person can look."""
    if not check.checked:
        return []
    if not check.found:
        mend = _(
            "Have it restored there, or create it anew with the ID number %(id)s; then check again.", id=check.course_id
        )
        return [f"{_(_WANTED[0][1])} {mend}"]
    holds = {
        "found": check.found,
        "in_category": check.in_category,
        "hidden": check.hidden,
        "description": check.description,
        "coordinators": check.coordinators,
        "copyright": check.copyright,
    }
    return [_(sentence) for name, sentence in _WANTED if not holds[name]]


def submit(session: Session, course: Course, by: str) -> None:
    """Raises Invalid with all that is in the way."""
    found = blockers(session, course)
    if found:
        message = N_("The course cannot be submitted yet. %(what)s")
        raise Invalid(message, {"decision": Problem(message, what=" ".join(found))}, what=" ".join(found))
    kept = preparations.of(session, course.id)
    kept.submitted_by, kept.submitted_at = by, clock.now()
    course.stage = "submitted"
    session.flush()
    version = materials.newest(session, course.id)
    facts = {"version": version.number, "sha256": version.sha256, "platform": course.platform_id}
    record(session, course.id, Kind.COURSE_SUBMITTED, by, facts)
