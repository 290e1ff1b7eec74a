"""The releases and drafts that there are, newest first, with what became of them."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.workflow.models import Release
from app.workflow.models_studio import StudioDraft, StudioFile, StudioRequest


def releases_of(session: Session, offset: int = 0, limit: int = 50) -> list[Release]:
    return list(session.scalars(sa.select(Release).order_by(Release.number.desc()).offset(offset).limit(limit)))


def drafts_of(session: Session, offset: int = 0, limit: int = 50) -> list[StudioDraft]:
    newest = sa.select(StudioDraft).order_by(StudioDraft.opened_at.desc(), StudioDraft.id.desc())
    return list(session.scalars(newest.offset(offset).limit(limit)))


def requests_of(session: Session, release_ids: list[str]) -> dict[str, StudioRequest]:
    """Release -> the request that it came from."""
    query = sa.select(StudioRequest).where(StudioRequest.release_id.in_(release_ids))
    return {str(one.release_id): one for one in session.scalars(query)}


def counts(session: Session, draft_ids: list[str]) -> dict[str, int]:
    """Draft -> how many files were ever saved in it."""
    query = sa.select(StudioFile.draft_id, sa.func.count()).where(StudioFile.draft_id.in_(draft_ids))
    return {row[0]: row[1] for row in session.execute(query.group_by(StudioFile.draft_id))}
