"""What scenarios of planning do and look at besides: a request for the list, answers, entries, topics."""

from collections import Counter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app import clock, worker
from app.courses.planning import campaigns, listing, requests
from app.courses.planning.listing import Wanted
from app.courses.planning.models import ProspectiveTopic, RegisterRequest
from app.workflow.models import Instance
from tests.process.scenario import Step


class Planned:
    """Joined to the player; `course` is the subject, here a survey or a request."""

    sessions: sessionmaker[Session]
    actor: Any
    instance: str
    course: str

    def _ask(self, step: Step) -> None:
        """Somebody asks for the list of the year; the procedure begins by the event."""
        with self.sessions.begin() as session:
            asked = requests.ask(session, self.actor(session, step.by), {"year": step.name, **step.values})
            self.course = asked.id
        worker.work_off(self.sessions)
        with self.sessions() as session:
            self.instance = session.scalars(sa.select(Instance.id).where(Instance.subject == self.course)).one()

    def _found_answered(self, session: Session) -> int:
        return len(campaigns.answers(session, campaigns.get(session, self.course)))

    def _found_entries(self, session: Session) -> list[str]:
        """Titles of this year's list."""
        found = listing.query(session, Wanted(clock.now().year, clock.now()))
        return [str(one.title) for one in found.entries]

    def _found_topics(self, session: Session) -> dict[str, int]:
        return dict(Counter(session.scalars(sa.select(ProspectiveTopic.state))))

    def _found_request(self, session: Session) -> str:
        return session.get_one(RegisterRequest, self.course).state
