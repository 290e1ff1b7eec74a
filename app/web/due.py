"""By when, in words: the day, how far off it is, and the group of the inbox it belongs to."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from app import clock
from app.errors import N_
from app.i18n import format_day, gettext, ngettext

Group = Literal["late", "today", "week", "later", "none"]
GROUPS: dict[Group, str] = {
    "late": N_("Overdue"),
    "today": N_("Today"),
    "week": N_("This week"),
    "later": N_("Later"),
    "none": N_("Without a deadline"),
}


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline as the reader sees it, in their own zone."""

    group: Group
    day: str
    """Until 19 November."""
    distance: str
    """3 days ago; tomorrow."""

    @property
    def late(self) -> bool:
        return self.group == "late"


def describe(moment: datetime | None, zone: str, now: datetime | None = None) -> Due:
    """`now`: of another clock than the program's, in the sandbox."""
    if moment is None:
        return Due("none", "", "")
    local = moment.astimezone(ZoneInfo(zone)).date()
    now = now or clock.now()
    present, late = now.astimezone(ZoneInfo(zone)).date(), moment < now
    return Due(
        _group(local, present, late), gettext("until %(day)s", day=format_day(local, present)), away(local, present)
    )


def _group(day: date, present: date, late: bool) -> Group:
    if late:
        return "late"
    days = (day - present).days
    if days <= 0:
        return "today"
    return "week" if days <= 6 - present.weekday() else "later"


def away(day: date, present: date) -> str:
    """How far a day is from the present one, in calendar days."""
    days = (day - present).days
    if days == 0:
        return gettext("today")
    if days == 1:
        return gettext("tomorrow")
    if days == -1:
        return gettext("yesterday")
    if days > 0:
        return ngettext("in %(num)s day", "in %(num)s days", days)
    return ngettext("%(num)s day ago", "%(num)s days ago", -days)
