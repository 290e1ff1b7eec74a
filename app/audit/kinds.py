"""What can happen, in one list. A kind reads `subject:action`; it is part of what is hashed, so it is never renamed."""

from enum import StrEnum
from typing import Literal, get_args

StreamKind = Literal["instance", "person", "register", "release", "site"]
STREAM_KINDS: tuple[StreamKind, ...] = get_args(StreamKind)


class Kind(StrEnum):
    """Append at the end of a group; what was once written must stay readable."""

    # people and their rights
    PERSON_CREATED = "person:created"
    PERSON_CHANGED = "person:changed"
    PERSON_DEACTIVATED = "person:deactivated"
    PERSON_REACTIVATED = "person:reactivated"
    PERSON_ERASED = "person:erased"
    APPOINTMENT_MADE = "appointment:made"
    APPOINTMENT_CHANGED = "appointment:changed"
    APPOINTMENT_ENDED = "appointment:ended"
    SUBSTITUTION_MADE = "substitution:made"
    SUBSTITUTION_CHANGED = "substitution:changed"
    SUBSTITUTION_ENDED = "substitution:ended"
    SIGNED_IN = "session:started"
    SIGNED_OUT = "session:ended"
    SIGN_IN_REFUSED = "session:refused"
    ACCESS_DENIED = "access:denied"
    SIGN_IN_LOCKED = "session:locked"
    SESSION_RENEWED = "session:renewed"
    SESSIONS_REVOKED = "session:revoked"
    PERSON_INVITED = "person:invited"
    PASSWORD_FORGOTTEN = "password:forgotten"  # noqa: S105 - a kind of event
    PASSWORD_SET = "password:set"  # noqa: S105
    PASSWORD_CHANGED = "password:changed"  # noqa: S105

    # organisations and calendars
    ORGANISATION_CREATED = "organisation:created"
    ORGANISATION_CHANGED = "organisation:changed"
    REFERENCE_LOADED = "reference:loaded"
    CALENDAR_EXCEPTION_SET = "calendar_exception:set"
    CALENDAR_EXCEPTION_REMOVED = "calendar_exception:removed"
    SETTING_CHANGED = "setting:changed"
    EVIDENCE_KEY_INTRODUCED = "evidence_key:introduced"
    EVIDENCE_EXPORTED = "evidence:exported"

    # releases
    RELEASE_OFFERED = "release:offered"
    RELEASE_PUBLISHED = "release:published"

    # process instances
    INSTANCE_STARTED = "instance:started"
    INSTANCE_SUSPENDED = "instance:suspended"
    INSTANCE_RESUMED = "instance:resumed"
    INSTANCE_CANCELLED = "instance:cancelled"
    INSTANCE_MIGRATED = "instance:migrated"
    INSTANCE_ENDED = "instance:ended"
    TASK_OPENED = "task:opened"
    TASK_CLAIMED = "task:claimed"
    TASK_GIVEN_BACK = "task:given_back"
    TASK_DELEGATED = "task:delegated"
    TASK_REASSIGNED = "task:reassigned"
    TASK_COMPLETED = "task:completed"
    TASK_CANCELLED = "task:cancelled"
    TASK_DENIED = "task:denied"
    DEADLINE_SET = "deadline:set"
    DEADLINE_EXTENDED = "deadline:extended"
    DEADLINE_CLOCK_STOPPED = "deadline:clock_stopped"
    DEADLINE_CLOCK_STARTED = "deadline:clock_started"
    DEADLINE_PASSED = "deadline:passed"
    TIMER_FIRED = "timer:fired"
    MESSAGE_SENT = "message:sent"
    MESSAGE_RECEIVED = "message:received"
    JOB_ENQUEUED = "job:enqueued"
    JOB_DONE = "job:done"
    JOB_FAILED = "job:failed"
    JOB_ANSWERED_BY_HAND = "job:answered_by_hand"
    JOB_CANCELLED = "job:cancelled"
    INCIDENT_OPENED = "incident:opened"
    INCIDENT_RETRIED = "incident:retried"
    INCIDENT_CLOSED = "incident:closed"
    EVENT_PLANNED = "event:planned"
    EVENT_WITHDRAWN = "event:withdrawn"
    EVENT_ANNOUNCED = "event:announced"

    # courses
    COURSE_REGISTERED = "course:registered"
    COURSE_CHANGED = "course:changed"
    COURSE_PUBLISHED = "course:published"
    COURSE_ANNULLED = "course:annulled"
    MATERIALS_ADDED = "materials:added"
    DOCUMENT_ARCHIVED = "document:archived"
    LETTER_SENT = "letter:sent"
    LETTER_FAILED = "letter:failed"
    LETTER_BOUNCED = "letter:bounced"
    CERTIFICATE_ISSUED = "certificate:issued"

    # agreement (section 7)
    AGREEMENT_OPENED = "agreement:opened"
    BODIES_PROPOSED = "bodies:proposed"
    BODIES_CHOSEN = "bodies:chosen"
    EXCEPTION_GRANTED = "exception:granted"
    EXCEPTION_ENDED = "exception:ended"
    SHEET_OPENED = "sheet:opened"
    SHEET_SENT = "sheet:sent"
    REVIEWER_APPOINTED = "reviewer:appointed"
    REVIEWER_RETURNED = "reviewer:returned"
    VERDICT_GIVEN = "verdict:given"
    SHEET_REWORKED = "sheet:reworked"
    SHEET_REOPENED = "sheet:reopened"
    SHEET_STANDS = "sheet:stands"
    CHAIR_CONFIRMED = "chair:confirmed"
    PACKAGE_FROZEN = "package:frozen"
    PACKAGE_HANDED_OVER = "package:handed_over"

    # creation (section 6)
    POLL_OPENED = "poll:opened"
    POLL_ANSWERED = "poll:answered"
    POLL_CLOSED = "poll:closed"
    CREATOR_CHOSEN = "creator:chosen"
    ORGANISED = "course:organised"
    COORDINATORS_NAMED = "coordinators:named"
    COORDINATORS_AGREED = "coordinators:agreed"
    PREPARATION_BEGAN = "preparation:began"
    COURSE_PREPARED = "course:prepared"
    COURSE_SUBMITTED = "course:submitted"
    COURSE_REWORKED = "course:reworked"
    COURSE_WITHDRAWN = "course:withdrawn"
    WAIVER_GRANTED = "waiver:granted"
    QUESTION_ASKED = "question:asked"
    QUESTION_ANSWERED = "question:answered"
    WORKING_FILE_ADDED = "working_file:added"

    # expert review, approval, announcement (sections 8 and 12)
    REFERENCE_CHANGED = "reference:changed"
    REVIEW_OPENED = "review:opened"
    PLATFORM_CHECKED_BY_HAND = "platform:checked_by_hand"
    APPROVAL_GIVEN = "approval:given"
    APPROVAL_REFUSED = "approval:refused"
    INVITATIONS_SENT = "invitations:sent"
    INVITATION_ANSWERED = "invitation:answered"
    PORTAL_PLACED = "portal:placed"
