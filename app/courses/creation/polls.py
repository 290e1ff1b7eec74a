"""Polls of creators: who can take a course (6.3). All with a valid appointment are asked at once."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.courses import people
from app.courses.creation.models import CreatorPoll, PollAnswer
from app.courses.models import Course
from app.courses.record import record
from app.errors import N_, Conflict, Invalid, Problem
from app.i18n import _, sort_key
from app.identity.models import Appointment, Person
from app.workflow.models import Submission, Task

FORM = "creator_poll"
ANSWERS = {"yes": N_("can take the course"), "no": N_("cannot take the course"), None: N_("no answer yet")}


def appointed(session: Session) -> list[Person]:
    """Creators with an appointment of their own that is valid today; substitutes are no creators (5.1, A50)."""
    own = set(session.scalars(sa.select(Appointment.person_id).where(Appointment.role == "creator")))
    return [person for person in people.approved_creators(session) if person.id in own]


def open_poll(session: Session, course: Course, ends_on: date | None, by: str) -> CreatorPoll:
    """A new poll with a blank answer for each creator."""
    before = current(session, course.id)
    poll = CreatorPoll(course_id=course.id, number=before.number + 1 if before else 1, ends_on=ends_on)
    session.add(poll)
    session.flush()
    asked = [person.id for person in appointed(session)]
    session.add_all(PollAnswer(poll_id=poll.id, person_id=one) for one in asked)
    session.flush()
    record(session, course.id, Kind.POLL_OPENED, by, {"poll": poll.id, "number": poll.number, "asked": asked})
    return poll


def current(session: Session, course_id: str) -> CreatorPoll | None:
    """The newest poll of the course."""
    query = sa.select(CreatorPoll).where(CreatorPoll.course_id == course_id)
    return session.scalar(query.order_by(CreatorPoll.number.desc()).limit(1))


def answers(session: Session, poll: CreatorPoll | None) -> list[tuple[Person, PollAnswer]]:
    """Everybody asked with the answer, by name."""
    if poll is None:
        return []
    query = sa.select(Person, PollAnswer).join(PollAnswer, PollAnswer.person_id == Person.id)
    rows = session.execute(query.where(PollAnswer.poll_id == poll.id))
    return sorted(rows, key=lambda row: sort_key(str(row[0].name)))


def volunteers(session: Session, course_id: str) -> list[Person]:
    """Those who agreed in the newest poll and are still creators."""
    valid = {person.id for person in appointed(session)}
    rows = answers(session, current(session, course_id))
    return [person for person, given in rows if given.answer == "yes" and person.id in valid]


def told(session: Session, course_id: str) -> list[str]:
    """A line for each creator asked, in the current language: name, answer, comment."""
    lines = []
    for person, given in answers(session, current(session, course_id)):
        comment = f" – {given.comment}" if given.comment else ""
        lines.append(f"{person.name}: {_(ANSWERS[given.answer])}{comment}")
    return lines


def take_answer(session: Session, course: Course, by: str) -> None:
    """Keep what `by` has just sent for the creator whom the task asks; raises Conflict when the poll is over."""
    query = sa.select(Submission, Task).join(Task, Task.id == Submission.task_id)
    query = query.where(Submission.form == FORM, Submission.by == by, Task.subject == course.id)
    row = session.execute(query.order_by(Submission.at.desc(), Submission.id.desc()).limit(1)).one_or_none()
    poll = current(session, course.id)
    given = session.get(PollAnswer, (poll.id, row.Task.person)) if poll and row else None
    if poll is None or poll.closed_at is not None or row is None or given is None:
        raise Conflict(N_("This poll is over."))
    given.answer, given.comment = row.Submission.values.get("answer"), str(row.Submission.values.get("comment") or "")
    given.answered_by, given.answered_at = by, clock.now()
    session.flush()
    facts = {"poll": poll.id, "creator": given.person_id, "answer": given.answer}
    record(session, course.id, Kind.POLL_ANSWERED, by, facts, {"comment": given.comment} if given.comment else None)


def close(session: Session, course_id: str, by: str, reason: str = "") -> int:
    """End the newest poll; returns how many agreed."""
    poll = current(session, course_id)
    if poll is None:
        return 0
    agreed = sum(given.answer == "yes" for _person, given in answers(session, poll))
    if poll.closed_at is None:
        poll.closed_at = clock.now()
        session.flush()
        facts = {"poll": poll.id, "agreed": agreed}
        record(session, course_id, Kind.POLL_CLOSED, by, facts, {"reason": reason} if reason else None)
    return agreed


def choose(session: Session, course: Course, decision: str, person_id: str, reason: str, by: str) -> str | None:
    """The administrator's decision after the poll: the id of the appointed creator, or None (6.3, A52).

    agreed: one who agreed; another: any approved creator, with a reason. Raises Invalid with the field.
    """
    poll = current(session, course.id)
    if decision not in ("agreed", "another"):
        if poll is not None:
            poll.reason = reason
        session.flush()
        record(
            session, course.id, Kind.CREATOR_CHOSEN, by, {"decision": decision}, {"reason": reason} if reason else None
        )
        return None
    if decision == "agreed" and person_id not in {one.id for one in volunteers(session, course.id)}:
        message = N_("Choose a creator who agreed; another one is appointed with a reason.")
        raise Invalid(message, {"volunteer": Problem(message)})
    if decision == "another" and not reason:
        message = N_("Say why a creator is appointed who has not agreed.")
        raise Invalid(message, {"reason": Problem(message)})
    people.assign_creator(session, course, person_id, by)
    if poll is not None:
        poll.chosen_id, poll.reason = person_id, reason
    session.flush()
    facts = {"decision": decision, "creator": person_id}
    record(session, course.id, Kind.CREATOR_CHOSEN, by, facts, {"reason": reason} if reason else None)
    return person_id
