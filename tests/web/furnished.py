"""Rows of every kind that the site with courses may still lack, so that every address of a thing can be asked for."""

from dataclasses import replace
from datetime import date

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app import clock
from app.config import Config
from app.courses import archive, header
from app.courses.approvals.models import ApprovalForm
from app.courses.creation.models import WorkingFile
from app.courses.documents.making import SHEET
from app.courses.letters.models import Letter
from app.courses.models import Course
from app.courses.monitoring.models import AnnualReport, LogImport, MonitoredLearner
from app.courses.planning.models import RegisterRequest
from app.courses.surveys import questionnaires
from app.demo import seed
from app.i18n import Text
from app.identity import calendars, substitutions
from app.identity.models import Person
from app.workflow import releases, scenarios
from app.workflow.models import Incident
from app.workflow.models_moves import MoveBatch
from app.workflow.models_studio import StudioRequest
from app.workflow.sandbox import keeping, open_scenario
from app.workflow.studio import drafts, history, packing, uploads
from tests.web import learners
from tests.web.addresses import Things

PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"
BODY = '{"format": "coomet-document/1", "sealed": false, "files": []}'


def furnish(busy_site: Flask, found: Things) -> dict[str, str]:
    """Variable of a rule -> id."""
    sessions: sessionmaker[Session] = busy_site.extensions["sessions"]
    config: Config = busy_site.extensions["config"]
    pdf = archive.Attachment("form.ru.pdf", PDF, "application/pdf", "ru")
    with sessions.begin() as session:
        course = session.get_one(Course, found.course)
        course.published_at = clock.now()
        person = session.scalars(sa.select(Person).where(Person.email == seed.address("member-14"))).one()
        head: dict[str, object] = {"title_ru": "Курс", "title_en": "Course", "creator": None, "coordinators": []}
        head["administrator"] = header.person(session, person)
        form = ApprovalForm(course_id=course.id, number="F1", position=1, description=False, content=False,
                            copyright=False, header=head, may_place=False, needs_rework=True, recommendation="R/TR/XX",
                            decided_by="nobody")  # fmt: skip
        working = WorkingFile(course_id=course.id, file_id=found.file, name="draft.pdf", added_by="nobody")
        stopped = Incident(instance_id=found.instance, kind="job", message_ru="Стоит", message_en="It stands",
                           detail="", opened_at=clock.now())  # fmt: skip
        chair = session.scalars(sa.select(Person).where(Person.email == seed.address("chair-14"))).one()
        terms = substitutions.Terms(person.id, date(2026, 1, 1), date(2040, 1, 1))
        standing = substitutions.make(session, chair.id, replace(terms, role="creator"), "system:test")
        calendars.set_exception(session, "BY", date(2026, 12, 31), working=False, note="Отдых", by="system:test")
        asker = session.scalars(sa.select(Person).where(Person.email == seed.address("ns-kz"))).one()
        released = RegisterRequest(
            year=2026,
            organisation_id="ns-kz",
            asked_by=asker.id,
            state="released",
            decided_by="nobody",
            decided_at=clock.now(),
        )
        learner = MonitoredLearner(course_id=course.id, user_id=7, name="Learner", search="learner", sorting="learner")
        meeting = AnnualReport(number="TC4-2027-1", meeting_on=date(2027, 3, 2), set_by="nobody")
        log = LogImport(course_id=course.id, name="log.csv", size=1, sha256="0" * 64, zone="UTC", by="nobody")
        log.state, log.kept, log.ended_at = "done", True, clock.now()
        session.add_all([form, working, stopped, released, learner, meeting, log])
        title = Text("Лист согласования", "Agreement sheet")
        entry = archive.add(session, SHEET, course, found.sheet, title, BODY, "system:test", [pdf], config.files)
        session.flush()
        draft = drafts.open_draft(session, "nobody")
        newest = releases.current(session)
        assert newest is not None
        order = MoveBatch(process="agreement", from_release_id=newest.id, to_release_id=newest.id, names=[], note="")
        order.by, order.at = "nobody", clock.now()
        session.add(order)
        session.flush()
        told = next(one for one in scenarios.read(drafts.files(session, draft)) if one.id == "one_body_agrees")
        run = keeping.begin(session, *open_scenario(told, 2), "nobody")
        letter_path = "processes/agreement/letters/consider.ru.txt"
        text = drafts.read(session, draft, letter_path).data or b""
        drafts.save(session, draft, letter_path, text + b"\n", 0, "nobody")
        session.flush()
        version = history.of_draft(session, draft)[0]
        asked = StudioRequest(draft_id=draft.id, sha256="0" * 64, note="Так решено", by="nobody", at=clock.now())
        analyst = session.scalars(sa.select(Person).where(Person.email == seed.address("analyst"))).one()
        packed = packing.pack({letter_path: b"x"})
        upload = uploads.keep(session, packed, "draft.zip", analyst.id)
        session.add(asked)
        session.flush()
        letter = session.scalars(sa.select(Letter.id).where(Letter.subject_id == course.id)).first()
        return found.values() | {
            "form_id": form.id,
            "incident_id": stopped.id,
            "entry_id": entry.id,
            "position": "0",
            "questionnaire": questionnaires.of(session, course).code,
            "request_id": released.id,
            "letter_id": letter or "",
            "report_id": meeting.id,
            "import_id": log.id,
            "person_id": person.id,
            "substitution_id": standing.id,
            "code": "cbkt_guidance",
            "draft_id": draft.id,
            "order_id": order.id,
            "run_id": run.id,
            "folder": "agreement",
            "ident": told.id,
            "element": "propose",
            "number": "1",
            "version_id": version.id,
            "asked_id": asked.id,
            "upload_id": upload,
            "state": "draft",
            "path": "processes/agreement/agreement.bpmn",
            **learners.furnish(session, course.id),
        }
