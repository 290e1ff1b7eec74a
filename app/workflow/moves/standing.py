"""How many instances run under which release, and where on its diagrams they stand."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import engine
from app.workflow import releases
from app.workflow.models import Instance, Release

LIVE = Instance.ended_at.is_(None)


@dataclass(frozen=True, slots=True)
class Running:
    """The instances of one procedure under one release."""

    process: str
    release: Release
    number: int
    suspended: int


def running(session: Session) -> list[Running]:
    """By procedure, the newest release first."""
    stopped = sa.func.sum(sa.case((Instance.status == "suspended", 1), else_=0))
    query = (
        sa.select(Instance.process, Instance.release_id, sa.func.count(), stopped)
        .where(LIVE)
        .group_by(Instance.process, Instance.release_id)
    )
    known = {release.id: release for release in session.scalars(sa.select(Release))}
    found = [
        Running(process, known[of], int(number), int(late)) for process, of, number, late in session.execute(query)
    ]
    return sorted(found, key=lambda one: (one.process, -one.release.number))


def places(session: Session, process: str, release_id: str) -> Mapping[str, Counter[str]]:
    """Process -> element -> in how many instances something stands there; the called processes are among them."""
    specification = releases.specification(session, release_id)
    found: dict[str, Counter[str]] = {}
    query = sa.select(Instance.state).where(LIVE, Instance.process == process, Instance.release_id == release_id)
    for state in session.scalars(query.execution_options(yield_per=500)):
        try:
            here = engine.positions(state or b"")
        except engine.UnreadableState:  # it is suspended with an incident, which says so
            continue
        for drawn, ident in here:
            element = specification.processes[drawn].elements.get(ident)
            if element is not None and element.kind != "boundaryEvent":
                found.setdefault(drawn, Counter())[ident] += 1
    return found
