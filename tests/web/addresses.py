"""Addresses of things in the busy site, so that every route can be asked for with real ids."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import EventRow
from app.courses.models import Course, MaterialFile, MaterialVersion, Sheet
from app.courses.models_kept import ArchiveEntry
from app.courses.planning.models import ProspectiveTopic, SurveyCampaign
from app.identity.models import Appointment
from app.workflow.models import Instance, Task


@dataclass(frozen=True, slots=True)
class Things:
    """Of one course in agreement: a task of TC 1.4's chair, its sheet, a file; and an entry of the archive."""

    task: str
    course: str
    sheet: str
    file: str
    instance: str
    entry: str
    appointment: str
    event: str
    campaign: str
    topic: str

    def values(self) -> dict[str, str]:
        """Variable of a rule -> id."""
        return {
            "task_id": self.task,
            "course_id": self.course,
            "sheet_id": self.sheet,
            "instance_id": self.instance,
            "entry_id": self.entry,
            "appointment_id": self.appointment,
            "file_id": self.file,
            "process": "agreement",
            "incident_id": "none",
            "letter_id": "none",
            "position": "1",
            "code": "cbkt_guidance",
            "name": "review_workdays",
            "form_id": "none",
            "decision_id": "none",
            "session_id": "none",
            "person_id": "none",
            "organisation_id": "nmi-by-belgim",
            "token": "none",
            "questionnaire": "none",
            "substitution_id": "none",
            "country": "BY",
            "when": "2026-12-31",
            "export_id": "none",
            "event_id": self.event,
            "campaign_id": self.campaign,
            "topic_id": self.topic,
            "request_id": "none",
            "copy_id": "none",
            "locale": "ru",
            "user_id": "7",
            "report": "activity",
            "kind": "csv",
            "report_id": "none",
            "certificate_id": "none",
            "batch_id": "none",
            "list_id": "none",
            "number": "1",
            "target": "1",
            "drawn": "sheet",
            "order_id": "none",
            "move_id": "none",
        }


def things(session: Session) -> Things:
    task = session.scalars(
        sa.select(Task).where(Task.element == "consider", Task.organisation == "tc-1.4", Task.closed_at.is_(None))
    ).first()
    assert task is not None
    course = session.get_one(Course, task.subject)
    version = sa.select(MaterialVersion.id).where(MaterialVersion.course_id == course.id)
    file = session.scalars(sa.select(MaterialFile).where(MaterialFile.version_id.in_(version))).first()
    sheet = session.scalars(sa.select(Sheet).where(Sheet.course_id == course.id, Sheet.body_id == "tc-1.4")).one()
    assert file is not None
    return Things(
        task=task.id,
        course=course.id,
        sheet=sheet.id,
        file=file.file_id,
        instance=session.scalars(sa.select(Instance.id).where(Instance.subject == course.id)).one(),
        event=str(session.scalars(sa.select(EventRow.seq).order_by(EventRow.seq)).first()),
        entry=session.scalars(sa.select(ArchiveEntry.id).where(ArchiveEntry.kind == "agreement_package")).first() or "",
        campaign=session.scalars(sa.select(SurveyCampaign.id)).one(),
        topic=session.scalars(sa.select(ProspectiveTopic.id).where(ProspectiveTopic.state == "open")).first() or "",
        appointment=session.scalars(sa.select(Appointment.id).where(Appointment.role == "auditor")).one(),
    )
