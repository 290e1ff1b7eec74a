"""Archives between being sent and being taken: each only for who sent it, and no longer than a day."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.errors import NotFound
from app.workflow.models_studio import StudioUpload

KEPT = timedelta(days=1)


def keep(session: Session, data: bytes, name: str, by: str) -> str:
    """The id under which it is found; what this person sent before is forgotten."""
    old = (StudioUpload.at < clock.now() - KEPT) | (StudioUpload.by == by)
    session.execute(sa.delete(StudioUpload).where(old))
    upload = StudioUpload(data=data, name=name[:200], by=by, at=clock.now())
    session.add(upload)
    session.flush()
    return upload.id


def get(session: Session, upload_id: str, by: str) -> StudioUpload:
    found = session.get(StudioUpload, upload_id)
    if found is None or found.by != by:
        raise NotFound
    return found


def forget(session: Session, upload: StudioUpload) -> None:
    session.delete(upload)
