"""What the files of a draft were before, and how to have it back."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.workflow.models_studio import StudioDraft, StudioVersion
from app.workflow.studio import drafts
from app.workflow.studio.drafts import Overtaken, Saved


def of_file(session: Session, draft: StudioDraft, path: str, offset: int = 0, limit: int = 50) -> list[StudioVersion]:
    """Versions of a file with what was refused and kept aside, newest first."""
    query = sa.select(StudioVersion).where(StudioVersion.draft_id == draft.id, StudioVersion.path == path)
    newest = query.order_by(StudioVersion.at.desc(), StudioVersion.id.desc())
    return list(session.scalars(newest.offset(offset).limit(limit)))


def of_draft(session: Session, draft: StudioDraft, offset: int = 0, limit: int = 50) -> list[StudioVersion]:
    """The same of all files together."""
    query = sa.select(StudioVersion).where(StudioVersion.draft_id == draft.id)
    newest = query.order_by(StudioVersion.at.desc(), StudioVersion.id.desc())
    return list(session.scalars(newest.offset(offset).limit(limit)))


def get(session: Session, draft: StudioDraft, version_id: str) -> StudioVersion:
    found = session.get(StudioVersion, version_id)
    if found is None or found.draft_id != draft.id:
        raise NotFound
    return found


def restore(
    session: Session, draft: StudioDraft, version_id: str, revision: int, by: str, note: str = ""
) -> Saved | Overtaken:
    """Put a version back in the place of `revision`; what stands there now stays in the history."""
    found = get(session, draft, version_id)
    return drafts.save(session, draft, found.path, found.data, revision, by, how="restored", note=note)


def before(session: Session, version: StudioVersion) -> StudioVersion | None:
    """The version that stood there before this one; None where it was the release's file."""
    query = sa.select(StudioVersion).where(
        StudioVersion.draft_id == version.draft_id,
        StudioVersion.path == version.path,
        StudioVersion.how != "aside",
        StudioVersion.revision < version.revision,
    )
    return session.scalars(query.order_by(StudioVersion.revision.desc()).limit(1)).first()
