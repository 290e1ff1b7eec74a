"""Tables of monitoring (section 9). Views are counts; a person is named in the completion report alone (R9.2-c)."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.db import Model, new_id, new_secret

KINDS = ("student", "guest", "other")
"""Who looked: enrolled as a student, the platform's guest account, anybody else (teachers, visitors without role)."""
COURSE_PAGE = 0
"""In place of a module's number: the page of the course itself."""
IMPORT_STATES = ("waiting", "reading", "done", "refused", "leaving", "taken_back", "replaced")
"""`leaving`: being taken back; `replaced`: the platform itself has told the figures since."""
REPORTS = ("log", "progress", "completion", "overview", "responses")
"""The platform's log; completion of activities and of the course; grades and answers of a quiz."""
REPORT_STATES = ("planned", "prepared", "sent", "withdrawn")


def _course() -> Mapped[str]:
    return mapped_column(sa.ForeignKey("course.id"), primary_key=True)


def _one_of(column: str, values: tuple[str, ...]) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} IN ({', '.join(repr(v) for v in values)})", name=column)


class MonitoredCourse(Model):
    """What is known of a course as a whole, and when it was read; lists of all courses need no other table."""

    __tablename__ = "monitored_course"

    course_id: Mapped[str] = _course()
    viewer_key: Mapped[str] = mapped_column(default=new_secret)
    """Key of the pseudonyms in `viewer_day`: the same person has another one in every course."""
    asked_at: Mapped[datetime | None]
    """When the platform was last asked, whether it answered or not."""
    read_at: Mapped[datetime | None]
    """When the figures were read that are kept now."""
    trouble: Mapped[str] = mapped_column(default="")
    """Why the platform gives no figures: a right or a function is missing, or there is no access at all."""
    reading: Mapped[str] = mapped_column(default="")
    """Id of the reading that is under way; empty when none is."""
    to_read: Mapped[int] = mapped_column(default=0)
    left: Mapped[int] = mapped_column(default=0)
    """Learners of the reading under way, and how many of them are still to be read."""
    learners: Mapped[int] = mapped_column(default=0)
    completed: Mapped[int] = mapped_column(default=0)
    """Learners who have done every module with completion tracking."""
    past: Mapped[int] = mapped_column(default=0)
    """Learners counted only: their last visit lies longer ago than details are kept."""
    views: Mapped[int] = mapped_column(default=0)
    people: Mapped[int] = mapped_column(default=0)
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    """Days of the log that have been imported."""
    imported_at: Mapped[datetime | None]


class CourseModule(Model):
    """A module of the course on the platform, as it was last read there."""

    __tablename__ = "course_module"

    course_id: Mapped[str] = _course()
    cmid: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    position: Mapped[int]
    kind: Mapped[str]
    name: Mapped[str]
    tracked: Mapped[bool] = mapped_column(default=False)
    """Completion is tracked there."""
    gone: Mapped[bool] = mapped_column(default=False)
    """No longer shown on the platform; its figures stay."""


class MonitoredLearner(Model):
    """An active learner of a course, by the platform's own number."""

    __tablename__ = "monitored_learner"
    __table_args__ = (sa.Index("ix_monitored_learner_course_id_sorting", "course_id", "sorting", "user_id"),)

    course_id: Mapped[str] = _course()
    user_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    name: Mapped[str]
    search: Mapped[str]
    """The name folded for searching (A57)."""
    sorting: Mapped[str]
    """By which names stand in their order, in both alphabets."""
    last_access: Mapped[datetime | None] = mapped_column(index=True)
    done: Mapped[int] = mapped_column(default=0)
    """Modules done or passed."""
    reading: Mapped[str] = mapped_column(default="")
    """The reading in which the platform last listed this learner."""
    read_at: Mapped[datetime | None]


class LearnerModule(Model):
    """How far a learner is in a module: 0 not done, 1 done, 2 passed, 3 failed."""

    __tablename__ = "learner_module"
    __table_args__ = (sa.Index("ix_learner_module_course_id_cmid", "course_id", "cmid", "state"),)

    course_id: Mapped[str] = _course()
    user_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    cmid: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    state: Mapped[int]
    at: Mapped[datetime | None]


class LearnerAttempt(Model):
    """An attempt at a quiz or an interactive activity; what is None the platform does not supply."""

    __tablename__ = "learner_attempt"

    course_id: Mapped[str] = _course()
    user_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    cmid: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    ident: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    """The platform's own number of the attempt."""
    number: Mapped[int]
    state: Mapped[str]
    started: Mapped[datetime | None]
    finished: Mapped[datetime | None]
    seconds: Mapped[int | None]
    grade: Mapped[float | None]
    highest: Mapped[float | None]
    answers: Mapped[list[Any] | None]
    """{"slot", "question", "given", "right", "state", "mark", "highest"} of each question; None: not read."""


