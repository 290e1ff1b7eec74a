"""Who has which file of the draft open. An editor says so again and again; who falls silent is gone."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db import real_time
from app.workflow.inserting import insert
from app.workflow.models_studio import StudioDraft, StudioPresence

LASTS = timedelta(seconds=45)


def touch(session: Session, draft: StudioDraft, path: str, person_id: str) -> None:
    """The person has the file open now."""
    now = real_time(session)
    session.execute(sa.delete(StudioPresence).where(StudioPresence.at < now - LASTS))
    row = insert(session, StudioPresence).values(draft_id=draft.id, path=path, person_id=person_id, at=now)
    session.execute(row.on_conflict_do_update(index_elements=["draft_id", "path", "person_id"], set_={"at": now}))


def leave(session: Session, draft: StudioDraft, path: str, person_id: str) -> None:
    its = (StudioPresence.draft_id == draft.id, StudioPresence.path == path, StudioPresence.person_id == person_id)
    session.execute(sa.delete(StudioPresence).where(*its))


def at_work(session: Session, draft: StudioDraft) -> dict[str, list[str]]:
    """Path -> ids of the persons who have it open."""
    since = real_time(session) - LASTS
    query = sa.select(StudioPresence.path, StudioPresence.person_id).order_by(StudioPresence.at)
    found: dict[str, list[str]] = {}
    for path, person in session.execute(query.where(StudioPresence.draft_id == draft.id, StudioPresence.at >= since)):
        found.setdefault(path, []).append(person)
    return found
