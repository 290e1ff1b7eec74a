"""The administrator's decision: judged on the server by the truth table of reading A7, then kept for good (8.2)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.courses import executors, header, materials, people, references, settings, sheets
from app.courses.agreements import current
from app.courses.approvals import criteria
from app.courses.approvals.criteria import CRITERIA, Findings
from app.courses.approvals.models import ApprovalForm
from app.courses.models import Course
from app.courses.record import record
from app.courses.stages import reach
from app.db import lock_table
from app.errors import N_, Conflict, Invalid, Problem
from app.i18n import _
from app.identity.models import Person

JUDGED: Mapping[str, tuple[str, ...]] = {
    "description": ("guidance",),
    "content": ("structure", "design", "style", "topicality"),
    "copyright": ("respected",),
}
"""Criterion -> sub-items that the administrator answers; the others are found automatically."""

ONE_CONCLUSION = N_("The conclusion is one: YES in exactly one of the two lines.")
ALL_THREE = N_("The course may be placed only if all three requirements are met.")
REMARKS_NEEDED = N_("State what exactly requires rework.")
NOT_MET = N_("YES is impossible here: “%(item)s” is not met.")
ANSWERED_NO = N_("YES is impossible here: an item of this requirement is answered NO.")


@dataclass(frozen=True, slots=True)
class Decision:
    """What the form of Appendix 2 says; `items` are the sub-items that the administrator answered."""

    description: bool
    content: bool
    copyright: bool
    may_place: bool
    needs_rework: bool
    items: Mapping[str, bool]
    remarks: str = ""
    repeat_agreement: bool = False


def check(decision: Decision, found: Findings) -> None:
    """Raises Invalid with the fields that contradict each other or what was found."""
    problems: dict[str, Problem] = {}
    given = {"description": decision.description, "content": decision.content, "copyright": decision.copyright}
    for criterion in CRITERIA:
        missing = found.missing(criterion)
        if given[criterion] and missing:
            problems[criterion] = Problem(NOT_MET, item=_(missing[0].label))
        elif given[criterion] and not all(decision.items.get(name) for name in JUDGED[criterion]):
            problems[criterion] = Problem(ANSWERED_NO)
    if decision.may_place == decision.needs_rework:
        problems["may_place"] = problems["needs_rework"] = Problem(ONE_CONCLUSION)
    elif decision.may_place and not all(given.values()):
        problems["may_place"] = Problem(ALL_THREE)
    if decision.needs_rework and not decision.remarks.strip():
        problems["remarks"] = Problem(REMARKS_NEEDED)
    if problems:
        raise Invalid(N_("Some answers need another look."), problems)


def decide(session: Session, course: Course, decision: Decision, instance_id: str | None, by: str) -> ApprovalForm:
    """Fill in the form for this submission. Raises Invalid where the answers contradict, Conflict for own work."""
    if by in executors.excluded(session, course):
        raise Conflict(N_("Nobody decides on their own materials; an exception needs the administrator's reason."))
    found = criteria.findings(session, course)
    check(decision, found)
    form = _form(session, course, decision, found, by)
    form.instance_id = instance_id
    session.add(form)
    reach(course, "approved" if decision.may_place else "rework")
    course.approved_at = form.decided_at if decision.may_place else course.approved_at
    session.flush()
    kind = Kind.APPROVAL_GIVEN if decision.may_place else Kind.APPROVAL_REFUSED
    body = {"form": form.id, "number": form.number, **{name: form.items[name] for name in CRITERIA}}
    body |= {"version": form.version, "recommendation": form.recommendation, "repeat": form.repeat_agreement}
    record(session, course.id, kind, by, body, {"reason": form.remarks} if form.remarks else None)
    return form


def _form(session: Session, course: Course, decision: Decision, found: Findings, by: str) -> ApprovalForm:
    now, today = clock.now(), settings.today(session)
    position = _next_position(session, course)
    version = materials.current(session, course.id)
    passage = current(session, course.id)
    return ApprovalForm(
        number=f"{course.number}/F{position}",
        course_id=course.id,
        position=position,
        description=decision.description,
        content=decision.content,
        copyright=decision.copyright,
        may_place=decision.may_place,
        needs_rework=decision.needs_rework,
        remarks=decision.remarks.strip(),
        repeat_agreement=decision.needs_rework and decision.repeat_agreement,
        items=_items(decision, found),
        header=_header(session, course, by),
        recommendation=settings.recommendation(session, today),
        editions=[{"code": code, **asdict(one)} for code, one in references.in_force(session, today).items()],
        version=version.number if version else None,
        version_sha256=version.sha256 if version else "",
        platform_id=course.platform_id,
        platform_url=course.platform_url,
        sheet_numbers=[one.number for one in sheets.of_agreement(session, passage.id)] if passage else [],
        decided_by=by,
        decided_at=now,
    )


def _next_position(session: Session, course: Course) -> int:
    """One form an expert review; whoever decides on the course at the same moment waits."""
    lock_table(session, ApprovalForm)
    counted = sa.select(sa.func.count()).select_from(ApprovalForm).where(ApprovalForm.course_id == course.id)
    return (session.scalar(counted) or 0) + 1


def _items(decision: Decision, found: Findings) -> dict[str, dict[str, bool]]:
    """Criterion -> item -> whether met: found and judged together, as they were on that day."""
    return {
        criterion: {one.name: one.met for one in found.of(criterion)}
        | {name: bool(decision.items.get(name)) for name in JUDGED[criterion]}
        for criterion in CRITERIA
    }


def _header(session: Session, course: Course, by: str) -> dict[str, object]:
    creator = session.get(Person, course.creator_id) if course.creator_id else None
    return {
        "title_ru": course.title_ru,
        "title_en": course.title_en,
        "administrator": header.person(session, session.get_one(Person, by)),
        "creator": header.person(session, creator) if creator else None,
        "coordinators": [header.person(session, one) for one in people.coordinators(session, course)],
    }
