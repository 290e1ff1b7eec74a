"""A worker that is to be killed in the middle of its job. Run by `test_backends`: kind, database, mark."""

import sys
import threading
from pathlib import Path

from app import db
from app.worker import Pace, Worker
from app.worker_procrastinate import SharedWorker
from app.workflow import operations
from app.workflow.operations import Context, Operation, Outside

PACE = Pace(lease=2, poll=0.1, threads=1)


def main(kind: str, url: str, mark: Path) -> None:
    def act(_request: object, _key: str) -> None:
        mark.touch()
        threading.Event().wait()

    def keep(_context: Context, answer: None) -> None:
        return answer

    operations.register(Operation("victim", keep, outside=Outside(lambda _context: None, act)))
    engine = db.create_engine(url)
    sessions = db.session_factory(engine)
    (SharedWorker(engine, sessions, PACE) if kind.startswith("procrastinate") else Worker(sessions, PACE)).serve()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
