"""What people do while a course is created, one method an act."""

from typing import Any

from sqlalchemy.orm import Session

from app.audit.history import history
from app.courses import status
from app.courses.creation import submissions
from app.courses.models import Course
from app.i18n import use_locale
from app.identity.actors import actor_of
from tests.process.application_player import ApplicationPlayer
from tests.process.scenario import ROOT, Step, read

CREATION = ROOT / "processes" / "creation" / "scenarios.yaml"
ENTRY = {
    "language": "ru_en",
    "title_ru": "Калибровка гирь",
    "title_en": "Calibration of weights",
    "initiator_kind": "nmi",
    "nmi": "nmi-by-belgim",
    "year": 2026,
    "field": "Масса",
}
THREE = {"ru": "Первое предложение. Второе предложение. Третье предложение.", "en": "First one. Second one. Third one."}
MATERIALS = {
    "materials": ["file:lesson.pdf"],
    "description_ru": THREE["ru"],
    "description_en": THREE["en"],
    "splash": "file:splash.png",
    "representative": "$representative",
    "access": "open",
    "theory": ["text"],
    "practice": ["tests"],
}
ORGANISED = {
    "format": "pdf",
    "access": "open",
    "counterpart": "$representative",
    "ready_by": "workdays:30",
    "agreed_on": "workdays:0",
    "participants": "Создатель и НМИ",
    "note": "Сроки и язык",
}
YES = ("topical", "clear", "quality", "copyrighted", "one_style", "three_colours", "sans_serif", "three_fonts")
CHECKS: dict[str, Any] = dict.fromkeys((*YES, "no_underlining", "little_animation", "pictures_left"), "yes") | {
    "guidance": True,
    "survey_link": "yes",
}


class Makers(ApplicationPlayer):
    """The creation of one course."""

    def do(self, element: str, by: str, of: str | None = None, /, **values: Any) -> None:
        self.take(Step("task", element, of, by, values))

    def enter(self, **values: Any) -> None:
        """In the list; materials requested, creators polled."""
        start = {name: value for name, value in (ENTRY | values).items() if value is not None}
        self.take(Step("start", "course_entry", by="administrator", values=start))
        self.do("request", "administrator", materials_by="workdays:10", poll_by="workdays:5")

    def upload(self, **values: Any) -> None:
        given = {name: value for name, value in (MATERIALS | values).items() if value is not None}
        self.do("upload", "executor", **given)

    def appoint_creator(self) -> None:
        self.do("volunteer", "creator", answer="yes")
        self.do("end_poll", "administrator")
        self.do("choose", "administrator", decision="agreed", volunteer="$creator")

    def organise(self, **values: Any) -> None:
        self.do("organise", "administrator", **(ORGANISED | values))

    def reach_preparation(self, **entry: Any) -> None:
        """Materials uploaded, creator, coordinator, hidden course on the platform: `prepare` is open."""
        self.enter(**entry)
        self.upload()
        self.appoint_creator()
        self.organise()
        self.do("name_coordinators", "creator", coordinators=[{"person": "$creator"}])

    def set_up(self, **wanted: Any) -> None:
        """What the creator sets on the platform itself."""
        self.take(Step("platform", "by_hand", values={"image": "splash", "enrolment": ["self"]} | wanted))

    def prepare(self, *, set_up: bool = True, **values: Any) -> None:
        if set_up:
            self.set_up()
        self.do("prepare", "creator", **(CHECKS | values))

    def agree(self) -> None:
        rows = [{"body": "tc-1.6"}]
        self.do("propose", "executor", bodies=rows)
        self.do("confirm", "administrator", decision="confirm", bodies=rows)
        self.do("send", "executor", "tc-1.6", answer_by="workdays:10")
        self.do("consider", "chair_mass", "tc-1.6", act="consider", conforms="yes")
        self.do("confirm_final", "executor", confirmed=True)
        self.do("receive", "administrator", creator="$creator", received=True)

    # --- looks at what has come of it

    def found(self, session: Session) -> Course:
        return session.get_one(Course, self.course)

    def blockers(self) -> list[str]:
        with self.sessions() as session:
            return submissions.blockers(session, self.found(session))

    def actor_named(self, session: Session, name: str) -> Any:
        return actor_of(session, self.people[name])

    def status(self, session: Session) -> str:
        with use_locale("ru"):
            return status.sentence(session, self.found(session))

    def kinds(self, stream: str) -> set[str]:
        with self.sessions() as session:
            return {event.kind for event in history(session, "register", stream, limit=200).events}

    def letters(self, template: str) -> list[str]:
        with self.sessions() as session:
            return self._found_letters(session).get(template, [])


def scenario() -> Any:
    return read(CREATION)[0]
