"""`backup`: database and files as they are at one moment, in one archive that can be checked (F33)."""

import argparse
import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app import clock, migrations
from app.audit.models import CheckpointRow, EventRow
from app.cli import copies
from app.cli.arguments import Commands, connected, settings_of
from app.cli.terminal import say
from app.config import Config
from app.errors import N_, Problem
from app.files.models import File
from app.files.store import path_of
from app.i18n import gettext

FORMAT = 1
MANIFEST = "manifest.json"
_CHUNK = 1 << 20


def add(commands: Commands) -> None:
    backing = commands.add("backup", backup, "write database and files into one archive, while the site runs")
    backing.add_argument("--out", type=Path, required=True, metavar="FILE", help="a .tar file that is not there yet")


def backup(arguments: argparse.Namespace) -> int:
    """The archive appears under its name only when it is whole; 1 if a file that the database names is missing."""
    settings = settings_of(arguments)
    out: Path = arguments.out
    if out.exists():
        raise Problem(N_("%(name)s is there already. Choose another name."), name=out)
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = out.with_name(f"{out.name}.part")
    try:
        with tempfile.TemporaryDirectory(prefix=".coomet-backup-", dir=out.parent) as folder:
            missing = write(settings, beside, Path(folder))
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)
    for digest in missing:
        say(gettext("Not in the backup, because the store has lost or damaged it: %(digest)s", digest=digest))
    say(gettext("Backup: %(name)s, %(size)s MB.", name=out, size=max(1, out.stat().st_size >> 20)))
    return int(bool(missing))


def write(settings: Config, target: Path, folder: Path) -> list[str]:
    """The database first: every file that its rows name is in the store by then. Returns what the store has lost."""
    with connected(settings) as engine, copies.taken(engine, folder) as copy:
        if migrations.revision_of(copy.connection) is None:
            raise Problem(N_("The database is empty. Run: ./run migrate"))
        manifest = {
            "format": FORMAT,
            "at": clock.system().isoformat(),
            "kind": engine.dialect.name,
            **_state(copy.connection),
            "database": {"name": copy.path.name, "sha256": digest_of(copy.path), "size": copy.path.stat().st_size},
        }
        digests = sorted(set(copy.connection.execute(sa.select(File.sha256)).scalars()))
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as stream:
        missing = _pack(stream, copy.path, settings.files, digests, manifest)
        stream.flush()
        os.fsync(stream.fileno())
    return missing


def _state(connection: sa.Connection) -> dict[str, Any]:
    """What a person compares: the schema, how many events there are, and the newest checkpoint."""
    newest = sa.select(CheckpointRow).order_by(CheckpointRow.size.desc()).limit(1)
    found = connection.execute(newest).mappings().one_or_none()
    checkpoint = {"size": found["size"], "root": found["root"].hex()} if found else None
    events = connection.execute(sa.select(sa.func.count()).select_from(EventRow)).scalar_one()
    return {"schema": migrations.revision_of(connection), "events": events, "checkpoint": checkpoint}


def _pack(stream: Any, copy: Path, store: Path, digests: list[str], manifest: dict[str, Any]) -> list[str]:
    """The manifest comes last: an archive without it was broken off."""
    packed, missing = [], []
    with tarfile.open(fileobj=stream, mode="w|") as archive:
        archive.add(copy, copy.name)
        for digest in digests:
            path = path_of(store, digest)
            if not path.is_file() or digest_of(path) != digest:
                missing.append(digest)
                continue
            archive.add(path, f"files/{digest}")
            packed.append(digest)
        text = json.dumps({**manifest, "files": packed, "missing": missing}, indent=1).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size = len(text)
        archive.addfile(entry, io.BytesIO(text))
    return missing


def digest_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def chunks(stream: Any) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk
