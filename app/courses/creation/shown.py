"""Values that the forms of `creation` show and begin with, by field name."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.courses import advice, descriptions, executors, materials, people, settings, submitted
from app.courses.approvals.models import ApprovalForm
from app.courses.creation import polls, preparations, submissions
from app.courses.models import Course
from app.courses.platform import latest_check, marks, setting_up
from app.courses.surveys import questionnaires
from app.engine import Json
from app.errors import N_
from app.i18n import _, format_datetime
from app.identity.calendars import add_workdays
from app.identity.models import Person
from app.identity.places import default_place

Values: TypeAlias = dict[str, Json]

ACCESS = {"open": N_("open access"), "restricted": N_("restricted access"), "": N_("not advised yet")}


def values(session: Session, form: str, course: Course) -> Values:
    """What that form shows of the course; nothing for forms of other procedures."""
    supply = FORMS.get(form)
    return supply(session, course) if supply else {}


def _request(session: Session, course: Course) -> Values:
    executor = executors.in_office(session, course, course.initiator_id)
    return {
        "executor_name": ", ".join(str(one.name) for one in executor),
        "creators": "\n".join(str(one.name) for one in polls.appointed(session)) or _("No creator is appointed."),
        "materials_by": _in_workdays(session, "materials_workdays"),
        "poll_by": _in_workdays(session, "poll_workdays"),
    }


def _in_workdays(session: Session, setting: str) -> str:
    place = default_place(session)
    today = clock.today(place.zone)
    found: date = add_workdays(session, place.country, today, settings.number(session, setting, today))
    return found.isoformat()


def _materials(session: Session, course: Course) -> Values:
    asked = submitted.about(session, course.id, "creation_request")
    return {
        "message": submitted.text(asked, "message"),
        "language": course.language,
        "access": course.access or None,
        "modules": [{}],
    }


def _poll(_session: Session, course: Course) -> Values:
    return {"field": course.field, "language": course.language}


def _answers(session: Session, course: Course) -> Values:
    return {"answers": "\n".join(polls.told(session, course.id)) or _("Nobody was asked: no creator is appointed.")}


def _choice(session: Session, course: Course) -> Values:
    escalated = submitted.about(session, course.id, "creator_escalation")
    advice = {"advice": submitted.text(escalated, "measures"), "poll_by": _in_workdays(session, "poll_workdays")}
    return {**_answers(session, course), **advice}


def _escalation(session: Session, course: Course) -> Values:
    chosen = submitted.about(session, course.id, "creator_choice")
    return {
        **_answers(session, course),
        "reason": submitted.text(chosen, "reason"),
        "poll_by": _in_workdays(session, "poll_workdays"),
    }


def _organisation(session: Session, course: Course) -> Values:
    return {
        "creator_name": _name(session, course.creator_id),
        "language": course.language,
        "advised": _(ACCESS[course.access]),
        "format": course.format or None,
        "access": course.access or None,
        "counterpart": course.counterpart_id or course.representative_id,
        "agreed_on": clock.today(default_place(session).zone).isoformat(),
        "ready_by": _in_workdays(session, "ready_workdays"),
    }


def _coordinators(session: Session, course: Course) -> Values:
    named = [one.id for one in people.coordinators(session, course)]
    returned = submitted.about(session, course.id, "creation_consent")
    return {
        "coordinators": [{"person": one} for one in named or [course.creator_id or ""]],
        "reason": submitted.text(returned, "reason"),
    }


def _consent(session: Session, course: Course) -> Values:
    named = people.coordinators(session, course)
    lines = [", ".join(part for part in (str(one.name), people.contact(one)) if part) for one in named]
    return {"creator_name": _name(session, course.creator_id), "coordinators": "\n".join(lines)}


def _preparation(session: Session, course: Course) -> Values:
    kept = preparations.of(session, course.id)
    found: Values = {
        "platform_url": course.platform_url,
        "materials_state": _materials_state(session, course),
        "guidance_edition": preparations.guidance(session),
        "third_party": course.third_party or [],
        "advice": "\n".join(advised(session, course)),
        "survey_address": questionnaires.known_link(session, course.id),
        "survey_link": ("no" if kept.survey_waiver else "yes") if kept.prepared_at else None,
        "survey_waiver": kept.survey_waiver or None,
    }
    for name, given in (kept.self_check | kept.style_check).items():
        found |= {name: given["answer"] or None, f"{name}_comment": given["comment"]}
    return found


def advised(session: Session, course: Course) -> list[str]:
    """What the program found in the newest files, a line a finding (6.7, 6.9): advice only, nothing is refused."""
    whole = _("All files together")
    return [
        f"{'✓' if one.good else '!'} {one.file or whole}: {_(one.message, **one.params)}"
        for one in advice.advise(session, course)
    ]


def _materials_state(session: Session, course: Course) -> str:
    newest = materials.current(session, course.id)
    if newest is None:
        return _("The materials have not been provided yet.")
    state = _("agreed by all bodies") if newest.agreed else _("not agreed yet")
    return f"{materials.describe(newest)}, {state}"


def _submission(session: Session, course: Course) -> Values:
    check = latest_check(session, course.id)
    by_hand = check is not None and not check.checked
    found = submissions.findings(check) if check else []
    seen = ""
    if check is not None and check.checked:
        seen = _("Checked: %(moment)s.", moment=format_datetime(check.at, default_place(session).zone))
    return {
        "platform_url": course.platform_url,
        "platform_found": "\n".join(
            [seen, *(found or ([_("Everything is as it should be.")] if seen else []))]
        ).strip(),
        "blockers": "\n".join(submissions.blockers(session, course)) or _("Nothing: the course can be submitted."),
        "by_hand": "yes" if by_hand else "no",
    }


def _rework(session: Session, course: Course) -> Values:
    query = sa.select(ApprovalForm).where(ApprovalForm.course_id == course.id)
    last = session.scalar(query.order_by(ApprovalForm.position.desc()).limit(1))
    return {"remarks": last.remarks if last else ""}


def _create_by_hand(session: Session, course: Course) -> Values:
    steps = [
        _("Sign in to the platform and open the COOMET section."),
        _("Create a course there with the full name “%(title)s”.", title=marks.new_course(session, course).fullname),
        _("Give it the short name %(name)s and the ID number %(id)s.", name=marks.shortname(course), id=course.id),
        _("Set the course visibility to “Hide”."),
        _("Save, copy the address of the course and enter it below with the number at its end."),
    ]
    return {"steps": _numbered(steps)}


def _describe_by_hand(session: Session, course: Course) -> Values:
    steps = [
        _("Open the course on the platform and its settings."),
        _("Switch the field of the course summary to HTML and replace its content by the text below."),
        _("Save; leave the course hidden."),
    ]
    return {
        "steps": _numbered(steps),
        "platform_url": course.platform_url,
        "description": descriptions.compose(session, course),
    }


def _set_up_by_hand(session: Session, course: Course) -> Values:
    left, seen = setting_up.left(session, course)
    return {
        "seen": "\n".join(_(sentence) for sentence in seen),
        "image_wanted": "no" if left.image else "yes",
        "enrolment_wanted": "no" if left.enrolment else "yes",
    }


def _numbered(steps: list[str]) -> str:
    return "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))


def _name(session: Session, person_id: str | None) -> str:
    found = session.get(Person, person_id) if person_id else None
    return str(found.name) if found else ""


FORMS: Mapping[str, Callable[[Session, Course], Values]] = {
    "creation_request": _request,
    "creation_materials": _materials,
    "creator_poll": _poll,
    "creator_poll_end": _answers,
    "creator_choice": _choice,
    "creator_escalation": _escalation,
    "creation_organisation": _organisation,
    "creation_coordinators": _coordinators,
    "creation_consent": _consent,
    "creation_preparation": _preparation,
    "creation_submission": _submission,
    "creation_rework": _rework,
    "moodle_by_hand_create": _create_by_hand,
    "moodle_by_hand_describe": _describe_by_hand,
    "moodle_by_hand_image": _set_up_by_hand,
}
