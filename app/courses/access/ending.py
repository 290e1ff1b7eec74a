"""Lists that nobody will be admitted by any more, because their course was annulled."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.courses.access import sealed
from app.courses.access.models import AccessEntry, AccessList
from app.courses.models import Course
from app.courses.record import record
from app.courses.stages import ENDED
from app.errors import N_
from app.i18n import LOCALES, gettext, use_locale
from app.workflow import instances
from app.workflow.models import Instance

PROCESS, BY = "access", "system:access"
NO_COURSE = N_("The course was annulled or withdrawn before.")


def close(session: Session, instance: Instance, how: str) -> None:
    """Whoever waits is dropped with the reason, and no key is kept. Called in the step that ends an instance."""
    course = session.get(Course, instance.subject) if instance.process == PROCESS else None
    if how != instances.CANCELLED or course is None or course.stage not in ENDED:
        return
    for list_id in session.scalars(sa.select(AccessList.id).where(AccessList.course_id == course.id)).all():
        waiting = sa.update(AccessEntry).where(AccessEntry.list_id == list_id, AccessEntry.state == "waiting")
        session.execute(waiting.values(state="dropped", note=_in_both(), settled_by=BY, settled_at=clock.now()))
        if sealed.forget(session, list_id):
            record(session, course.id, Kind.ACCESS_KEY_FORGOTTEN, BY, {"list": list_id})


def _in_both() -> str:
    """The note is kept as text, for readers of either language."""
    said = []
    for locale in LOCALES:
        with use_locale(locale):
            said.append(gettext(NO_COURSE))
    return " / ".join(said)
