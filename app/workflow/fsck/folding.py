"""Reading the evidence of all instances once: what it says about each."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.kinds import Kind
from app.audit.models import EventRow, StreamRow

ENDS = {Kind.INSTANCE_ENDED.value, Kind.INSTANCE_CANCELLED.value}


@dataclass(slots=True)
class Fold:
    """An instance as its events tell it."""

    revisions: list[int] = field(default_factory=list)
    state: str | None = None
    """Checksum after the last step."""
    end: str | None = None
    ended: bool = False
    after_end: list[int] = field(default_factory=list)
    """Numbers of steps after the end."""
    opened: Counter[str] = field(default_factory=Counter)
    """Task -> how often it was opened."""
    closed: Counter[str] = field(default_factory=Counter)
    asked: set[str] = field(default_factory=set)
    """Calls for which a job was written."""
    answered: set[str] = field(default_factory=set)
    sent: dict[str, str] = field(default_factory=dict)
    """Submission -> digest."""
    sent_twice: list[str] = field(default_factory=list)
    completed: dict[str, str] = field(default_factory=dict)
    """Task -> person."""
    inside: Counter[str] = field(default_factory=Counter)
    """Element as the way names it -> how many tokens have entered and not left it."""
    back_in_time: list[int] = field(default_factory=list)
    last_at: datetime | None = None

    @property
    def standing(self) -> set[str]:
        """Tasks that the events have opened and not closed."""
        return {task for task, times in self.opened.items() if times > self.closed[task]}

    def take(self, n: int, at: datetime, actor: str, kind: str, body: dict[str, Any]) -> None:
        if self.last_at is not None and at < self.last_at:
            self.back_in_time.append(n)
        self.last_at = at
        if "rev" in body:
            self._take_step(n, body)
        if kind in ENDS:
            self.ended, self.end = True, body.get("end")
        if "submission" in body:
            if body["submission"] in self.sent:
                self.sent_twice.append(body["submission"])
            self.sent[body["submission"]] = body.get("digest", "")
        if kind == Kind.TASK_COMPLETED.value:
            self.closed[body["task"]] += 1
            self.completed[body["task"]] = actor
        if kind in (Kind.JOB_DONE.value, Kind.JOB_FAILED.value, Kind.JOB_ANSWERED_BY_HAND.value):
            self.answered.add(str(body.get("call")))

    def _take_step(self, n: int, body: dict[str, Any]) -> None:
        if self.ended:
            self.after_end.append(n)
        self.revisions.append(body["rev"])
        self.state = body.get("state")
        self.opened.update(body.get("opened", {}).keys())
        self.closed.update(body.get("withdrawn", ()))
        self.asked |= body.get("asked", {}).keys()
        for step in body["way"].split():
            if step[0] in ">+-":
                self.inside[step[1:]] += 1 if step[0] == ">" else -1


def folds(session: Session) -> dict[str, Fold]:
    """By instance."""
    found: dict[str, Fold] = {}
    for ident, n, at, actor, kind, body in _events(session):
        found.setdefault(ident, Fold()).take(n, at, actor, kind, json.loads(body))
    return found


def _events(session: Session) -> Iterator[Any]:
    query = (
        sa.select(StreamRow.ident, EventRow.n, EventRow.at, EventRow.actor, EventRow.kind, EventRow.body)
        .join(StreamRow, StreamRow.id == EventRow.stream)
        .where(StreamRow.kind == "instance")
        .order_by(EventRow.stream, EventRow.n)
        .execution_options(yield_per=1000)
    )
    yield from session.execute(query)
