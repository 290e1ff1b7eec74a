"""What waits for a person: indexed queries that never run the engine and never touch a table of other parts.

Who may act is computed from what the actor holds today. Each holding is one walk along an index, in the order in
which the page shows it and no further than the page; so the time does not grow with the number of open tasks.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.errors import N_, Invalid
from app.i18n import Text, fold
from app.identity.actors import Actor
from app.identity.models import Organisation
from app.workflow import inbox_reach, past_diagrams, releases
from app.workflow.columns import FOREVER
from app.workflow.inbox_reach import Condition
from app.workflow.models import Instance, Subject, Task

View = Literal["mine", "roles", "done"]
Sort = Literal["due", "newest", "oldest"]
PAGE = 50
COUNTED = 100
"""Counts stop here: "99+" says enough, and costs the same however many there are."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the inbox."""

    task: Task
    name: Text
    clause: str | None
    subject: Text | None
    organisation: Text | None
    """Code of the organisation for which the task is done."""
    overdue: bool


@dataclass(frozen=True, slots=True)
class Page:
    """`next`: hand it in as `after` for the page that follows; None on the last."""

    rows: tuple[Row, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Counts:
    """Each at most COUNTED."""

    mine: int
    roles: int
    overdue: int
    """Of mine and those of my roles."""


@dataclass(frozen=True, slots=True)
class _Order:
    column: Any
    descending: bool

    def of(self, column: Any, ident: Any) -> tuple[Any, Any]:
        return (column.desc(), ident.desc()) if self.descending else (column, ident)


def query(
    session: Session,
    actor: Actor,
    view: View = "mine",
    *,
    search: str = "",
    sort: Sort = "due",
    after: str | None = None,
    size: int = PAGE,
) -> Page:
    """One page. Raises Invalid for an `after` that no page gave."""
    words, position = fold(search).split(), _position(after)
    occurrences = [_word(session, word) for word in words]
    if any(one is None for one in occurrences):
        return Page((), None)
    page = _part(actor, view, sort, size, occurrences, position) if words or position else _top(actor, view, sort, size)
    if page is None:
        return Page((), None)
    found = session.execute(page).all()
    shown = found[:size]
    rows = tuple(_row(session, *parts) for parts in shown)
    return Page(rows, _mark(shown[-1][0], view, sort) if len(found) > size else None)


def counts(session: Session, actor: Actor) -> Counts:
    """How much waits, in one statement."""
    return Counts(*session.execute(_counting(actor), {"now": clock.now()}).one())


@lru_cache(maxsize=8)
def _counting(actor: Actor) -> Any:
    """Kept for those who come often: building it costs more than running it."""
    mine, roles = _conditions(actor, "mine"), _conditions(actor, "roles")
    late = [sa.and_(one, Task.due < sa.bindparam("now")) for one in (*mine, *roles)]
    return sa.select(_bounded(mine), _bounded(roles), _bounded(late))


def next_of(session: Session, actor: Actor, instance_id: str) -> Task | None:
    """The open task of the instance with which the actor can go on after completing another."""
    query = sa.select(Task).where(Task.instance_id == instance_id, inbox_reach.OPEN).order_by(Task.due, Task.id)
    for task in session.scalars(query.limit(PAGE)):
        free = task.claimed_by in (None, actor.person_id)
        if free and actor.may(task.role, task.organisation, task.subject, task.person, task.exclude or ()):
            return task
    return None


@lru_cache(maxsize=8)
def _top(actor: Actor, view: View, sort: Sort, size: int) -> Any:
    """The first page, kept like the counts."""
    return _part(actor, view, sort, size, (), None)


def _part(
    actor: Actor,
    view: View,
    sort: Sort,
    size: int,
    occurrences: Sequence[Condition | None],
    position: tuple[datetime, str] | None,
) -> Any:
    """The statement of one page; None where nothing can fall to the actor."""
    order, said = _order(view, sort), [one for one in occurrences if one is not None]
    walks = [_walk(sa.and_(one, *said), order, position, size + 1) for one in _conditions(actor, view)]
    return _page(walks, order, size + 1) if walks else None


def _conditions(actor: Actor, view: View) -> list[Condition]:
    return {"mine": inbox_reach.mine, "roles": inbox_reach.of_roles, "done": inbox_reach.done}[view](actor)


def _order(view: View, sort: Sort) -> _Order:
    if view == "done":
        return _Order(Task.closed_at, sort != "oldest")
    return _Order(Task.due, False) if sort == "due" else _Order(Task.opened_at, sort == "newest")


def _walk(condition: Condition, order: _Order, position: tuple[datetime, str] | None, size: int) -> Any:
    walk = sa.select(Task.id, order.column.label("place")).where(condition)
    if position is not None:
        here: Any = sa.tuple_(order.column, Task.id)
        there: Any = sa.tuple_(sa.bindparam(None, position[0], order.column.type), sa.literal(position[1]))
        walk = walk.where(here < there if order.descending else here > there)
    return sa.select(walk.order_by(*order.of(order.column, Task.id)).limit(size).subquery())


def _page(walks: Sequence[Any], order: _Order, size: int) -> Any:
    """The first of all walks together, each task once, with all that a line shows."""
    both = _united(walks).subquery()
    first = sa.select(both.c.id).order_by(*order.of(both.c.place, both.c.id)).limit(size).subquery()
    return (
        sa.select(Task, Instance.release_id, Subject, Organisation)
        .join(first, first.c.id == Task.id)
        .join(Instance, Instance.id == Task.instance_id)
        .outerjoin(Subject, Subject.key == Task.subject)
        .outerjoin(Organisation, Organisation.id == Task.organisation)
        .order_by(*order.of(order.column, Task.id))
    )


def _united(walks: Sequence[Any]) -> Any:
    return walks[0].union(*walks[1:]) if len(walks) > 1 else walks[0]


def _bounded(conditions: Sequence[Condition]) -> Any:
    """A count that stops at COUNTED."""
    if not conditions:
        return sa.literal(0)
    walks = [sa.select(sa.select(Task.id).where(one).limit(COUNTED).subquery()) for one in conditions]
    found = _united(walks).subquery()
    return sa.select(sa.func.count()).select_from(sa.select(found).limit(COUNTED).subquery()).scalar_subquery()


def _word(session: Session, word: str) -> Condition | None:
    """The word occurs in what the task is about, in its name, or in its organisation's names; None: nowhere at all."""
    about = sa.select(Subject.key).where(Subject.folded.contains(word, autoescape=True))
    where = sa.select(Organisation.id).where(Organisation.folded.contains(word, autoescape=True))
    found: list[Condition] = []
    if session.scalar(about.limit(1)) is not None:
        found.append(Task.subject.in_(about))
    if organisations := list(session.scalars(where)):
        found.append(Task.organisation.in_(organisations))
    if elements := _elements(session, word):
        found.append(sa.tuple_(Task.process, Task.element).in_(elements))
    return sa.or_(*found) if found else None


def _elements(session: Session, word: str) -> list[tuple[str, str]]:
    """User tasks of the newest release whose name has the word in either language."""
    release = releases.current(session)
    if release is None:
        return []
    return [
        (process.id, element.id)
        for process in releases.specification(session, release.id).processes.values()
        for element in process.elements.values()
        if element.form and word in fold(f"{element.name.ru} {element.name.en} {element.clause or ''}")
    ]


def _row(
    session: Session, task: Task, release_id: str, subject: Subject | None, organisation: Organisation | None
) -> Row:
    element = past_diagrams.element(session, release_id, task)
    late = task.closed_at is None and task.due is not None and task.due < clock.now()
    return Row(
        task=task,
        name=Text(task.title, task.title) if task.title else element.name,
        clause=element.clause,
        subject=Text(subject.title_ru, subject.title_en) if subject else None,
        organisation=organisation.code if organisation else None,
        overdue=late,
    )


def _mark(task: Task, view: View, sort: Sort) -> str:
    place = task.closed_at if view == "done" else task.due if sort == "due" else task.opened_at
    return base64.urlsafe_b64encode(orjson.dumps([place or FOREVER, task.id])).decode()


def _position(mark: str | None) -> tuple[datetime, str] | None:
    if not mark:
        return None
    try:
        moment, ident = orjson.loads(base64.urlsafe_b64decode(mark))
        return datetime.fromisoformat(moment), str(ident)
    except (ValueError, TypeError, binascii.Error):
        raise Invalid(N_("This page of the list does not exist.")) from None
