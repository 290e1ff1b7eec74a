"""Comparing the store with its rows (invariant V16)."""

import hashlib
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.files.models import File
from app.files.store import path_of


def check(root: Path, session: Session, *, contents: bool = True) -> list[str]:
    """What is wrong: rows without bytes, bytes of another size or, with `contents`, of another checksum."""
    problems: list[str] = []
    query = sa.select(File.sha256, sa.func.min(File.id), sa.func.min(File.size)).group_by(File.sha256)
    for digest, file_id, size in session.execute(query.order_by(File.sha256)):
        path = path_of(root, digest)
        if not path.exists():
            problems.append(f"file {file_id}: missing in the store")
        elif path.stat().st_size != size:
            problems.append(f"file {file_id}: {path.stat().st_size} bytes instead of {size}")
        elif contents and _digest(path) != digest:
            problems.append(f"file {file_id}: the content is not what it was")
    return problems


def _digest(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
