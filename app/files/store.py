"""The store: every content once, under its SHA-256, written whole before any row names it.

A file is streamed to `incoming/`, looked into, flushed to the disk and renamed to its place; only then comes its row,
in the caller's transaction. Whatever breaks off in between leaves bytes without a row, which `sweep` removes, never a
row without bytes. Recording the event is the caller's, who knows what the file belongs to.
"""

import errno
import fcntl
import hashlib
import os
import re
import secrets
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import IO, BinaryIO

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.errors import N_, NotFound, StorageFull, TooLarge
from app.files.models import File, FileKind
from app.files.names import clean_name
from app.files.sniff import MEDIA_TYPES, Sniffed, sniff

_CHUNK = 1 << 16
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_INCOMING = "incoming"


def store(
    root: Path,
    session: Session,
    stream: IO[bytes],
    name: str,
    by: str,
    limit: int,
    accept: Collection[FileKind] = tuple(MEDIA_TYPES),
) -> File:
    """Take in an upload of at most `limit` bytes and add its row to the session.

    Raises Invalid (what is wrong with name or content), TooLarge, or StorageFull; then nothing was stored.
    """
    name = clean_name(name)
    with _room(root) as temporary:
        with temporary.open("x+b") as target:
            digest, size = _copy(stream, target, limit)
            sniffed = sniff(target, size, name, accept)
            target.flush()
            os.fsync(target.fileno())
        _settle(root, temporary, digest)
    return _row(session, name, by, digest, size, sniffed)


def keep(root: Path, session: Session, content: bytes, name: str, by: str, made: Sniffed) -> File:
    """The same for a file that the program itself has made: it knows what it is, so nothing is looked into."""
    name = clean_name(name)
    with _room(root) as temporary:
        with temporary.open("x+b") as target:
            digest, size = _copy(BytesIO(content), target, len(content))
            target.flush()
            os.fsync(target.fileno())
        _settle(root, temporary, digest)
    return _row(session, name, by, digest, size, made)


def open_file(root: Path, file: File) -> BinaryIO:
    """The content, from its beginning. NotFound when the store has lost it (`check` tells the operator)."""
    try:
        return path_of(root, file.sha256).open("rb")
    except FileNotFoundError:
        raise NotFound(N_("The file is missing in the store. The operator has to restore it.")) from None


def path_of(root: Path, sha256: str) -> Path:
    """Where a content lies; ValueError for what is no digest, so that no other path can be asked for."""
    if not re.fullmatch("[0-9a-f]{64}", sha256):
        raise ValueError("not a SHA-256 in hexadecimal")
    return root / sha256[:2] / sha256


def _row(session: Session, name: str, by: str, digest: str, size: int, sniffed: Sniffed) -> File:
    file = File(
        sha256=digest,
        size=size,
        name=name,
        media_type=sniffed.media_type,
        kind=sniffed.kind,
        notes=list(sniffed.notes),
        created_at=clock.now(),
        created_by=by,
    )
    session.add(file)
    session.flush()
    return file


@contextmanager
def _room(root: Path) -> Iterator[Path]:
    """A path for the incoming bytes; whatever happens, nothing stays there. A full disk becomes StorageFull."""
    temporary = root / _INCOMING / f"{secrets.token_hex(16)}.part"
    try:
        temporary.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
    except OSError as failure:
        if failure.errno in _FULL:
            raise StorageFull(N_("There is no room left for files. Nothing was stored; tell the operator.")) from None
        raise
    finally:
        with suppress(OSError):
            temporary.unlink()


def _copy(stream: IO[bytes], target: IO[bytes], limit: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > limit:
            raise TooLarge(N_("The file is larger than %(limit)s MB."), limit=limit // (1 << 20) or 1)
        digest.update(chunk)
        target.write(chunk)
    target.flush()
    return digest.hexdigest(), size


def _settle(root: Path, temporary: Path, digest: str) -> None:
    """Move the bytes to their place, over the same bytes if they are there already: that heals a damaged copy."""
    place = path_of(root, digest)
    temporary.chmod(0o440)
    with _locked(root, fcntl.LOCK_SH):
        place.parent.mkdir(exist_ok=True)
        temporary.replace(place)
    for folder in (place.parent, root):
        _flush_folder(folder)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _locked(root: Path, how: int) -> Iterator[None]:
    """Keeps `sweep` from judging a content old at the very moment in which it is sent again."""
    with (root / "lock").open("a") as lock:
        fcntl.flock(lock, how)
        yield


@dataclass(frozen=True, slots=True)
class Swept:
    """How many broken-off uploads and contents without a row were removed."""

    partial: int
    orphans: int


def sweep(root: Path, session: Session, older_than: timedelta = timedelta(days=1)) -> Swept:
    """Remove what uploads that broke off, or transactions that rolled back, left behind longer ago than that."""
    before = time.time() - older_than.total_seconds()  # the disk's own time: the program's clock may be moved
    partial = orphans = 0
    for path in sorted(root.glob(f"{_INCOMING}/*.part")):
        if _written(path) < before:
            path.unlink(missing_ok=True)
            partial += 1
    for folder in sorted(root.glob("[0-9a-f][0-9a-f]")):
        old = {path.name: path for path in folder.iterdir() if _written(path) < before}
        for digest in sorted(old.keys() - known(session, old)):
            orphans += _remove(root, old[digest], before)
    return Swept(partial, orphans)


def known(session: Session, digests: Collection[str]) -> set[str]:
    """Those of the digests that a row names."""
    found: set[str] = set()
    listed = sorted(digests)
    for start in range(0, len(listed), 500):
        query = sa.select(File.sha256).where(File.sha256.in_(listed[start : start + 500]))
        found.update(session.scalars(query))
    return found


def _remove(root: Path, path: Path, before: float) -> bool:
    with _locked(root, fcntl.LOCK_EX):
        if _written(path) >= before:
            return False
        path.unlink(missing_ok=True)
        return True


def _written(path: Path) -> float:
    """When, by the disk's clock; never, if another process was faster to remove it."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")
