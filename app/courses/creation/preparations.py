"""The organisational step before a course is created, the creator's checks before its submission (6.3, 6.5, 6.7)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.courses import references
from app.courses.creation import intake
from app.courses.creation.models import Preparation
from app.courses.models import Course
from app.courses.record import record
from app.courses.surveys import questionnaires
from app.errors import N_, Conflict, Invalid, Problem
from app.i18n import Text

SELF_CHECK = {
    "topical": Text("Материал актуален", "The material is topical"),
    "clear": Text("Изложен доступным и ясным языком", "The language is accessible and clear"),
    "quality": Text("Качественно оформлен", "Of quality presentation"),
    "copyrighted": Text("Авторские права соблюдены", "Copyright is respected"),
}
"""Clause 6.5; only copyright cannot be waived (6.7, 8.1, A20)."""
STYLE = {
    "one_style": Text("Единый стиль оформления", "One style of design"),
    "three_colours": Text(
        "Не более трех цветов на слайде (рекомендуются синий, зеленый, бежевый)",
        "At most three colours on a slide (blue, green, beige recommended)",
    ),
    "sans_serif": Text("Шрифты без засечек", "Fonts without serifs"),
    "three_fonts": Text("Не более трех шрифтов на курс", "At most three fonts in the course"),
    "no_underlining": Text("Нет подчеркивания", "No underlining"),
    "little_animation": Text("Анимацией не злоупотребляли", "Animation is not overused"),
    "pictures_left": Text("Рисунки и фото левее текста", "Pictures to the left of the text"),
}
"""Clause 6.7: "No" with a comment is allowed (A20)."""


def of(session: Session, course_id: str) -> Preparation:
    """The course's preparation; an empty one where nothing has been agreed yet."""
    found = session.get(Preparation, course_id)
    if found is None:
        found = Preparation(course_id=course_id)
        session.add(found)
        session.flush()
    return found


def organise(session: Session, course: Course, values: Mapping[str, Any], by: str) -> None:
    """Record what was agreed, when, by whom (A53). Raises Invalid with the fields."""
    named = {one.id for one in intake.representatives(session, course)}
    faults = {}
    if values.get("counterpart") not in named:
        faults["counterpart"] = Problem(N_("Choose a member of the body or a representative of the NMI (6.3)."))
    access, advised = str(values["access"]), course.access
    if advised and access != advised and not values.get("access_reason"):
        faults["access_reason"] = Problem(N_("Say why the access differs from that advised by the initiator (6.6)."))
    if faults:
        raise Invalid(N_("Some answers need another look."), faults)
    kept = of(session, course.id)
    kept.organised_on, kept.ready_by = _day(values["agreed_on"]), _day(values["ready_by"])
    kept.organised_with, kept.organised_note = str(values["participants"]), str(values["note"])
    kept.organised_by, kept.organised_at = by, clock.now()
    course.counterpart_id, course.format, course.access = str(values["counterpart"]), str(values["format"]), access
    session.flush()
    facts = {
        "on": str(kept.organised_on),
        "counterpart": course.counterpart_id,
        "format": course.format,
        "access": access,
    }
    personal = {"with": kept.organised_with, "note": kept.organised_note, "reason": values.get("access_reason") or ""}
    record(session, course.id, Kind.ORGANISED, by, facts, personal)


def _day(value: Any) -> date:
    return date.fromisoformat(str(value))


def begin(session: Session, course: Course, by: str) -> None:
    """The creator may begin: never before the organisational questions are agreed. Raises Conflict."""
    kept = of(session, course.id)
    if kept.organised_at is None:
        raise Conflict(N_("The organisational questions are not agreed yet (6.3)."))
    kept.began_at = clock.now()
    questionnaires.of(session, course)
    if course.stage in ("registered", "handed_over"):
        course.stage = "preparation"
    session.flush()
    record(session, course.id, Kind.PREPARATION_BEGAN, by, {"platform": course.platform_id})


def prepare(session: Session, course: Course, values: Mapping[str, Any], by: str) -> None:
    """Keep the creator's checks. Raises Invalid where copyright is not respected (6.7, A22)."""
    items: list[dict[str, str]] = [dict(row) for row in values.get("third_party") or []]
    if fault := copyright_fault(str(values.get("copyrighted")), items):
        raise Invalid(fault.message, {"copyrighted": fault}, **fault.params)
    kept = of(session, course.id)
    kept.self_check, kept.style_check = _answers(values, SELF_CHECK), _answers(values, STYLE)
    kept.guidance_edition = guidance(session)
    kept.survey_waiver = str(values.get("survey_waiver") or "") if values.get("survey_link") == "no" else ""
    kept.prepared_by, kept.prepared_at = by, clock.now()
    course.third_party = items
    session.flush()
    said = {name: row["answer"] for name, row in (kept.self_check | kept.style_check).items()}
    comments = {name: row["comment"] for name, row in (kept.self_check | kept.style_check).items() if row["comment"]}
    facts = {"checks": said, "third_party": len(items), "guidance": kept.guidance_edition}
    record(session, course.id, Kind.COURSE_PREPARED, by, facts, {**comments, "survey_waiver": kept.survey_waiver})


def copyright_fault(answer: str, items: Sequence[Mapping[str, str]]) -> Problem | None:
    """Why copyright cannot count as respected; nothing where it can."""
    wrong = [row["item"] for row in items if row.get("compatible") != "yes"]
    if wrong:
        message = N_(
            "Copyright is not respected: these items have an incompatible licence (6.7): %(items)s. Replace them."
        )
        return Problem(message, items=", ".join(wrong))
    if answer != "yes":
        return Problem(N_("Copyright must be respected: this cannot be waived (6.5, 6.7, 8.1)."))
    return None


def guidance(session: Session) -> str:
    """The CBKT guidance as cited today: title, number, edition."""
    edition = references.in_force(session, clock.now().date())[references.GUIDANCE]
    return ", ".join(part for part in (str(edition.title), edition.number, edition.edition) if part)


def _answers(values: Mapping[str, Any], items: Mapping[str, Text]) -> dict[str, dict[str, str]]:
    return {
        name: {"answer": str(values.get(name) or ""), "comment": str(values.get(f"{name}_comment") or "")}
        for name in items
    }
