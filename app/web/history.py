"""Evidence in words: who did what and when, for the pages of a task, a course, an instance."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.audit.evidence import Event, Stream
from app.audit.history import merged_history
from app.audit.kinds import Kind
from app.errors import N_
from app.i18n import Text, format_date, gettext
from app.identity import people
from app.workflow import past_diagrams, releases
from app.workflow.models import Instance

WORDS: Mapping[Kind, str] = {
    Kind.INSTANCE_STARTED: N_("began the procedure"),
    Kind.INSTANCE_SUSPENDED: N_("suspended the procedure"),
    Kind.INSTANCE_RESUMED: N_("resumed the procedure"),
    Kind.INSTANCE_CANCELLED: N_("cancelled the procedure"),
    Kind.INSTANCE_MIGRATED: N_("moved the procedure from release %(from)s to release %(to)s"),
    Kind.INSTANCE_MOVE_UNDONE: N_("put the procedure back from release %(from)s to release %(to)s"),
    Kind.INSTANCE_ENDED: N_("the procedure has ended"),
    Kind.TASK_CLAIMED: N_("claimed “%(element)s”"),
    Kind.TASK_GIVEN_BACK: N_("gave back “%(element)s”"),
    Kind.TASK_COMPLETED: N_("completed “%(element)s”"),
    Kind.TASK_CANCELLED: N_("“%(element)s” was withdrawn"),
    Kind.DEADLINE_EXTENDED: N_("extended the deadline to %(due)s"),
    Kind.DEADLINE_CLOCK_STOPPED: N_("stopped the clock of the deadline"),
    Kind.DEADLINE_CLOCK_STARTED: N_("started the clock of the deadline again"),
    Kind.DEADLINE_PASSED: N_("the deadline passed"),
    Kind.TIMER_FIRED: N_("the time for “%(element)s” came"),
    Kind.MESSAGE_RECEIVED: N_("a message arrived"),
    Kind.JOB_FAILED: N_("“%(element)s” failed"),
    Kind.JOB_ANSWERED_BY_HAND: N_("answered “%(element)s” by hand"),
    Kind.INCIDENT_OPENED: N_("“%(element)s” stands still: an incident"),
    Kind.INCIDENT_RETRIED: N_("had “%(element)s” tried again"),
    Kind.COURSE_REGISTERED: N_("registered the course"),
    Kind.COURSE_CHANGED: N_("changed the course's record"),
    Kind.POLL_OPENED: N_("a poll of creators was opened"),
    Kind.POLL_CLOSED: N_("the poll of creators was closed"),
    Kind.COURSE_SUBMITTED: N_("submitted the course for approval"),
    Kind.COURSE_WITHDRAWN: N_("withdrew the course"),
    Kind.WAIVER_GRANTED: N_("allowed an exception"),
    Kind.QUESTION_ASKED: N_("asked a question"),
    Kind.QUESTION_ANSWERED: N_("answered a question"),
    Kind.WORKING_FILE_ADDED: N_("shared a working file"),
    Kind.MATERIALS_ADDED: N_("added version %(version)s of the materials"),
    Kind.DOCUMENT_ARCHIVED: N_("put the package in the Secretariat's archive"),
    Kind.LETTER_SENT: N_("a letter was sent"),
    Kind.LETTER_FAILED: N_("a letter could not be sent"),
    Kind.LETTER_BOUNCED: N_("a letter came back"),
    Kind.LETTER_SENT_AGAIN: N_("had a letter sent again"),
    Kind.REVIEW_OPENED: N_("the expert review began"),
    Kind.PLATFORM_CHECKED_BY_HAND: N_("compared the course with the platform by hand"),
    Kind.APPROVAL_GIVEN: N_("approved the course, form %(number)s"),
    Kind.APPROVAL_REFUSED: N_("returned the course for rework, form %(number)s"),
    Kind.COURSE_PUBLISHED: N_("the course was published on the platform"),
    Kind.INVITATIONS_SENT: N_("sent the invitations to training"),
    Kind.INVITATION_ANSWERED: N_("settled an invitation that did not arrive"),
    Kind.PORTAL_PLACED: N_("confirmed the list on the web portal"),
    Kind.SURVEY_FROZEN: N_("the figures of satisfaction were computed, analysis %(number)s"),
    Kind.SURVEY_ANALYSED: N_("analysed the satisfaction of learners"),
    Kind.SURVEY_RETURNED: N_("returned the analysis of satisfaction"),
    Kind.SURVEY_CONFIRMED: N_("confirmed the analysis of satisfaction %(number)s"),
    Kind.CHECK_BEGAN: N_("check no %(number)s of the topicality began"),
    Kind.CONCLUSION_GIVEN: N_("gave a conclusion on the topicality: %(outcome)s"),
    Kind.CHECK_CLOSED: N_("the check of the topicality was closed: %(outcome)s"),
    Kind.DECISION_TAKEN: N_("recorded TC 4's decision %(number)s: %(outcome)s"),
    Kind.COURSE_ANNULLED: N_("the course was annulled by decision %(number)s of TC 4"),
    Kind.EDITION_PROPOSED: N_("handed in the changes of edition %(number)s"),
    Kind.AGREEMENT_WAIVED: N_("decided whether editorial changes are agreed anew"),
    Kind.EDITION_SUBMITTED: N_("submitted edition %(number)s for the expert review"),
    Kind.EDITION_APPROVED: N_("the new version was taken over into the record"),
    Kind.EDITION_IN_FORCE: N_("opened edition %(number)s to learners"),
    Kind.LEARNERS_TOLD: N_("told the learners of the annulment on the platform"),
    Kind.PLATFORM_HIDDEN: N_("the course was taken from the list on the platform"),
    Kind.PORTAL_REMOVED: N_("confirmed that the list on the web portal no longer has the course"),
    Kind.FIGURES_READ: N_("the figures were read from the platform"),
    Kind.LOG_TAKEN: N_("brought a log export"),
    Kind.LOG_IMPORTED: N_("the log export was imported"),
    Kind.LOG_REFUSED: N_("the log export was refused"),
    Kind.REPORT_TAKEN: N_("brought a report of the platform"),
    Kind.REPORT_IMPORTED: N_("the report of the platform was imported"),
    Kind.REPORT_REFUSED: N_("the report of the platform was refused"),
    Kind.IMPORT_TAKEN_BACK: N_("took an import back"),
    Kind.MEETING_SET: N_("set the day of the meeting of TC 4"),
    Kind.ANNUAL_REPORT_PREPARED: N_("the figures of the report were gathered"),
    Kind.ANNUAL_REPORT_SENT: N_("sent the report to TC 4"),
    Kind.CERTIFICATE_ISSUED: N_("certificate %(number)s was issued"),
    Kind.CERTIFICATE_REVOKED: N_("certificate %(number)s was revoked"),
    Kind.CERTIFICATE_TERMS_SET: N_("said how many hours certificates name"),
    Kind.ACCESS_LISTED: N_("made a list of those admitted to the course"),
    Kind.ACCESS_KEY_SENT: N_("sent the enrolment key by single letters"),
    Kind.ACCESS_KEY_FORGOTTEN: N_("the enrolment key was forgotten here"),
    Kind.LEARNERS_ENROLLED: N_("learners were enrolled by the list"),
    Kind.LEARNERS_SETTLED: N_("decided on accounts that were not enrolled"),
    Kind.APPOINTMENT_MADE: N_("made an appointment"),
    Kind.APPOINTMENT_CHANGED: N_("changed an appointment"),
    Kind.APPOINTMENT_ENDED: N_("ended an appointment"),
    Kind.SUBSTITUTION_MADE: N_("entered a substitution from %(first)s to %(last)s"),
    Kind.SUBSTITUTION_CHANGED: N_("changed the substitution: from %(first)s to %(last)s"),
    Kind.SUBSTITUTION_ENDED: N_("ended the substitution with %(last)s"),
    Kind.CALENDAR_EXCEPTION_SET: N_("entered %(day)s in the calendar"),
    Kind.CALENDAR_EXCEPTION_REMOVED: N_("took %(day)s out of the calendar"),
}
OUTCOMES: Mapping[str, str] = {
    "topical": N_("topical"),
    "update": N_("update"),
    "obsolete": N_("obsolete"),
    "updated": N_("updated"),
    "annulled": N_("annulled"),
    "annul": N_("annul"),
    "keep": N_("keep"),
}
"""What conclusions, checks and decisions of section 13 come to."""
SUBSTITUTIONS = (Kind.SUBSTITUTION_MADE, Kind.SUBSTITUTION_CHANGED, Kind.SUBSTITUTION_ENDED)
QUIET = frozenset({Kind.LETTER_SENT, Kind.TIMER_FIRED})
"""What the program does by itself all the time: of use on the page of an instance only."""


@dataclass(frozen=True, slots=True)
class Line:
    """One event; `who` is "" for what the program did by itself."""

    at: datetime
    who: str
    what: str
    reason: str
    kind: str
    seq: int


def lines(
    session: Session,
    streams: Sequence[Stream],
    instances: Sequence[Instance] = (),
    limit: int = 50,
    *,
    quiet: bool = True,
    kinds: Collection[Kind] = WORDS,
) -> list[Line]:
    """The newest events of the streams, in the reader's language; `quiet` leaves out what nobody did."""
    kinds = [kind for kind in kinds if not quiet or kind not in QUIET]
    events = merged_history(session, streams, limit=limit, kinds=kinds).events
    return told(session, events, names_of(session, events), instances)


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines, newest first; `before` is where the next (older) page begins, None at the end."""

    lines: list[Line]
    before: int | None


def page(
    session: Session, streams: Sequence[Stream], instances: Sequence[Instance], before: int | None, limit: int
) -> Page:
    """One page of all that people did and that happened, without what nobody did."""
    kinds = [kind for kind in WORDS if kind not in QUIET]
    found = merged_history(session, streams, before=before, limit=limit, kinds=kinds)
    return Page(told(session, found.events, names_of(session, found.events), instances), found.before)


def names_of(session: Session, events: Sequence[Event]) -> dict[str, Text]:
    """The people who caused them, by id, in one statement."""
    return people.names(session, {event.actor for event in events if not event.actor.startswith("system:")})


def told(
    session: Session, events: Iterable[Event], names: Mapping[str, Text], instances: Sequence[Instance]
) -> list[Line]:
    """Those of the events that there are words for."""
    known = {instance.id: instance for instance in instances}
    return [
        Line(
            at=event.at,
            who=str(names.get(event.actor, "")),
            what=_words(session, event, known.get(event.stream_id)),
            reason=str((event.personal or {}).get("reason", "")),
            kind=event.kind.value,
            seq=event.seq,
        )
        for event in events
        if event.kind in WORDS
    ]


def _words(session: Session, event: Event, instance: Instance | None) -> str:
    element = _element(session, str(event.body.get("element") or ""), instance)
    return gettext(WORDS[event.kind], **{**_plain(event.body), "element": element or event.body.get("operation", "")})


def _plain(body: Mapping[str, Any]) -> dict[str, object]:
    """Only an event of one deadline has one day; a step's are a mapping, and its words name none."""
    due = body.get("due")
    day = format_date(date.fromisoformat(due[:10])) if isinstance(due, str) and due else ""
    outcome = next((str(body[name]) for name in ("outcome", "result", "act") if isinstance(body.get(name), str)), "")
    found = {"due": day, "version": body.get("version", ""), "number": body.get("number", "")}
    found |= {"from": body.get("from", ""), "to": body.get("to", "")}
    days = (("first", "valid_from"), ("last", "valid_to"), ("day", "day"))
    found |= {name: format_date(date.fromisoformat(text)) for name, key in days if (text := _day_in(body, key))}
    return {**found, "outcome": gettext(OUTCOMES[outcome]) if outcome in OUTCOMES else outcome}


def _day_in(body: Mapping[str, Any], key: str) -> str:
    value = body.get(key)
    return value if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value) else ""


def _element(session: Session, element: str, instance: Instance | None) -> str:
    """What the diagram calls it; the bare id where the instance is not at hand."""
    if instance is None or not element:
        return element
    specification = releases.load(session, instance.release_id).specification
    process, _, name = element.rpartition(":")
    for one in [process] if process else specification.processes:
        found = specification.processes[one].elements.get(name) if one in specification.processes else None
        if found is not None:
            return str(found.name) or element
    return str(past_diagrams.name(session, instance, process, name) or element)
