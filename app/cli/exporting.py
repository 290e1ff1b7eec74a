"""`export`: a release, or the draft, back into the folders."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from app import db
from app.cli.arguments import Commands, connected, settings_of
from app.cli.terminal import say
from app.errors import N_, Conflict, NotFound
from app.i18n import gettext
from app.workflow import releases
from app.workflow.studio import drafts


def add(commands: Commands) -> None:
    exporting = commands.add("export", export, "write a release, or the draft, into processes/ and forms/ of a folder")
    exporting.add_argument("folder", type=Path, metavar="FOLDER")
    which = exporting.add_mutually_exclusive_group()
    which.add_argument("--release", type=int, metavar="N", help="number of the release; the newest by default")
    which.add_argument("--draft", action="store_true", help="the open draft of the studio")
    exporting.add_argument("--replace", action="store_true", help="make what is there already exactly the same")


def export(arguments: argparse.Namespace) -> int:
    """Write the files byte by byte. What is there and differs is overwritten or removed only with --replace."""
    with connected(settings_of(arguments)) as engine, db.session_factory(engine)() as session:
        if arguments.draft:
            files = drafts.files(session, drafts.current(session))
        else:
            release = releases.get(session, arguments.release) if arguments.release else releases.current(session)
            if release is None:
                raise NotFound(N_("There is no release yet."))
            files = releases.export(session, release.id)
    changed = write(files, arguments.folder, replace=arguments.replace)
    say(gettext("Files written to %(folder)s: %(count)s.", folder=arguments.folder, count=changed))
    return 0


def write(files: Mapping[str, bytes], folder: Path, *, replace: bool) -> int:
    """How many files were written or removed. Conflict: there is something else, which nobody allowed to replace."""
    here = releases.read_folders(folder)
    lost = sorted(path for path in here if here[path] != files.get(path))
    if lost and not replace:
        raise Conflict(
            N_("%(folder)s holds %(count)s files that this would change or remove, such as %(path)s. Use --replace."),
            folder=folder,
            count=len(lost),
            path=lost[0],
        )
    for path in lost:
        if path not in files:
            (folder / path).unlink()
    wanted = [path for path in files if here.get(path) != files[path]]
    for path in wanted:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(files[path])
    return len(wanted) + len([path for path in lost if path not in files])
