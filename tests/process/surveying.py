"""What people do in a survey about courses, one method an act."""

from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from app.courses.planning import campaigns, listing
from app.courses.planning.listing import Entry, Wanted
from app.courses.planning.models import SurveyCampaign
from app.workflow.models import Submission
from tests.conftest import TestClock
from tests.process.application_player import ApplicationPlayer
from tests.process.scenario import ROOT, Step, read

SCENARIOS = ROOT / "processes" / "planning" / "scenarios.yaml"
BODIES = ("tc-1.6", "tc-1.10")
WEIGHTS = {
    "language": "ru_en",
    "title_ru": "Калибровка гирь",
    "title_en": "Calibration of weights",
    "format": "ppt",
    "field": "Масса",
    "bodies": "ТК 1.6",
    "procedural": "no",
    "access": "open",
}
NOTHING = {"contact": "Марк Массин", "has_materials": "no", "has_topics": "no"}


class Surveying(ApplicationPlayer):
    """A survey and the list that comes of it."""

    def __init__(self, sessions: sessionmaker[Session], folder: Path, moved_clock: TestClock) -> None:
        super().__init__(sessions, folder, read(SCENARIOS)[0], moved_clock)

    def begin(self, *chosen: str, by: str = "tc4", year: int = 2026, **more: Any) -> "Surveying":
        rows = [{"organisation": one} for one in chosen]
        values = {"year": year, "answer_by": "workdays:20", "audience": "chosen", "chosen": rows, **more}
        self.take(Step("start", "survey_campaign", by=by, values=values))
        return self

    def do(self, element: str, by: str, of: str | None = None, /, **values: Any) -> None:
        self.take(Step("task", element, of, by, values))

    def offer(self, of: str = "tc-1.6", by: str = "chair_mass", **material: Any) -> None:
        values = {"contact": "Марк Массин", "has_materials": "yes", "materials": [WEIGHTS | material]}
        self.do("answer_body", by, of, **values, has_topics="no")

    def wish(self, *titles: str, of: str = "tc-1.6", by: str = "chair_mass") -> None:
        rows = [{"title": title, "reason": "Нужен лабораториям"} for title in titles]
        self.do("answer_body", by, of, contact="Марк Массин", has_materials="no", has_topics="yes", topics=rows)

    def close(self) -> None:
        self.do("close_early", "tc4", close=True)

    # --- looks at what has come of it

    def campaign(self, session: Session) -> SurveyCampaign:
        return campaigns.get(session, self.course)

    def answer(self, session: Session, of: str) -> Submission:
        return campaigns.answers(session, self.campaign(session))[of]

    def entries(self, session: Session, year: int = 2026, **how: Any) -> tuple[Entry, ...]:
        until = how.pop("until", None) or self.clock.moment
        return listing.query(session, Wanted(year, until, **how)).entries
