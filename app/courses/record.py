"""Evidence about a course: one stream a course, so that its history is read in one place."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.audit import evidence
from app.audit.kinds import Kind


def stream_of(course_id: str) -> str:
    return f"course-{course_id}"


def record(
    session: Session,
    course_id: str,
    kind: Kind,
    by: str,
    body: Mapping[str, Any],
    personal: Mapping[str, Any] | None = None,
) -> None:
    """Append to the course's stream; what names or describes a person is `personal`."""
    evidence.record(session, "register", stream_of(course_id), kind, by, body, personal, by if personal else None)
