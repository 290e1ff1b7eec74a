"""`check`, `publish` and `fsck`: what is proved about processes, forms and the books."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from app import db, engine
from app.cli import refusals
from app.cli.arguments import ROOT, Commands, joined, settings_of
from app.cli.terminal import say
from app.engine import Finding
from app.i18n import gettext
from app.workflow import fsck, releases

DIAGRAMS = {".bpmn", ".dmn"}
WHO = "system:cli"


def add(commands: Commands) -> None:
    commands.add("publish", publish, "publish the folders as a new release").add_argument("--note", default="")
    proving = commands.add("fsck", prove, "prove the invariants from database and files")
    proving.add_argument("--log", type=Path, metavar="FILE", help="production's log: no form it took may be missing")
    checking = commands.add("check", check, "check processes and forms")
    checking.add_argument("paths", nargs="*", type=Path, metavar="PATH")


def publish(arguments: argparse.Namespace) -> int:
    """Publish the folders as a new release, by the rules of `releases.publish_folders`."""
    settings = settings_of(arguments)
    database = db.create_engine(settings.database)
    joined(settings)
    with db.transaction(db.session_factory(database)) as session:
        release = releases.publish_folders(session, arguments.folders or ROOT, WHO, arguments.note)
    say(gettext("Release %(number)s is published.", number=release.number))
    return 0


def check(arguments: argparse.Namespace) -> int:
    """Findings on the folders, or on any diagrams and decisions named; 1 if one of them is an error."""
    joined(settings_of(arguments))
    if arguments.paths:
        found = engine.check(read_paths(arguments.paths), None)
    else:
        found = releases.check(releases.read_folders(arguments.folders or ROOT))
    if arguments.json:
        print(json.dumps({"findings": [plain(finding) for finding in found]}, ensure_ascii=False))
    else:
        for finding in found:
            place = ":".join(str(part) for part in (finding.file, finding.line, finding.element) if part)
            print(f"{place}  {finding.severity}  {finding.rule}\n    {finding.message}\n    {finding.hint}")
        say(gettext("Findings: %(count)s.", count=len(found)))
    return int(any(finding.severity == "error" for finding in found))


def read_paths(paths: Sequence[Path]) -> dict[str, bytes]:
    """Diagrams and decisions among the files and folders named, by the path as it was given."""
    files: dict[str, bytes] = {}
    for path in paths:
        for one in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if one.suffix in DIAGRAMS or one == path:
                files[str(one)] = one.read_bytes()
    return files


def plain(finding: Finding) -> dict[str, object]:
    return {
        "file": finding.file,
        "element": finding.element,
        "rule": finding.rule,
        "severity": finding.severity,
        "message": str(finding.message),
        "hint": str(finding.hint),
        "line": finding.line,
    }


def prove(arguments: argparse.Namespace) -> int:
    """Prove the invariants from database and files; 1 if one is violated."""
    settings = joined(settings_of(arguments))
    refusals.demand_tables(settings)
    with db.session_factory(db.create_engine(settings.database))() as session:
        found = fsck.run(session, settings, arguments.log)
    if arguments.json:
        print(json.dumps({"violations": [asdict(violation) for violation in found]}, ensure_ascii=False))
    else:
        for violation in found:
            print(f"{violation.invariant}  {violation.where}  {violation.what}")
        say(gettext("Violations: %(count)s.", count=len(found)))
    return int(bool(found))
