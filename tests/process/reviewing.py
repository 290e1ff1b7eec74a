"""What happens in an expert review and an announcement, one method an act."""

from typing import Any

from sqlalchemy.orm import Session

from app.courses import choices
from app.courses.approvals import kept
from app.courses.approvals.models import ApprovalForm
from app.courses.models import Course
from app.engine import Json
from app.workflow import tasks
from tests.process.application_player import ApplicationPlayer
from tests.process.scenario import Step

YES = dict.fromkeys(
    ("guidance", "description", "structure", "design", "style", "topicality", "content", "respected", "copyright"),
    "yes",
)
APPROVAL = {**YES, "may_place": "yes", "needs_rework": "no"}
REFUSAL = {**YES, "may_place": "no", "needs_rework": "yes", "remarks": "Слайд 4", "repeat_agreement": "no"}


class Reviewing(ApplicationPlayer):
    """The expert review of one prepared course."""

    def begin(self) -> "Reviewing":
        self.take(Step("begin", "expert_review", by="administrator"))
        return self

    def examine(self, by: str = "administrator", **answers: Any) -> None:
        self.do("examine", by, **(APPROVAL | answers))

    def do(self, element: str, by: str, **answers: Any) -> None:
        self.take(Step("task", element, by=by, values=answers))

    def seen(self, session: Session, element: str, form: str, by: str = "administrator") -> dict[str, Json]:
        """What the form of that task shows."""
        found = self.open_task(session, element)
        opened = tasks.get_task_for(session, self.actor(session, by), found.id)
        return dict(choices.context(session, form, self.course, tasks.data_of(session, opened)).current)

    def form(self, session: Session) -> ApprovalForm | None:
        return kept.latest(session, self.course)

    def stage(self) -> str:
        with self.sessions() as session:
            return session.get_one(Course, self.course).stage

    def visible(self) -> list[int]:
        """What learners see on the platform, from the platform's own memory."""
        with self.platform.store.open() as memory:
            return [int(row["id"]) for row in memory.all("course") if row["visible"]]
