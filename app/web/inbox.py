"""The inbox: what waits for the reader, grouped by time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import get_args
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request

from app import clock
from app.errors import N_
from app.i18n import format_day
from app.web.access import current_actor, database
from app.web.due import GROUPS, Due, describe
from app.workflow import inbox
from app.workflow.inbox import Row, Sort, View

blueprint = Blueprint("inbox", __name__)

TITLES: dict[View, str] = {"mine": N_("Mine"), "roles": N_("My roles"), "done": N_("Done")}
EMPTY: dict[View, tuple[str, str]] = {
    "mine": (N_("Nothing waits for you"), N_("Tasks that you claimed or that name you come here.")),
    "roles": (N_("Nothing to claim"), N_("Tasks for any holder of your roles come here until somebody claims one.")),
    "done": (N_("Nothing done yet"), N_("What you complete is kept here.")),
}
SORTS: dict[Sort, str] = {"due": N_("By deadline"), "newest": N_("Newest first"), "oldest": N_("Oldest first")}
ALL = {"newest": N_("Newest first"), "oldest": N_("Oldest first"), "done": N_("Done")}


@dataclass(frozen=True, slots=True)
class Line:
    """A task in the list."""

    id: str
    name: str
    clause: str
    about: str
    whom: str
    due: Due
    closed: str


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    label: str
    """English msgid."""
    lines: tuple[Line, ...]


@blueprint.get("/")
def front() -> str:
    actor, view, sort = current_actor(), _view(), _sort()
    search = request.args.get("q", "")[:200]
    page = inbox.query(database(), actor, view, search=search, sort=sort, after=request.args.get("after"))
    numbers = inbox.counts(database(), actor)
    lines = [_line(row, actor.zone) for row in page.rows]
    return render_template(
        "inbox.html",
        view=view,
        titles=TITLES,
        numbers={"mine": numbers.mine, "roles": numbers.roles},
        overdue=numbers.overdue,
        search=search,
        sort=sort,
        sorts=SORTS,
        empty=EMPTY,
        groups=list(_groups(lines)) if view != "done" and sort == "due" else _single(view, sort, lines),
        next=page.next,
    )


def _view() -> View:
    wanted = request.args.get("view")
    return next((view for view in get_args(View) if view == wanted), "mine")


def _sort() -> Sort:
    wanted = request.args.get("sort")
    return next((sort for sort in get_args(Sort) if sort == wanted), "due")


def _line(row: Row, zone: str) -> Line:
    return Line(
        id=row.task.id,
        name=str(row.name),
        clause=row.clause or "",
        about=str(row.subject or ""),
        whom=str(row.organisation or ""),
        due=describe(row.task.due, zone),
        closed=_day(row.task.closed_at, zone),
    )


def _day(moment: datetime | None, zone: str) -> str:
    return format_day(moment.astimezone(ZoneInfo(zone)).date(), clock.today(zone)) if moment else ""


def _groups(lines: Sequence[Line]) -> Iterator[Group]:
    """The page is sorted by deadline, so each group is one stretch of it."""
    for name, stretch in groupby(lines, key=lambda line: line.due.group):
        yield Group(name, GROUPS[name], tuple(stretch))


def _single(view: View, sort: Sort, lines: Sequence[Line]) -> list[Group]:
    name = "done" if view == "done" else sort
    return [Group(name, ALL[name], tuple(lines))] if lines else []
