"""What a letter says of a course's topicality: its check, the newest decision of TC 4, the new version (section 13)."""

from sqlalchemy.orm import Session

from app.courses.actualisation import deciding, renewing
from app.courses.actualisation.models import BodyDecision
from app.courses.letters.facts import Facts
from app.courses.models import Course
from app.i18n import format_date


def of_course(session: Session, course: Course, address: str) -> Facts:
    """`due` is the day of the next check, or empty; `decision` and `edition` are None where there is none."""
    decided = next(iter(deciding.of_course(session, course.id)), None)
    edition = next(iter(renewing.of_course(session, course.id)), None)
    return {
        "due": format_date(course.check_due) if course.check_due else "",
        "history": f"{address}/courses/{course.id}/history",
        "decision": _decision(decided, address) if decided else None,
        "edition": {"number": edition.number, "changes": edition.changes} if edition else None,
    }


def _decision(found: BodyDecision, address: str) -> Facts:
    return {
        "number": found.number,
        "act": found.act,
        "date": format_date(found.decided_on),
        "meeting": found.meeting,
        "reason": found.reason,
        "link": f"{address}/courses/{found.course_id}/decisions/{found.id}",
    }
