"""The one draft that is open: begun from a release, saved file by file, published or discarded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.evidence import record
from app.audit.kinds import Kind
from app.db import new_id
from app.errors import N_, Conflict, Invalid, NotFound
from app.workflow import releases
from app.workflow.inserting import insert
from app.workflow.models import Release
from app.workflow.models_studio import OPEN, StudioDraft, StudioFile, StudioRequest, StudioVersion
from app.workflow.studio import paths

TOGETHER = timedelta(minutes=10)
"""What one person saves within this time of the first save is one entry of the history."""
RELEASE = "system:release"
"""Stands for the person of a version that a release has; its note is the release's number."""
_CLOSED = N_("The draft is closed already: somebody else has published or discarded it.")
How = Literal["saved", "restored", "imported", "removed"]


@dataclass(frozen=True, slots=True)
class Content:
    """A file as the draft has it. `revision` 0, `by` None: as in the base release."""

    path: str
    data: bytes | None
    revision: int = 0
    by: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """The file stands at `revision` now."""

    revision: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Somebody saved since: theirs stands, what was sent is kept as the version `aside`."""

    theirs: Content
    aside: str


def find(session: Session) -> StudioDraft | None:
    """The open draft, if there is one."""
    return session.scalars(sa.select(StudioDraft).where(StudioDraft.slot == OPEN)).one_or_none()


def current(session: Session) -> StudioDraft:
    """The open draft; Conflict tells to open one."""
    draft = find(session)
    if draft is None:
        raise Conflict(N_("No draft is open: it was published or discarded. Open one in the studio first."))
    return draft


def open_draft(session: Session, by: str, base: Release | None = None) -> StudioDraft:
    """A draft over `base`, or over the newest release. One that is open already is given instead."""
    base = base or releases.current(session)
    if base is None:
        raise Conflict(N_("There is no release yet that a draft could begin from."))
    ident = new_id()
    row = {"id": ident, "base_release_id": base.id, "slot": OPEN, "opened_by": by, "opened_at": clock.now()}
    made = insert(session, StudioDraft).values(**row).on_conflict_do_nothing(index_elements=["slot"])
    if session.execute(made.returning(StudioDraft.id)).scalar() is not None:
        record(session, "release", ident, Kind.DRAFT_OPENED, by, {"base": base.id, "number": base.number})
    return current(session)


def discard(session: Session, draft: StudioDraft, by: str) -> None:
    """Close it without a release; its files and history stay readable."""
    _close(session, draft, by)
    record(session, "release", draft.id, Kind.DRAFT_DISCARDED, by, {"base": draft.base_release_id})


def reopen(session: Session, draft: StudioDraft, by: str) -> StudioDraft:
    """Take a discarded draft up again: a new draft with its files, laid over the release in force.

    Conflict: one is open already, or the draft was published.
    """
    if draft.slot == OPEN or draft.release_id is not None:
        raise Conflict(N_("Only a draft that was discarded can be taken up again."))
    if find(session) is not None:
        raise Conflict(N_("A draft is open. Publish or discard it first; this one stays where it is."))
    base = session.get_one(Release, draft.base_release_id)
    again = open_draft(session, by, base)
    save_all(session, again, {path: one.data for path, one in touched(session, draft).items()}, by, "restored")
    record(session, "release", again.id, Kind.DRAFT_REOPENED, by, {"draft": draft.id})
    return again


def close_as(session: Session, draft: StudioDraft, release: Release, by: str) -> None:
    """It has become that release."""
    _close(session, draft, by)
    draft.release_id = release.id


def _close(session: Session, draft: StudioDraft, by: str) -> None:
    """A request to publish it that still waits is withdrawn: it has nothing to be about."""
    closing = sa.update(StudioDraft).where(StudioDraft.id == draft.id, StudioDraft.slot == OPEN)
    done = session.execute(closing.values(slot=None, closed_by=by, closed_at=clock.now()).returning(StudioDraft.id))
    if done.scalar() is None:
        raise Conflict(_CLOSED)
    session.refresh(draft)
    waiting = sa.select(StudioRequest).where(StudioRequest.draft_id == draft.id, StudioRequest.slot.is_not(None))
    for request in session.scalars(waiting):
        request.slot, request.outcome, request.answered_by, request.answered_at = None, "withdrawn", by, clock.now()
        record(session, "release", request.id, Kind.RELEASE_WITHDRAWN, by, {"sha256": request.sha256})


def bring_up(session: Session, draft: StudioDraft, newest: Release, by: str) -> list[str]:
    """Lay the draft over a release that was published meanwhile; the paths that both have changed, differently.

    There the draft's file stands, and the release's is kept beside it in the history.
    """
    lock(session, draft)
    if draft.base_release_id == newest.id:
        raise Conflict(N_("The draft begins from release %(number)s already."), number=newest.number)
    base, theirs = releases.manifest(session, draft.base_release_id), newest.manifest
    whole = files(session, draft)
    own = [path for path in touched(session, draft) if releases.digest(whole.get(path)) != base.get(path)]
    both = []
    for path in own:
        if theirs.get(path) in (base.get(path), releases.digest(whole.get(path))):
            continue
        data, now = releases.file_of(session, newest.id, path), clock.now()
        aside = StudioVersion(draft_id=draft.id, path=path, revision=0, data=data, how="aside", by=RELEASE)
        aside.note, aside.began_at, aside.at = str(newest.number), now, now
        session.add(aside)
        both.append(path)
    record(session, "release", draft.id, Kind.DRAFT_BROUGHT_UP, by, {"base": newest.id, "number": newest.number})
    draft.base_release_id = newest.id
    session.flush()
    return both


def lock(session: Session, draft: StudioDraft) -> None:
    """Let nobody save to it or close it until this transaction ends. Conflict: it is closed."""
    mine = sa.select(StudioDraft).where(StudioDraft.id == draft.id).with_for_update()
    if session.scalars(mine.execution_options(populate_existing=True)).one().slot != OPEN:
        raise Conflict(_CLOSED)


def touched(session: Session, draft: StudioDraft) -> dict[str, Content]:
    """The files that were saved in the draft, by path; removed ones with `data` None."""
    rows = session.scalars(sa.select(StudioFile).where(StudioFile.draft_id == draft.id))
    return {row.path: Content(row.path, row.data, row.revision, row.by, row.at) for row in rows}


def mark(session: Session, draft: StudioDraft) -> str:
    """Another text whenever any file of the draft was saved since."""
    counted = sa.select(sa.func.count(), sa.func.sum(StudioFile.revision)).where(StudioFile.draft_id == draft.id)
    count, revisions = session.execute(counted).one()
    return f"{count}:{revisions or 0}"


def files(session: Session, draft: StudioDraft) -> dict[str, bytes]:
    """Everything that the draft would publish."""
    whole = releases.export(session, draft.base_release_id)
    for path, content in touched(session, draft).items():
        if content.data is None:
            whole.pop(path, None)
        else:
            whole[path] = content.data
    return whole


def read(session: Session, draft: StudioDraft, path: str) -> Content:
    """One file; NotFound where neither draft nor base has it. A removed one has `data` None."""
    row = session.get(StudioFile, (draft.id, path), populate_existing=True)
    if row is not None:
        return Content(path, row.data, row.revision, row.by, row.at)
    base = releases.file_of(session, draft.base_release_id, path)
    if base is None:
        raise NotFound
    return Content(path, base)


def save(
    session: Session,
    draft: StudioDraft,
    path: str,
    data: bytes | None,
    revision: int,
    by: str,
    *,
    how: How = "saved",
    note: str = "",
) -> Saved | Overtaken:
    """Put `data` (None: remove the file) in the place of the revision that the person had before their eyes.

    Never overwrites what somebody else saved since; then what was sent is kept beside it. Invalid: the path or size is
    none of a release. Conflict: the draft is closed.
    """
    paths.demand_allowed(path)
    paths.demand_size(path, data or b"")
    _demand_open(session, draft)
    now = clock.now()
    if _put(session, draft, Content(path, data, revision + 1, by, now)):
        _remember(session, draft, Content(path, data, revision + 1, by, now), how, note)
        return Saved(revision + 1, now)
    theirs = read(session, draft, path)
    if theirs.data == data:
        return Saved(theirs.revision, theirs.at or now)
    aside = StudioVersion(draft_id=draft.id, path=path, revision=revision, data=data, how="aside", note=note, by=by)
    aside.began_at = aside.at = now
    session.add(aside)
    session.flush()
    return Overtaken(theirs, aside.id)


def _demand_open(session: Session, draft: StudioDraft) -> None:
    """Locks it against being closed until this transaction ends: what is saved is published, or was refused."""
    open_still = sa.select(StudioDraft.slot).where(StudioDraft.id == draft.id).with_for_update(read=True)
    if session.scalar(open_still) != OPEN:
        raise Conflict(N_("The draft is closed. What you typed is still on your screen: copy it before you leave."))


def save_all(
    session: Session, draft: StudioDraft, changed: Mapping[str, bytes | None], by: str, how: How, note: str = ""
) -> int:
    """Take several files into the draft as they are, whoever touched them; how many really changed."""
    known = touched(session, draft)
    whole, count = files(session, draft), 0
    if len({*whole, *changed}) > paths.MOST:
        raise Invalid(N_("A release may hold at most %(most)s files."), most=paths.MOST)
    for path, data in changed.items():
        if whole.get(path) != data:
            revision = known[path].revision if path in known else 0
            save(session, draft, path, data, revision, by, how=how, note=note)
            count += 1
    return count


def _put(session: Session, draft: StudioDraft, content: Content) -> bool:
    """Compare and set; False if the file does not stand at the revision before."""
    row = {"data": content.data, "revision": content.revision, "by": content.by, "at": content.at}
    here = (StudioFile.draft_id == draft.id, StudioFile.path == content.path)
    if content.revision == 1:
        made = insert(session, StudioFile).values(draft_id=draft.id, path=content.path, **row)
        done = session.execute(made.on_conflict_do_nothing().returning(StudioFile.revision))
    else:
        change = sa.update(StudioFile).where(*here, StudioFile.revision == content.revision - 1).values(**row)
        done = session.execute(change.returning(StudioFile.revision))
    return done.scalar() is not None


def _remember(session: Session, draft: StudioDraft, content: Content, how: str, note: str) -> None:
    """Into the history: further saves of the same person soon after are the same entry."""
    its = sa.select(StudioVersion).where(StudioVersion.draft_id == draft.id, StudioVersion.path == content.path)
    its = its.where(StudioVersion.how != "aside").order_by(StudioVersion.revision.desc()).limit(1)
    last, now = session.scalars(its).one_or_none(), content.at or clock.now()
    plain = how == "saved" and not note
    if plain and last is not None and _goes_on(last, content.by, now):
        last.data, last.revision, last.at = content.data, content.revision, now
        return
    made = StudioVersion(
        draft_id=draft.id, path=content.path, revision=content.revision, data=content.data, how=how, note=note
    )
    made.by, made.began_at, made.at = str(content.by), now, now
    session.add(made)


def _goes_on(last: StudioVersion, by: str | None, now: datetime) -> bool:
    return last.how == "saved" and not last.note and last.by == by and now - last.began_at < TOGETHER
