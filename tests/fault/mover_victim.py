"""Workers that are killed at every few statements while they move instances. Run by `test_moves`: database, folder.

Forks a worker that kills itself at its n-th statement, then a checker that prints what the books say against each
other; so on with a later statement until a worker has come to the end.
"""

import itertools
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app import db
from app.config import Config
from app.worker import claim_one, run
from app.workflow import fsck

EVERY = 6
"""Statements between two kills: a job that loses its worker too often is given up."""


def work(url: str, last: int) -> None:
    engine = db.create_engine(url)
    count = itertools.count(1)

    @sa.event.listens_for(engine, "before_cursor_execute")
    def die(*_: Any) -> None:
        if next(count) == last:
            os.kill(os.getpid(), signal.SIGKILL)

    sessions = db.session_factory(engine)
    while True:
        job = claim_one(sessions, f"victim-{os.getpid()}", timedelta(milliseconds=1))
        if job is None:
            return
        run(sessions, job)


def check(url: str, folder: Path) -> None:
    with db.session_factory(db.create_engine(url))() as session:
        for one in fsck.run(session, Config(mode="test", data_dir=folder)):
            print(one, flush=True)


def survived(act: Any, *given: Any) -> bool:
    child = os.fork()
    if child == 0:
        try:
            act(*given)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def main(url: str, folder: Path) -> None:
    for last in itertools.count(1, EVERY):
        over = survived(work, url, last)
        survived(check, url, folder)
        print("over" if over else f"killed at {last}", flush=True)
        if over:
            return


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
