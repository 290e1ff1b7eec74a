"""Evidence to be checked elsewhere: one zip, written as a stream, in the form that `offline/verify.py` reads.

What this layer cannot know (releases, documents) is handed in.
"""

import io
import json
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, TextIO

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import chain, checkpoints, proofs
from app.audit.evidence import Stream
from app.audit.keyring import STREAM
from app.audit.kinds import Kind
from app.audit.models import EventRow, LeafRow, PersonalRow, StreamRow

FORMAT = "coomet-evidence-1"
KEYS: Stream = ("site", STREAM)
OFFLINE = Path(__file__).parent / "offline"
MOST_PROOFS = 500
"""Checkpoints of a partial export that are proven to lead to the newest one; outside copies are rarely older."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Attachments:
    """What the events speak of: releases with their files, and documents by checksum."""

    releases: Iterable[Row] = ()
    """id, number, sha256, manifest (path -> SHA-256)."""
    files: Callable[[str], bytes] = lambda _digest: b""
    """Content of a release's file by checksum."""
    documents: Iterable[Row] = ()
    """kind (archive, file), id, sha256 and what else describes them, without naming persons."""


@dataclass(frozen=True, slots=True)
class Content:
    """Everything an export consists of, as rows that are made while they are written."""

    scope: Mapping[str, str | None]
    """kind: all, course or instance; id."""
    made_at: datetime
    events: Iterable[tuple[Row, Row | None]]
    """Each with what its commitment stands for, None where nothing does any more."""
    checkpoints: Iterable[str]
    consistency: Iterable[Row] = ()
    attachments: Attachments = field(default_factory=Attachments)


def contents(
    session: Session, scope: Mapping[str, str | None], streams: Collection[Stream] | None, made_at: datetime
) -> Content:
    """All streams, or those given and that of the keys; read in one snapshot, while it is written."""
    last = checkpoints.newest(session)
    size = last[0].size if last else 0
    points = (one.line for one in checkpoints.since(session))
    if streams is None:
        return Content(scope, made_at, _events(session, None), points)
    tree = proofs.Tree(session)
    proven = (_proven(tree, size, event) for event in _events(session, {*streams, KEYS}))
    return Content(scope, made_at, proven, points, _consistency(session, tree, size))


def count(session: Session, streams: Collection[Stream] | None) -> int:
    """How many events the export will hold; for the progress shown."""
    query = sa.select(sa.func.count()).select_from(EventRow)
    if streams is not None:
        query = query.where(EventRow.stream.in_(_ids({*streams, KEYS})))
    return session.scalar(query) or 0


@contextmanager
def snapshot(engine: sa.Engine) -> Iterator[Session]:
    """One view of the database for as long as it is read, without holding up anybody who writes."""
    options: dict[str, Any] = {"reading": True}
    if engine.dialect.name != "sqlite":
        options["isolation_level"] = "REPEATABLE READ"
    with engine.connect().execution_options(**options) as connection, Session(connection) as session:
        yield session


