"""Exports asked for on the page: a job writes the file, which stays some days for whoever may download it.

The zip goes to the folder of files, so that web and worker processes of one installation share it.
"""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock, db
from app.audit import export
from app.config import Config
from app.courses.evidence import exporting
from app.courses.evidence.exporting import Scope
from app.courses.evidence.models import EvidenceExport
from app.engine import Json
from app.errors import Denied, NotFound
from app.identity.actors import Actor
from app.workflow import jobs
from app.workflow.chores import Chore
from app.workflow.operations import Context, Operation, Outside

READERS = ("auditor", "operator")
OPENERS = ("auditor",)
"""Who may take personal data out of the house."""
KEPT = timedelta(days=7)


@dataclass(slots=True)
class _House:
    database: str = ""
    folder: Path = Path()


_house = _House()


def install(database: str, folder: Path) -> None:
    """Where this process reads from and writes to."""
    global _house
    _house = _House(database, folder)


def ask(session: Session, actor: Actor, scope: Scope, *, personal: bool) -> EvidenceExport:
    """Have an export made. Raises Denied."""
    if not actor.holds(*READERS) or (personal and not actor.holds(*OPENERS)):
        raise Denied
    total = export.count(session, exporting.streams_of(session, scope))
    row = EvidenceExport(
        kind=scope.kind,
        subject=scope.id,
        personal=personal,
        by=actor.person_id,
        asked_at=clock.now(),
        total=total,
    )
    session.add(row)
    session.flush()
    exporting.told(session, scope, actor.person_id, personal, export=row.id)
    jobs.enqueue(session, OPERATION.name, {"export": row.id}, key=f"{OPERATION.name}:{row.id}")
    return row


def listed(session: Session, actor: Actor, limit: int = 20) -> list[EvidenceExport]:
    """The newest first, without those that hold personal data where the person may not open them."""
    query = sa.select(EvidenceExport).order_by(EvidenceExport.asked_at.desc(), EvidenceExport.id.desc()).limit(limit)
    return [one for one in session.scalars(query) if may_take(actor, one)]


def may_take(actor: Actor, row: EvidenceExport) -> bool:
    return actor.holds(*(OPENERS if row.personal else READERS))


def get_export_for(session: Session, actor: Actor, ident: str) -> EvidenceExport:
    """Raises NotFound, Denied."""
    row = session.get(EvidenceExport, ident)
    if row is None or not actor.holds(*READERS):
        raise NotFound
    if not may_take(actor, row):
        raise Denied
    return row


def file_of(row: EvidenceExport, *, personal: bool = False) -> Path | None:
    """None when it is not there (yet, or any more)."""
    path = _house.folder / f"{row.id}{'.personal.jsonl' if personal else '.zip'}"
    return path if row.done_at is not None and path.exists() else None


def progress(row: EvidenceExport) -> int:
    """Per cent; the worker leaves a note beside the file it writes."""
    done = 0
    with suppress(OSError, ValueError):
        done = int((_house.folder / f"{row.id}.progress").read_text())
    return min(99, done * 100 // max(row.total, 1))


def _prepare(context: Context, export: str) -> Mapping[str, Any]:
    row = context.session.get_one(EvidenceExport, export)
    return {"id": row.id, "kind": row.kind, "subject": row.subject, "personal": row.personal}


def _act(request: Mapping[str, Any], _key: str) -> Mapping[str, Any]:
    """Written beside and put in place whole: a second attempt begins anew."""
    _house.folder.mkdir(parents=True, exist_ok=True)
    base, scope = _house.folder / request["id"], Scope(request["kind"], request["subject"])
    fresh, opened, note = (base.with_suffix(f".{name}") for name in ("part", "personal-part", "progress"))
    engine = db.create_engine(_house.database)
    try:
        with export.snapshot(engine) as session, fresh.open("wb") as target, opened.open("w", encoding="utf-8") as text:
            personal = text if request["personal"] else None
            counts = exporting.write(session, scope, target, personal, lambda done: _leave(note, done))
        digest = _digest(fresh)
        if request["personal"]:
            opened.replace(base.with_suffix(".personal.jsonl"))
        size = fresh.stat().st_size
        fresh.replace(base.with_suffix(".zip"))
    finally:
        engine.dispose()
        for path in (fresh, opened, note):
            path.unlink(missing_ok=True)
    return {"events": counts["events.jsonl"], "size": size, "sha256": digest}


def _leave(note: Path, done: int) -> None:
    note.write_text(str(done))


def _digest(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _settle(context: Context, export: str, answer: Mapping[str, Any]) -> Json:
    row = context.session.get_one(EvidenceExport, export)
    row.done_at, row.events, row.size, row.sha256 = context.now, answer["events"], answer["size"], answer["sha256"]
    context.session.flush()
    return {"sha256": answer["sha256"]}


OPERATION = Operation("evidence.export", _settle, {"export": True}, result=False, outside=Outside(_prepare, _act))


def sweep(session: Session, folder: Path) -> None:
    """Throw away what was written some days ago; the row stays."""
    old = sa.select(EvidenceExport.id).where(EvidenceExport.done_at < clock.now() - KEPT)
    for ident in session.scalars(old):
        for path in folder.glob(f"{ident}.*"):
            path.unlink(missing_ok=True)


def chore(settings: Config) -> Chore:
    return Chore("evidence.sweep", timedelta(hours=6), partial(sweep, folder=settings.files / "exports"))
