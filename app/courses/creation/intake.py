"""What the initiator provides: materials, description, splash image, representative, access (6.3, 6.6, 4.1–4.6)."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.kinds import Kind
from app.courses import descriptions, executors, materials
from app.courses.creation.models import Waiver
from app.courses.models import Course
from app.courses.record import record
from app.errors import N_, Invalid, Problem
from app.files.models import File
from app.i18n import ngettext
from app.identity import appointments
from app.identity.models import Person

LENGTH = "description_length"
"""Requirement that the administrator may waive: three to five sentences (6.6)."""
PRACTICE = ("tests", "tasks", "interactive")
IMAGES = ("png", "jpg")


def representatives(session: Session, course: Course) -> list[Person]:
    """Whom the initiator may name: its chair and members, or the NMI's representatives; and its executors (6.6)."""
    roles = ("chair", "member") if course.initiator_kind == "sb" else ("representative",)
    found = [one for role in roles for one in appointments.holders(session, role, course.initiator_id)]
    found += executors.candidates(session, course.initiator_kind, course.initiator_id)
    return list({person.id: person for person in found}.values())


def receive(session: Session, course: Course, values: Mapping[str, Any], by: str) -> None:
    """Keep what was provided and make it the next version of the materials. Raises Invalid with the fields."""
    faults = {**_texts(session, course, values), **_content(values), **_named(session, course, values)}
    if faults:
        raise Invalid(N_("Some answers need another look."), faults)
    for language in descriptions.languages(course):
        for name in ("description", "aim"):
            _put(course, f"{name}_{language}", str(values.get(f"{name}_{language}") or "").strip())
    course.access, course.representative_id = str(values["access"]), str(values["representative"])
    course.splash_id = str(values["splash"])
    course.inventory = [*(values.get("theory") or []), *(values.get("practice") or [])]
    course.has_theory, course.has_tests = bool(values.get("theory")), bool(values.get("practice"))
    course.modules = [
        {"ru": row.get("ru") or "", "en": row.get("en") or ""}
        for row in values.get("modules") or []
        if row.get("ru") or row.get("en")
    ]
    session.flush()
    materials.add(session, course, list(values["materials"]), str(values.get("note") or ""), by)
    facts = {"access": course.access, "representative": course.representative_id, "modules": len(course.modules)}
    record(session, course.id, Kind.COURSE_CHANGED, by, {**facts, "content": course.inventory})


def _put(course: Course, name: str, text: str) -> None:
    match name:
        case "description_ru":
            course.description_ru = text
        case "description_en":
            course.description_en = text
        case "aim_ru":
            course.aim_ru = text
        case "aim_en":
            course.aim_en = text


def _texts(session: Session, course: Course, values: Mapping[str, Any]) -> dict[str, Problem]:
    faults = {}
    for language in descriptions.languages(course):
        name = f"description_{language}"
        fault = length_fault(session, course, str(values.get(name) or ""))
        if fault is not None:
            faults[name] = fault
    return faults


def length_fault(session: Session, course: Course, text: str) -> Problem | None:
    """What is wrong with the length of a description; nothing where the administrator has waived it (R6.6-a)."""
    count = descriptions.count_sentences(text)
    if count == 0:
        return Problem(N_("Give three to five sentences about the course (6.6)."))
    if descriptions.FEWEST <= count <= descriptions.MOST or waived(session, course.id, LENGTH):
        return None
    said = ngettext("%(num)s sentence", "%(num)s sentences", count)
    return Problem(
        N_(
            "There should be three to five sentences (6.6), here: %(count)s. Shorten or extend the text, or ask the "
            "section administrator to allow it with a reason."
        ),
        count=said,
    )


def waived(session: Session, course_id: str, requirement: str) -> bool:
    query = sa.select(Waiver.id).where(Waiver.course_id == course_id, Waiver.requirement == requirement)
    return session.scalar(query.limit(1)) is not None


def _content(values: Mapping[str, Any]) -> dict[str, Problem]:
    if values.get("theory") or values.get("practice"):
        return {}
    return {"practice": Problem(N_("Tick what the theoretical or the practical part of the course holds (3.1)."))}


def _named(session: Session, course: Course, values: Mapping[str, Any]) -> dict[str, Problem]:
    faults = {}
    if values.get("representative") not in {one.id for one in representatives(session, course)}:
        faults["representative"] = Problem(N_("Choose a representative of the initiator."))
    splash = session.get(File, str(values.get("splash") or ""))
    if splash is None or splash.kind not in IMAGES:
        faults["splash"] = Problem(N_("Attach a PNG or JPEG image."))
    return faults


def languages_missing(course: Course) -> Sequence[str]:
    """Languages of the course in which its title is missing (4.5)."""
    titles = {"ru": course.title_ru, "en": course.title_en}
    return [language for language in descriptions.languages(course) if not titles[language].strip()]
