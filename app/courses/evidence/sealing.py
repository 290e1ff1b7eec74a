"""When checkpoints are made: a minute after the last, or sooner where much has happened; never without new events."""

from datetime import timedelta
from functools import partial
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit import checkpoints, keyring
from app.audit.checkpoints import Checkpoint
from app.audit.keys import KeyProblem
from app.config import Config
from app.courses.evidence import copies
from app.i18n import Text
from app.workflow import incidents
from app.workflow.chores import Chore
from app.workflow.models import Incident

EVERY = timedelta(minutes=1)
ENOUGH = 1_000
LOOK = timedelta(seconds=15)
KEY = "EVIDENCE_KEY"
"""The setting that an incident about the key names."""
NO_KEY = Text(
    "Контрольные точки журнала не делаются: ключ EVIDENCE_KEY недоступен. Работа идет, события записываются. "
    "Восстановите файл ключа: точки продолжатся сами.",
    "No checkpoints of the evidence are made: the key EVIDENCE_KEY is not to be had. Work goes on and events are "
    "recorded. Restore the key's file; checkpoints go on by themselves.",
)


def chore(settings: Config) -> Chore:
    return Chore("evidence.seal", LOOK, partial(seal_when_due, path=settings.key_file))


def seal_when_due(session: Session, path: Path) -> None:
    if is_due(session):
        seal(session, path)


def is_due(session: Session) -> bool:
    waiting = checkpoints.unsealed(session)
    last = checkpoints.newest(session)
    return waiting > 0 and (not last or waiting >= ENOUGH or abs(clock.now() - last[0].at) >= EVERY)


def seal(session: Session, path: Path) -> Checkpoint | None:
    """Make a checkpoint of what is new and have it copied outside; what is wrong with the key becomes an incident."""
    standing = _incident(session)
    try:
        made = checkpoints.make(session, keyring.current(session, path), clock.now())
    except (KeyProblem, OSError) as failure:
        if standing is None:
            about = incidents.About(None, element=KEY)
            incidents.open_one(session, None, "system", NO_KEY, str(failure), about)
        return None
    if standing is not None:
        incidents.close(session, standing, keyring.SEALER, "retried")
    if made is not None:
        copies.want(session)
    return made


def _incident(session: Session) -> Incident | None:
    query = sa.select(Incident).where(Incident.element == KEY, Incident.closed_at.is_(None))
    return session.scalars(query.where(Incident.instance_id.is_(None)).limit(1)).one_or_none()
