"""What the forms of the access procedure show: the accounts that want a decision, the steps by hand."""

from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from app.courses.access import enrolling, granting
from app.courses.access.models import AccessEntry, AccessList
from app.courses.models import Course
from app.engine import Json
from app.errors import N_
from app.i18n import _

Values = dict[str, Json]
TROUBLES = {
    "unknown": N_("the platform knows no such account"),
    "failed": N_("the platform has not enrolled this account"),
}
STEPS = (
    N_("Open the course on the platform, then “Participants” and “Enrol users”."),
    N_("Find each account below and enrol it in the role “Student”."),
    N_("Write down below the accounts that the platform does not know, and confirm."),
)


def _settle(session: Session, made: AccessList, _course: Course) -> Values:
    opened = granting.entries(session, made.id, *enrolling.OPEN)[: enrolling.SHOWN]
    rows: list[Json] = [{"account": _who(one), "trouble": _(TROUBLES[one.state])} for one in opened]
    return {"accounts": rows, "grounds": made.grounds}


def _by_hand(session: Session, made: AccessList, course: Course) -> Values:
    waiting = granting.entries(session, made.id, "waiting")
    return {
        "platform_link": course.platform_url,
        "grounds": made.grounds,
        "steps": "\n".join(_(one) for one in STEPS),
        "listed": "\n".join(_who(one) for one in waiting),
    }


def _who(one: AccessEntry) -> str:
    return f"{one.account} ({one.name})" if one.name else one.account


FORMS: Mapping[str, Callable[[Session, AccessList, Course], Values]] = {
    "access_settle": _settle,
    "access_by_hand": _by_hand,
}


def values(session: Session, form: str, course: Course, data: Mapping[str, Json]) -> Values:
    """By the list that the task's data name."""
    made = session.get(AccessList, str(data.get("list") or ""))
    return FORMS[form](session, made, course) if made is not None else {}
