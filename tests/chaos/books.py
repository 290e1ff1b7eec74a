"""Balancing the books after a storm: what was promised against what is there."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.config import Config
from app.connectors.mail import Mailbox
from app.connectors.moodle.stand_in.store import Store
from app.workflow import fsck
from app.workflow.models import Incident, Instance, Job, Submission
from tests.chaos.clerks import Promises
from tests.chaos.model import COURSE, EFFECT, World, course_name


@dataclass(slots=True)
class Balance:
    """All lists are empty after a storm that did no harm."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    extra_letters: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    instances: int = 0
    courses: int = 0
    """Made at the platform."""


def balance(session: Session, folder: Path, world: World, promises: Promises) -> Balance:
    found = Balance(instances=session.scalar(sa.select(sa.func.count(Instance.id))) or 0)
    _submissions(session, promises, found)
    _instances(session, promises, found)
    _effects(session, world, found)
    _courses(session, folder, found)
    _letters(folder, session, found)
    found.violations += [str(one) for one in fsck.run(session, Config(mode="test", data_dir=folder))]
    found.violations += promises.faults
    return found


def _submissions(session: Session, promises: Promises, found: Balance) -> None:
    stored = Counter(session.scalars(sa.select(Submission.nonce)))
    found.lost += [f"submission {one}" for one in (*promises.started, *promises.completed) if one not in stored]
    found.doubled += [f"submission {one}" for one, times in stored.items() if times > 1]
    found.doubled += [f"refused but stored {one}" for one in promises.refused if one in stored]


def _instances(session: Session, promises: Promises, found: Balance) -> None:
    begun = set(session.scalars(sa.select(Submission.nonce).where(Submission.task_id.is_(None))))
    if found.instances != len(begun):
        found.doubled.append(f"{found.instances} instances of {len(begun)} start forms")
    stuck = sa.select(Instance.id).where(Instance.status != "completed")
    found.lost += [f"instance {one} did not end" for one in session.scalars(stuck)]
    found.lost += [f"incident {one.detail}" for one in session.scalars(sa.select(Incident))]


def _effects(session: Session, world: World, found: Balance) -> None:
    seen = Counter(world.keys())
    asked = session.scalars(sa.select(Job.key).where(Job.operation == EFFECT, Job.outcome == "done")).all()
    found.lost += [f"effect {key}" for key in asked if key not in seen]
    found.doubled += [f"effect {key}" for key, times in seen.items() if times > 1]
    known = set(session.scalars(sa.select(Job.key)))
    found.doubled += [f"effect {key} that nobody asked for" for key in seen if key not in known]


def _courses(session: Session, folder: Path, found: Balance) -> None:
    """Every finished job has its course at the platform, hidden; none has two, and none is there that nobody asked."""
    with Store(folder / "moodle.db").open() as memory:
        made = Counter(one["shortname"] for one in memory.effects() if one["effect"] == "created")
        there = {one["idnumber"]: one for one in memory.all("course")}
    found.courses = len(made)
    jobs = {course_name(job.key): job for job in session.scalars(sa.select(Job).where(Job.operation == COURSE))}
    found.lost += [f"course {name}" for name, job in jobs.items() if job.outcome == "done" and name not in there]
    found.lost += [f"course {name} is public" for name in jobs if name in there and there[name]["visible"]]
    found.doubled += [f"course {name}" for name, times in made.items() if times > 1]
    found.doubled += [f"course {name} that nobody asked for" for name in made if name not in jobs]


def _letters(folder: Path, session: Session, found: Balance) -> None:
    mailbox = Mailbox(folder / "mailbox")
    for letter in mailbox.messages():
        found.extra_letters += [letter.message_id] * (letter.copies - 1)
    live = sa.select(Job).where(Job.outcome.is_(None), Job.due <= sa.func.current_timestamp())
    found.lost += [f"job {job.id} {job.operation}" for job in session.scalars(live)]
