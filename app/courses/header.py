"""Names and contacts of an agreement sheet as they are on the day: what is printed, whatever changes later."""

from typing import Any

from sqlalchemy.orm import Session

from app.courses import people
from app.courses.models import Sheet
from app.courses.register import get_course
from app.identity.models import Organisation, Person


def person(session: Session, someone: Person) -> dict[str, Any]:
    """Full name, NMI or body, telephone and e-mail (RA1-c … RA1-e)."""
    organisation = people.organisation_of(session, someone)
    return {
        "person": someone.id,
        "name_ru": someone.name_ru,
        "name_en": someone.name_en,
        "organisation_ru": organisation.ru,
        "organisation_en": organisation.en,
        "contact": people.contact(someone),
    }


def of_sheet(session: Session, sheet: Sheet) -> dict[str, Any]:
    """The head of Appendix 1 and our system data: course, body, creator, coordinators, executor, initiator."""
    course = get_course(session, sheet.course_id)
    body = session.get_one(Organisation, sheet.body_id)
    initiator = session.get_one(Organisation, course.initiator_id)
    creator = session.get(Person, course.creator_id) if course.creator_id else None
    executor = session.get_one(Person, sheet.executor_id)
    return {
        "title_ru": course.title_ru,
        "title_en": course.title_en,
        "body_ru": f"{body.code.into('ru')} «{body.name.into('ru')}»",
        "body_en": f"{body.code.into('en')} “{body.name.into('en')}”",
        "initiator_ru": initiator.name_ru,
        "initiator_en": initiator.name_en,
        "creator": person(session, creator) if creator else None,
        "coordinators": [person(session, one) for one in people.coordinators(session, course)],
        "executor": person(session, executor),
    }