class LogImport(Model):
    """A log or another report of the platform that somebody brought; the file is gone when its import is over."""

    __tablename__ = "log_import"
    __table_args__ = (_one_of("state", IMPORT_STATES), _one_of("report", REPORTS))

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    course_id: Mapped[str] = mapped_column(sa.ForeignKey("course.id"), index=True)
    report: Mapped[str] = mapped_column(default="log")
    cmid: Mapped[int | None] = mapped_column(sa.BigInteger)
    """The module that a quiz's report is about."""
    name: Mapped[str]
    size: Mapped[int] = mapped_column(sa.BigInteger)
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    zone: Mapped[str]
    """Zone in which the times are written: that of whoever downloaded the file."""
    day_first: Mapped[bool] = mapped_column(default=True)
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=clock.now)
    state: Mapped[str] = mapped_column(default="waiting", index=True)
    layout: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """How the file is to be read: encoding, delimiter, columns."""
    offset: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    """Bytes that have been read and counted."""
    rows: Mapped[int] = mapped_column(default=0)
    counted: Mapped[int] = mapped_column(default=0)
    """Rows read, and those among them that are views."""
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    trouble: Mapped[str] = mapped_column(default="")
    """English msgid of why it was refused."""
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    ended_at: Mapped[datetime | None]
    kept: Mapped[bool] = mapped_column(default=False)
    """What it brought is still kept by itself, so that it can be taken back."""


class LogTally(Model):
    """Views that an import brought; joined into `viewer_day` at its end, and kept so that it can be taken back."""

    __tablename__ = "log_tally"

    import_id: Mapped[str] = mapped_column(sa.ForeignKey("log_import.id"), primary_key=True)
    cmid: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    viewer: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str]
    views: Mapped[int]


class BroughtRow(Model):
    """What a report says about one person, or one attempt; the latest reports make the learners' figures (R9.2-c…e)."""

    __tablename__ = "brought_row"
    __table_args__ = (sa.Index("ix_brought_row_import_id_person", "import_id", "person"),)

    import_id: Mapped[str] = mapped_column(sa.ForeignKey("log_import.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[int] = mapped_column(sa.BigInteger)
    """Pseudonym of the e-mail address within the course: the address itself is not kept."""
    user_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    """The platform's own number, which one of the reports tells."""
    name: Mapped[str]
    told: Mapped[dict[str, Any]]
    """`states`: [[place of the module, state, moment]…], or an `attempt`."""


class ViewerDay(Model):
    """How often somebody looked at a module on a day, under a pseudonym, so that people are counted once.

    Kept as long as details are kept (a setting); afterwards only `view_day` remains.
    """

    __tablename__ = "viewer_day"
    __table_args__ = (
        _one_of("kind", KINDS),
        sa.Index("ix_viewer_day_course_id_kind", "course_id", "kind", "cmid", "viewer", "day"),
    )

    course_id: Mapped[str] = _course()
    cmid: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    viewer: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str]
    views: Mapped[int]


class ViewDay(Model):
    """Views of a module on a day by one kind of people, and how many people they were."""

    __tablename__ = "view_day"
    __table_args__ = (_one_of("kind", KINDS),)

    course_id: Mapped[str] = _course()
    cmid: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    views: Mapped[int]
    people: Mapped[int]


class AnnualReport(Model):
    """The administrator's report to an annual meeting of TC 4 (9.3, 11.3); one since the meeting before (A30)."""

    __tablename__ = "annual_report"
    __table_args__ = (_one_of("state", REPORT_STATES),)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(unique=True)
    meeting_on: Mapped[date] = mapped_column(index=True)
    meeting_ru: Mapped[str] = mapped_column(default="")
    meeting_en: Mapped[str] = mapped_column(default="")
    """What the meeting is called, and where it takes place."""
    state: Mapped[str] = mapped_column(default="planned")
    since: Mapped[date | None]
    """First day of the period; None: from the beginning, there was no meeting before."""
    until: Mapped[date | None]
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What the report says, frozen when it was prepared."""
    words_ru: Mapped[str] = mapped_column(default="")
    words_en: Mapped[str] = mapped_column(default="")
    """The administrator's own text."""
    set_by: Mapped[str]
    set_at: Mapped[datetime] = mapped_column(default=clock.now)
    prepared_at: Mapped[datetime | None]
    sent_by: Mapped[str | None]
    sent_at: Mapped[datetime | None]
