"""The command line behind `./run`: a module a group of commands, each command opening its own transaction."""

import argparse
import os
from collections.abc import Sequence

from app.cli import admin, auditing, backup, bill, checking, demo, exporting, restore, schema, serving, working
from app.cli.allocation import share_one_arena
from app.cli.arguments import Command, Commands
from app.cli.refusals import NotReady
from app.cli.terminal import language, say
from app.errors import Problem
from app.i18n import gettext, set_locale
from app.workflow import releases

GROUPS = (demo, serving, working, schema, admin, backup, restore, checking, exporting, auditing, bill)
"""Each has `add(commands)`."""


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="./run", description="COOMET Courses")
    commands = Commands(made)
    for group in GROUPS:
        group.add(commands)
    return made


def main(arguments: Sequence[str]) -> int:
    share_one_arena()
    set_locale(language(os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")))
    parsed = parser().parse_args(arguments)
    act: Command = parsed.act
    try:
        return act(parsed)
    except NotReady as refused:
        say(gettext("It does not start, because:"))
        for one in refused.problems:
            say("-", gettext(one.message, **one.params))
    except releases.Refused as refused:
        for finding in refused.findings:
            say(f"{finding.file} {finding.element or ''}: {finding.message} {finding.hint}")
        say(gettext(refused.message))
    except Problem as problem:
        say(gettext(problem.message, **problem.params))
    except (FileNotFoundError, IsADirectoryError, PermissionError) as failure:
        say(gettext("This file cannot be read: %(name)s", name=failure.filename))
    return 1
