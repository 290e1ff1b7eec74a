"""Copies of checkpoints outside: in a folder of another machine or medium, and by mail. They are the control.

Both are jobs: a folder that hangs or refuses holds up nobody. The folder gets every checkpoint, also those that were
made while it was away; mail gets the newest, once an hour at most.
"""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit import checkpoints
from app.audit.checkpoints import Checkpoint
from app.audit.models import CopyRow
from app.connectors.mail import Message, Sender
from app.engine import Json
from app.errors import OutOfOrder
from app.workflow import jobs
from app.workflow.models import Job
from app.workflow.operations import Context, Operation, Outside

SYSTEM = "CHECKPOINT_DIR"
"""The setting that an incident about the folder names."""
PORTION = 5_000
MAIL_EVERY = timedelta(hours=1)
TEXT = """\
Контрольная точка журнала КООМЕТ. Сохраните это письмо: с ним можно доказать, что журнал до этого места не переписан.

A checkpoint of the COOMET evidence. Keep this letter: with it one can prove that the evidence up to here was not \
rewritten.

{line}

Событий / Events: {size}
Ключ / Key: {key}
"""


class Folder(Protocol):
    """Takes checkpoints, as many times as they are given to it. Raises OutOfOrder."""

    def __call__(self, points: Sequence[Checkpoint]) -> None: ...


@dataclass(slots=True)
class _Places:
    folder: Folder | None = None
    addresses: tuple[str, ...] = ()
    sender: Sender | None = None


_places = _Places()


def install(folder: Folder | None, addresses: Sequence[str], sender: Sender) -> None:
    """Where copies go in this process."""
    global _places
    _places = _Places(folder, tuple(addresses), sender)


def places() -> list[str]:
    """By the names under which `event_copy` knows them."""
    return [*(["folder"] if _places.folder else []), *(f"mail:{address}" for address in _places.addresses)]


def want(session: Session) -> None:
    """There is a new checkpoint: have it copied to all places that are not busy with an earlier one."""
    done = {row.place: row for row in session.scalars(sa.select(CopyRow))}
    names = ("evidence.copy", "evidence.mail")
    session.execute(sa.delete(Job).where(Job.operation.in_(names), Job.outcome == "done"))
    live = sa.select(Job).where(Job.operation.in_(names), Job.outcome.is_(None))
    busy = {job.params.get("place") for job in session.scalars(live)}
    now, size = clock.now(), checkpoints.newest(session)[0].size
    for place in places():
        last = done.get(place)
        if place in busy or (place != "folder" and last is not None and abs(now - last.at) < MAIL_EVERY):
            continue
        operation = "evidence.copy" if place == "folder" else "evidence.mail"
        jobs.enqueue(session, operation, {"place": place}, key=f"{operation}:{place}:{size}")


class Directory:
    """A folder that must be there already: making it would hide that a medium is not mounted."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self, points: Sequence[Checkpoint]) -> None:
        try:
            if not self.path.is_dir():
                raise OutOfOrder(SYSTEM, f"{self.path} is not a folder")
            for point in points:
                self._write(point)
        except OSError as failure:
            raise OutOfOrder(SYSTEM, f"{self.path}: {failure.strerror or failure}") from failure

    def _write(self, point: Checkpoint) -> None:
        """By month; a file that is there stays as it is, and must say the same."""
        month = self.path / f"{point.at:%Y-%m}"
        month.mkdir(exist_ok=True)
        path, line = month / f"checkpoint-{point.size:012}.json", f"{point.line}\n".encode()
        if path.exists():
            if path.read_bytes() != line:
                raise OutOfOrder(SYSTEM, f"{path} tells of another past; keep it and have the evidence verified")
            return
        fresh = path.with_suffix(f".new-{os.getpid()}")
        with fresh.open("wb") as target:
            target.write(line)
            target.flush()
            os.fsync(target.fileno())
        fresh.replace(path)
        handle = os.open(month, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _missing(context: Context, place: str) -> list[Checkpoint]:
    row = context.session.get(CopyRow, place)
    found = checkpoints.since(context.session, row.size if row else 0, PORTION)
    return list(found)


def _copy(points: list[Checkpoint], _key: str) -> int:
    if _places.folder is None:
        raise OutOfOrder(SYSTEM, "no folder is configured any more")
    _places.folder(points)
    return points[-1].size if points else 0


def _letter(context: Context, place: str) -> tuple[str, Checkpoint]:
    return place.removeprefix("mail:"), checkpoints.newest(context.session)[0]


def _mail(request: tuple[str, Checkpoint], _key: str) -> int:
    address, point = request
    subject = f"Контрольная точка журнала / Evidence checkpoint {point.size}"
    text = TEXT.format(line=point.line, size=point.size, key=point.key)
    reader = hashlib.sha256(address.encode()).hexdigest()[:8]
    message_id = f"<checkpoint-{point.size}-{point.root.hex()[:16]}-{reader}@coomet.evidence>"
    assert _places.sender is not None
    _places.sender.send(Message(message_id, "", address, subject, text, "ru"))
    return point.size


def _note(context: Context, place: str, answer: int) -> Json:
    row = context.session.get(CopyRow, place)
    if row is None:
        row = CopyRow(place=place, size=0, at=context.now)
        context.session.add(row)
    row.size, row.at = max(row.size, answer), context.now
    context.session.flush()
    return {"size": answer}


def _operation(name: str, prepare: Any, act: Any, system: str) -> Operation:
    outside = Outside(prepare, act)
    return Operation(name, _note, {"place": True}, result=False, outside=outside, system=system)


OPERATIONS = (
    _operation("evidence.copy", _missing, _copy, SYSTEM),
    _operation("evidence.mail", _letter, _mail, ""),
)
