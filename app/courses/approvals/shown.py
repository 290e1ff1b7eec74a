"""What the forms of the expert review show besides what they ask (8.1): findings, documents, steps to do by hand."""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy.orm import Session

from app.courses import executors, people, references, settings
from app.courses.approvals import criteria
from app.courses.approvals.criteria import Finding
from app.courses.models import Course
from app.engine import Json
from app.errors import N_
from app.i18n import _, current_locale, format_datetime
from app.identity.places import default_place

RESTS_ON = (references.ARRANGEMENT, references.GUIDANCE)
"""The documents that clause 1 names: the recommendation implements them (R1-c)."""

_INSPECT = (
    N_("Open the course on the platform in the COOMET section."),
    N_("See whether it is hidden from learners: only approval makes it visible."),
    N_("Open “Settings”, copy the whole course summary and paste it below."),
)
_PUBLISH = (
    N_("Open the course on the platform and choose “Settings”."),
    N_("Set “Course visibility” to “Show” and save."),
    N_("Check that the course stands in the catalogue of COOMET courses, then confirm here."),
)


def _review(session: Session, course: Course) -> dict[str, Json]:
    found = criteria.findings(session, course)
    today = settings.today(session)
    return {
        "recommendation": settings.recommendation(session, today),
        "documents": "\n".join(documents(session)),
        "checked": _checked(session, found),
        "description_found": _lines(found.description),
        "description_complete": _yes(not found.missing("description")),
        "agreement_found": found.content[0].detail,
        "agreement": _yes(found.content[0].met),
        "third_party": _third_party(course),
        "third_party_fits": _yes(_met(found.copyright, "third_party")),
        "copyright_published": _yes(_met(found.copyright, "published")),
    }


def documents(session: Session) -> list[str]:
    """Title, number and edition of both documents as they are in force today."""
    known = references.in_force(session, settings.today(session))
    found = []
    for code in RESTS_ON:
        one = known[code]
        edition = _("edition: %(edition)s", edition=one.edition or _("not entered in the settings"))
        found.append("; ".join(part for part in (one.title.into(current_locale()), one.number, edition) if part))
    return found


def _checked(session: Session, found: criteria.Findings) -> str:
    if found.checked_at is None:
        return _("not yet")
    at = format_datetime(found.checked_at, default_place(session).zone)
    return _("%(at)s, by hand", at=at) if found.by_hand else _("%(at)s, by the system", at=at)


def _lines(items: Sequence[Finding]) -> str:
    return "\n".join(_line(one) for one in items)


def _line(one: Finding) -> str:
    verdict = _("yes") if one.met else _("NO")
    return f"{_(one.label)}: {verdict}" + (f" ({one.detail})" if one.detail else "")


def _third_party(course: Course) -> str:
    rows = [
        "; ".join(str(row[name]) for name in ("item", "source", "licence") if row.get(name))
        + ("" if criteria.fits(row) else " – " + _("the licence does not fit"))
        for row in course.third_party
    ]
    return "\n".join(rows) or _("none declared")


def _met(items: Sequence[Finding], name: str) -> bool:
    return all(one.met for one in items if one.name == name)


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _exception(session: Session, course: Course) -> dict[str, Json]:
    named = [f"{one.name} ({people.contact(one)})" for one in executors.own_reviewers(session, course)]
    return {"own_reviewers": "\n".join(named) or _("Nobody is appointed section administrator today.")}


def _steps(steps: Sequence[str]) -> Callable[[Session, Course], dict[str, Json]]:
    def shown(_session: Session, course: Course) -> dict[str, Json]:
        lines = [f"{number}. {_(step)}" for number, step in enumerate(steps, 1)]
        link = course.platform_url or _("not known")
        number = f" (id {course.platform_id})" if course.platform_id else ""
        return {"steps": "\n".join(lines), "platform_link": f"{link}{number}"}

    return shown


FORMS: Mapping[str, Callable[[Session, Course], dict[str, Json]]] = {
    "approval_form": _review,
    "review_exception": _exception,
    "moodle_by_hand_inspect": _steps(_INSPECT),
    "moodle_by_hand_publish": _steps(_PUBLISH),
}
