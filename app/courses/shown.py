"""Values that forms show: the head of a sheet, earlier remarks, checksums – and where bound fields begin."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from sqlalchemy.orm import Session

from app import clock
from app.courses import agreements, materials, packages, people, sheets, submitted
from app.courses.actualisation import shown as shown_in_actualisation
from app.courses.announcements import shown as shown_in_announcement
from app.courses.approvals import shown as shown_in_review
from app.courses.bindings import BINDINGS
from app.courses.creation import shown as creation
from app.courses.models import Agreement, Course, MaterialVersion, Sheet
from app.courses.monitoring import annual_shown, asked
from app.courses.platform.steps import BINDINGS as PLATFORM
from app.courses.surveys import shown as shown_in_surveys
from app.engine import Json
from app.errors import N_
from app.i18n import _, current_locale
from app.identity.models import Organisation, Person

Values: TypeAlias = dict[str, Json]

PROFILE_BODY_NEEDED = N_("A course of an NMI is agreed with the profile body: name at least one (7.1).")

SHEET_STATES = {
    "open": N_("is being agreed"),
    "agreed": N_("agreed by the body"),
    "cancelled": N_("cancelled with the agreement"),
}

_VERDICTS = ("sheet_verdict", "sheet_verdict_member")
_ONLY_SHOWN: Mapping[str, tuple[str, ...]] = {
    "note": ("materials_follow",),
    "message": (*_VERDICTS, "creation_materials"),
    "comments": ("sheet_rework",),
    "answers": ("sheet_rework", "creator_poll_end", "creator_choice", "creator_escalation"),
    "remark": ("agreement_receipt",),
}

AT_FIRST: Mapping[str, Callable[[], Values]] = {
    "course_registration": lambda: {"coordinators": [{}]},
    "course_entry": lambda: {"year": clock.now().year},
    "survey_campaign": lambda: {"year": clock.now().year, "audience": "both"},
}
"""What start forms begin with: one row, because one is demanded."""

BY_HAND = "moodle_by_hand_"
"""How the forms of steps by hand on the platform are called."""

_PLACES = {"bodies": "agreement.bodies", "exceptions": "agreement.exceptions", "answer_by": "agreement.answer_by"}
_BOUND: Mapping[str, tuple[str, ...]] = {
    "agreement_proposal": ("bodies",),
    "agreement_confirmation": ("bodies", "exceptions"),
    "sheet_send": ("answer_by",),
    "sheet_rework": ("answer_by",),
    **dict.fromkeys((*_VERDICTS, "agreement_final", "agreement_receipt", *creation.FORMS, *shown_in_surveys.FORMS), ()),
    **dict.fromkeys(shown_in_actualisation.FORMS, ()),
}
"""What the program's own forms begin with; one that an analyst has made may begin with all of it."""


_OF_THEIR_OWN: Mapping[str, Callable[[Session, Course], Values]] = {
    **shown_in_review.FORMS,
    **shown_in_announcement.FORMS,
    **shown_in_surveys.FORMS,
    **shown_in_actualisation.FORMS,
    **asked.FORMS,
}
"""Forms of other sections: what each shows besides the course's record."""


def values(session: Session, form: str, course: Course, data: Mapping[str, Json]) -> Values:
    """All that may be shown for this course and task, by field name; a form takes what it asks for."""
    agreement = agreements.current(session, course.id)
    found = _of_course(session, course)
    if agreement is not None:
        found |= _of_agreement(session, form, course, agreement)
    if form.startswith(BY_HAND):
        found |= {one: PLATFORM[f"platform.{one}"].read(session, course.id) for one in ("address", "enrolment", "why")}
    found |= creation.values(session, form, course)
    sheet = _sheet_of(session, data)
    found |= _of_sheet(session, course, sheet) if sheet else {}
    if form in _OF_THEIR_OWN:
        found |= _OF_THEIR_OWN[form](session, course)
    for field, forms in _ONLY_SHOWN.items():  # elsewhere a field of that name is asked and begins blank
        if form not in forms:
            found.pop(field, None)
    return found


OF_NO_COURSE: Mapping[str, Callable[[Session, str], Values]] = {**annual_shown.FORMS}
"""Forms whose task is about something else than a course: by its key."""