def write(
    target: BinaryIO, content: Content, personal: TextIO | None = None, tell: Callable[[int], None] = lambda _done: None
) -> Mapping[str, int]:
    """Write the zip, and to `personal` what opens the commitments; returns the number of lines by member.

    The same content gives the same members, whenever and wherever it is written.
    """
    counts: dict[str, int] = {}
    keys: dict[str, str] = {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("README.md", "README.ru.md", "verify.py"):
            archive.writestr(_info(name), (OFFLINE / name).read_bytes())
        lines = _event_lines(content.events, keys, personal, tell)
        counts["events.jsonl"] = _lines(archive, "events.jsonl", lines)
        counts["checkpoints.jsonl"] = _lines(archive, "checkpoints.jsonl", content.checkpoints)
        proven = (chain.canonical(row) for row in content.consistency)
        counts["consistency.jsonl"] = _lines(archive, "consistency.jsonl", proven)
        counts |= _write_attachments(archive, content.attachments)
        archive.writestr(_info("keys.json"), chain.canonical(keys))
        made_at = chain.microseconds(content.made_at)
        manifest = {"format": FORMAT, "scope": dict(content.scope), "counts": counts, "made_at": made_at}
        archive.writestr(_info("manifest.json"), chain.canonical(manifest))
    return counts


def _event_lines(
    events: Iterable[tuple[Row, Row | None]], keys: dict[str, str], personal: TextIO | None, tell: Callable[[int], None]
) -> Iterator[str]:
    for done, (event, opened) in enumerate(events, 1):
        if event["kind"] == Kind.EVIDENCE_KEY_INTRODUCED.value:
            body = json.loads(event["body"])
            keys[body["key"]] = body["public"]
        if personal is not None and opened is not None:
            personal.write(chain.canonical(opened) + "\n")
        yield chain.canonical(event)
        if done % 1000 == 0:
            tell(done)


def _write_attachments(archive: zipfile.ZipFile, attachments: Attachments) -> dict[str, int]:
    wanted: set[str] = set()

    def releases() -> Iterator[str]:
        for release in attachments.releases:
            wanted.update(release["manifest"].values())
            yield chain.canonical(release)

    counts = {"releases.jsonl": _lines(archive, "releases.jsonl", releases())}
    documents = (chain.canonical(one) for one in attachments.documents)
    counts["documents.jsonl"] = _lines(archive, "documents.jsonl", documents)
    for digest in sorted(wanted):
        archive.writestr(_info(f"release-files/{digest}"), attachments.files(digest))
    return counts


def _lines(archive: zipfile.ZipFile, name: str, lines: Iterable[str]) -> int:
    count = 0
    with archive.open(_info(name), "w", force_zip64=True) as raw, io.TextIOWrapper(raw, "utf-8", newline="\n") as text:
        for line in lines:
            text.write(line + "\n")
            count += 1
    return count


def _info(name: str) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    made.compress_type = zipfile.ZIP_DEFLATED
    made.external_attr = 0o644 << 16
    return made


def _events(session: Session, streams: Collection[Stream] | None) -> Iterator[tuple[Row, Row | None]]:
    """Those that have a place, in its order; then those that wait for one."""
    for placed in (True, False):
        query = _query(placed).execution_options(yield_per=1000)
        if streams is not None:
            query = query.where(EventRow.stream.in_(_ids(streams)))
        for row in session.execute(query):
            yield _read(row)


def _query(placed: bool) -> sa.Select[Any]:
    personal = sa.and_(PersonalRow.stream == EventRow.stream, PersonalRow.n == EventRow.n)
    query = (
        sa.select(EventRow.__table__, StreamRow.kind.label("of"), StreamRow.ident, LeafRow.position)
        .add_columns(PersonalRow.salt, PersonalRow.value)
        .join(StreamRow, StreamRow.id == EventRow.stream)
        .outerjoin(PersonalRow, personal)
    )
    if placed:
        return query.join(LeafRow, LeafRow.seq == EventRow.seq).order_by(LeafRow.position)
    return query.outerjoin(LeafRow, LeafRow.seq == EventRow.seq).where(LeafRow.seq.is_(None)).order_by(EventRow.seq)


def _ids(streams: Collection[Stream]) -> sa.Select[int]:
    named = (sa.and_(StreamRow.kind == kind, StreamRow.ident == ident) for kind, ident in sorted(streams))
    return sa.select(StreamRow.id).where(sa.or_(sa.false(), *named))


def _read(row: Any) -> tuple[Row, Row | None]:
    event = {
        "stream": row.of,
        "ident": row.ident,
        "n": row.n,
        "at": chain.microseconds(row.at),
        "actor": row.actor,
        "kind": row.kind,
        "body": row.body,
        "commitment": row.commitment.hex() if row.commitment else None,
        "hash": row.hash.hex(),
        "position": row.position,
        "personal": None if row.commitment is None else "erased" if row.value is None else "kept",
    }
    if row.value is None:
        return event, None
    return event, {"stream": row.of, "ident": row.ident, "n": row.n, "salt": row.salt.hex(), "value": row.value}


def _proven(tree: proofs.Tree, size: int, event: tuple[Row, Row | None]) -> tuple[Row, Row | None]:
    row, opened = event
    if row["position"] is not None:
        row["path"] = [one.hex() for one in tree.inclusion(row["position"], size)]
    return row, opened


def _consistency(session: Session, tree: proofs.Tree, size: int) -> Iterator[Row]:
    """The oldest first."""
    for one in reversed(checkpoints.newest(session, MOST_PROOFS)):
        if one.size < size:
            yield {"size": one.size, "path": [step.hex() for step in tree.consistency(one.size, size)]}
