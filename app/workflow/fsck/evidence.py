"""Tasks and submissions against the evidence (V07, V08, V13, V14, V19, V20)."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.i18n import Text
from app.identity.actors import Actor, Holding
from app.identity.models import Appointment, Substitution
from app.workflow.fsck.folding import Fold
from app.workflow.fsck.violation import Violation
from app.workflow.models import Submission, Task
from app.workflow.submissions import seal

_DAY = timedelta(days=1)


def check(session: Session, told: Mapping[str, Fold]) -> Iterator[Violation]:
    for ident, fold in told.items():
        yield from _fold(f"instance {ident}", fold)
    yield from _tasks(session, told)
    yield from _submissions(session, told)


def _fold(where: str, fold: Fold) -> Iterator[Violation]:
    for n in fold.after_end:
        yield Violation("V13", where, f"event {n} is a step after the end")
    for n in fold.back_in_time:
        yield Violation("V20", where, f"event {n} is older than the one before it")
    for task, times in fold.closed.items():
        if times > fold.opened[task]:
            yield Violation("V07", where, f"task {task} closed {times} times, opened {fold.opened[task]} times")
    for submission in fold.sent_twice:
        yield Violation("V19", where, f"submission {submission} counts twice")


def _tasks(session: Session, told: Mapping[str, Fold]) -> Iterator[Violation]:
    rights = _Rights(session)
    known: set[str] = set()
    for task in session.scalars(sa.select(Task).order_by(Task.id).execution_options(yield_per=1000)):
        known.add(task.id)
        where, fold = f"task {task.id}", told.get(task.instance_id, Fold())
        still_open = fold.opened[task.id] > fold.closed[task.id]
        if not fold.opened[task.id] or (task.closed_at is None and not still_open):
            yield Violation("V14", where, "it is not open in the evidence")
        if task.closed_by != fold.completed.get(task.id) and task.closed_by is not None:
            yield Violation("V07", where, f"completed by {task.closed_by}, which no event says")
        if task.closed_by is not None and not rights.had(task):
            yield Violation("V08", where, f"{task.closed_by} held no role for it")
    for ident, fold in told.items():
        for lost in sorted(fold.opened.keys() - known):
            yield Violation("V14", f"instance {ident}", f"task {lost} is lost")


class _Rights:
    """Who held what when, from the appointments and substitutions kept with their days."""

    def __init__(self, session: Session) -> None:
        self._appointments: dict[str, list[Appointment]] = {}
        self._absent: dict[str, list[Substitution]] = {}
        for appointment in session.scalars(sa.select(Appointment)):
            self._appointments.setdefault(appointment.person_id, []).append(appointment)
        for one in session.scalars(sa.select(Substitution)):
            self._absent.setdefault(one.substitute_id, []).append(one)

    def had(self, task: Task) -> bool:
        """Whether the person who completed the task might do so then; a day is forgiven either way for zones."""
        assert task.closed_at is not None
        assert task.closed_by is not None
        first, last = (task.closed_at - _DAY).date(), (task.closed_at + _DAY).date()
        held = [
            Holding(one.role, one.organisation_id, one.subject, absent)
            for person, absent in self._stands_for(task.closed_by, first, last)
            for one in self._appointments.get(person, ())
            if one.valid_from <= last and (one.valid_to is None or one.valid_to >= first)
        ]
        actor = Actor(task.closed_by, Text("", ""), "ru", "UTC", None, tuple(held))
        return actor.may(task.role, task.organisation, task.subject, task.person, task.exclude or ())

    def _stands_for(self, person: str, first: object, last: object) -> Iterator[tuple[str, str | None]]:
        yield person, None
        for one in self._absent.get(person, ()):
            if one.valid_from <= last and one.valid_to >= first:  # type: ignore[operator]  # both are dates
                yield one.absent_id, one.absent_id


def _submissions(session: Session, told: Mapping[str, Fold]) -> Iterator[Violation]:
    known: set[str] = set()
    for row in session.scalars(sa.select(Submission).execution_options(yield_per=1000)):
        known.add(row.id)
        said = told.get(row.instance_id, Fold()).sent.get(row.id)
        if said is None:
            yield Violation("V19", f"submission {row.id}", "no event says so")
        elif said != seal(row.nonce, row.values):
            yield Violation("V19", f"submission {row.id}", "its values are not those that were sent")
    for ident, fold in told.items():
        for lost in sorted(fold.sent.keys() - known):
            yield Violation("V19", f"instance {ident}", f"submission {lost} is lost")
