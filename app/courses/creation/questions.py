"""The course's thread (7.9): the creator or the counterpart asks the coordinators and the administrator."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.kinds import Kind
from app.courses import people
from app.courses.creation import notices, workspace
from app.courses.creation.models import Question
from app.courses.models import Course
from app.courses.record import record
from app.errors import N_, Denied, Invalid, NotFound, Problem
from app.identity import appointments
from app.identity.actors import Actor
from app.identity.models import Person

LONGEST = 10_000


def thread(session: Session, course_id: str) -> list[tuple[Question, list[Question]]]:
    """Questions in the order they were asked, each with its answers."""
    query = sa.select(Question).where(Question.course_id == course_id)
    rows = list(session.scalars(query.order_by(Question.written_at, Question.id)))
    return [(one, [other for other in rows if other.answers_to == one.id]) for one in rows if one.answers_to is None]


def write(session: Session, actor: Actor, course: Course, text: str, answers_to: str = "") -> Question:
    """Ask, or answer a question; whom it concerns gets a letter. Raises Denied, NotFound, Invalid."""
    if not workspace.takes_part(session, actor, course):
        raise Denied(kind="course", id=course.id)
    asked = session.get(Question, answers_to) if answers_to else None
    if answers_to and (asked is None or asked.course_id != course.id or asked.answers_to is not None):
        raise NotFound
    made = Question(course_id=course.id, answers_to=asked.id if asked else None, text=_given(text))
    made.author_id = actor.person_id
    session.add(made)
    session.flush()
    facts = {"question": made.id, "answers_to": made.answers_to}
    kind = Kind.QUESTION_ANSWERED if asked else Kind.QUESTION_ASKED
    record(session, course.id, kind, actor.person_id, facts, {"text": made.text})
    _tell(session, course, made, asked)
    return made


def _given(text: str) -> str:
    found = text.replace("\r\n", "\n").strip()
    if not found or len(found) > LONGEST:
        message = N_("Write your message: up to 10,000 characters.")
        raise Invalid(message, {"text": Problem(message)})
    return found


def _tell(session: Session, course: Course, written: Question, asked: Question | None) -> None:
    author = session.get_one(Person, written.author_id)
    concerned = [*people.coordinators(session, course), *appointments.holders(session, "administrator")]
    if asked is not None:
        earlier = sa.select(Question.author_id).where(sa.or_(Question.id == asked.id, Question.answers_to == asked.id))
        concerned += session.scalars(sa.select(Person).where(Person.id.in_(earlier)))
    others = [one for one in concerned if one.id != author.id]
    template = "question_answered" if asked else "question_asked"
    notices.tell(
        session,
        course,
        template,
        f"question:{written.id}",
        others,
        lambda: {"question": {"author": str(author.name), "text": written.text}},
    )
