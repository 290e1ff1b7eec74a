"""`check`, `publish` and `fsck`: what is proved about processes, forms and the books."""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from app import db, engine
from app.cli import refusals
from app.cli.arguments import ROOT, Commands, joined, settings_of
from app.cli.terminal import say
from app.engine import Finding, Process
from app.i18n import current_locale, gettext
from app.workflow import fsck, releases, scenarios

DIAGRAMS = {".bpmn", ".dmn"}
WHO = "system:cli"


def add(commands: Commands) -> None:
    commands.add("publish", publish, "publish the folders as a new release").add_argument("--note", default="")
    proving = commands.add("fsck", prove, "prove the invariants from database and files")
    proving.add_argument("--log", type=Path, metavar="FILE", help="production's log: no form it took may be missing")
    checking = commands.add("check", check, "check processes and forms")
    checking.add_argument("paths", nargs="*", type=Path, metavar="PATH")
    checking.add_argument("--draw", type=Path, metavar="FOLDER", help="draw procedures with what no scenario takes")


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
        found = _check_folders(releases.read_folders(arguments.folders or ROOT), arguments.draw)
    if arguments.json:
        print(json.dumps({"findings": [finding.told() for finding in found]}, ensure_ascii=False))
    else:
        for finding in found:
            place = ":".join(str(part) for part in (finding.file, finding.line, finding.element) if part)
            print(f"{place}  {finding.severity}  {finding.rule}\n    {finding.message}\n    {finding.hint}")
        say(gettext("Findings: %(count)s.", count=len(found)))
    return int(any(finding.severity == "error" for finding in found))


def _check_folders(files: Mapping[str, bytes], folder: Path | None) -> list[Finding]:
    """With the scenarios played where nothing keeps them from it."""
    found = releases.check(files)
    if any(finding.severity == "error" for finding in found):
        return found
    taken = scenarios.check(files)
    ways = sum(map(len, taken.wanted.values()))
    missed = sum(len(taken.missed(process)) for process in taken.wanted)
    say(
        gettext(
            "Scenarios played: %(played)s. Ways taken: %(taken)s of %(ways)s.",
            played=taken.played,
            taken=ways - missed,
            ways=ways,
        )
    )
    if folder is not None:
        _draw(files, taken, folder)
    return [*found, *taken.findings]


def _draw(files: Mapping[str, bytes], taken: scenarios.Taken, folder: Path) -> None:
    """A picture a process: FOLDER/PROCESS.svg."""
    folder.mkdir(parents=True, exist_ok=True)
    for process in engine.compile_release(files, None).processes.values():
        missed, ways = taken.missed(process.id), taken.wanted[process.id]
        told = {"process": str(process.name), "taken": len(ways) - len(missed), "ways": len(ways)}
        head = gettext("%(process)s: %(taken)s of %(ways)s ways are taken by a scenario", **told)
        drawn = scenarios.draw(files[process.file], _elements(process, missed), head, current_locale())
        (folder / f"{process.id}.svg").write_text(drawn, "utf-8")
    say(gettext("Drawn: %(folder)s", folder=folder))


def _elements(process: Process, missed: Mapping[str, str]) -> set[str]:
    """A missed rule marks the task that asks its table."""
    if "rule" not in missed.values():
        return set(missed)
    return {*missed, *(element.id for element in process.elements.values() if element.table is not None)}


def read_paths(paths: Sequence[Path]) -> dict[str, bytes]:
    """Diagrams and decisions among the files and folders named, by the path as it was given."""
    files: dict[str, bytes] = {}
    for path in paths:
        for one in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if one.suffix in DIAGRAMS or one == path:
                files[str(one)] = one.read_bytes()
    return files


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
