"""One action sends an invitation to every contact of every active NMI, each a letter of its own (12.1)."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.courses import settings
from app.courses.announcements import contacts, log
from app.courses.announcements.contacts import Contact
from app.courses.announcements.models import Invitation
from app.courses.letters.recipients import Addressee
from app.courses.letters.sending import Wanted, send
from app.courses.models import Course
from app.courses.record import record
from app.errors import N_, Conflict, Invalid, Problem
from app.i18n import Locale, Text, current_locale
from app.workflow import releases
from app.workflow.models import Instance

LETTER = "invitation"
How = Mapping[Locale, str]
"""How to apply for a course of restricted access, in the language of the letter (A39)."""


def invite(session: Session, course: Course, instance: Instance, how: How, by: str) -> int:
    """Send what has not been sent yet; returns how many letters. Raises Conflict for a course nobody can open yet."""
    if course.published_at is None or not course.platform_url:
        raise Conflict(N_("The course is not published yet: there is no link to give."))
    sent = sa.select(Invitation.organisation_id, Invitation.contact).where(Invitation.course_id == course.id)
    known = {(organisation, contact) for organisation, contact in session.execute(sent)}
    found = contacts.of_nmis(session, settings.today(session))
    rows = [_made(course, one) for one in found if (one.organisation.id, one.contact) not in known]
    session.add_all(rows)
    session.flush()
    made = sum(_write(session, course, instance, row, how) for row in rows)
    nobody = [row.organisation_id for row in rows if not row.email]
    body = {"letters": made, "recipients": len(rows), "nobody": nobody}
    record(session, course.id, Kind.INVITATIONS_SENT, by, body)
    return made


def _made(course: Course, one: Contact) -> Invitation:
    return Invitation(
        course_id=course.id,
        organisation_id=one.organisation.id,
        contact=one.contact,
        name_ru=one.name.ru,
        name_en=one.name.en,
        email=one.email,
        locale=one.locale,
        locale_assumed=one.assumed,
    )


def _write(session: Session, course: Course, instance: Instance, row: Invitation, how: How) -> int:
    """One letter; none where there is no address. The invitation's id makes it one, whoever calls again."""
    if not row.email:
        return 0
    person = row.contact if row.contact not in (contacts.INSTITUTE, contacts.NOBODY) else row.organisation_id
    to = Addressee(person, Text(row.name_ru, row.name_en), row.email, "en" if row.locale == "en" else "ru")
    folder = releases.specification(session, instance.release_id).processes[instance.process].folder
    wanted = Wanted(
        LETTER,
        f"{LETTER}:{row.id}",
        [to],
        instance,
        folder,
        course,
        more=lambda: {"how_to_apply": how.get(current_locale(), "")},
    )
    made = send(session, wanted)
    row.letter_id = made[0].id if made else row.letter_id
    session.flush()
    return len(made)


def answer(
    session: Session, course: Course, instance: Instance, rows: Sequence[Mapping[str, Any]], how: How, by: str
) -> int:
    """What the Secretariat decided on each invitation that did not arrive; returns how many letters go out anew."""
    opened = log.unanswered(session, course.id)
    if len(rows) < len(opened):
        message = N_("Say what becomes of each invitation that did not arrive.")
        raise Invalid(message, {"undelivered": Problem(message)})
    made = 0
    for entry, row in zip(opened, rows, strict=False):
        made += _answer(session, course, instance, entry.invitation, row, how, by)
    return made


def _answer(
    session: Session, course: Course, instance: Instance, old: Invitation, row: Mapping[str, Any], how: How, by: str
) -> int:
    again = row.get("act") == "again"
    old.answer = str(row.get("email" if again else "note") or "").strip()
    old.answered_by, old.answered_at = by, clock.now()
    body = {"invitation": old.id, "act": "again" if again else "passed_on"}
    record(session, course.id, Kind.INVITATION_ANSWERED, by, body, {"reason": old.answer})
    if not again:
        session.flush()
        return 0
    fresh = Invitation(
        course_id=course.id,
        organisation_id=old.organisation_id,
        contact=old.contact,
        name_ru=old.name_ru,
        name_en=old.name_en,
        email=old.answer,
        locale=old.locale,
        locale_assumed=old.locale_assumed,
        attempt=old.attempt + 1,
    )
    session.add(fresh)
    session.flush()
    return _write(session, course, instance, fresh, how)
