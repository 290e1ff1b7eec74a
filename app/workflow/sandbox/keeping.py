"""Runs in the database. A run belongs to all analysts, as the draft does; two at once do not overwrite each other."""

from collections.abc import Sequence

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.errors import N_, Conflict, Invalid, NotFound
from app.workflow.models_sandbox import StudioSandbox
from app.workflow.sandbox.acts import Act, Setting, acts_from, acts_to, setting_from, setting_to

MOST_ACTS = 300
MOST_BYTES = 512 * 1024
MOST_RUNS = 500
OVERTAKEN = N_("Somebody else has gone on with this run meanwhile. Look where it stands now, then go on.")


def listed(session: Session, offset: int = 0, limit: int = 20) -> list[StudioSandbox]:
    """The last changed first."""
    newest = sa.select(StudioSandbox).order_by(StudioSandbox.at.desc(), StudioSandbox.id.desc())
    return list(session.scalars(newest.offset(offset).limit(limit)))


def get(session: Session, run_id: str) -> StudioSandbox:
    found = session.get(StudioSandbox, run_id)
    if found is None:
        raise NotFound
    return found


def setting_of(run: StudioSandbox) -> Setting:
    return setting_from(run.setting)


def acts_of(run: StudioSandbox) -> list[Act]:
    return acts_from(run.acts)


def begin(session: Session, setting: Setting, acts: Sequence[Act], by: str, source: str = "") -> StudioSandbox:
    """Invalid where there are too many runs, or the run is too long to be kept."""
    if (session.scalar(sa.select(sa.func.count()).select_from(StudioSandbox)) or 0) >= MOST_RUNS:
        raise Invalid(N_("There are %(most)s runs already. Delete some that nobody needs."), most=MOST_RUNS)
    now = clock.now()
    kept = setting_to(setting)
    run = StudioSandbox(
        folder=setting.folder, process=setting.process, setting=kept, acts=_kept(acts), source=source, revision=0,
        begun_by=by, begun_at=now, at=now,
    )  # fmt: skip
    _measure(kept)
    session.add(run)
    session.flush()
    return run


def change(
    session: Session, run: StudioSandbox, acts: Sequence[Act], revision: int, setting: Setting | None = None
) -> None:
    """Put these acts in the place of those that the person saw at `revision`. Conflict, Invalid."""
    values = {"acts": _kept(acts), "revision": revision + 1, "at": clock.now()}
    if setting is not None:
        values["setting"] = setting_to(setting)
    its = sa.update(StudioSandbox).where(StudioSandbox.id == run.id, StudioSandbox.revision == revision)
    if session.execute(its.values(**values).returning(StudioSandbox.id)).scalar() is None:
        raise Conflict(OVERTAKEN)
    session.refresh(run)


def delete(session: Session, run: StudioSandbox) -> None:
    session.delete(run)


def _kept(acts: Sequence[Act]) -> list[dict[str, object]]:
    if len(acts) > MOST_ACTS:
        raise Invalid(N_("A run has at most %(most)s steps. Keep it as a scenario and begin another."), most=MOST_ACTS)
    kept = acts_to(acts)
    _measure(kept)
    return kept


def _measure(kept: object) -> None:
    if len(orjson.dumps(kept)) > MOST_BYTES:
        size = MOST_BYTES // 1024
        raise Invalid(N_("What was typed in this run is larger than %(size)s kB together."), size=size)
