"""A published course on the site that was recorded, with its learners, quizzes and attempts, and its monitoring."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app import worker
from app.connectors.moodle.stand_in import Fault
from app.courses.models import Course
from app.courses.monitoring import imports, reading
from app.courses.monitoring.models import LogImport, MonitoredCourse
from app.identity.actors import Actor
from tests.contract import bench
from tests.process import prepared
from tests.process.application_player import ApplicationPlayer
from tests.process.scenario import ROOT, Step

SCENARIOS = ROOT / "processes" / "monitoring" / "scenarios.yaml"
SAMPLES = ROOT / "tests" / "samples" / "monitoring"
READ_ON = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


class Watching(ApplicationPlayer):
    """The course has number 2 on the platform, as in the recordings."""

    def publish(self, **how: Any) -> str:
        with self.sessions.begin() as session:
            self.course = prepared.course(session, self.people, {**self.scenario.prepared, **how})
            session.get_one(Course, self.course).platform_id = 2
        with self.platform.store.open() as memory:
            bench.furnish(memory)
        worker.work_off(self.sessions)
        return self.course

    def read(self) -> None:
        with self.sessions.begin() as session:
            reading.wanted(session, self.course)
        worker.work_off(self.sessions)

    def bring(self, path: Path, zone: str = "UTC", by: str = "coordinator", **how: bool) -> LogImport:
        """A log export is brought and counted; what became of it."""
        with self.sessions.begin() as session, path.open("rb") as file:
            course = session.get_one(Course, self.course)
            ident = imports.take(session, course, file, path.name, zone, self.people[by], **how).id
        worker.work_off(self.sessions)
        with self.sessions() as session:
            return session.get_one(LogImport, ident)

    def known(self, session: Session) -> MonitoredCourse:
        return session.get_one(MonitoredCourse, self.course)

    def found(self, session: Session) -> Course:
        return session.get_one(Course, self.course)

    def fail(self, kind: str, function: str = "*") -> None:
        with self.platform.store.open() as memory:
            memory.set_fault(Fault(kind, function))

    def mend(self) -> None:
        with self.platform.store.open() as memory:
            memory.lift_faults()

    def who(self, name: str) -> Actor:
        with self.sessions() as session:
            return self.actor(session, name)

    def do(self, element: str, by: str, of: str | None = None, /, **values: Any) -> None:
        self.take(Step("task", element, of, by, values))
