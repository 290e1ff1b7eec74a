"""Letters about a course that no diagram sends: a question, an answer, a withdrawal."""

from collections.abc import Callable, Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.courses.letters import Wanted, send
from app.courses.letters.facts import Facts
from app.courses.models import Course
from app.identity.models import Person
from app.workflow import releases
from app.workflow.models import Instance


def tell(
    session: Session, course: Course, template: str, key: str, people: Iterable[Person], more: Callable[[], Facts]
) -> int:
    """Send to everybody once; returns how many letters. A course that no procedure has touched has nobody to tell."""
    query = sa.select(Instance).where(Instance.subject == course.id).order_by(Instance.id.desc()).limit(1)
    instance = session.scalar(query)
    if instance is None:
        return 0
    folder = releases.specification(session, instance.release_id).processes[instance.process].folder
    reachable = list({one.id: one for one in people if one.active and one.email}.values())
    return len(send(session, Wanted(template, key, reachable, instance, folder, course, more=more)))
