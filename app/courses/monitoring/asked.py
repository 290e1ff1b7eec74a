"""Bringing the log export of a course: what the coordinator is asked for, and what has become of it (9.2)."""

from typing import Literal

from sqlalchemy.orm import Session

from app.courses import submitted
from app.courses.letters import delivery
from app.courses.models import Course
from app.courses.monitoring import brought
from app.courses.monitoring.models import LogImport
from app.engine import Json
from app.errors import N_
from app.i18n import _
from app.workflow.models import Instance

FORM = "monitoring_log"
State = Literal["imported", "running", "refused", "missing", "none"]
NOTHING_YET = N_("None since this task began.")
STATES = {
    "waiting": N_("%(name)s: waiting to be read"),
    "reading": N_("%(name)s: being read"),
    "done": N_("%(name)s: imported, %(rows)s rows"),
    "refused": N_("%(name)s: refused. %(trouble)s"),
    "leaving": N_("%(name)s: being taken back"),
    "taken_back": N_("%(name)s: taken back"),
    "replaced": N_("%(name)s: replaced by what the platform tells itself"),
}


def standing(session: Session, instance: Instance) -> State:
    """What was said, held against what was brought since the instance began: nobody's word alone counts as a file."""
    said = submitted.latest(session, instance.id, FORM)
    newest = brought.since(session, str(instance.subject), instance.started_at)
    state = newest.state if newest is not None else ""
    if state == "done":
        return "imported"
    if state in ("waiting", "reading"):
        return "running"
    if said is not None and said.values.get("done") == "none":
        return "none"
    return "refused" if state else "missing"


def log_address(course: Course) -> str:
    """Where a course manager downloads the log: views only, as a table."""
    base, _slash, _rest = course.platform_url.partition("/course/view.php")
    if not base or course.platform_id is None:
        return ""
    return f"{base}/report/log/index.php?chooselog=1&id={course.platform_id}&modaction=r"


def report_addresses(course: Course) -> dict[str, str]:
    """Where a course manager downloads the reports on completion, by their names; empty where no number is known."""
    base, _slash, _rest = course.platform_url.partition("/course/view.php")
    if not base or course.platform_id is None:
        return {}
    return {
        report: f"{base}/report/{report}/index.php?course={course.platform_id}" for report in ("progress", "completion")
    }


def in_words(one: LogImport) -> str:
    trouble = _(one.trouble, **one.facts) if one.trouble else ""
    return _(STATES[one.state], name=one.name, rows=one.rows, trouble=trouble)


def shown(session: Session, course: Course) -> dict[str, Json]:
    """What the form of the task shows beside its question."""
    newest = brought.of_course(session, course.id, most=1, report="log")
    return {
        "log_address": log_address(course),
        "import_page": f"{delivery.address()}/courses/{course.id}/monitoring/log",
        "last_import": in_words(newest[0]) if newest else _(NOTHING_YET),
    }


FORMS = {FORM: shown}
