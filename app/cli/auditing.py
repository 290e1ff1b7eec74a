"""`audit export`, `audit verify` and `audit rotate-key`: evidence handed out, checked, signed by another key."""

import argparse
import io
import json
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from app import db
from app.audit import export, keyring
from app.cli import refusals
from app.cli.arguments import Commands, joined, settings_of
from app.cli.terminal import say
from app.courses.evidence import exporting, sealing
from app.errors import N_, Conflict
from app.i18n import current_locale, gettext, ngettext

WHO = "system:operator"


def add(commands: Commands) -> None:
    auditing = commands.group("audit", "evidence: export it, verify an export, change the key")
    exported = auditing.add("export", write, "write an export that can be verified without the program")
    exported.add_argument("--out", type=Path, required=True, metavar="FILE")
    scope = exported.add_mutually_exclusive_group()
    scope.add_argument("--instance", metavar="ID")
    scope.add_argument("--course", metavar="ID", help="its id or number")
    scope.add_argument("--all", action="store_true", help="everything (the default)")
    exported.add_argument("--with-personal", action="store_true", help="and FILE.personal.jsonl, to open commitments")
    verified = auditing.add("verify", verify, "check an export; 1 if something is wrong with it")
    verified.add_argument("file", type=Path)
    verified.add_argument("--checkpoints", type=Path, metavar="DIR", help="copies of checkpoints kept outside")
    verified.add_argument("--personal", type=Path, metavar="FILE")
    verified.add_argument("--trust", action="append", default=[], metavar="KEY", help="id of a key noted elsewhere")
    rotated = auditing.add("rotate-key", rotate, "sign checkpoints with a new key from now on")
    rotated.add_argument("--lost", action="store_true", help="the old key is gone and cannot vouch for the new one")


def write(arguments: argparse.Namespace) -> int:
    """Seal what is new, if the key is here, and write the export; never over another file."""
    settings = joined(settings_of(arguments))
    refusals.demand_tables(settings)
    kind: exporting.ScopeKind = "instance" if arguments.instance else "course" if arguments.course else "all"
    engine = db.create_engine(settings.database)
    with db.transaction(db.session_factory(engine)) as session:
        scope = exporting.find(session, kind, arguments.instance or arguments.course)
        exporting.told(session, scope, WHO, arguments.with_personal)
        if settings.key_file.exists():
            sealing.seal(session, settings.key_file)
    with ExitStack() as stack:
        session = stack.enter_context(export.snapshot(engine))
        target = stack.enter_context(_new(arguments.out, 0o644))
        opened = None
        if arguments.with_personal:
            raw = _new(arguments.out.with_name(arguments.out.name + ".personal.jsonl"), 0o600)
            opened = stack.enter_context(io.TextIOWrapper(raw, "utf-8"))
        counts = exporting.write(session, scope, target, opened)
    if arguments.json:
        print(json.dumps({"file": str(arguments.out), "lines": dict(counts)}))
    say(ngettext("%(num)s event was written.", "%(num)s events were written.", counts["events.jsonl"]))
    return 0


def _new(path: Path, mode: int) -> BinaryIO:
    try:
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb")
    except FileExistsError:
        raise Conflict(N_("%(name)s is there already, and nothing is written over."), name=path) from None


def verify(arguments: argparse.Namespace) -> int:
    """The same file that goes with every export, in a process of its own."""
    command = [sys.executable, "-I", str(export.OFFLINE / "verify.py"), str(arguments.file.absolute())]
    for name in ("checkpoints", "personal"):
        given = vars(arguments)[name]
        command += [f"--{name}", str(given.absolute())] if given else []
    for key in arguments.trust:
        command += ["--trust", key]
    environment = {**os.environ, "LANG": current_locale(), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603 - our own program


def rotate(arguments: argparse.Namespace) -> int:
    settings = joined(settings_of(arguments))
    refusals.demand_tables(settings)
    sessions = db.session_factory(db.create_engine(settings.database))
    with db.transaction(sessions) as session:
        key = keyring.rotate(session, settings.key_file, WHO, lost=arguments.lost)
    with db.transaction(sessions) as session:
        sealing.seal(session, settings.key_file)
    say(gettext("From now on key %(key)s signs. Note it somewhere outside the program.", key=key.id))
    return 0
