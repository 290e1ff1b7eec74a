"""What the form of a task offers to choose from and shows besides its fields."""

from collections.abc import Callable, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.courses import agreements, executors, people, shown
from app.courses.actualisation import shown as shown_in_actualisation
from app.courses.creation import intake, polls
from app.courses.models import Course
from app.courses.planning import shown as planning
from app.courses.surveys import shown as surveys
from app.engine import Json
from app.forms import Context, Option
from app.i18n import Text
from app.identity import organisations
from app.identity.models import Organisation, Person
from app.identity.people import by_ids

Data = Mapping[str, Json]


def context(session: Session, form: str, subject: str | None, data: Data) -> Context:
    """Options of fields with `options_from`, values of read-only and bound fields.

    `form` is the form's name, `subject` the course of the task (None: a start form), `data` the task's data. Bound
    fields that are asked have their value under their name as well: a page that has no draft begins with it.
    """
    course = session.get(Course, subject) if subject else None
    offered = {name: supply(session, course, data) for name, supply in _LISTS.items() if name in _wanted(form)}
    if course is None and subject is not None and form in shown.OF_NO_COURSE:
        return Context(options=offered, current=shown.OF_NO_COURSE[form](session, subject))
    current = shown.values(session, form, course, data) if course else shown.AT_FIRST.get(form, dict)()
    current |= planning.values(session, form, subject, data) if course is None else {}
    return Context(options=offered, current=current)


def _wanted(form: str) -> frozenset[str]:
    """The lists that the program's own forms use; a form that an analyst has made may use every one."""
    return _USED.get(form, frozenset(_LISTS))


def _bodies(session: Session, course: Course | None, _data: Data) -> list[Option]:
    """Active structural bodies; without the one that initiated the course (7.6)."""
    known = organisations.search(session, kinds=["body"])
    return [_organisation(one) for one in known if course is None or one.id != course.initiator_id]


def _nmis(session: Session, _course: Course | None, _data: Data) -> list[Option]:
    return [_organisation(one, code=False) for one in organisations.search(session, kinds=["nmi"])]


def _executors(session: Session, course: Course | None, _data: Data) -> list[Option]:
    """For a course those who may send it to somebody; before it is registered all who may for some course (A3)."""
    if course is not None:
        return _people(session, executors.candidates(session, course.initiator_kind, course.initiator_id))
    return _people(session, executors.conceivable(session))


def _creators(session: Session, _course: Course | None, _data: Data) -> list[Option]:
    return _people(session, people.approved_creators(session))


def _everybody(session: Session, _course: Course | None, _data: Data) -> list[Option]:
    return _people(session, list(session.scalars(sa.select(Person).where(Person.active))))


def _participants(session: Session, course: Course | None, _data: Data) -> list[Option]:
    """Whom an exception from the rule of A14 may concern."""
    if course is None:
        return []
    agreement = agreements.current(session, course.id)
    rows = agreements.asked(session, agreement.id) if agreement else []
    ids = [course.executor_id, course.creator_id, *(row.executor_id for row in rows)]
    candidates = executors.candidates(session, course.initiator_kind, course.initiator_id)
    known = by_ids(session, [one for one in ids if one])
    return _people(session, list({**known, **{one.id: one for one in candidates}}.values()))


def _representatives(session: Session, course: Course | None, _data: Data) -> list[Option]:
    """Whom the initiator may name as responsible for the content and as counterpart (6.3, 6.6)."""
    return _people(session, intake.representatives(session, course)) if course else []


def _survey_recipients(session: Session, _course: Course | None, _data: Data) -> list[Option]:
    return planning.may_be_asked(session)


def _topics(session: Session, _course: Course | None, _data: Data) -> list[Option]:
    return planning.open_topics(session)


def _volunteers(session: Session, course: Course | None, _data: Data) -> list[Option]:
    return _people(session, polls.volunteers(session, course.id)) if course else []


def _members(session: Session, course: Course | None, data: Data) -> list[Option]:
    """Members of the body that considers, without those who may not decide on this course (7.3, A14)."""
    body = data.get("body")
    if course is None or not isinstance(body, str):
        return []
    excluded = executors.excluded(session, course)
    return _people(session, [one for one in people.members(session, body) if one.id not in excluded])


def _outdated_bodies(session: Session, course: Course | None, _data: Data) -> list[Option]:
    agreement = agreements.current(session, course.id) if course else None
    found = agreements.outdated(session, agreement.id) if agreement else {}
    return [_organisation(session.get_one(Organisation, body_id)) for body_id in found]


