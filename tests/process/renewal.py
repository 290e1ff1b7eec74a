"""What happens to a published course in the years after, one method an act."""

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock, worker
from app.connectors.moodle import Access, Client, PlatformCourse
from app.connectors.moodle.stand_in import CATEGORY, in_process
from app.connectors.moodle.stand_in.seed import STUDENT
from app.courses import settings
from app.courses.actualisation import calendar, checking
from app.courses.actualisation.models import TopicalityCheck
from app.courses.models import Course
from app.workflow.models import Instance, Task
from tests.process import prepared
from tests.process.reviewing import APPROVAL, Reviewing
from tests.process.scenario import ROOT

SCENARIOS = ROOT / "processes" / "actualisation" / "scenarios.yaml"
ANNUL = {"act": "annul", "meeting": "25-е заседание ТК 4", "reason": "Метод больше не применяется."}
BODIES = {"bodies": [{"body": "tc-1.6", "executor": "$executor"}], "procedural": False}
WHO = {"secretariat": "secretariat", "tc4": "tc4", "coordinator": "coordinator"}


class Renewal(Reviewing):
    """A published course and its checks."""

    def publish(self, **how: Any) -> "Renewal":
        """The course is there; nothing has begun. `settings` hold from the day before."""
        with self.sessions.begin() as session:
            for name, value in how.pop("settings", {}).items():
                settings.change(session, name, value, clock.now().date() - timedelta(days=1), "system:test")
            self.course = prepared.course(session, self.people, {**self.scenario.prepared, **how})
        return self

    def until(self, day: date) -> None:
        """Time goes on to noon of that day; the worker does what has come due."""
        self.clock.set(calendar.moment_of(day, "Europe/Minsk") + timedelta(hours=12))
        worker.work_off(self.sessions)
        self.find()

    def find(self) -> None:
        """The newest procedure of section 13 is the one that is played."""
        query = sa.select(Instance.id).where(Instance.process == "actualisation").order_by(Instance.id.desc())
        with self.sessions() as session:
            self.instance = session.scalars(query).first() or ""

    def begin_check(self) -> "Renewal":
        """Time goes on to the day on which the calendar has the next check begin."""
        with self.sessions() as session:
            due = session.get_one(Course, self.course).check_due
            assert due is not None
            day = calendar.begins(session, due)
        self.until(day)
        return self

    def conclude(self, secretariat: str, tc4: str, coordinator: str) -> None:
        for part, outcome in (("secretariat", secretariat), ("tc4", tc4), ("coordinator", coordinator)):
            self.conclude_one(part, outcome)

    def conclude_one(self, part: str, outcome: str) -> None:
        self.do(f"conclude_{part}", WHO[part], outcome=outcome, grounds=f"Основания: {part}.")

    def decide(self, **more: Any) -> None:
        self.decide_as("chair_training", **more)

    def decide_as(self, by: str, **more: Any) -> None:
        self.do("decide", by, **{**ANNUL, "decided_on": clock.now().date().isoformat(), **more})

    def agree_anew(self) -> None:
        self.do("propose", "executor", **BODIES)
        self.do("confirm", "administrator", decision="confirm", **BODIES)
        self.do("send", "executor", answer_by="workdays:10")
        self.do("consider", "chair_mass", act="consider", conforms="yes")
        self.do("confirm_final", "executor", confirmed=True)
        self.do("receive", "administrator", creator="$creator", received=True)

    def revise(self, **more: Any) -> None:
        values = {"changes": "Учтена новая редакция OIML R 111.", "materials": ["file:lesson-2.pdf"], **more}
        self.do("revise", "coordinator", **values)

    def prepare(self) -> None:
        self.do("prepare", "creator", done=True, note="Раздел «Версия 2» скрыт")

    def approve(self) -> None:
        self.do("examine", "administrator", **APPROVAL)

    def replace(self) -> None:
        self.do("replace", "creator", replaced=True, note="Раздел «Версия 2» открыт")
        self.do("place", "secretariat", placed=True)

    # --- looks

    def as_learner(self) -> PlatformCourse | None:
        """The course as somebody enrolled finds it on the platform; None: not at all."""
        client = Client(Access(self.platform.base, STUDENT, CATEGORY, private=True), in_process(self.platform))
        with self.sessions() as session:
            known = session.get_one(Course, self.course).platform_id
        assert known is not None
        return client.by_id(known)

    def check(self, session: Session) -> TopicalityCheck:
        return checking.of_course(session, self.course)[0]

    def open(self) -> list[str]:
        with self.sessions() as session:
            return self.open_tasks(session)

    def task_of(self, session: Session, element: str) -> Task:
        return self.open_task(session, element)
