"""Looks at a course on the platform, kept one after the other."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.courses.platform.models import PlatformCheck
from app.engine import Json


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found; see the columns of `PlatformCheck`."""

    checked: bool = False
    by_hand: bool = False
    found: bool = False
    in_category: bool = False
    hidden: bool = False
    coordinators: bool = False
    copyright: bool = False
    description: bool = False
    image: bool = False
    self_enrolment: bool = False

    def ok(self) -> bool:
        """Nothing that a submission needs is missing (R6.10-a, R5.1-d, R6.8), or a person has to look."""
        placed = self.found and self.in_category and self.hidden
        return self.by_hand or (placed and self.coordinators and self.copyright and self.description)


def keep(
    session: Session, course_id: str, look: Look, details: Mapping[str, Any], instance_id: str | None = None
) -> dict[str, Json]:
    """Add the look; returns what diagrams are told."""
    facts: dict[str, Json] = asdict(look)
    check = PlatformCheck(course_id=course_id, instance_id=instance_id, details=dict(details), **facts)
    check.platform_id = details.get("id")
    session.add(check)
    session.flush()
    return {**facts, "ok": look.ok()}


def latest_check(session: Session, course_id: str) -> PlatformCheck | None:
    query = sa.select(PlatformCheck).where(PlatformCheck.course_id == course_id)
    return session.scalar(query.order_by(PlatformCheck.at.desc(), PlatformCheck.id.desc()).limit(1))
