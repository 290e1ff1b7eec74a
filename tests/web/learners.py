"""A published course of restricted access on the busy site, its learners on the stand-in, and what pages need."""

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app import clock, worker
from app.connectors.moodle.stand_in import StandIn
from app.courses.access.models import AccessEntry, AccessList
from app.courses.certificates import issuing
from app.courses.certificates.models import CertificateBatch, CertificateRequest
from app.courses.models import Coordinator, Course
from app.demo import learners, seed
from app.identity import appointments
from app.identity.appointments import Terms
from app.identity.models import Person

PLATFORM = 77
PEOPLE = {"Sofia Passed": "all", "Olga Passed": "all", "Pavel Failed": "failed", "Sergei Outside": "outside"}


def factory(site: Flask) -> sessionmaker[Session]:
    found: sessionmaker[Session] = site.extensions["sessions"]
    return found


def furnish(session: Session, course_id: str) -> dict[str, str]:
    """A request, a certificate, a list issued and one of access, whatever the course's stage: ids for addresses."""
    batch = CertificateBatch(course_id=course_id, total=1, started_by="system:test")
    asked = CertificateRequest(
        course_id=course_id, account="sofia", locale="ru", learner="moodle:1", name="Sofia Passed",
        email="sofia@learners.example", outcome="eligible", reason="passed", state="waiting",
        tests=[{"section": "М 1", "name": "Т 1", "outcome": "passed", "grade": 9, "pass_grade": 6, "why": ""}],
    )  # fmt: skip
    made = AccessList(
        course_id=course_id, way="list", grounds="Письмо", confirmation="Да", locale="ru", made_by="system:test"
    )
    session.add_all([batch, asked, made])
    session.flush()
    asked.batch_id = batch.id
    session.add(AccessEntry(list_id=made.id, position=0, account="sofia@learners.example", state="unknown"))
    issuing.issue(session, asked, "", "system:test")
    assert asked.certificate_id is not None
    return {"certificate_id": asked.certificate_id, "batch_id": batch.id, "list_id": made.id}


def publish(site: Flask, course_id: str, access: str = "restricted") -> None:
    """As the procedures leave a course: on the platform, visible, with a coordinator in office."""
    with factory(site).begin() as session:
        course = session.get_one(Course, course_id)
        course.stage, course.published_at, course.access = "published", clock.now(), access
        course.platform_id, course.platform_url = PLATFORM, "https://platform.example/course/view.php?id=77"
        person = session.scalars(sa.select(Person).where(Person.email == seed.address("chair-15"))).one()
        session.merge(Coordinator(course_id=course.id, person_id=person.id, position=0))
        terms = Terms("coordinator", clock.now().date(), subject=course.id)
        appointments.appoint(session, person.id, terms, "system:test")
    platform: StandIn = site.extensions["demo_platform"]
    platform.fill()
    with platform.store.open() as memory:
        fields = ("summary", "idnumber", "shortname", "fullname")
        row = {**dict.fromkeys(fields, ""), "idnumber": course_id, "overviewfiles": [], "enrollmentmethods": ["manual"]}
        more = {"categoryid": 2, "visible": 1, "contextid": 1, "courseformatoptions": [], "displayname": ""}
        memory.put("course", PLATFORM, {"id": PLATFORM, **row, **more})
        learners.furnish(memory, PLATFORM)
        for name, did in PEOPLE.items():
            learners.learner(memory, PLATFORM, name, did)


def work(site: Flask) -> None:
    worker.work_off(factory(site))
