"""`restore`: a backup into an empty place; nothing goes out before `restore --resume` (F32)."""

import argparse
import hashlib
import json
import os
import re
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app import db, migrations
from app.cli import copies
from app.cli.arguments import Commands, connected, settings_of
from app.cli.backup import FORMAT, MANIFEST, chunks
from app.cli.terminal import say
from app.config import Config
from app.errors import N_, Problem
from app.files.store import path_of
from app.i18n import gettext
from app.workflow import standstill

WHO = "system:cli"
_MEMBER = re.compile(rf"{MANIFEST}|{copies.SQLITE}|{copies.POSTGRESQL}|files/[0-9a-f]{{64}}")


def add(commands: Commands) -> None:
    restoring = commands.add("restore", restore, "put a backup into an empty database; or let a restored site go on")
    restoring.add_argument("file", type=Path, nargs="?", metavar="FILE", help="what `backup` has written")
    restoring.add_argument("--resume", action="store_true", help="let letters, jobs and timers go on")


def restore(arguments: argparse.Namespace) -> int:
    settings = settings_of(arguments)
    if arguments.resume == (arguments.file is not None):
        raise Problem(N_("Say either FILE, to restore it, or --resume, to let a restored site go on."))
    return resume(settings) if arguments.resume else put(settings, arguments.file)


def put(settings: Config, file: Path) -> int:
    """Everything is read and compared first; then files, then the database, which nobody can use before the end."""
    with connected(settings) as engine:
        return _put(settings, file, engine)


def _put(settings: Config, file: Path, engine: sa.Engine) -> int:
    if not copies.is_empty(engine):
        raise Problem(N_("The database is not empty. A backup goes into an empty one: set DATABASE_URL or DATA_DIR."))
    settings.files.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=settings.files) as name:
        folder = Path(name)
        manifest = unpack(file, folder)
        _agrees(manifest, engine.dialect.name)
        for digest in manifest["files"]:
            place = path_of(settings.files, digest)
            place.parent.mkdir(exist_ok=True)
            (folder / digest).chmod(0o440)
            (folder / digest).replace(place)
        copy = folder / manifest["database"]["name"]
        facts = {name: manifest[name] for name in ("at", "events", "checkpoint", "schema")}
        if engine.dialect.name == "sqlite":
            engine.dispose()
            _hold(db.create_engine(f"sqlite:///{copy}"), facts)
            copies.put_sqlite(copy, settings.database)
        else:
            copies.put_postgresql(copy, engine, folder)
            _hold(engine, facts, copies.SET_ASIDE)
    for digest in manifest["missing"]:
        say(gettext("Was missing when the backup was made: %(digest)s", digest=digest))
    say(gettext("Restored as of %(at)s. Nothing is sent yet: look, then run ./run restore --resume", at=manifest["at"]))
    return 0


def unpack(file: Path, folder: Path) -> dict[str, Any]:
    """Into the folder, each file under its digest; Problem unless everything is there and as the manifest says."""
    found: dict[str, str] = {}
    try:
        with tarfile.open(file, mode="r|") as archive:
            for member in archive:
                if not member.isreg() or not _MEMBER.fullmatch(member.name):
                    raise _not_ours()
                name = member.name.removeprefix("files/")
                found[name] = _take(archive.extractfile(member), folder / name)
    except (tarfile.TarError, EOFError):
        raise _not_ours() from None
    if MANIFEST not in found:
        raise _not_ours()
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
    if manifest.get("format") != FORMAT:
        raise Problem(N_("This backup was written by a newer version of the program. Install that version."))
    database = manifest["database"]
    expected = {database["name"]: database["sha256"], **{digest: digest for digest in manifest["files"]}}
    wrong = [name for name in sorted(expected) if found.get(name) != expected[name]]
    if wrong:
        raise Problem(N_("The backup is damaged, nothing was restored. First damaged part: %(name)s"), name=wrong[0])
    return manifest


def _take(stream: Any, target: Path) -> str:
    digest = hashlib.sha256()
    with target.open("wb") as written:
        for chunk in chunks(stream):
            digest.update(chunk)
            written.write(chunk)
        written.flush()
        os.fsync(written.fileno())
    return digest.hexdigest()


def _not_ours() -> Problem:
    return Problem(N_("This is no whole backup of this program: it was broken off, or is something else."))


def _agrees(manifest: dict[str, Any], kind: str) -> None:
    if manifest["kind"] != kind:
        told = N_("The backup is of %(there)s, DATABASE_URL names %(here)s. Set one of the same kind.")
        raise Problem(told, there=manifest["kind"], here=kind)
    if manifest["schema"] > migrations.head():
        raise Problem(N_("This backup was written by a newer version of the program. Install that version."))


def _hold(engine: sa.Engine, facts: dict[str, Any], aside: str = "") -> None:
    """One transaction: on hold, and only then usable."""
    with db.transaction(db.session_factory(engine)) as session:
        standstill.begin(session, WHO, facts)
        if aside:
            session.execute(sa.text(f"ALTER TABLE {aside} RENAME TO alembic_version"))
    engine.dispose()


def resume(settings: Config) -> int:
    with connected(settings) as engine, db.transaction(db.session_factory(engine)) as session:
        done = standstill.end(session, WHO)
    said = N_("The site goes on.") if done else N_("The site is not on hold; nothing to do.")
    say(gettext(said))
    return 0
