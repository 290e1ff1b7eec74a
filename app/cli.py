"""The command line behind `./run`: one function a command, each opening its own transaction."""

import argparse
import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from app import config, create_app, db, engine, join, migrations, worker
from app.config import Config
from app.engine import Finding
from app.errors import N_, Problem
from app.i18n import Locale, as_locale, gettext, set_locale
from app.workflow import fsck, releases

ROOT = Path(__file__).parents[1]
DIAGRAMS = {".bpmn", ".dmn"}
WHO = "system:cli"


def say(*words: object) -> None:
    """To a person, so that standard output stays free for JSON."""
    print(*words, file=sys.stderr, flush=True)


def settings_of(arguments: argparse.Namespace) -> Config:
    """Settings from the environment, and from --data and --database where they are given."""
    given = {"data_dir": arguments.data, "database_url": arguments.database}
    read = config.read(os.environ, mode="demo", **{name: value for name, value in given.items() if value})
    read.data_dir.mkdir(parents=True, exist_ok=True)
    return read


def demo(arguments: argparse.Namespace) -> int:
    """Serve the demo on loopback, with everything it needs in its data folder."""
    from app.demo import courses, server  # `serve` and the worker must not load the demo

    settings = settings_of(arguments)
    settings = replace(settings, port=arguments.port or settings.port)
    database = db.create_engine(settings.database)
    sessions = db.session_factory(database)
    if arguments.seed and not migrations.is_current(database):
        migrate_apart(settings)
    app = create_app(settings, database)
    if arguments.seed:
        server.fill(sessions, arguments.folders or ROOT)
    if arguments.seed and arguments.courses:
        courses.play(sessions, settings.files, lambda: worker.work_off(sessions))
    helper = worker.Worker(sessions, pace_of(settings), worker.recurring(settings)) if arguments.worker else None
    try:
        server.serve(app, settings.port, helper)
    except OSError as failure:
        if failure.errno != errno.EADDRINUSE:
            raise
        taken = N_("Port %(port)s is taken by another program. Choose one: ./run demo --port 8001")
        say(gettext(taken, port=settings.port))
        return 1
    return 0


def migrate_apart(settings: Config) -> None:
    """In a process of its own: what migrating loads would stay in the serving process for good."""
    command = ["migrate", "--data", str(settings.data_dir), "--database", settings.database]
    subprocess.run([sys.executable, "-m", "app.cli", *command], cwd=ROOT, check=True)  # noqa: S603 - our own program


def pace_of(settings: Config) -> worker.Pace:
    return worker.Pace(lease=settings.lease_seconds)


def work(arguments: argparse.Namespace) -> int:
    """Run a worker until it is told to stop."""
    settings = settings_of(arguments)
    database = db.create_engine(settings.database)
    join(settings)
    worker.Worker(db.session_factory(database), pace_of(settings), worker.recurring(settings)).serve()
    return 0


def migrate(arguments: argparse.Namespace) -> int:
    """Bring the database to this program's schema."""
    migrations.upgrade(db.create_engine(settings_of(arguments).database))
    return 0


def publish(arguments: argparse.Namespace) -> int:
    """Publish the folders as a new release, by the rules of `releases.publish_folders`."""
    settings = settings_of(arguments)
    database = db.create_engine(settings.database)
    join(settings)
    with db.transaction(db.session_factory(database)) as session:
        release = releases.publish_folders(session, arguments.folders or ROOT, WHO, arguments.note)
    say(gettext("Release %(number)s is published.", number=release.number))
    return 0


def check(arguments: argparse.Namespace) -> int:
    """Findings on the folders, or on any diagrams and decisions named; 1 if one of them is an error."""
    join(settings_of(arguments))
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
    settings = settings_of(arguments)
    join(settings)
    with db.session_factory(db.create_engine(settings.database))() as session:
        found = fsck.run(session, settings)
    if arguments.json:
        print(json.dumps({"violations": [asdict(violation) for violation in found]}, ensure_ascii=False))
    else:
        for violation in found:
            print(f"{violation.invariant}  {violation.where}  {violation.what}")
        say(gettext("Violations: %(count)s.", count=len(found)))
    return int(bool(found))


Command = Callable[[argparse.Namespace], int]


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="./run", description="COOMET Courses")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--data", type=Path, help="folder for database, files and the demo's clock")
    shared.add_argument("--database", help="SQLAlchemy URL of the database")
    shared.add_argument("--json", action="store_true", help="one object on standard output")
    shared.add_argument("--folders", type=Path, help="where processes/ and forms/ stand")
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, act: Command, help_: str) -> argparse.ArgumentParser:
        one = commands.add_parser(name, parents=[shared], help=help_)
        one.set_defaults(act=act)
        return one

    serving = add("demo", demo, "serve the demo on loopback (the default)")
    serving.add_argument("--port", type=int, default=0, help="8000, or PORT, unless given")
    serving.add_argument("--no-courses", dest="courses", action="store_false", help="people only, no course")
    serving.add_argument("--no-worker", dest="worker", action="store_false", help="jobs wait for `worker`")
    serving.add_argument("--no-seed", dest="seed", action="store_false", help="the database is already filled")
    add("worker", work, "run a worker of the demo in a process of its own")
    add("migrate", migrate, "bring the database to this program's schema")
    add("publish", publish, "publish the folders as a new release").add_argument("--note", default="")
    add("fsck", prove, "prove the invariants from database and files")
    add("check", check, "check processes and forms").add_argument("paths", nargs="*", type=Path, metavar="PATH")
    return made


def language_of_the_terminal(environment: Iterable[str | None]) -> Locale:
    return next((locale for value in environment if value and (locale := as_locale(value[:2]))), "en")


def main(arguments: Sequence[str]) -> int:
    set_locale(language_of_the_terminal(os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")))
    parsed = parser().parse_args(arguments)
    act: Command = parsed.act
    try:
        return act(parsed)
    except releases.Refused as refused:
        for finding in refused.findings:
            say(f"{finding.file} {finding.element or ''}: {finding.message} {finding.hint}")
        say(gettext(refused.message))
    except Problem as problem:
        say(gettext(problem.message, **problem.params))
    except (FileNotFoundError, IsADirectoryError, PermissionError) as failure:
        say(gettext("This file cannot be read: %(name)s", name=failure.filename))
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