def _sheet_of(session: Session, data: Mapping[str, Json]) -> Sheet | None:
    known = data.get("sheet")
    return session.get(Sheet, str(known.get("id"))) if isinstance(known, dict) else None


def _of_course(session: Session, course: Course) -> Values:
    initiator = session.get_one(Organisation, course.initiator_id)
    newest = materials.current(session, course.id)
    return {
        "note": newest.note if newest else "",
        "course_title": BINDINGS["course.title"].read(session, course.id),
        "initiator": str(initiator.name),
        "procedural": course.procedural,
        "version": materials.describe(newest) if newest else "",
        "files": _lines([file.name for file in materials.files_of(session, newest.id)] if newest else []),
    }


def _of_agreement(session: Session, form: str, course: Course, agreement: Agreement) -> Values:
    bound = _BOUND.get(form, tuple(_PLACES))
    found = {name: BINDINGS[_PLACES[name]].read(session, course.id) for name in bound}
    found["sheets"] = _lines([_line(session, sheet) for sheet in sheets.of_agreement(session, agreement.id)])
    if form == "agreement_proposal":
        found["bodies"] = found["bodies"] or [{}]  # an empty row to begin with; rows left blank do not count
        found["reason"] = _returned(session, agreement)
    if form == "agreement_ask_again":
        outdated = agreements.outdated(session, agreement.id)
        found["outdated"] = ", ".join(_code(session, body_id) for body_id in outdated)
        found["again"] = BINDINGS["agreement.outdated"].read(session, course.id)
    if form == "agreement_receipt":
        final = submitted.latest(session, agreement.instance_id, "agreement_final")
        package = packages.of_agreement(session, agreement.id)
        found |= {"checksum": package.sha256, "remark": submitted.text(final, "remark"), "creator": course.creator_id}
    return found


def _returned(session: Session, agreement: Agreement) -> str:
    """What the administrator wrote when returning the list, or what the routing found missing."""
    sent = submitted.latest(session, agreement.instance_id, "agreement_confirmation")
    if sent is None:
        return ""
    if sent.values.get("decision") == "return":
        return submitted.text(sent, "reason")
    return _(PROFILE_BODY_NEEDED)


def _of_sheet(session: Session, course: Course, sheet: Sheet) -> Values:
    body = session.get_one(Organisation, sheet.body_id)
    creator = session.get(Person, course.creator_id) if course.creator_id else None
    last = sheets.last_round(session, sheet.id)
    found: Values = {
        "body_name": f"{body.code} – {body.name}",
        "sheet_number": sheet.number,
        "part": sheet.part or _("the whole course"),
        "creator": _person(session, creator) if creator else "",
        "coordinators": "; ".join(_person(session, one) for one in people.coordinators(session, course)),
    }
    if last is not None:
        open_remarks = sheets.remarks(session, last.id)
        found |= {
            "version": materials.describe(session.get_one(MaterialVersion, last.version_id)),
            "message": last.message,
            "block": "repeat" if last.number else "primary",
            "comments": last.comments,
            "answers": [{"remark": one.text} for one in open_remarks],
            "answered": _answered(session, sheet),
        }
    return found


def _answered(session: Session, sheet: Sheet) -> str:
    """Remarks of the round before the one being considered, each with its answer."""
    decided = [one for one in sheets.rounds(session, sheet.id) if one.decided_at is not None]
    remarks = sheets.remarks(session, decided[-1].id) if decided else []
    return "\n\n".join(f"{one.number}. {one.text}\n→ {one.answer}" for one in remarks)


def _line(session: Session, sheet: Sheet) -> str:
    state = _(SHEET_STATES[sheet.state])
    return f"{sheet.number} · {_code(session, sheet.body_id)} · {state}"


def _code(session: Session, organisation_id: str) -> str:
    return str(session.get_one(Organisation, organisation_id).code)


def _person(session: Session, person: Person) -> str:
    home = people.organisation_of(session, person).into(current_locale())
    return ", ".join(part for part in (str(person.name), home, people.contact(person)) if part)


def _lines(lines: list[str]) -> str:
    return "\n".join(lines)
