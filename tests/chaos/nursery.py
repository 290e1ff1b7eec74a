"""Starts web and worker processes in milliseconds: the program is imported once and each process is a fork of it.

Reads lines of JSON arguments for the command line, answers each with the process's id. Run by `processes`.
"""

import json
import os
import signal
import sys
import traceback
from pathlib import Path

from app import cli
from tests.chaos import model


def main(folder: Path) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    model.install(folder)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _live(json.loads(line), folder)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


def _live(arguments: list[str], folder: Path) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(folder / f"{arguments[0]}.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for stream in (1, 2):
        os.dup2(log, stream)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    code = 1
    try:
        code = cli.main(arguments)
    except BaseException:  # a forked child must never return into the nursery's loop
        traceback.print_exc()
    finally:
        os._exit(code)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
