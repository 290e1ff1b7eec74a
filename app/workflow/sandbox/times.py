"""When: deadlines and timers of a run, worked out as the program does it, on the real calendars of working days.

Calendars and the places of organisations are all that the sandbox ever reads of the database.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.engine import Json
from app.identity import calendars
from app.identity.places import Place, default_place, place_of
from app.workflow import moments, reminders
from app.workflow.scenarios import Member

Unresolvable = moments.Unresolvable


class Times:
    """The calendars of those who play."""

    def __init__(self, session: Session, people: Sequence[Member]) -> None:
        self._session = session
        self._homes = {f"${one.name}": one.home for one in people}
        self._chairs = {
            str(role.get("organisation")): one.home
            for one in people
            for role in one.roles
            if role.get("role") == "chair"
        }
        self._known: dict[str | None, Place] = {}

    def place(self, organisation: str | None = None, person: str | None = None) -> Place:
        """Where a task is to be done: with the person named, else with the body's chair or at the organisation."""
        home = self._homes.get(person or "") or self._chairs.get(organisation or "") or organisation
        if home not in self._known:
            self._known[home] = place_of(self._session, home) if home else default_place(self._session)
        return self._known[home]

    def deadline(self, expression: Json, now: datetime, place: Place) -> datetime:
        """Raises Unresolvable."""
        return moments.deadline_due(self._session, expression, now, place)

    def timer(
        self, expression: Json, now: datetime, place: Place, deadlines: Mapping[str, datetime | None]
    ) -> datetime | None:
        """Raises Unresolvable."""
        return moments.timer_due(self._session, expression, now, place, deadlines)

    def following(self, expression: Json, fired: datetime, now: datetime, place: Place) -> datetime | None:
        """The next moment of a cycle; None for what is none. Raises Unresolvable."""
        return moments.next_in_cycle(self._session, expression, fired, now, place)

    def soon(self, due: datetime, place: Place) -> datetime:
        return reminders.soon(self._session, due, place)

    def today(self, now: datetime) -> date:
        return now.astimezone(ZoneInfo(self.place().zone)).date()

    def in_workdays(self, now: datetime, count: int) -> date:
        """ValueError for more than twenty years."""
        return calendars.add_workdays(self._session, self.place().country, self.today(now), count)

    def workdays_to(self, now: datetime, day: date) -> int | None:
        """How many working days from now that day is; None where it is none of them or lies behind."""
        today = self.today(now)
        if day < today or (day - today).days > calendars.FURTHEST:
            return None
        count = calendars.workdays_between(self._session, self.place().country, today, day)
        return count if self.in_workdays(now, count) == day else None
