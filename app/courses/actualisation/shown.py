"""What the forms of section 13 show besides what they ask: conclusions, steps on the platform, the notice."""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy.orm import Session

from app.courses import register
from app.courses.actualisation import calendar, checking, deciding, renewing
from app.courses.actualisation.models import BodyDecision, Edition
from app.courses.announcements.shown import exports
from app.courses.models import Course
from app.engine import Json
from app.errors import N_
from app.i18n import LOCALES, Locale, _, current_locale, format_date, use_locale

OUTCOMES = {"topical": N_("topical"), "update": N_("needs an update"), "obsolete": N_("obsolete")}
ACTS = {"annul": N_("to annul the course"), "update": N_("to have it updated"), "keep": N_("to keep it as it is")}

_PREPARE = (
    N_("Open the course on the platform and turn editing on."),
    N_("Prepare what is new in hidden sections or activities (“Hide”); leave what learners see as it is."),
    N_("Do not change the course summary: the program writes it once the new version is approved."),
)
_REPLACE = (
    N_("Open the course on the platform and turn editing on."),
    N_("Show the sections and activities of the new version and hide the old ones; delete nothing."),
    N_("Look at the course as a learner sees it, then confirm here."),
)
_TELL = (
    N_("Open the course on the platform and its forum “Announcements”."),
    N_("Add a topic with the text below in the languages of the course."),
    N_("Confirm here: then the course is hidden. Nothing is deleted on the platform."),
)
_HIDE = (
    N_("Open the course on the platform and choose “Settings”."),
    N_("Set “Course visibility” to “Hide” and save. Do not delete the course: learners' results are kept."),
    N_("Check that the course is no longer in the catalogue of COOMET courses, then confirm here."),
)


def _conclusion(session: Session, course: Course) -> dict[str, Json]:
    check = calendar.find_open(session, course.id)
    if check is None:
        return {}
    lines = [_("Check no %(number)s, to be done by %(day)s.", number=check.number, day=format_date(check.due))]
    if check.early_reason:
        lines.append(_("Begun before its date: %(reason)s", reason=check.early_reason))
    return {"check_facts": "\n".join(lines), "given": given(session, course) or _("none yet")}


def given(session: Session, course: Course) -> str:
    """The conclusions of the check that is going on, and what TC 4 decided; a paragraph each."""
    check = calendar.find_open(session, course.id)
    if check is None:
        return ""
    found = [
        f"{checking.NAMES[one.part]} ({one.person.get(f'name_{current_locale()}', '')}): "
        f"{_(OUTCOMES[one.outcome])}. {one.grounds}"
        for one in checking.conclusions(session, check.id)
    ]
    decided = [told(one) for one in deciding.of_course(session, course.id) if one.check_id == check.id]
    return "\n\n".join([*found, *decided])


def told(decision: BodyDecision) -> str:
    """The decision in one paragraph."""
    return _(
        "TC 4, decision %(number)s of %(day)s (%(meeting)s): %(act)s. %(reason)s",
        number=decision.number,
        day=format_date(decision.decided_on),
        meeting=decision.meeting,
        act=_(ACTS[decision.act]),
        reason=decision.reason,
    )


def _decision(session: Session, course: Course) -> dict[str, Json]:
    return {"given": given(session, course)}


def _edition(session: Session, course: Course) -> Edition | None:
    check = calendar.find_open(session, course.id)
    return renewing.current(session, check.id) if check else None


def _revision(session: Session, course: Course) -> dict[str, Json]:
    edition = _edition(session, course)
    refused = renewing.last_form(session, edition) if edition else None
    return {
        "given": given(session, course),
        "remarks": refused.remarks if refused else _("none"),
        "changes": edition.changes if edition else "",
        "description_ru": (edition.description_ru if edition else "") or course.description_ru,
        "description_en": (edition.description_en if edition else "") or course.description_en,
        "editorial": bool(edition and edition.editorial),
        "note": "",
    }


def _changes(session: Session, course: Course) -> dict[str, Json]:
    edition = _edition(session, course)
    return {"edition_changes": edition.changes if edition else "", "note": ""}


def _with_steps(
    steps: Sequence[str], more: Callable[[Session, Course], dict[str, Json]]
) -> Callable[[Session, Course], dict[str, Json]]:
    def shown(session: Session, course: Course) -> dict[str, Json]:
        lines = [f"{number}. {_(step)}" for number, step in enumerate(steps, 1)]
        found: dict[str, Json] = {"steps": "\n".join(lines), "platform_link": course.platform_url or _("not known")}
        return found | more(session, course)

    return shown


def _learners(session: Session, course: Course) -> dict[str, Json]:
    texts: dict[str, Json] = {f"text_{locale}": notice(session, course, locale) for locale in LOCALES}
    return texts | {"note": ""}


def notice(session: Session, course: Course, locale: Locale) -> str:
    """What learners are told, to be put up on the platform in their language."""
    decision = next((one for one in deciding.of_course(session, course.id) if one.act == "annul"), None)
    if decision is None:
        return ""
    with use_locale(locale):
        return _(
            "The COOMET course “%(title)s” has been annulled by TC 4 of COOMET on %(day)s because its content is "
            "obsolete. It is about to be taken from the list of courses on this platform and can then no longer be "
            "opened. Certificates that were issued for it stay valid; their authenticity can be verified as before.",
            title=register.title(course).into(locale),
            day=format_date(decision.decided_on),
        )


def _portal(session: Session, course: Course) -> dict[str, Json]:
    decision = next(iter(deciding.of_course(session, course.id)), None)
    return exports() | {"decision_facts": told(decision) if decision else "", "note": ""}


def _no_note(_session: Session, _course: Course) -> dict[str, Json]:
    return {"note": ""}


FORMS: Mapping[str, Callable[[Session, Course], dict[str, Json]]] = {
    "actualisation_conclusion": _conclusion,
    "tc4_decision": _decision,
    "actualisation_revision": _revision,
    "actualisation_waiver": _changes,
    "actualisation_preparation": _with_steps(_PREPARE, _changes),
    "actualisation_replacement": _with_steps(_REPLACE, _changes),
    "annulment_learners": _with_steps(_TELL, _learners),
    "annulment_portal": _portal,
    "moodle_by_hand_hide": _with_steps(_HIDE, _no_note),
}
