"""What happens to requests for certificates and to lists of access, one method an act."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.connectors.moodle.stand_in import Fault
from app.courses import choices
from app.courses.certificates.models import Certificate, CertificateRequest
from app.courses.models import Course
from app.engine import Json
from tests.process import learning
from tests.process.reviewing import Reviewing
from tests.process.scenario import Step


class Certifying(Reviewing):
    """A published course, learners on its platform, and whoever decides."""

    def ready(self) -> "Certifying":
        with self.sessions.begin() as session:
            self._prepare_once(session)
        return self

    def ask(self, account: str) -> "Certifying":
        self.take(Step("request", account))
        return self

    def issue(self, **more: Any) -> None:
        self.do("decide", "administrator", decision="issue", **more)

    def issued(self, account: str) -> Certificate:
        self.ask(account).issue()
        return self.certificates()[-1]

    def admit(self, way: str, *people: str, by: str = "coordinator", **more: Any) -> None:
        self.take(Step("admit", way, by=by, values={"people": list(people), **more}))

    def requests(self) -> list[CertificateRequest]:
        query = sa.select(CertificateRequest).order_by(CertificateRequest.asked_at, CertificateRequest.id)
        with self.sessions() as session:
            return list(session.scalars(query))

    def certificates(self) -> list[Certificate]:
        with self.sessions() as session:
            return list(session.scalars(sa.select(Certificate).order_by(Certificate.serial)))

    def letters(self, to: str) -> list[str]:
        """Texts, the newest first."""
        return [one.text for one in self.mailbox.messages(to)]

    def platform_id(self) -> int:
        with self.sessions() as session:
            ident = session.get_one(Course, self.course).platform_id
        assert ident is not None
        return ident

    def learner(self, position: int, name: str, did: str, modules: int = 2) -> None:
        with self.platform.store.open() as memory:
            learning.learner(memory, self.platform_id(), learning.FIRST + position, name, did, modules=modules)

    def grade(self, quiz: int, position: int, grade: float) -> None:
        with self.platform.store.open() as memory:
            memory.put("best grade", f"{quiz}-{learning.FIRST + position}", {"grade": grade, "at": 1_795_344_434})

    def fail_platform(self, kind: str, function: str = "*", times: int = -1) -> None:
        with self.platform.store.open() as memory:
            memory.set_fault(Fault(kind, function, times=times))

    def enrolled(self) -> list[str]:
        """User names of those whom the platform shows as enrolled."""
        with self.platform.store.open() as memory:
            users = {one["id"]: one["username"] for one in memory.all("user")}
            rows = [one for one in memory.all("enrolment") if one["courseid"] == self.platform_id()]
        return sorted(users[one["userid"]] for one in rows)

    def seen_by_data(self, session: Session, element: str, form: str, data: dict[str, str]) -> dict[str, Json]:
        """What the form of the open task shows, by the data that name the request or the list."""
        assert self.open_task(session, element)
        return dict(choices.context(session, form, self.course, data).current)

    def annul(self, session: Session) -> None:
        session.get_one(Course, self.course).stage = "withdrawn"
