"""What the forms of the steps by hand show: where to go, what to enter, why the program cannot do it itself."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.courses import descriptions
from app.courses.models import Course
from app.courses.platform import connection, marks
from app.courses.register import get_course
from app.engine import Json
from app.i18n import gettext
from app.workflow.bindings import Binding
from app.workflow.models import Instance, Job


def _why(session: Session, course_id: str) -> Json:
    """Of the newest step on the platform that was given up for this course."""
    query = sa.select(Job.last_error).join(Instance, Instance.id == Job.instance_id)
    query = query.where(Instance.subject == course_id, Job.operation.like("moodle.%"), Job.outcome == "dead")
    said = session.scalar(query.order_by(Job.id.desc()).limit(1)) or ""
    if connection.client() is None or connection.NO_TOKEN in said:
        return gettext("The program has no access to the platform: every step there is done by hand.")
    if not said:
        return gettext("The platform offers the program no way to do this.")
    return gettext("The platform refused the program: %(reason)s", reason=said.partition(": ")[2] or said)


def _address(session: Session, course_id: str) -> Json:
    """Of the course, or of the category while there is none."""
    course, client = get_course(session, course_id), connection.client()
    if course.platform_url:
        return course.platform_url
    if client is None:
        return gettext("COOMET's category on the platform")
    return f"{client.access.url}/course/index.php?categoryid={client.access.category}"


def _name(session: Session, course_id: str) -> Json:
    return marks.new_course(session, get_course(session, course_id)).fullname


def _shortname(session: Session, course_id: str) -> Json:
    return marks.shortname(get_course(session, course_id))


def _idnumber(_session: Session, course_id: str) -> Json:
    return course_id


def _description(session: Session, course_id: str) -> Json:
    return descriptions.compose(session, get_course(session, course_id))


def _enrolment(session: Session, course_id: str) -> Json:
    course: Course = get_course(session, course_id)
    if course.access == "open":
        return gettext("Open course: add the method “Self enrolment” without a key; anybody signed in may then enter.")
    if course.access == "restricted":
        return gettext(
            "Restricted course: “Self enrolment” with a key, or “Manual enrolments” only. "
            "Enter the key on the platform and nowhere else."
        )
    return gettext("The initiator has not said yet whether the course is open or restricted: leave enrolment as it is.")


BINDINGS = {
    "platform.why": Binding(_why),
    "platform.address": Binding(_address),
    "platform.name": Binding(_name),
    "platform.shortname": Binding(_shortname),
    "platform.idnumber": Binding(_idnumber),
    "platform.description": Binding(_description),
    "platform.enrolment": Binding(_enrolment),
}