def _own_reviewers(session: Session, course: Course | None, _data: Data) -> list[Option]:
    """Administrators who may not decide on this course because they prepared it (A14)."""
    return _people(session, executors.own_reviewers(session, course)) if course else []


def _organisation(one: Organisation, *, code: bool = True) -> Option:
    if not code:
        return Option(one.id, one.name)
    return Option(one.id, Text(f"{one.code_ru} – {one.name_ru}", f"{one.code_en} – {one.name_en}"))


def _people(session: Session, found: Sequence[Person]) -> list[Option]:
    """Name and organisation, so that namesakes are told apart."""
    wanted = {person.organisation_id for person in found if person.organisation_id}
    query = sa.select(Organisation).where(Organisation.id.in_(wanted))
    known = {one.id: one for one in session.scalars(query)}
    options = []
    for person in found:
        home = known.get(person.organisation_id or "")
        ru, en = (f", {home.name_ru}", f", {home.name_en}") if home else ("", "")
        options.append(Option(person.id, Text(f"{person.name_ru}{ru}", f"{person.name_en}{en}")))
    return sorted(options, key=lambda option: str(option.label))


_LISTS: Mapping[str, Callable[[Session, Course | None, Data], list[Option]]] = {
    "bodies": _bodies,
    "creators": _creators,
    "executors": _executors,
    "members": _members,
    "nmis": _nmis,
    "outdated_bodies": _outdated_bodies,
    "own_reviewers": _own_reviewers,
    "participants": _participants,
    "people": _everybody,
    "representatives": _representatives,
    "survey_recipients": _survey_recipients,
    "topics": _topics,
    "volunteers": _volunteers,
}

_USED: Mapping[str, frozenset[str]] = {
    "course_registration": frozenset({"bodies", "nmis", "executors", "creators", "people"}),
    "agreement_proposal": frozenset({"bodies", "executors"}),
    "agreement_confirmation": frozenset({"bodies", "executors", "participants"}),
    "sheet_verdict": frozenset({"members"}),
    "agreement_ask_again": frozenset({"outdated_bodies"}),
    "agreement_receipt": frozenset({"creators"}),
    **dict.fromkeys(
        ("sheet_vacancy", "sheet_send", "sheet_verdict_member", "sheet_rework", "materials_follow"), frozenset[str]()
    ),
    **dict.fromkeys(("agreement_chair", "agreement_final"), frozenset[str]()),
    "course_entry": frozenset({"bodies", "nmis", "executors", "topics"}),
    "survey_campaign": frozenset({"survey_recipients"}),
    "survey_materials": frozenset({"executors"}),
    **dict.fromkeys(("survey_contacts", "survey_answer", "survey_closing", "survey_topics"), frozenset[str]()),
    "register_request": frozenset[str](),
    **dict.fromkeys(("monitoring_log", "annual_meeting"), frozenset[str]()),
    **dict.fromkeys(("annual_meeting_move", "annual_report_words"), frozenset[str]()),
    "creation_coordinators": frozenset({"people"}),
    "creation_materials": frozenset({"representatives"}),
    "creation_organisation": frozenset({"representatives"}),
    "creator_choice": frozenset({"creators", "volunteers"}),
    **dict.fromkeys(("creation_request", "creation_consent", "creation_preparation"), frozenset[str]()),
    **dict.fromkeys(("creation_submission", "creation_rework", "creator_poll"), frozenset[str]()),
    **dict.fromkeys(("creator_poll_end", "creator_escalation"), frozenset[str]()),
    "review_exception": frozenset({"own_reviewers"}),
    **dict.fromkeys(surveys.FORMS, frozenset[str]()),
    **dict.fromkeys(("approval_form", "moodle_by_hand_inspect", "moodle_by_hand_publish"), frozenset[str]()),
    **dict.fromkeys(("announcement_invitations", "announcement_undelivered", "portal_placed"), frozenset[str]()),
    **dict.fromkeys(shown_in_actualisation.FORMS, frozenset[str]()),
    **dict.fromkeys(("certificate_decision", "certificate_by_hand"), frozenset[str]()),
    **dict.fromkeys(("access_settle", "access_by_hand"), frozenset[str]()),
}


def names() -> list[str]:
    """The lists that a field may take its answers from (`options_from`)."""
    return sorted(_LISTS)
