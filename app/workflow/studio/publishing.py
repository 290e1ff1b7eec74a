"""From a draft, or an older release, to the release in force: at once, or after a second analyst has agreed.

What is published is exactly the content that was looked at, by its checksum. Whoever saves in between makes another
content of it, which must be looked at again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.evidence import record
from app.audit.kinds import Kind
from app.engine import Finding
from app.errors import N_, Conflict, Invalid, NotFound, Problem
from app.identity.actors import Actor
from app.workflow import releases
from app.workflow.models import Instance, Release
from app.workflow.models_studio import WAITING, StudioDraft, StudioRequest
from app.workflow.releases import Refused
from app.workflow.studio import drafts

ANALYST = "analyst"
NOTE = 500
"""Most characters of a note."""


@dataclass(frozen=True, slots=True)
class Content:
    """What is to be published: the open draft, or (`again`) an older release anew."""

    files: Mapping[str, bytes]
    sha256: str
    draft: StudioDraft | None = None
    again: Release | None = None


def of_draft(session: Session, draft: StudioDraft) -> Content:
    files = drafts.files(session, draft)
    return Content(files, releases.content_hash(releases.manifest_of(files)), draft=draft)


def of_release(session: Session, release: Release) -> Content:
    return Content(releases.export(session, release.id), release.sha256, again=release)


def of_request(session: Session, request: StudioRequest) -> Content:
    """What the request is about, as it stands now; its checksum tells whether that is still what was asked for."""
    if request.again_id is not None:
        return of_release(session, session.get_one(Release, request.again_id))
    draft = session.get_one(StudioDraft, request.draft_id)
    return of_draft(session, draft)


def publish(
    session: Session, content: Content, seen: str, found: Iterable[Finding], actor: Actor, note: str
) -> Release:
    """Make it the newest release. `seen`: the checksum that was looked at; `found`: the findings on that content.

    Conflict: it has changed since, is closed, is in force already, or began from a release that is no longer the
    newest. Refused: findings. Invalid: no note.
    """
    _demand(session, content, seen, found, note)
    return _publish(session, content, found, actor.person_id, note, {})


def ask(
    session: Session, content: Content, seen: str, found: Iterable[Finding], actor: Actor, note: str
) -> StudioRequest:
    """Ask a second analyst to publish it; a request that waits already is withdrawn by this one."""
    _demand(session, content, seen, found, note)
    known = waiting(session)
    if known is not None:
        _answer(session, known, actor, "withdrawn")
        record(session, "release", known.id, Kind.RELEASE_WITHDRAWN, actor.person_id, {"sha256": known.sha256})
        session.flush()
    request = StudioRequest(
        draft_id=content.draft.id if content.draft else None,
        again_id=content.again.id if content.again else None,
        sha256=content.sha256,
        note=note,
        by=actor.person_id,
        on_behalf_of=_standing_in_for(actor),
        at=clock.now(),
    )
    session.add(request)
    session.flush()
    body = {"sha256": content.sha256, "draft": request.draft_id, "again": request.again_id}
    record(session, "release", request.id, Kind.RELEASE_REQUESTED, actor.person_id, body, {"note": note}, request.by)
    return request


def approve(session: Session, request: StudioRequest, found: Iterable[Finding], actor: Actor) -> Release:
    """Publish what was asked for. Conflict: by who asked, answered already, or the content is another by now."""
    _demand_other(request, actor)
    _demand_waiting(session, request)
    content = of_request(session, request)
    _demand(session, content, request.sha256, found, request.note)
    more = {"asked_by": request.by, "request": request.id}
    _answer(session, request, actor, "approved")
    release = _publish(session, content, found, actor.person_id, request.note, more)
    request.release_id = release.id
    body = {"sha256": request.sha256, "release": release.id}
    record(session, "release", request.id, Kind.RELEASE_APPROVED, actor.person_id, body)
    return release


def send_back(session: Session, request: StudioRequest, actor: Actor, reason: str) -> None:
    """Say no, with the reason; who asked may withdraw in the same way. Invalid: no reason."""
    reason = reason.strip()
    if not reason:
        raise Invalid(_REASON, {"reason": Problem(_REASON)})
    _demand_waiting(session, request)
    own = request.by == actor.person_id
    _answer(session, request, actor, "withdrawn" if own else "returned")
    request.reason = reason[:NOTE]
    kind = Kind.RELEASE_WITHDRAWN if own else Kind.RELEASE_RETURNED
    body = {"sha256": request.sha256}
    record(session, "release", request.id, kind, actor.person_id, body, {"reason": request.reason}, actor.person_id)


def waiting(session: Session) -> StudioRequest | None:
    return session.scalars(sa.select(StudioRequest).where(StudioRequest.slot == WAITING)).one_or_none()


def get(session: Session, request_id: str) -> StudioRequest:
    found = session.get(StudioRequest, request_id)
    if found is None:
        raise NotFound
    return found


def answered(session: Session, draft: StudioDraft) -> StudioRequest | None:
    """The last request about the draft that a second analyst sent back."""
    query = sa.select(StudioRequest).where(StudioRequest.draft_id == draft.id, StudioRequest.outcome == "returned")
    return session.scalars(query.order_by(StudioRequest.answered_at.desc()).limit(1)).first()


def may_answer(request: StudioRequest, actor: Actor) -> bool:
    """Whether the person is a second pair of eyes: neither who asked, nor standing in for them, nor the other way."""
    heads = {request.by, request.on_behalf_of} - {None}
    own = any(one.role == ANALYST and one.on_behalf_of not in heads for one in actor.holdings)
    return actor.person_id not in heads and own


def running(session: Session) -> dict[str, int]:
    """Release -> how many instances that have not ended stay on it."""
    query = sa.select(Instance.release_id, sa.func.count()).where(Instance.ended_at.is_(None))
    return {row[0]: row[1] for row in session.execute(query.group_by(Instance.release_id))}


_NOTE = N_("Say in a note what this release changes and why: it stands in the list of releases.")
_REASON = N_("Give a reason, so that the other analyst knows what to do.")
_ANSWERED = N_("The request is answered already.")


def _demand(session: Session, content: Content, seen: str, found: Iterable[Finding], note: str) -> None:
    """Everything that must hold, whoever asks and whoever approves."""
    if content.draft is not None:
        drafts.lock(session, content.draft)
        locked = of_draft(session, content.draft).sha256
    else:
        locked = content.sha256
    if {locked, content.sha256} != {seen}:
        raise Conflict(N_("The content has changed since you looked at it. Look at the changes again, then publish."))
    newest = releases.current(session)
    if newest is not None and newest.sha256 == seen:
        same = N_("There is nothing to publish: release %(number)s has exactly this content.")
        raise Conflict(same, number=newest.number)
    if content.draft is not None and newest is not None and content.draft.base_release_id != newest.id:
        raise Conflict(
            N_("Release %(number)s was published since this draft began. Bring the draft up to it first."),
            number=newest.number,
        )
    serious = [one for one in found if one.severity != "warning"]
    if serious:
        raise Refused(serious)
    if not note.strip():
        raise Invalid(_NOTE, {"note": Problem(_NOTE)})


def _publish(
    session: Session, content: Content, found: Iterable[Finding], by: str, note: str, more: Mapping[str, str]
) -> Release:
    told = dict(more) | ({"again": content.again.number} if content.again else {})
    release = releases.publish(session, content.files, by, note.strip()[:NOTE], "studio", found, told)
    if content.draft is not None:
        drafts.close_as(session, content.draft, release, by)
    return release


def _demand_other(request: StudioRequest, actor: Actor) -> None:
    if not may_answer(request, actor):
        raise Conflict(N_("A second analyst must agree: not who asked, and nobody who stands in for them."))


def _demand_waiting(session: Session, request: StudioRequest) -> None:
    mine = sa.select(StudioRequest).where(StudioRequest.id == request.id).with_for_update()
    if session.scalars(mine.execution_options(populate_existing=True)).one().slot != WAITING:
        raise Conflict(_ANSWERED)


def _answer(session: Session, request: StudioRequest, actor: Actor, outcome: str) -> None:
    values = {"slot": None, "outcome": outcome, "answered_by": actor.person_id, "answered_at": clock.now()}
    mine = sa.update(StudioRequest).where(StudioRequest.id == request.id, StudioRequest.slot == WAITING)
    if session.execute(mine.values(**values).returning(StudioRequest.id)).scalar() is None:
        raise Conflict(_ANSWERED)
    session.refresh(request)


def _standing_in_for(actor: Actor) -> str | None:
    """Whose substitute acts, where the role is not the person's own."""
    held = [one for one in actor.holdings if one.role == ANALYST]
    return None if any(one.on_behalf_of is None for one in held) else next((one.on_behalf_of for one in held), None)
