"""How many may talk to one host at a time: locks on files, held by whoever talks, in whichever thread or process.

The kernel frees the locks of a process that dies, so nobody has to clear up. Processes on several machines share the
limit only where they share the folder.
"""

import fcntl
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.errors import TemporaryFailure

_LOOK_AGAIN = 0.05


@contextmanager
def slot(folder: Path, name: str, most: int, patience: float) -> Iterator[None]:
    """Wait for one of `most` places; TemporaryFailure after `patience` seconds."""
    folder.mkdir(parents=True, exist_ok=True)
    held = _take(folder, name, most, time.monotonic() + patience)
    try:
        yield
    finally:
        os.close(held)


def _take(folder: Path, name: str, most: int, until: float) -> int:
    while True:
        for number in random.sample(range(most), most):
            opened = os.open(folder / f"{name}.{number}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(opened)
                continue
            return opened
        if time.monotonic() >= until:
            raise TemporaryFailure(f"all {most} connections to {name} are busy")
        time.sleep(_LOOK_AGAIN * random.uniform(0.5, 1.5))
