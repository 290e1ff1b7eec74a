"""What people do in an agreement, one method an act."""

from typing import Any

from sqlalchemy.orm import Session

from app.courses import agreements, materials, printed, sheets, status
from app.courses.models import Agreement, Course, MaterialVersion, Sheet
from app.courses.printed import PrintedSheet
from app.i18n import use_locale
from app.workflow.models import Task
from tests.process.application_player import ApplicationPlayer
from tests.process.scenario import Step

REGISTRATION = {
    "title_ru": "Калибровка гирь",
    "title_en": "Calibration of weights",
    "language": "ru_en",
    "coordinators": [{"person": "$coordinator"}, {"person": "$representative"}],
    "materials": ["file:lesson.pdf", "file:tasks.pdf"],
}
BY_AN_NMI = {"initiator_kind": "nmi", "nmi": "nmi-by-belgim"}
BY_A_BODY = {"initiator_kind": "sb", "sb": "tc-1.6"}
CHAIRS = {"tc-1.6": "chair_mass", "tc-1.10": "chair_heat", "tc-1.11": "chair_time", "secretariat": "head"}


class Acts(ApplicationPlayer):
    """The agreement of one course."""

    executor = "executor"

    def begin(self, *bodies: str, initiator: str = "nmi", procedural: bool = False, **values: Any) -> None:
        """Registered, bodies proposed and confirmed: the sheets are open."""
        self.register(initiator, **values)
        rows = [{"body": body, "part": f"Модуль для {body}"} for body in bodies]
        self.do("propose", self.executor, bodies=rows, procedural=procedural)
        self.do("confirm", "administrator", decision="confirm", bodies=rows, procedural=procedural)

    def register(self, initiator: str = "nmi", **values: Any) -> None:
        self.executor = "executor" if initiator == "nmi" else "chair_mass"
        start = REGISTRATION | (BY_AN_NMI if initiator == "nmi" else BY_A_BODY) | {"creator": "$creator"} | values
        self.take(Step("start", "course_registration", by="administrator", values=start))

    def do(self, element: str, by: str, of: str | None = None, /, **values: Any) -> None:
        self.take(Step("task", element, of, by, values))

    def send(self, body: str, by: str | None = None, days: int = 10) -> None:
        self.do("send", by or self.executor, body, answer_by=f"workdays:{days}", message="Просим рассмотреть.")

    def agree(self, body: str, by: str | None = None, **more: Any) -> None:
        self.do("consider", by or CHAIRS[body], body, act="consider", conforms="yes", **more)

    def refuse(self, body: str, comments: str, **more: Any) -> None:
        self.do("consider", CHAIRS[body], body, act="consider", conforms="no", comments=comments, **more)

    def rework(self, body: str, *answers: str, file: str = "file:lesson-2.pdf") -> None:
        rows = [{"answer": answer} for answer in answers]
        values = {"answers": rows, "materials": [file], "note": "Исправлено", "answer_by": "workdays:5"}
        self.do("rework", self.executor, body, **values)

    def finish(self) -> None:
        self.do("confirm_final", self.executor, confirmed=True)
        self.do("receive", "administrator", creator="$creator", received=True)

    def reach(self, timer: str, body: str) -> None:
        self.take(Step("timer", timer, body))

    # --- looks at what has come of it

    def passage(self, session: Session) -> Agreement:
        return agreements.of_course(session, self.course)

    def sheet(self, session: Session, body: str) -> Sheet:
        return sheets.of_body(session, self.passage(session).id, body)

    def printed(self, session: Session, body: str) -> PrintedSheet:
        return printed.sheet(session, self.sheet(session, body).id)

    def newest(self, session: Session) -> MaterialVersion:
        return materials.newest(session, self.course)

    def status(self, session: Session) -> str:
        with use_locale("ru"):
            return status.sentence(session, session.get_one(Course, self.course))

    def task(self, session: Session, element: str, of: str | None = None) -> Task:
        return self.open_task(session, element, of)
